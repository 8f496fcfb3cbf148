//! The bars and lines of executions.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use icosian_adapter::ErrorPolicy;
use icosian_core::NodeError;
use icosian_driver::inputs;
use icosian_observe::ProgressHook;
use indicatif::{InMemoryTerm, ProgressDrawTarget};

use crate::flow::{ALL, AnyDriver, Twin, Under, block, node};

/// A writer whose text a test reads.
#[derive(Clone, Debug, Default)]
struct SharedText(Arc<Mutex<Vec<u8>>>);

impl Write for SharedText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panics").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn even(item: u64) -> Result<u64, NodeError> {
    if item.is_multiple_of(5) { Err(NodeError::failed("no score")) } else { Ok(item) }
}

/// Replaces the times in a text.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| {
        let word = word.trim_end_matches(',');
        word.ends_with('s') && word.starts_with(|first: char| first.is_ascii_digit())
    };
    let line = |line: &str| {
        let words = line.split(' ').map(|word| if is_time(word) { "TIME" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn lines_agree_under_all_adapters() {
    let texts = ALL.map(|(under, twin)| {
        let text = SharedText::default();
        let mut nodes = block(twin, 12, |item| if item == 0 { even(item) } else { Ok(item) });
        nodes.push(node(twin, "unrelated", &[], Ok));
        let driver = AnyDriver::new(under, nodes, ProgressHook::to_writer(text.clone()).with_name("batch"));
        driver.execute(&["sum"], inputs! {}).expect("failed items are skipped");
        let bytes = text.0.lock().expect("no test panics").clone();
        // The number of failed items in a line depends on the order of the items.
        let text = String::from_utf8(bytes).expect("it is text");
        without_times(&text).replace(" (1 failed)", " ..")
    });
    let without_marks = |text: &str| text.replace(" ..", "");
    insta::assert_snapshot!(without_marks(&texts[0]));
    for (text, (under, twin)) in texts.iter().zip(ALL) {
        assert_eq!(without_marks(text), without_marks(&texts[0]), "{under:?} {twin:?}");
        assert!(text.lines().last().is_some_and(|line| line.ends_with("..")), "one item failed: {text}");
    }
}

#[test]
fn failures_and_skipped_nodes_have_lines() {
    let text = SharedText::default();
    let nodes = vec![
        node(Twin::Sync, "broken", &[], |_| Err(NodeError::failed("no luck"))),
        node(Twin::Sync, "after", &["broken"], Ok),
    ];
    let hook = ProgressHook::to_writer(text.clone());
    let driver = AnyDriver::with_policy(Under::Sync, nodes, hook, ErrorPolicy::CollectAll);
    driver.execute(&["after"], inputs! {}).expect_err("`broken` fails");
    let bytes = text.0.lock().expect("no test panics").clone();
    insta::assert_snapshot!(without_times(&String::from_utf8(bytes).expect("it is text")));
}

#[test]
fn bars_of_two_executions_remain_in_the_terminal() {
    let terminal = InMemoryTerm::new(10, 80);
    let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
    let hook = Arc::new(ProgressHook::to_target(target));
    let driver = AnyDriver::new(Under::Sync, block(Twin::Sync, 10, even), Arc::clone(&hook));
    let broken = vec![node(Twin::Sync, "broken", &[], |_| Err(NodeError::failed("no luck")))];
    let broken = AnyDriver::new(Under::Sync, broken, Arc::clone(&hook));
    driver.execute(&["sum"], inputs! {}).expect("failed items are skipped");
    broken.execute(&["broken"], inputs! {}).expect_err("it fails");
    insta::assert_snapshot!(without_times(&terminal.contents()));
}

#[test]
fn bar_names_running_nodes() {
    let terminal = InMemoryTerm::new(10, 80);
    let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
    let nodes = vec![node(Twin::Async, "first", &[], Ok), node(Twin::Async, "second", &[], Ok)];
    let driver = AnyDriver::new(Under::Tokio, nodes, ProgressHook::to_target(target));
    let AnyDriver::Async(driver) = driver else { unreachable!("it is async") };
    let mut execution = Box::pin(driver.execute_named(["first", "second"], inputs! {}));
    assert!(futures::FutureExt::now_or_never(&mut execution).is_none());
    insta::assert_snapshot!(without_times(&terminal.contents()));
}

#[test]
fn hidden_target_draws_nothing() {
    let nodes = vec![node(Twin::Sync, "one", &[], |_| Ok(1))];
    let hook = ProgressHook::to_target(ProgressDrawTarget::hidden());
    let driver = AnyDriver::new(Under::Sync, nodes, hook);
    driver.execute(&["one"], inputs! {}).expect("it succeeds");
}
