use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};

use miette::{Diagnostic, MietteHandler, MietteHandlerOpts, ReportHandler};

use crate::Exit;

/// Where text goes, and how diagnostics are drawn there.
pub(crate) struct Screen<'a> {
    out: Box<dyn Write + 'a>,
    is_terminal: bool,
    handler: MietteHandler,
}

impl Screen<'_> {
    /// Returns the standard output; colours are as asked for, otherwise as the terminal and the environment say.
    pub(crate) fn stdout(colour: Option<bool>) -> Self {
        let out = io::stdout();
        let wanted = colour.unwrap_or_else(|| {
            out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        });
        let options = MietteHandlerOpts::new().terminal_links(false).color(wanted).unicode(true);
        let is_terminal = out.is_terminal();
        Self { out: Box::new(io::BufWriter::new(out.lock())), is_terminal, handler: options.build() }
    }

    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// Begins on an empty screen, where there is one.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        if self.is_terminal { write!(self.out, "\x1b[2J\x1b[3J\x1b[H") } else { Ok(()) }
    }

    /// Draws a diagnostic, with an empty line below it.
    pub(crate) fn draw(&mut self, diagnostic: &dyn Diagnostic) -> io::Result<()> {
        let drawn = Drawn { handler: &self.handler, diagnostic }.to_string();
        // The drawing pads its lines.
        for line in drawn.lines().map(str::trim_end).skip_while(|line| line.is_empty()) {
            writeln!(self.out, "{line}")?;
        }
        writeln!(self.out)
    }

    /// Does `work`. Where nobody reads on, as below `| head`, there is nothing more to be said.
    pub(crate) fn end(mut self, work: impl FnOnce(&mut Self) -> io::Result<Exit>) -> Exit {
        let ended = work(&mut self).and_then(|exit| self.out.flush().map(|()| exit));
        match ended {
            Ok(exit) => exit,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Failed,
            Err(error) => {
                let _ = writeln!(io::stderr(), "error: cannot write: {error}");
                Exit::Failed
            }
        }
    }
}

#[cfg(test)]
impl<'a> Screen<'a> {
    /// Returns a screen of `width` columns that is a text, without colours.
    pub(crate) fn text(out: &'a mut Vec<u8>, width: usize) -> Self {
        Self::of(out, width, false)
    }

    /// Returns a screen of `width` columns with colours.
    pub(crate) fn coloured(out: &'a mut Vec<u8>, width: usize) -> Self {
        Self::of(out, width, true)
    }

    fn of(out: &'a mut Vec<u8>, width: usize, colours: bool) -> Self {
        let options =
            MietteHandlerOpts::new().terminal_links(false).color(colours).unicode(true).width(width);
        Self { out: Box::new(out), is_terminal: false, handler: options.build() }
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
