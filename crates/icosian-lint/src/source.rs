//! Reads facts from source text. The text need not compile: facts that it does not show are unknown.

mod arguments;
mod attribute;
mod body;
mod fault;
mod function;
mod module;
mod parse;
mod scope;
mod sequence;
mod span;
mod value_type;

use icosian_rules::Facts;

use crate::SourceText;

pub(crate) use parse::ParseRefusal;
pub(crate) use span::Spans;

/// The facts of a file, with the table of their locations.
#[derive(Debug)]
pub(crate) struct SourceFacts {
    pub(crate) facts: Facts,
    pub(crate) spans: Vec<std::ops::Range<usize>>,
}

/// Returns whether `bytes` may contain a dataflow. It compares bytes only, and has false positives.
pub(crate) fn may_have_dataflow(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"dataflow").is_some()
        || memchr::memmem::find_iter(bytes, b"node").any(|at| may_be_attribute(bytes, at, "node".len()))
}

/// Returns whether the word at `at` may end the path of an attribute.
fn may_be_attribute(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let after = bytes[at + length..].iter().find(|byte| !byte.is_ascii_whitespace());
    before.is_none_or(|byte| b"[:#/".contains(byte) || byte.is_ascii_whitespace())
        && after.is_some_and(|byte| b"]({/".contains(byte))
}

/// Reads the facts of a file.
pub(crate) fn read(source: &SourceText) -> Result<SourceFacts, ParseRefusal> {
    let read = || {
        let file = parse::file(source)?;
        let mut spans = Spans::new(source);
        let facts = module::facts(&file, &mut spans);
        Ok(SourceFacts { facts, spans: spans.into_table() })
    };
    let read = read();
    // The parser keeps the text of all files that this thread has parsed.
    proc_macro2::extra::invalidate_current_thread_spans();
    read
}

/// Calls `look` with the items and the inner attributes of a file; `None` if it cannot be parsed.
pub(crate) fn with_items<T: Send>(
    source: &SourceText,
    look: impl FnOnce(&[syn::Item], &[syn::Attribute]) -> T + Send,
) -> Option<T> {
    let read = || {
        let file = parse::file(source).ok()?;
        let found = look(&file.items, &file.attrs);
        drop(file);
        proc_macro2::extra::invalidate_current_thread_spans();
        Some(found)
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(crate::stack::STACK_SIZE);
        thread.spawn_scoped(scope, read).ok()?.join().ok()?
    })
}

#[cfg(test)]
mod tests {
    use super::may_have_dataflow;

    #[test]
    fn attributes_are_seen_in_bytes() {
        for text in
            ["#[node]", "#[ node\n(a)]", "#[a::node]", "#[/**/node/**/]", "#[r#node]", "#[icosian::dataflow]"]
        {
            assert!(may_have_dataflow(text.as_bytes()), "{text}");
        }
        for text in ["", "node", "a.node()", "#[nodes]", "fn node_of(", "\u{e9}node]"] {
            assert!(!may_have_dataflow(text.as_bytes()), "{text}");
        }
    }
}
