//! The facts that rules read. A host provides them; each field documents the meaning of an unknown value.

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
pub use body::{Await, BodyFacts, Call, Helper, Loop, LoopKind, StateUse};
pub use clippy::Remark;
pub use decorator::{Bindings, ConfigCondition, DecoratorFacts, Meaning};
pub use function::FunctionFacts;
pub use param::{Form, ParamFacts};
pub use plan::{
    ConfigKey, Doubt, ExpansionFacts, GraphFacts, NearParam, NodeVariant, PlanFacts, PlannedNode,
    RemainingEffect, ReplacedNode, ReportedFault,
};

use crate::{Fact, Finding, RuleMetadata, SpanId, Stage};

/// The facts of one source or program.
///
/// # Examples
/// ```
/// use icosian_rules::{DataflowFacts, Facts, FunctionFacts, Stage};
///
/// let mean = FunctionFacts { name: "mean".into(), ..FunctionFacts::default() };
/// let statistics = DataflowFacts { name: "statistics".into(), functions: vec![mean], ..DataflowFacts::default() };
/// let facts = Facts { stage: Stage::Source, dataflows: vec![statistics], ..Facts::default() };
/// assert_eq!(facts.functions().count(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The stage, which determines the facts that exist.
    pub stage: Stage,
    /// The dataflows, in the order of the source.
    pub dataflows: Vec<DataflowFacts>,
    /// Functions with `#[node]`, whose dataflows are unknown.
    pub loose: Vec<FunctionFacts>,
    /// The functions of the file that nodes call, directly or through other functions.
    ///
    /// [`Call::helper`] is a position in this list.
    pub helpers: Vec<Helper>,
    /// The paths of further functions and methods that block.
    pub blocking: Vec<String>,
    /// The adapters that run functions with `#[node]`; unknown unless the settings name them.
    pub adapters: Fact<Vec<String>>,
    /// The suppressions.
    pub allows: Vec<Allow>,
    /// The entries of a baseline. Their spans refer to its file.
    pub baseline: Vec<BaselineEntry>,
    /// The metadata of all rules.
    pub rules: Vec<&'static RuleMetadata>,
    /// The faults that the reader of the source reports.
    pub faults: Vec<ReportedFault>,
    /// The result of building a driver.
    pub plan: Fact<PlanFacts>,
    /// The remarks of clippy; unknown unless clippy checked the whole package.
    pub clippy: Fact<Vec<Remark>>,
}

impl Facts {
    /// Returns all functions, with or without a dataflow.
    pub fn functions(&self) -> impl Iterator<Item = &FunctionFacts> {
        self.dataflows.iter().flat_map(|dataflow| &dataflow.functions).chain(&self.loose)
    }

    /// Returns the faults of the source and the refusals of a driver with this code.
    pub fn refused_as(&self, code: &str) -> impl Iterator<Item = Finding> {
        let refusals = self.plan.known().into_iter().flat_map(|plan| &plan.refusals);
        let all = self.faults.iter().chain(refusals);
        all.filter(move |refusal| refusal.code == code).map(|refusal| refusal.finding.clone())
    }

    /// Returns the remarks of a clippy lint.
    pub fn remarks(&self, lint: &str) -> impl Iterator<Item = &Remark> {
        self.clippy.known().into_iter().flatten().filter(move |remark| remark.lint == lint)
    }

    /// Returns the graph of the driver, if it was built.
    #[must_use]
    pub fn graph(&self) -> Option<&GraphFacts> {
        self.plan.known()?.graph.known()
    }
}

/// Functions that form a graph by their names and parameters.
#[derive(Clone, Debug, Default)]
pub struct DataflowFacts {
    /// The name of the module or of the option `name`.
    pub name: String,
    /// The module's name in the source.
    pub name_span: SpanId,
    /// Its functions, in the order of the source.
    pub functions: Vec<FunctionFacts>,
    /// The adapters of the settings, or the adapters under which a driver was built.
    pub adapters: Fact<Vec<String>>,
    /// True if a linked crate contains it.
    ///
    /// Unknown if nothing was linked, or if it may belong to a test, an example or a program.
    pub linked: Fact<bool>,
}
