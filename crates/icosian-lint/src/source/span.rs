use std::ops::Range;

use icosian_rules::SpanId;
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::SourceText;

/// The growing table of locations of one file.
pub(crate) struct Spans<'a> {
    source: &'a SourceText,
    table: Vec<Range<usize>>,
}

impl<'a> Spans<'a> {
    pub(crate) fn new(source: &'a SourceText) -> Self {
        Self { source, table: Vec::new() }
    }

    /// Returns the location from the start of `first` to the end of `last`.
    pub(super) fn between(&mut self, first: Span, last: Span) -> SpanId {
        let range = self.source.bytes(first.start(), last.end());
        self.add(range)
    }

    /// Returns the location from the start of `first` to the start of `next`.
    pub(super) fn until(&mut self, first: Span, next: Span) -> SpanId {
        let range = self.source.bytes(first.start(), next.start());
        self.add(range)
    }

    /// Returns the location from the end of `before` to the end of `last`.
    pub(super) fn after(&mut self, before: Span, last: Span) -> SpanId {
        let range = self.source.bytes(before.end(), last.end());
        self.add(range)
    }

    /// Returns the location of `tokens`.
    pub(super) fn of(&mut self, tokens: &impl ToTokens) -> SpanId {
        let span = tokens.span();
        self.between(span, span)
    }

    /// Returns the location of `word` and the spaces after it.
    pub(super) fn word_and_blanks(&mut self, word: Span) -> SpanId {
        let range = self.source.bytes(word.start(), word.end());
        let after = &self.source.text()[range.end..];
        let blanks = after.len() - after.trim_start().len();
        self.add(range.start..range.end + blanks)
    }

    fn add(&mut self, range: Range<usize>) -> SpanId {
        let id = SpanId::new(u32::try_from(self.table.len()).unwrap_or(u32::MAX));
        self.table.push(range);
        id
    }

    pub(crate) fn into_table(self) -> Vec<Range<usize>> {
        self.table
    }
}
