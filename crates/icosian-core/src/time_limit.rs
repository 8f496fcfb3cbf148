use std::time::Duration;

use crate::{Caps, Outline};

impl Outline {
    /// Sets a time limit for an offloaded node. On expiry the node fails; its thread keeps running.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Outline, Placement};
    /// use std::time::Duration;
    ///
    /// let resize = Outline::new("resize").placed(Placement::Offload).within(Duration::from_secs(2));
    /// assert_eq!(resize.time_limit(), Some(Duration::from_secs(2)));
    /// ```
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        let shortest = &mut self.notes.get_or_insert_default().time_limit;
        *shortest = Some(shortest.map_or(limit, |shorter| shorter.min(limit)));
        self
    }

    /// Returns the time limit of an offloaded node.
    ///
    /// # Examples
    /// See [`within`](Self::within).
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.notes.as_deref()?.time_limit
    }

    /// Adds abilities of the runtime that the node needs while it runs.
    ///
    /// # Examples
    /// ```
    /// use icosian_core::{Caps, Outline};
    ///
    /// let fetch = Outline::new("fetch").needing(Caps::TIMER);
    /// assert_eq!(fetch.needs(), Caps::TIMER);
    /// assert_eq!(Outline::new("mean").needing(Caps::NONE).needs(), Caps::NONE);
    /// ```
    #[must_use]
    pub fn needing(mut self, caps: Caps) -> Self {
        if !caps.is_empty() {
            let needs = &mut self.notes.get_or_insert_default().needs;
            *needs = needs.with(caps);
        }
        self
    }

    /// Returns the abilities of the runtime that the node needs while it runs.
    ///
    /// # Examples
    /// See [`needing`](Self::needing).
    #[must_use]
    pub fn needs(&self) -> Caps {
        self.notes.as_deref().map_or(Caps::NONE, |notes| notes.needs)
    }
}
