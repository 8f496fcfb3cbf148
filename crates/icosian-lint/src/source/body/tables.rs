//! The macros and methods that decide where closures and arguments run.

/// Entries of `after` that are not methods.
pub(super) const AWAIT: &str = ".await";
pub(super) const TRY: &str = "?";
pub(super) const FOR: &str = "for";

/// Macros of the standard library and of well-known crates that evaluate their arguments, in place and in order.
pub(super) const EVALUATING: [&str; 29] = [
    "anyhow",
    "assert",
    "assert_eq",
    "assert_ne",
    "bail",
    "dbg",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "ensure",
    "eprint",
    "eprintln",
    "error",
    "format",
    "format_args",
    "info",
    "panic",
    "print",
    "println",
    "join",
    "trace",
    "try_join",
    "unimplemented",
    "unreachable",
    "vec",
    "warn",
    "write",
    "writeln",
];

/// Functions that poll the futures among their arguments when they are awaited themselves.
pub(super) const POLLING: [&str; 12] = [
    "catch_unwind",
    "instrument",
    "join",
    "join_all",
    "new",
    "pin",
    "select",
    "timeout",
    "timeout_at",
    "try_join",
    "try_join_all",
    "unconstrained",
];

/// Methods that call their closure before they return.
pub(super) const EAGER: [&str; 32] = [
    "all",
    "any",
    "binary_search_by",
    "dedup_by_key",
    "find",
    "find_map",
    "fold",
    "for_each",
    "get_or_insert_with",
    "inspect_err",
    "is_none_or",
    "is_ok_and",
    "is_some_and",
    "map_err",
    "map_or",
    "map_or_else",
    "max_by_key",
    "min_by_key",
    "ok_or_else",
    "or_else",
    "or_insert_with",
    "partition",
    "position",
    "reduce",
    "retain",
    "sort_by",
    "sort_by_cached_key",
    "sort_by_key",
    "sort_unstable_by_key",
    "try_fold",
    "try_for_each",
    "unwrap_or_else",
];

/// Methods of `Option` and `Result` that call their closure before they return, and of iterators that do so later.
pub(super) const LAZY: [&str; 11] = [
    "and_then",
    "filter",
    "filter_map",
    "flat_map",
    "inspect",
    "map",
    "map_while",
    "scan",
    "skip_while",
    "take_while",
    "then",
];

/// Steps that consume an iterator, or that only an `Option` or a `Result` has.
pub(super) const CONSUMING: [&str; 34] = [
    AWAIT,
    FOR,
    TRY,
    "all",
    "any",
    "collect",
    "count",
    "expect",
    "find",
    "find_map",
    "fold",
    "for_each",
    "is_err",
    "is_none",
    "is_ok",
    "is_some",
    "last",
    "max",
    "max_by_key",
    "min",
    "min_by_key",
    "next",
    "ok",
    "ok_or",
    "ok_or_else",
    "partition",
    "product",
    "sum",
    "try_fold",
    "try_for_each",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
];

/// Methods of diesel that run a query on the connection that is their argument.
pub(super) const QUERIES: [&str; 6] = ["execute", "first", "get_result", "get_results", "load", "load_iter"];
