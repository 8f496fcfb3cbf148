use std::cell::Cell;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::rc::Rc;

use clap::ValueEnum;
use miette::{Diagnostic, MietteHandler, MietteHandlerOpts, ReportHandler};
use terminal_size::{Height, Width};

use crate::Exit;

/// The use of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColourChoice {
    /// On terminals, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// An output with a renderer for diagnostics.
pub(crate) struct Screen<'a> {
    out: Box<dyn Write + 'a>,
    pipe: PipeState,
    is_terminal: bool,
    is_coloured: bool,
    width: Option<usize>,
    handler: MietteHandler,
}

impl Screen<'_> {
    /// Returns the standard output.
    pub(crate) fn stdout(colour: ColourChoice) -> Self {
        let out = io::stdout();
        let size = terminal_size::terminal_size_of(&out);
        Self::stream(out.lock(), size, colour)
    }

    /// Returns the standard error output, for commands whose output is data.
    pub(crate) fn stderr(colour: ColourChoice) -> Self {
        let out = io::stderr();
        let size = terminal_size::terminal_size_of(&out);
        Self::stream(out, size, colour)
    }

    fn stream(
        out: impl Write + IsTerminal + 'static,
        size: Option<(Width, Height)>,
        colour: ColourChoice,
    ) -> Self {
        let is_terminal = out.is_terminal();
        let is_coloured = match colour {
            ColourChoice::Auto => {
                is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
            ColourChoice::Always => true,
            ColourChoice::Never => false,
        };
        let options = MietteHandlerOpts::new().terminal_links(false).color(is_coloured).unicode(true);
        let pipe = PipeState::default();
        let out = io::BufWriter::new(Piped { out, pipe: pipe.clone() });
        let width = size.map(|(width, _)| usize::from(width.0));
        Self { out: Box::new(out), pipe, is_terminal, is_coloured, width, handler: options.build() }
    }

    /// Returns the number of columns of a terminal.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// Returns whether the output may contain escape sequences for styles.
    pub(crate) fn is_coloured(&self) -> bool {
        self.is_coloured
    }

    /// Returns `text` in a style, or unchanged on outputs without colours.
    pub(crate) fn paint(&self, style: anstyle::Style, text: &str) -> String {
        if self.is_coloured && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// Returns whether the reader has closed the output, as `head` does after its last line.
    pub(crate) fn is_closed(&self) -> bool {
        self.pipe.0.get()
    }

    /// Clears a terminal.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        if self.is_terminal { write!(self.out, "\x1b[2J\x1b[3J\x1b[H") } else { Ok(()) }
    }

    /// Draws a diagnostic and an empty line.
    pub(crate) fn draw(&mut self, diagnostic: &dyn Diagnostic) -> io::Result<()> {
        let drawn = Drawn { handler: &self.handler, diagnostic }.to_string();
        // The renderer pads its lines.
        for line in drawn.lines().map(str::trim_end).skip_while(|line| line.is_empty()) {
            writeln!(self.out, "{line}")?;
        }
        writeln!(self.out)
    }

    /// Draws an error that ends a command.
    pub(crate) fn fail(&mut self, error: &dyn Diagnostic) -> io::Result<Exit> {
        self.draw(error)?;
        Ok(Exit::Failed)
    }

    /// Runs `work` and flushes the output.
    pub(crate) fn end(mut self, work: impl FnOnce(&mut Self) -> io::Result<Exit>) -> Exit {
        let ended = work(&mut self).and_then(|exit| self.out.flush().map(|()| exit));
        ended.unwrap_or_else(|error| {
            note(format_args!("error: cannot write: {error}"));
            Exit::Failed
        })
    }
}

/// Prints a line for the user that is not part of the report. A closed error output is no error.
pub(crate) fn note(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A flag that is set when the reader closes the output.
#[derive(Clone, Default)]
struct PipeState(Rc<Cell<bool>>);

/// An output that drops text after the reader has closed it, so that the exit status does not depend on the reader.
struct Piped<W> {
    out: W,
    pipe: PipeState,
}

impl<W: Write> Piped<W> {
    fn unless_closed<T>(&mut self, dropped: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.pipe.0.get() {
            return Ok(dropped);
        }
        match write(&mut self.out) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.pipe.0.set(true);
                Ok(dropped)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Piped<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.unless_closed(text.len(), |out| out.write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

#[cfg(test)]
impl<'a> Screen<'a> {
    /// Returns a screen of `width` columns without colours.
    pub(crate) fn text(out: &'a mut Vec<u8>, width: usize) -> Self {
        Self::of(out, width, ColourChoice::Never)
    }

    /// Returns a screen of `width` columns with colours.
    pub(crate) fn coloured(out: &'a mut Vec<u8>, width: usize) -> Self {
        Self::of(out, width, ColourChoice::Always)
    }

    fn of(out: &'a mut Vec<u8>, width: usize, colour: ColourChoice) -> Self {
        let is_coloured = colour == ColourChoice::Always;
        let options = MietteHandlerOpts::new().color(is_coloured);
        let options = options.terminal_links(false).unicode(true).width(width);
        let pipe = PipeState::default();
        let handler = options.build();
        Self { out: Box::new(out), pipe, is_terminal: false, is_coloured, width: Some(width), handler }
    }
}

struct Drawn<'a> {
    handler: &'a MietteHandler,
    diagnostic: &'a dyn Diagnostic,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(self.diagnostic, f)
    }
}
