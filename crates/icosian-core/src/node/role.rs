use crate::Outline;

/// The relation of a node to its function.
///
/// # Examples
/// ```
/// use icosian_core::Outline;
/// use icosian_core::node::Role;
///
/// assert_eq!(Outline::new("f_raw").in_role(Role::Function).role(), Role::Function);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Not known.
    #[default]
    Plain,
    /// The node runs the function's body, possibly wrapped.
    Function,
    /// The decorator with this name added the node.
    MadeBy(&'static str),
}

impl Role {
    /// The role of a node that collects the sources of a list or map.
    #[doc(hidden)]
    pub const GROUP: Self = Self::MadeBy("group");
}

impl Outline {
    /// Sets the relation of the node to its function.
    #[must_use]
    pub fn in_role(mut self, role: Role) -> Self {
        self.is_own = role == Role::Function;
        self.made_by = match role {
            Role::MadeBy(decorator) => Some(decorator),
            _ => None,
        };
        self
    }

    /// Returns the relation of the node to its function.
    #[must_use]
    pub fn role(&self) -> Role {
        match self.made_by {
            Some(decorator) => Role::MadeBy(decorator),
            None if self.is_own => Role::Function,
            None => Role::Plain,
        }
    }
}
