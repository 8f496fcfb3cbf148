use std::fmt::Write as _;

use icosian_adapter::{AsyncGraphAdapter, GraphAdapter};
use icosian_core::Dataflow;
use icosian_driver::{AsyncDriver, Builder};
use icosian_rules::{Told, rules};

use crate::{Candidate, Check};

/// What [`assert_lint_clean!`](crate::assert_lint_clean!) takes: a dataflow, which is judged under tokio; the builder of a
/// driver; or a [`Check`].
///
/// # Examples
/// See [`assert_lint_clean!`](crate::assert_lint_clean!).
pub trait IntoCheck {
    /// The builder that is judged.
    type Candidate: Candidate;

    /// Returns what is to be judged.
    fn into_check(self) -> Check<Self::Candidate>;
}

impl IntoCheck for Dataflow {
    type Candidate = Builder<dyn AsyncGraphAdapter>;

    fn into_check(self) -> Check<Self::Candidate> {
        Check::new(AsyncDriver::builder().with_dataflow(self))
    }
}

impl IntoCheck for Builder<dyn GraphAdapter> {
    type Candidate = Self;

    fn into_check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl IntoCheck for Builder<dyn AsyncGraphAdapter> {
    type Candidate = Self;

    fn into_check(self) -> Check<Self> {
        Check::new(self)
    }
}

impl<C: Candidate> IntoCheck for Check<C> {
    type Candidate = C;

    fn into_check(self) -> Self {
        self
    }
}

/// Returns `told` as text for people: code, what is wrong, where, and what to do about it.
///
/// # Examples
/// ```
/// use icosian_rules::Told;
///
/// let mut told = Told::new("ICO0002", "node `one` is defined twice");
/// told.help = Some("rename one of them".to_owned());
/// let text = "ICO0002 duplicate-node: node `one` is defined twice\n  help: rename one of them\n";
/// assert_eq!(icosian_check::text(&[told]), text);
/// ```
#[must_use]
pub fn text(told: &[Told]) -> String {
    let mut text = String::new();
    for (position, told) in told.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        let card = rules().iter().map(|rule| rule.card()).find(|card| card.code == told.code);
        let name = card.map(|card| format!(" {}", card.name)).unwrap_or_default();
        // Writing to a `String` does not fail.
        let _ = writeln!(text, "{}{name}: {}", told.code, told.message);
        for spot in &told.spots {
            let _ = write!(text, "  at {}:{}:{}", spot.file, spot.line, spot.column);
            let label = if spot.text.is_empty() { String::new() } else { format!(": {}", spot.text) };
            let _ = writeln!(text, "{label}");
        }
        if let Some(help) = &told.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}

/// Panics with all that is wrong with `subject`.
#[doc(hidden)]
#[track_caller]
pub fn assert_clean(subject: impl IntoCheck) {
    let told = subject.into_check().told();
    let things =
        if told.len() == 1 { "one thing is".to_owned() } else { format!("{} things are", told.len()) };
    assert!(told.is_empty(), "{things} wrong with the dataflow:\n\n{}", text(&told));
}

/// Panics when something is wrong with a dataflow, and says what, where, and what to do about it.
///
/// It takes a dataflow, which it judges under tokio; a dataflow and the builder of the driver that it is for; that builder alone;
/// or a [`Check`](crate::Check), which says more.
///
/// # Panics
/// When something is wrong.
///
/// # Examples
/// ```
/// use icosian_check::{Check, assert_lint_clean};
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::Driver;
///
/// let rates = || Dataflow::new("rates").with_node(Node::sync(Outline::new("rate"), |_| Ok(1.5)));
/// assert_lint_clean!(rates());
/// assert_lint_clean!(rates(), Driver::builder());
/// assert_lint_clean!(Check::new(Driver::builder().with_dataflow(rates())).with_outputs(["rate"]));
/// ```
///
/// ```should_panic
/// use icosian_check::assert_lint_clean;
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_driver::Driver;
///
/// let rate = Node::future(Outline::new("rate"), |_| async { Ok(1.5) });
/// assert_lint_clean!(Dataflow::new("rates").with_node(rate), Driver::builder());
/// ```
#[macro_export]
macro_rules! assert_lint_clean {
    ($subject:expr $(,)?) => {
        $crate::assert_clean($subject)
    };
    ($dataflow:expr, $builder:expr $(,)?) => {
        $crate::assert_clean($builder.with_dataflow($dataflow))
    };
}
