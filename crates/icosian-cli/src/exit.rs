use std::process::ExitCode;

/// How a command ended.
///
/// # Examples
/// ```
/// use icosian_cli::Exit;
///
/// assert_eq!([Exit::Clean, Exit::Found, Exit::Failed].map(Exit::code), [0, 1, 2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing is wrong.
    Clean,
    /// Something is wrong with a dataflow.
    Found,
    /// It could not do all that was asked for.
    Failed,
}

impl Exit {
    /// Returns the number with which the process ends.
    ///
    /// # Examples
    /// See [`Exit`].
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
