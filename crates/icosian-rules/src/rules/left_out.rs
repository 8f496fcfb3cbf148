/// A rule that is planned and is not there, with the reason.
///
/// # Examples
/// See [`left_out`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The code that is kept for it.
    pub code: &'static str,
    /// The name that is kept for it.
    pub name: &'static str,
    /// Why it is not there.
    pub reason: &'static str,
}

macro_rules! table {
    ($($code:literal $name:literal $reason:literal)*) => {
        [$(LeftOut { code: $code, name: $name, reason: $reason }),*]
    };
}

const LEFT_OUT: [LeftOut; 32] = table! {
    "ICO0104" "decorator-leaks-future" "the compiler does not let a decorator give a future out: a body has a value or a task"
    "ICO0105" "async-step-in-sync-pipe" "a step is a node: it is told as `async-node-under-sync-adapter` (ICO0101)"
    "ICO0107" "sync-hook-under-async-adapter" "hooks are of one kind, which works under both"
    "ICO0108" "future-not-send" "the compiler refuses it where the node is made"
    "ICO0109" "output-not-send" "the compiler refuses it where the node is made"
    "ICO0110" "output-not-serializable-for-remote" "no adapter has other machines yet"
    "ICO0111" "unknown-decorator" "the compiler refuses an attribute that it does not know"
    "ICO0208" "cancel-unsafe-under-timeout" "whether a value outlives the node needs types, which source does not tell"
    "ICO0301" "expand-without-collect" "there is no fan-out at run time yet"
    "ICO0302" "collect-without-expand" "there is no fan-out at run time yet"
    "ICO0304" "expand-collected-at-once" "there is no fan-out at run time yet"
    "ICO0306" "expand-and-collect-in-one-node" "there is no fan-out at run time yet"
    "ICO0308" "unbounded-fan-out" "there is no fan-out at run time yet"
    "ICO0309" "nested-parallelism" "what a body does on other threads is in no type"
    "ICO0310" "collect-order-dependent" "there is no fan-out at run time yet"
    "ICO0401" "extract-unknown-field" "the compiler refuses a field that the type does not have"
    "ICO0403" "extract-name-collides" "a part is a node: it is told as `duplicate-node` (ICO0002)"
    "ICO0409" "check-output-on-stream" "no node gives a stream yet"
    "ICO0412" "pipe-step-type-mismatch" "a step is a node: it is told as `edge-type-mismatch` (ICO0004)"
    "ICO0503" "config-variant-signature" "readers may read what either variant gives; where they do not it is told as `edge-type-mismatch` (ICO0004)"
    "ICO0505" "config-value-never" "a value that no variant is for is fine where one is for all else; where none is it is told as `config-variants-gap` (ICO0502)"
    "ICO0601" "cache-not-serializable" "there is no cache yet"
    "ICO0602" "cache-nondeterministic" "there is no cache yet"
    "ICO0603" "cache-input-without-fingerprint" "there is no cache yet"
    "ICO0604" "cache-key-unordered" "there is no cache yet"
    "ICO0605" "cache-on-effect" "there is no cache yet"
    "ICO0701" "retry-non-idempotent" "whether a body has effects is in no type"
    "ICO0706" "retry-on-infallible" "it is refused while compiling, where the function gives no `Result` and no `timeout` below makes it fail"
    "ICO0707" "timeout-parameter" "a parameter of that name may be what the function is about"
    "ICO0801" "large-output-by-value" "an outline does not say how large a value is, nor does anybody say what is large"
    "ICO0802" "cloned-fan-out" "what a clone costs is in no type: that of an `Arc` is nothing"
    "ICO0904" "platform-type-over-remote" "no adapter has other machines yet"
};

/// Returns the rules that have a code and are not there.
///
/// # Examples
/// ```
/// let not_send = icosian_rules::left_out().iter().find(|it| it.name == "future-not-send");
/// assert!(not_send.is_some_and(|it| it.reason.contains("the compiler refuses it")));
/// ```
#[must_use]
pub fn left_out() -> &'static [LeftOut] {
    &LEFT_OUT
}
