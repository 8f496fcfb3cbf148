//! The host that reads facts from source text. It goes on where a compiler stops: what it does not understand is unknown.

mod arguments;
mod attribute;
mod body;
mod function;
mod module;
mod parse;
mod scope;
mod span;
mod written_type;

use icosian_rules::Facts;

use crate::SourceText;

pub(crate) use parse::Refusal;
pub(crate) use span::Spans;

/// What a file says.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) facts: Facts,
    pub(crate) spans: Vec<std::ops::Range<usize>>,
}

/// Returns whether `bytes` may have a dataflow in them: a look at the bytes alone, which may say yes too often.
pub(crate) fn may_have_dataflow(bytes: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    has("dataflow") || has("node")
}

/// Reads the facts of a file.
pub(crate) fn read(source: &SourceText) -> Result<Read, Refusal> {
    let read = || {
        let file = parse::file(source)?;
        let mut spans = Spans::new(source);
        let facts = module::facts(&file, &mut spans);
        Ok(Read { facts, spans: spans.into_table() })
    };
    let read = read();
    // The parser keeps the text of all that it parsed on this thread.
    proc_macro2::extra::invalidate_current_thread_spans();
    read
}
