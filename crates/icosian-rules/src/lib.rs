//! What can be wrong with a dataflow: one rule a file, facts in, findings out.
//!
//! A [`Rule`] looks at [`Facts`] and gives [`Finding`]s. A fact is known or it is not ([`Fact`]), and what is not known is
//! never held against anybody. Places are [`SpanId`]s into a table that the host of the rules owns, so that source text,
//! macros and finished graphs can be judged by the same code.
//!
//! This crate parses no source, draws no report and knows no command line: for these, go on to `icosian-lint`. A rule of
//! your own is made with [`rule!`].

mod fact;
mod facts;
mod span;

mod card;
mod finding;
mod level;
mod request;
mod rule;
mod stage;
mod transcript;

mod blocking;
mod explain;
mod rules;
mod run_errors;
mod spelling;
mod tool_errors;

pub use card::Card;
pub use explain::{Explanation, ExplanationKind, explain, explanations};
pub use fact::Fact;
pub use facts::{
    Allow, Await, BaselineEntry, Bindings, Body, Call, Condition, Dataflow, Decorator, Does, Doubt, Facts,
    Form, Function, GraphFacts, Helper, Key, Loop, LoopKind, Meaning, NearParam, Param, PlanFacts,
    PlannedNode, Refusal, Remark, Shadowed, StateUse, Variant,
};
pub use finding::{Edit, EditKind, Finding, Fix, Label, Safety};
pub use level::Level;
pub use request::{Request, Setting, Wanted};
pub use rule::Rule;
pub use rules::{LeftOut, left_out, rules};
pub use span::SpanId;
pub use spelling::is_slip;
pub use stage::Stage;
pub use transcript::{LinkedDataflow, Told, Transcript, TranscriptLine, WrittenSpot};

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Facts>();
    shared::<Finding>();
    shared::<&dyn Rule>();
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
