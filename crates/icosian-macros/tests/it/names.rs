//! Parameters that are named after a node of their module.

use std::borrow::Borrow;

use icosian::__private::NodeFn;
use icosian::dataflow;

use crate::call::{absent, given, shared};

/// A type with a custom [`Borrow`] implementation.
#[derive(Clone, Debug, PartialEq)]
pub struct Label(String);

impl Borrow<str> for Label {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Nodes that read each other.
#[dataflow(crate = ::icosian)]
pub mod edges {
    use super::Label;

    /// The label of a region.
    ///
    /// Two paragraphs.
    pub fn label(region: &str) -> Label {
        Label(region.to_uppercase())
    }

    /// Reads a `Label` as text.
    pub fn shout(label: &str) -> String {
        format!("{label}!")
    }

    /// The async form of `shout`.
    pub async fn shout_later(label: &str) -> String {
        shout(label)
    }

    /// Borrows one output and consumes another.
    pub fn both(label: &Label, shout: String, shout_later: Option<&str>, maybe: Option<u64>) -> String {
        format!("{} {shout} {shout_later:?} {maybe:?}", label.0)
    }

    /// Has a default that the module's own node makes unnecessary.
    pub fn defaulted(#[default("none")] label: &str) -> String {
        label.to_owned()
    }

    /// Returns an optional value.
    pub fn maybe(#[default(1)] number: u64) -> Option<u64> {
        number.checked_sub(1)
    }

    /// Has a keyword as its name.
    pub fn r#type(r#match: &str) -> String {
        r#match.to_owned()
    }

    /// Parses a number.
    ///
    /// # Errors
    /// Fails if the text is not a number.
    pub fn parsed(r#type: &str) -> Result<u64, std::num::ParseIntError> {
        r#type.parse()
    }

    /// Reads the `Ok` value of another node, and a keyword.
    pub async fn reads_parsed(parsed: &u64, r#type: String) -> String {
        parsed.to_string() + " " + &r#type
    }

    /// Disabled by `cfg`.
    #[cfg(any())]
    pub fn sometimes(region: &str) -> Label {
        Label(region.to_owned())
    }

    /// Reads an input, because `sometimes` is disabled.
    pub fn reads_sometimes(sometimes: &str) -> String {
        sometimes.to_owned()
    }

    /// The disabled variant.
    #[cfg(any())]
    pub fn one_of_two() -> u64 {
        1
    }

    /// The enabled variant.
    #[cfg(not(any()))]
    pub fn one_of_two() -> Label {
        Label("other".to_owned())
    }

    /// Reads the enabled variant.
    pub fn reads_one_of_two(one_of_two: &str) -> String {
        one_of_two.to_owned()
    }

    /// Deprecated.
    #[deprecated]
    pub fn old() -> u64 {
        helper()
    }

    fn helper() -> u64 {
        2
    }
}

#[test]
fn parameter_of_any_borrowed_type_is_an_edge() {
    let label = || given(Label("EU".to_owned()));
    assert_eq!(shared::<edges::label>(vec![given("eu")]).unwrap(), Label("EU".to_owned()));
    assert_eq!(shared::<edges::shout>(vec![label()]).unwrap(), "EU!");
    assert_eq!(shared::<edges::shout>(vec![given("us")]).unwrap(), "us!", "an override of another type");
    assert_eq!(shared::<edges::shout_later>(vec![label()]).unwrap(), "EU!");
    assert_eq!(shared::<edges::defaulted>(vec![label()]).unwrap(), "EU");
    assert_eq!(shared::<edges::defaulted>(vec![absent()]).unwrap(), "none");
    let parsed = vec![given(3_u64), given("text".to_owned())];
    assert_eq!(shared::<edges::reads_parsed>(parsed).unwrap(), "3 text");
    let all = vec![label(), given("a".to_owned()), given("b".to_owned()), given(Some(3_u64))];
    assert_eq!(shared::<edges::both>(all).unwrap(), "EU a Some(\"b\") Some(3)");
}

#[test]
fn nodes_follow_their_cfg() {
    let dataflow = edges::dataflow();
    let names: Vec<_> = dataflow.nodes().map(|node| node.name().to_string()).collect();
    assert_eq!(
        names.join(" "),
        "label shout shout_later both defaulted maybe type parsed reads_parsed reads_sometimes one_of_two reads_one_of_two old"
    );
    assert_eq!(shared::<edges::reads_sometimes>(vec![given("input")]).unwrap(), "input");
    assert_eq!(shared::<edges::reads_one_of_two>(vec![given(edges::one_of_two())]).unwrap(), "other");
}

#[test]
fn names_and_documentation_are_normalized() {
    let node = edges::r#type::node();
    assert_eq!(node.outline().to_string(), "type(match: &str) -> String");
    let documentation = edges::label::node().outline().documentation().to_owned();
    assert_eq!(documentation, "The label of a region.\n\nTwo paragraphs.");
}
