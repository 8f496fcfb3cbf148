//! Values that a compiled dataflow clones, because it needs them after a node has consumed them.

/// An output that a node consumes while other nodes need it too.
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` consumes the output of `{Producer}`, which is still needed, and `{Self}` is not `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "borrow the parameter, or implement `Clone` for the type",
    note = "a driver can run the node after all others that read the output; a compiled dataflow starts each node at once"
)]
pub trait SharedOutput<Producer, Consumer>: Clone {
    /// Returns a clone.
    #[must_use]
    #[inline]
    fn share(&self) -> Self {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<Producer, Consumer, T: Clone> SharedOutput<Producer, Consumer> for T {}

/// An input that a node consumes while other nodes need it too.
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` consumes an input that is still needed, and `{Self}` is not `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "borrow the parameter, or implement `Clone` for the type"
)]
pub trait SharedInput<Consumer>: Clone {
    /// Returns a clone.
    #[must_use]
    #[inline]
    fn share(&self) -> Self {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<Consumer, T: Clone> SharedInput<Consumer> for T {}
