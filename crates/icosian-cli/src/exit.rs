use std::process::ExitCode;

/// The exit status of a command.
///
/// # Examples
/// ```
/// use icosian_cli::Exit;
///
/// assert_eq!([Exit::Clean, Exit::Found, Exit::Failed].map(Exit::code), [0, 1, 2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// No findings or differences.
    Clean,
    /// At least one finding or difference.
    Found,
    /// An error: part of the input could not be checked or described, or there was nothing to do.
    Failed,
}

impl Exit {
    /// Returns the exit code of the process.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Failed => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
