/// A planned rule that is not implemented, with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OmittedRule {
    /// The reserved code.
    pub code: &'static str,
    /// The reserved name.
    pub name: &'static str,
    /// The reason.
    pub reason: &'static str,
}

macro_rules! table {
    ($($code:literal $name:literal $reason:literal)*) => {
        [$(OmittedRule { code: $code, name: $name, reason: $reason }),*]
    };
}

const OMITTED_RULES: [OmittedRule; 27] = table! {
    "ICO0104" "decorator-leaks-future" "the types of a body prevent it: a body returns a value or a task"
    "ICO0105" "async-step-in-sync-pipe" "a step is a node, and reported as `async-node-under-sync-adapter` (ICO0101)"
    "ICO0107" "sync-hook-under-async-adapter" "one kind of hook works under both kinds of adapters"
    "ICO0108" "future-not-send" "the compiler refuses it at the node"
    "ICO0109" "output-not-send" "the compiler refuses it at the node"
    "ICO0110" "output-not-serializable-for-remote" "no adapter runs nodes on other machines yet"
    "ICO0111" "unknown-decorator" "the compiler refuses unknown attributes"
    "ICO0208" "cancel-unsafe-under-timeout" "it depends on types, which the source does not show"
    "ICO0309" "nested-parallelism" "no type shows the work of a body on other threads"
    "ICO0310" "collect-order-dependent" "no type shows that a function depends on the order of its results; `Collect` has the order of the items by default"
    "ICO0401" "extract-unknown-field" "the compiler refuses unknown fields"
    "ICO0403" "extract-name-collides" "a part is a node, and reported as `duplicate-node` (ICO0002)"
    "ICO0409" "check-output-on-stream" "a check of an expanding function applies to each of its items"
    "ICO0412" "pipe-step-type-mismatch" "a step is a node, and reported as `edge-type-mismatch` (ICO0004)"
    "ICO0503" "config-variant-signature" "readers may accept the types of all variants; otherwise it is reported as `edge-type-mismatch` (ICO0004)"
    "ICO0505" "config-value-never" "a variant may accept all other values; otherwise it is reported as `config-variants-gap` (ICO0502)"
    "ICO0601" "cache-not-serializable" "caching does not exist yet"
    "ICO0602" "cache-nondeterministic" "caching does not exist yet"
    "ICO0603" "cache-input-without-fingerprint" "caching does not exist yet"
    "ICO0604" "cache-key-unordered" "caching does not exist yet"
    "ICO0605" "cache-on-effect" "caching does not exist yet"
    "ICO0701" "retry-non-idempotent" "no type shows the side effects of a body"
    "ICO0706" "retry-on-infallible" "it is reported as `decorator-without-effect` (ICO0427)"
    "ICO0707" "timeout-parameter" "a parameter of that name may be intended"
    "ICO0801" "large-output-by-value" "an outline does not contain the sizes of values"
    "ICO0802" "cloned-fan-out" "no type shows the cost of a clone"
    "ICO0904" "platform-type-over-remote" "no adapter runs nodes on other machines yet"
};

/// Returns the planned rules that are not implemented.
///
/// # Examples
/// ```
/// let not_send = icosian_rules::omitted_rules().iter().find(|it| it.name == "future-not-send");
/// assert!(not_send.is_some_and(|it| it.reason.contains("the compiler refuses it")));
/// ```
#[must_use]
pub fn omitted_rules() -> &'static [OmittedRule] {
    &OMITTED_RULES
}
