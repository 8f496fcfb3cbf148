//! Reports and exit statuses as programs see them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::shop::{run, run_in, write};

#[test]
fn byte_offsets_count_the_byte_order_mark() {
    let text = "\u{feff}#[node]\npub fn rate() -> ! { never() }\n";
    let folder = write("marked", [("rates.rs".to_owned(), text.to_owned())].into_iter());
    let start = text.find('!').unwrap();
    let read = |format: &str| run_in(&folder, &["lint", "--fast", "rates.rs", "--format", format], &[]).said;
    assert!(
        read("json").contains(&format!("\"start\": {start},\n        \"end\": {}", start + 1)),
        "{}",
        read("json")
    );
    assert!(
        read("rustc").contains(&format!("\"byte_end\":{},\"byte_start\":{start},", start + 1)),
        "{}",
        read("rustc")
    );
}

#[test]
fn closed_pipe_keeps_the_exit_status() {
    let faulty = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/faulty-pipeline");
    for (words, code) in [(vec!["lint", "--fast", "--format", "json"], 1), (vec!["rules"], 0)] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-icosian"))
            .args(words)
            .current_dir(&faulty)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::with_capacity(1, program.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        assert_eq!(program.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn rule_is_explained_by_its_number() {
    let explained =
        ["0201", "ICO0201", "ico0201", "blocking-call-in-async-node", "blocking_call_in_async_node"]
            .map(|name| run(&["explain", name]));
    for ended in &explained {
        assert!(ended.said.starts_with("# ICO0201 blocking-call-in-async-node\n"), "{}", ended.said);
        assert_eq!(ended.code, Some(0));
    }
    assert_eq!(run(&["explain", "9999"]).code, Some(2));
}
