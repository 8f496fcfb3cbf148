//! The codes of all faults. Each code has a page in `icosian-rules`.

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$meta])* pub(crate) const $name: &str = $code;)*

        /// Returns the codes of all faults, in order.
        #[must_use]
        pub fn codes() -> &'static [&'static str] {
            &[$($code),*]
        }
    };
}

codes! {
    DUPLICATE_NODE = "ICO0002";
    DEPENDENCY_CYCLE = "ICO0003";
    /// Reported by the linter only.
    UNUSED_NODE = "ICO0005";
    NODE_WITHOUT_OUTPUT = "ICO0009";
    NODE_IS_METHOD = "ICO0010";
    GENERIC_NODE = "ICO0011";
    OPAQUE_OUTPUT = "ICO0012";
    /// Functions that the graph cannot call: unsafe, extern, variadic.
    UNSUPPORTED_FUNCTION = "ICO0025";
    UNSUPPORTED_PARAM = "ICO0026";
    UNSUPPORTED_OUTPUT = "ICO0027";
    /// A `cfg_attr` that hides a condition or a decorator.
    HIDDEN_CONDITION = "ICO0028";
    INVALID_DEFAULT = "ICO0029";
    INVALID_DATAFLOW = "ICO0030";
    UNCLEAR_VISIBILITY = "ICO0031";
    REDUNDANT_ATTRIBUTE = "ICO0032";
    /// The options of `#[dataflow(..)]` and `#[node(..)]`.
    INVALID_OPTION = "ICO0033";
    FUNCTION_IN_MACRO_CALL = "ICO0034";
    /// Nodes and decorators of compiled outputs that need a driver.
    UNCOMPILABLE_OUTPUT = "ICO0035";
    EXTRACT_ARITY = "ICO0402";
    DECORATOR_ABOVE_NODE = "ICO0404";
    DECORATOR_ORDER = "ICO0405";
    DUPLICATE_DECORATOR = "ICO0406";
    CONFLICTING_DECORATORS = "ICO0407";
    UNKNOWN_PARAM = "ICO0410";
    DUPLICATE_PARAMETERIZATION = "ICO0411";
    /// Unknown, missing and malformed arguments of a decorator.
    INVALID_ARGUMENT = "ICO0424";
    RESERVED_DECORATOR = "ICO0425";
    MISPLACED_DECORATOR = "ICO0426";
    DECORATOR_WITHOUT_EFFECT = "ICO0427";
    UNKNOWN_FUNCTION = "ICO0428";
    /// Outputs that a decorator names and the function does not have, or does not name and has several.
    INVALID_TARGET = "ICO0429";
    INVALID_PART = "ICO0430";
    INVALID_STEP = "ICO0431";
}
