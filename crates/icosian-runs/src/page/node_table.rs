use std::fmt::{self, Write};

use crate::page::markup::{Escaped, duration, mark};
use crate::page::node_details::{Neighbours, write_details};
use crate::recorded_run::ExecutionStatus;
use crate::run_report::RunReport;

/// The columns: the title, the class, and the value by which the script sorts first.
const COLUMNS: [(&str, &str, &str); 7] = [
    ("Node", "name", "ascending"),
    ("Outcome", "status", "descending"),
    ("Start", "number wide", "ascending"),
    ("Queue", "number wide", "descending"),
    ("Run", "number", "descending"),
    ("Calls", "number wide", "descending"),
    ("Output", "type wide", "ascending"),
];

pub(super) fn write(report: &RunReport<'_>, out: &mut impl Write) -> fmt::Result {
    if report.rows.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<section id=\"nodes\" aria-labelledby=\"nodes-title\"><h2 id=\"nodes-title\">Nodes</h2>\n\
         <div class=\"toolbar needs-script\" role=\"search\"><label>Search <kbd>/</kbd> <input type=\"search\" id=\"search\" autocomplete=\"off\" \
         placeholder=\"name, type or error\"></label> <label>Outcome <select id=\"outcome-filter\"><option value=\"\">all</option>"
    )?;
    for status in ExecutionStatus::ALL {
        let count = report.count(status);
        if count > 0 {
            write!(out, "<option value=\"{0}\">{0} ({count})</option>", status.word())?;
        }
    }
    write!(
        out,
        "</select></label> <output id=\"found\" aria-live=\"polite\">{} nodes</output></div>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of nodes, scrollable\">\
         <table id=\"table\" aria-describedby=\"table-help\"><thead><tr>",
        report.rows.len()
    )?;
    for (at, (title, class, first)) in COLUMNS.iter().enumerate() {
        let sorted = if *title == "Start" { " aria-sort=\"ascending\"" } else { "" };
        write!(
            out,
            "<th scope=\"col\" class=\"{class}\"{sorted}><button type=\"button\" data-column=\"{at}\" data-first=\"{first}\">{title}</button></th>"
        )?;
    }
    out.write_str("</tr></thead>\n")?;
    let neighbours = Neighbours::new(report);
    for (at, row) in report.rows.iter().enumerate() {
        let status = row.status.word();
        let critical = if row.is_critical {
            "<span class=\"critical-mark\" title=\"critical path\">◆</span>"
        } else {
            ""
        };
        let items =
            row.items.map(|items| format!(" <small>{} items</small>", items.count)).unwrap_or_default();
        let output = row.description.and_then(|it| it.output.as_deref()).unwrap_or_default();
        let is_skipped = row.status == ExecutionStatus::Skipped;
        let time = |time: u64| if is_skipped { "–".to_owned() } else { duration(time) };
        write!(
            out,
            "<tbody id=\"n{at}\" class=\"{status}\" data-outcome=\"{status}\"><tr>\
             <th scope=\"row\" data-value=\"{name}\"><button type=\"button\" class=\"expand\" aria-expanded=\"true\" aria-controls=\"d{at}\">{name}</button>{items}{critical}</th>\
             <td data-value=\"{rank}\"><span class=\"badge {status}\"><span aria-hidden=\"true\">{sign}</span> {status}</span></td>\
             <td class=\"number wide\" data-value=\"{ready}\">{start}</td>\
             <td class=\"number wide\" data-value=\"{queue}\">{queue_text}</td>\
             <td class=\"number\" data-value=\"{run}\">{run_text}</td>\
             <td class=\"number wide\" data-value=\"{attempts}\">{attempts}</td>\
             <td class=\"type wide\" data-value=\"{output}\"><code>{output}</code></td></tr>\n\
             <tr class=\"details\" id=\"d{at}\"><td colspan=\"{columns}\">",
            name = Escaped(row.name),
            rank = row.status as usize,
            sign = mark(row.status),
            ready = row.ready_at,
            start = time(row.started_at),
            queue = row.queue_time,
            queue_text = time(row.queue_time),
            run = row.run_time,
            run_text = time(row.run_time),
            attempts = row.attempts,
            output = Escaped(output),
            columns = COLUMNS.len(),
        )?;
        write_details(row, &neighbours, out)?;
        out.write_str("</td></tr></tbody>\n")?;
    }
    out.write_str(
        "</table></div>\n<p id=\"table-help\" class=\"needs-script\">Arrow keys move between nodes, <kbd>Enter</kbd> shows details, \
         <kbd>/</kbd> searches.</p></section>\n",
    )
}
