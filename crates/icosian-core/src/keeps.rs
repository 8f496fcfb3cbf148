use crate::Output;

/// That an output is not a value of its own, but what a parameter reads, or a part of it.
///
/// While such an output is there, so is the value that it comes from: who takes that one by value needs a clone.
///
/// # Examples
/// ```
/// use icosian_core::{Keeps, Node, Outline};
///
/// let raw = Node::sync(Outline::new("f_raw"), |_| Ok(1_u64));
/// assert_eq!(Node::forwarding(raw.outline(), "f").outline().given().keeps(), Some(Keeps::Whole(0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The value of the parameter at this position.
    Whole(u8),
    /// A part of the value of the parameter at this position.
    Part(u8),
}

impl Output {
    /// Says that the output is what a parameter reads, or a part of it.
    ///
    /// # Examples
    /// See [`Keeps`].
    #[must_use]
    pub fn keeping(mut self, keeps: Keeps) -> Self {
        self.keeps = Some(keeps);
        self
    }

    /// Says that the output is a part of what the parameter at `position` reads, as [`Args::project`](crate::Args::project)
    /// gives it: what [is light](Self::is_light) keeps nothing.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Keeps, Output};
    ///
    /// assert_eq!(Output::of::<u8>().part_of(0).keeps(), Some(Keeps::Part(0)));
    /// assert_eq!(Output::of::<u8>().cloneable::<u8>().part_of(0).keeps(), None);
    /// ```
    #[must_use]
    pub fn part_of(self, position: u8) -> Self {
        if self.is_light() { self } else { self.keeping(Keeps::Part(position)) }
    }

    /// Returns which parameter the output keeps, if it does.
    ///
    /// # Examples
    /// See [`Keeps`].
    #[must_use]
    pub const fn keeps(&self) -> Option<Keeps> {
        self.keeps
    }
}
