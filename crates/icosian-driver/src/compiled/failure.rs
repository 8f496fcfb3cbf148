use std::fmt;

use icosian_core::{Name, NodeError};
use icosian_diagnostics::Location;

use crate::execute_error::ExecuteError;
use crate::run_failure::{node_failure, single_failure};

/// A node of a compiled dataflow, as its error names it.
#[derive(Debug)]
pub struct FailingNode {
    name: &'static str,
    /// The node after it on the path to the output.
    next: Option<&'static FailingNode>,
    location: Option<Location>,
}

impl FailingNode {
    /// Returns the node `name` without a location. `next` is the node after it on the path to the output.
    #[must_use]
    pub const fn new(name: &'static str, next: Option<&'static Self>) -> Self {
        Self { name, next, location: None }
    }

    /// Sets the position of the function's name.
    #[must_use]
    pub const fn at(self, file: &'static str, line: u32, column: u32, width: u32) -> Self {
        Self { location: Some(Location::new(file, line, column, width)), ..self }
    }

    /// Sets the folder of the package that contains the source.
    #[must_use]
    pub const fn in_package(self, package: &'static str) -> Self {
        match self.location {
            Some(location) => Self { location: Some(location.in_package(package)), ..self },
            None => self,
        }
    }

    /// Returns the error that ends the function.
    #[cold]
    #[must_use]
    pub fn fail(&self, error: NodeError) -> Aborted {
        let path =
            std::iter::successors(Some(self), |node| node.next).map(|node| Name::new(node.name)).collect();
        let failure = node_failure(Name::new(self.name), path, self.location, error);
        Aborted(Box::new(single_failure(failure)))
    }
}

/// The error that ends a compiled dataflow. It is boxed, because every branch has room for one.
pub struct Aborted(Box<ExecuteError>);

impl From<Aborted> for ExecuteError {
    fn from(aborted: Aborted) -> Self {
        *aborted.0
    }
}

impl fmt::Debug for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
