/// The type of the parameter that ends a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CollectionForm {
    /// `Collect<T>`
    Values,
    /// `Collect<Result<T, ItemError>>`
    Results,
    /// `CollectStream<T>`
    Stream,
}

/// The order of collected results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CollectionOrder {
    /// The order of the items.
    Items,
    /// The order in which the items ended.
    Completion,
}
