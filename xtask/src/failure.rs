/// The error of a command that could not finish, as opposed to a failed check.
pub(crate) type Failure = Box<dyn std::error::Error>;
