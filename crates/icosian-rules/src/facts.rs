//! What rules look at. A host fills it in; each part says what it means when it is not known.

mod allow;
mod baseline;
mod body;
mod clippy;
mod decorator;
mod function;
mod param;
mod plan;

pub use allow::Allow;
pub use baseline::BaselineEntry;
pub use body::{Await, Body, Call, Helper, Loop, LoopKind, StateUse};
pub use clippy::Remark;
pub use decorator::{Bindings, Condition, Decorator, Meaning};
pub use function::Function;
pub use param::{Form, Param};
pub use plan::{Does, Doubt, GraphFacts, Key, NearParam, PlanFacts, PlannedNode, Refusal, Shadowed, Variant};

use crate::{Card, Fact, Finding, SpanId, Stage};

/// All that is known.
///
/// # Examples
/// ```
/// use icosian_rules::{Dataflow, Facts, Function, Stage};
///
/// let mean = Function { name: "mean".into(), ..Function::default() };
/// let statistics = Dataflow { name: "statistics".into(), functions: vec![mean], ..Dataflow::default() };
/// let facts = Facts { stage: Stage::Source, dataflows: vec![statistics], ..Facts::default() };
/// assert_eq!(facts.functions().count(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which facts exist at all.
    pub stage: Stage,
    /// The dataflows, in the order of the source.
    pub dataflows: Vec<Dataflow>,
    /// Functions with `#[node]`, of which nobody can say to which dataflows they belong.
    pub loose: Vec<Function>,
    /// The functions of the file that nodes call, directly or through others; [`Call::helper`] is a position here.
    pub helpers: Vec<Helper>,
    /// The paths of functions and methods that block, besides those that the rules know.
    pub blocking: Vec<String>,
    /// The adapters that run functions with `#[node]`, where the settings name them.
    pub adapters: Fact<Vec<String>>,
    /// What is allowed, and where.
    pub allows: Vec<Allow>,
    /// What a baseline hides; the places are in its file.
    pub baseline: Vec<BaselineEntry>,
    /// The rules that there are.
    pub rules: Vec<&'static Card>,
    /// The faults that the reader of the source reports.
    pub faults: Vec<Refusal>,
    /// What a driver says, when one was built or could not be.
    pub plan: Fact<PlanFacts>,
    /// What clippy says of the functions; unknown where it did not look at all of their package.
    pub clippy: Fact<Vec<Remark>>,
}

impl Facts {
    /// Returns the functions of all dataflows, and those of none.
    ///
    /// # Examples
    /// See [`Facts`].
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.dataflows.iter().flat_map(|dataflow| &dataflow.functions).chain(&self.loose)
    }

    /// Returns the faults of the source and the refusals of a driver with this code.
    pub fn refused_as(&self, code: &str) -> impl Iterator<Item = Finding> {
        let refusals = self.plan.known().into_iter().flat_map(|plan| &plan.refusals);
        let all = self.faults.iter().chain(refusals);
        all.filter(move |refusal| refusal.code == code).map(|refusal| refusal.finding.clone())
    }

    /// Returns what clippy's `lint` says.
    ///
    /// # Examples
    /// See [`Remark`].
    pub fn remarks(&self, lint: &str) -> impl Iterator<Item = &Remark> {
        self.clippy.known().into_iter().flatten().filter(move |remark| remark.lint == lint)
    }

    /// Returns the graph that a driver was built of, if it was.
    ///
    /// # Examples
    /// See [`GraphFacts`].
    #[must_use]
    pub fn graph(&self) -> Option<&GraphFacts> {
        self.plan.known()?.graph.known()
    }
}

/// Functions whose names and parameters make a graph.
///
/// # Examples
/// See [`Facts`].
#[derive(Clone, Debug, Default)]
pub struct Dataflow {
    /// The module's name, or the one that it was given.
    pub name: String,
    /// The module's name in the source.
    pub name_span: SpanId,
    /// Its functions, in the order of the source.
    pub functions: Vec<Function>,
    /// The adapters that run it: those of the settings, or those under which a driver was built.
    pub adapters: Fact<Vec<String>>,
    /// Whether it is in what was linked; unknown where nothing was, or where it may be of a test, an example or a program.
    pub linked: Fact<bool>,
}
