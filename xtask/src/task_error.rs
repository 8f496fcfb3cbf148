/// The error of a command that could not finish, as opposed to a failed check.
pub(crate) type TaskError = Box<dyn std::error::Error>;
