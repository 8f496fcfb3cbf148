use std::cell::Cell;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::rc::Rc;

use clap::ValueEnum;
use miette::{Diagnostic, MietteHandler, MietteHandlerOpts, ReportHandler};

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
    handler: MietteHandler,
}

impl Screen<'_> {
    /// Returns the standard output.
    pub(crate) fn stdout(colour: ColourChoice) -> Self {
        let out = io::stdout();
        let wanted = match colour {
            ColourChoice::Auto => {
                out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
            ColourChoice::Always => true,
            ColourChoice::Never => false,
        };
        let options = MietteHandlerOpts::new().terminal_links(false).color(wanted).unicode(true);
        let is_terminal = out.is_terminal();
        let pipe = PipeState::default();
        let out = io::BufWriter::new(Piped { out: out.lock(), pipe: pipe.clone() });
        Self { out: Box::new(out), pipe, is_terminal, handler: options.build() }
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
        let options = MietteHandlerOpts::new().color(false);
        Self::of(out, width, options)
    }

    /// Returns a screen of `width` columns with colours.
    pub(crate) fn coloured(out: &'a mut Vec<u8>, width: usize) -> Self {
        let options = MietteHandlerOpts::new().color(true);
        Self::of(out, width, options)
    }

    fn of(out: &'a mut Vec<u8>, width: usize, options: MietteHandlerOpts) -> Self {
        let options = options.terminal_links(false).unicode(true).width(width);
        Self { out: Box::new(out), pipe: PipeState::default(), is_terminal: false, handler: options.build() }
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
