/// An index of the lines of a text, which converts between bytes and lines with columns.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// The first byte of each line.
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let after_breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// Returns the line and the column of a byte, both from 1; columns count characters.
    pub(crate) fn line_column(&self, text: &str, byte: usize) -> (usize, usize) {
        let byte = byte.min(text.len());
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let before = text.get(self.starts[line - 1]..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Returns the byte of `column`, in characters from 0, of `line`, from 1. Positions outside of the text are its end.
    pub(crate) fn byte(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(&start) = line.checked_sub(1).and_then(|line| self.starts.get(line)) else {
            return text.len();
        };
        let rest = &text[start..];
        rest.char_indices().nth(column).map_or(text.len(), |(at, _)| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn columns_count_characters() {
        let text = "aä\n\nöb";
        let lines = Lines::new(text);
        for (byte, expect) in
            [(0, (1, 1)), (1, (1, 2)), (3, (1, 3)), (4, (2, 1)), (5, (3, 1)), (7, (3, 2)), (99, (3, 3))]
        {
            assert_eq!(lines.line_column(text, byte), expect);
            let (line, column) = expect;
            assert_eq!(lines.byte(text, line, column - 1), byte.min(text.len()));
        }
        assert_eq!((lines.byte(text, 0, 0), lines.byte(text, 9, 0)), (text.len(), text.len()));
    }
}
