use crate::Outline;

/// What a node is to the function that it comes from.
///
/// # Examples
/// ```
/// use icosian_core::{Outline, Role};
///
/// assert_eq!(Outline::new("f_raw").in_role(Role::Function).role(), Role::Function);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nobody has said.
    #[default]
    Plain,
    /// It runs the function's body, perhaps with something around it.
    Function,
    /// The decorator of this name made it.
    MadeBy(&'static str),
}

impl Outline {
    /// Says what the node is to the function that it comes from.
    ///
    /// # Examples
    /// See [`Role`].
    #[must_use]
    pub fn in_role(mut self, role: Role) -> Self {
        self.is_own = role == Role::Function;
        self.made_by = match role {
            Role::MadeBy(decorator) => Some(decorator),
            _ => None,
        };
        self
    }

    /// Returns what the node is to the function that it comes from.
    ///
    /// # Examples
    /// See [`Role`].
    #[must_use]
    pub fn role(&self) -> Role {
        match self.made_by {
            Some(decorator) => Role::MadeBy(decorator),
            None if self.is_own => Role::Function,
            None => Role::Plain,
        }
    }
}
