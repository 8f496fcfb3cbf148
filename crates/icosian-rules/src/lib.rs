//! The lint rules for dataflows, one file per rule. A rule maps facts to findings.
//!
//! A [`Rule`] reads [`Facts`] and returns [`Finding`]s. A fact may be unknown ([`Fact`]), and a rule reports nothing without the facts
//! that it needs. A location is a [`SpanId`], an index into a table of the caller, so the same rules check source text, linked crates and
//! graphs.
//!
//! `icosian-syntax` checks signatures and decorators, for the macros and for the linter. The faults that it finds are part of the facts;
//! this crate only contains their documentation. [`explain`] returns the documentation of any code.
//!
//! This crate parses no source, renders no report and has no command line; `icosian-lint` and `icosian-cli` do. [`rule!`] declares a
//! custom rule.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod fact;
mod facts;
mod span;

mod finding;
mod level;
mod linked_errors;
mod request;
mod rule;
mod rule_metadata;
mod stage;
mod transcript;

mod blocking;
mod command_errors;
mod explain;
mod rules;
mod run_errors;
mod spelling;
mod tool_errors;

pub use explain::{Explanation, ExplanationKind, explain, explanations};
pub use fact::Fact;
pub use facts::{
    Allow, Await, BaselineEntry, Bindings, BodyFacts, Call, ConfigCondition, ConfigKey, DataflowFacts,
    DecoratorFacts, Doubt, ExpansionFacts, Facts, Form, FunctionFacts, GraphFacts, Helper, Loop, LoopKind,
    Meaning, NearParam, NodeVariant, ParamFacts, PlanFacts, PlannedNode, RemainingEffect, Remark,
    ReplacedNode, ReportedFault, StateUse,
};
pub use finding::{Edit, EditKind, Finding, FindingLabel, Fix, Safety};
/// The ids of the built-in decorators, for [`FunctionFacts::has`].
pub use icosian_spec::BuiltIn;
pub use level::Level;
pub use request::{HarnessRequest, Setting, Wanted};
pub use rule::Rule;
pub use rule_metadata::RuleMetadata;
pub use rules::{OmittedRule, omitted_rules, rules};
pub use span::SpanId;
pub use spelling::is_slip;
pub use stage::Stage;
pub use transcript::{LinkedDataflow, RemoteFinding, Transcript, TranscriptLine, WrittenSpot};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Facts>();
    shared::<Finding>();
    shared::<&dyn Rule>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
