use std::error::Error;
use std::fmt;
use std::sync::Arc;

use icosian_diagnostics::Location;

use crate::{Name, NodeError};

/// The failure of one item of an expansion.
///
/// It names the item and the node that failed. Its source is the error of the node. A clone is cheap.
///
/// # Examples
/// ```
/// use icosian_core::NodeError;
/// use icosian_core::expand::{ItemError, ItemIndex};
///
/// let item = ItemIndex::new("url", 3).with_label("https://a.example");
/// let error = ItemError::new(item, "page", NodeError::failed("no route"));
/// assert_eq!(error.to_string(), "node `page` failed for item 3 of `url` (https://a.example)");
/// assert_eq!(error.items()[0].index(), 3);
/// ```
#[derive(Clone)]
pub struct ItemError(Arc<ItemErrorParts>);

#[derive(Clone)]
struct ItemErrorParts {
    /// Outermost first.
    items: Vec<ItemIndex>,
    node: Name,
    location: Option<Location>,
    error: Arc<NodeError>,
}

/// An item of an expansion: the expanding node, the position, and a short description if the item has one.
///
/// # Examples
/// ```
/// use icosian_core::expand::ItemIndex;
///
/// assert_eq!(ItemIndex::new("url", 3).to_string(), "item 3 of `url`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemIndex {
    expansion: Name,
    index: usize,
    label: Option<String>,
}

/// The number of characters of a label.
const MAX_LABEL: usize = 60;

impl ItemIndex {
    /// Returns the item at position `index` of the node `expansion`. The first item has the index 0.
    #[must_use]
    pub fn new(expansion: impl Into<Name>, index: usize) -> Self {
        Self { expansion: expansion.into(), index, label: None }
    }

    /// Adds a description. Only its first line is kept, up to 60 characters.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        let label = label.into();
        let line = label.lines().next().unwrap_or_default();
        let mut short: String = line.chars().take(MAX_LABEL).filter(|letter| !letter.is_control()).collect();
        if short.len() < label.len() {
            short.push('…');
        }
        self.label = Some(short);
        self
    }

    /// Returns the name of the expanding node.
    #[must_use]
    pub fn expansion(&self) -> &Name {
        &self.expansion
    }

    /// Returns the position of the item, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the description of the item, if its type implements `Display` or `Debug` and no node consumes it.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

impl fmt::Display for ItemIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {} of `{}`", self.index, self.expansion)?;
        self.label.as_ref().map_or(Ok(()), |label| write!(f, " ({label})"))
    }
}

impl ItemError {
    /// Returns the error of `item`, whose node `node` failed with `error`.
    #[must_use]
    pub fn new(item: ItemIndex, node: impl Into<Name>, error: NodeError) -> Self {
        // A nested expansion failed: its error becomes that of the outer item.
        if let NodeError::Failed(returned) = &error
            && let Some(inner) = returned.downcast_ref::<Self>()
        {
            let mut failure = (*inner.0).clone();
            failure.items.insert(0, item);
            return Self(Arc::new(failure));
        }
        let (node, error) = (node.into(), Arc::new(error));
        Self(Arc::new(ItemErrorParts { items: vec![item], node, location: None, error }))
    }

    /// Sets the location of the node that failed.
    #[must_use]
    pub fn with_location(mut self, location: Option<Location>) -> Self {
        if self.0.location.is_none() {
            Arc::make_mut(&mut self.0).location = location;
        }
        self
    }

    /// Returns the item. In nested expansions the outermost item is the first.
    #[must_use]
    pub fn items(&self) -> &[ItemIndex] {
        &self.0.items
    }

    /// Returns the name of the node that failed.
    #[must_use]
    pub fn node(&self) -> &Name {
        &self.0.node
    }

    /// Returns the location of the node that failed.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.0.location
    }

    /// Returns the error of the node.
    #[must_use]
    pub fn error(&self) -> &NodeError {
        &self.0.error
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = match self.error() {
            NodeError::Panicked(_) => "panicked",
            NodeError::TimedOut(_) => "timed out",
            _ => "failed",
        };
        write!(f, "node `{}` {end} for ", self.node())?;
        for (depth, item) in self.items().iter().rev().enumerate() {
            if depth > 0 {
                f.write_str(" in ")?;
            }
            write!(f, "{item}")?;
        }
        match self.error() {
            NodeError::Failed(_) => Ok(()),
            error => write!(f, ": {error}"),
        }
    }
}

impl fmt::Debug for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemError({self}: {})", self.error())
    }
}

impl Error for ItemError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.error() {
            NodeError::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}
