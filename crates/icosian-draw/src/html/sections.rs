//! The descriptions of the nodes.

use std::fmt::Write as _;

use icosian_schema::graph::{
    EdgeDescription, EdgeKind, Execution, GraphDescription, NodeDescription, NodeKind,
};

use crate::change::GraphChange;
use crate::escape::{single_line, xml};
use crate::options::PictureOptions;
use crate::run_overlay::duration;
use crate::scene::{Scene, SceneNode};
use crate::source_link::source_link;

/// Writes a section for each node of the scene.
pub(super) fn write_sections(
    page: &mut String,
    scene: &Scene,
    graph: &GraphDescription,
    options: &PictureOptions,
) {
    let mut ids = std::collections::HashMap::new();
    for (id, node) in scene.nodes.iter().enumerate() {
        ids.entry(graph.nodes[node.index].name.as_str()).or_insert(id);
    }
    let mut sources = vec![Vec::new(); scene.nodes.len()];
    let mut readers = vec![Vec::new(); scene.nodes.len()];
    for edge in &graph.edges {
        if let (Some(&from), Some(&to)) = (ids.get(edge.from.as_str()), ids.get(edge.to.as_str())) {
            sources[to].push((from, edge));
            readers[from].push((to, edge));
        }
    }
    for (id, shown) in scene.nodes.iter().enumerate() {
        let node = &graph.nodes[shown.index];
        let _ = writeln!(page, "<section class=\"node-details\" id=\"node-{id}\" data-node=\"{id}\">");
        let _ = writeln!(page, "<h2>{}</h2>", xml(&node.name));
        if !node.documentation.is_empty() {
            let _ = writeln!(page, "<p class=\"documentation\">{}</p>", xml(&node.documentation));
        }
        page.push_str("<dl>\n");
        write_properties(page, node, options);
        write_run(page, node, shown, options);
        page.push_str("</dl>\n");
        write_links(page, "Reads", &sources[id], |edge| &edge.from);
        write_links(page, "Read by", &readers[id], |edge| &edge.to);
        page.push_str("</section>\n");
    }
}

fn write_property(page: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{value}</dd>");
    }
}

fn write_properties(page: &mut String, node: &NodeDescription, options: &PictureOptions) {
    let code = |text: &str| format!("<code>{}</code>", xml(&single_line(text)));
    let codes = |texts: &[String]| texts.iter().map(|it| code(it)).collect::<Vec<_>>().join(" ");
    let kind = match node.kind {
        NodeKind::Function => "function",
        NodeKind::Derived => "added by a decorator",
        NodeKind::Input => "input",
        NodeKind::Config => "config value",
        NodeKind::Shared => "shared input",
    };
    let execution = match node.execution {
        Execution::Sync => "",
        Execution::Async => ", async",
        Execution::Offloaded => ", offloaded to a thread",
        Execution::Spawned => ", spawned as a task",
    };
    write_property(page, "Kind", &format!("{kind}{execution}"));
    let name = if node.expansion.is_some() { "Items" } else { "Type" };
    write_property(page, name, &node.output.as_deref().map(code).unwrap_or_default());
    if let Some(limit) = node.expansion.as_ref().and_then(|it| it.concurrency) {
        write_property(page, "Items at a time", &limit.to_string());
    }
    write_property(page, "Function", &node.function.as_deref().map(code).unwrap_or_default());
    write_property(page, "Decorators", &codes(&node.decorators));
    let tags = node.tags.iter().map(|(key, values)| code(&format!("{key} = {}", values.join(", "))));
    write_property(page, "Tags", &tags.collect::<Vec<_>>().join(" "));
    write_property(page, "Limit", &node.group.as_deref().map(code).unwrap_or_default());
    write_property(page, "Dataflow", &node.dataflow.as_deref().map(code).unwrap_or_default());
    write_property(page, "Subdags", &codes(&node.subdags));
    write_property(page, "Runs for each", &codes(&node.blocks));
    if let Some(location) = &node.location {
        let text = code(&format!("{}:{}:{}", location.file, location.line, location.column));
        let text = match &options.source_link {
            Some(template) => format!("<a href=\"{}\">{text}</a>", xml(&source_link(template, location))),
            None => text,
        };
        write_property(page, "Source", &text);
    }
}

fn write_run(page: &mut String, node: &NodeDescription, shown: &SceneNode, options: &PictureOptions) {
    if let Some((kind, _)) = &shown.change {
        let change = options.marks.as_ref().and_then(|marks| marks.node(&node.name));
        let fields = change.into_iter().flat_map(GraphChange::fields);
        let fields: Vec<_> = fields.map(|field| xml(&single_line(&field.to_string()))).collect();
        let text = if fields.is_empty() { kind.word().to_owned() } else { fields.join("<br>") };
        write_property(page, "Change", &text);
    }
    let Some(run) = options.run.as_ref().and_then(|run| run.node(&node.name)) else { return };
    let status = run.status();
    write_property(page, "Status", &format!("{} {}", status.symbol(), status.word()));
    if run.has_items {
        let counts = [
            (run.succeeded, "succeeded"),
            (run.failed, "failed"),
            (run.cancelled, "cancelled"),
            (run.skipped, "skipped"),
        ];
        let counts = counts.into_iter().filter(|it| it.0 > 0).map(|(count, word)| format!("{count} {word}"));
        write_property(page, "Results", &counts.collect::<Vec<_>>().join(", "));
    }
    write_property(page, "Run time", &duration(run.run_time));
    if run.queue_time > 0 {
        write_property(page, "Queue time", &duration(run.queue_time));
    }
    if run.attempts > 1 {
        write_property(page, "Attempts", &run.attempts.to_string());
    }
    write_property(page, "Error", &run.error.as_deref().map(xml).unwrap_or_default());
}

fn write_links(
    page: &mut String,
    title: &str,
    links: &[(usize, &EdgeDescription)],
    name: impl Fn(&EdgeDescription) -> &String,
) {
    if links.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h3>{title}</h3>\n<ul>");
    for &(id, edge) in links {
        let kind = match edge.kind {
            EdgeKind::Borrow | EdgeKind::Take => "",
            EdgeKind::Collect => ", collects all items",
            EdgeKind::Stream => ", streams the items",
        };
        let optional = if edge.is_optional { ", optional" } else { "" };
        let written_type = if edge.written_type.is_empty() { "" } else { ": " };
        let _ = writeln!(
            page,
            "<li><a href=\"#node-{id}\">{}</a> <span class=\"parameter\"><code>{}{written_type}{}</code>{kind}{optional}</span></li>",
            xml(name(edge)),
            xml(&single_line(&edge.parameter)),
            xml(&single_line(&edge.written_type)),
        );
    }
    page.push_str("</ul>\n");
}
