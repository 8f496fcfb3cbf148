use icosian_core::decorator::BuiltIn;
use icosian_core::expand::CollectionForm;

use crate::{DataflowFacts, Facts, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds `Collect` parameters that hold all results of an expansion whose function returns a stream.
    ///
    /// The rule sees `impl Stream`, `dyn Stream` and `BoxStream` in the return type, and the functions of one dataflow.
    ///
    /// ## Rationale
    /// A stream produces its items over time, and may never end. `Collect` waits for the last item and keeps all results in memory until
    /// then. `CollectStream` passes each result on as soon as it exists, and pulls items no faster than the results are read.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod messages {
    ///     /// A message.
    ///     #[expand]
    ///     pub fn message(queue: &Queue) -> impl Stream<Item = String> + use<> { queue.messages() }
    ///     /// The length of a message.
    ///     pub fn length(message: &str) -> usize { message.len() }
    ///     /// The sum of the lengths.
    ///     pub fn total(length: Collect<usize>) -> usize { length.iter().sum() }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod messages {
    ///     /// A message.
    ///     #[expand]
    ///     pub fn message(queue: &Queue) -> impl Stream<Item = String> + use<> { queue.messages() }
    ///     /// The length of a message.
    ///     pub fn length(message: &str) -> usize { message.len() }
    ///     /// The sum of the lengths.
    ///     pub async fn total(mut length: CollectStream<usize>) -> Result<usize, ItemError> {
    ///         let mut total = 0;
    ///         while let Some(length) = length.try_next().await? {
    ///             total += length;
    ///         }
    ///         Ok(total)
    ///     }
    /// }
    /// ```
    pub(crate) struct ExpandCollectedAtOnce {
        code: "ICO0304",
        name: "expand-collected-at-once",
        level: Warn,
        stage: Source,
    }
    |facts: &Facts| facts.dataflows.iter().flat_map(check).collect()
}

fn check(dataflow: &DataflowFacts) -> Vec<Finding> {
    let functions = &dataflow.functions;
    if !functions.iter().any(is_stream) {
        return Vec::new();
    }
    let mut blocks = SourceBlocks { functions, found: vec![VisitState::New; functions.len()] };
    let mut findings = Vec::new();
    for function in functions {
        for param in &function.params {
            if !matches!(param.collection, Some(CollectionForm::Values | CollectionForm::Results)) {
                continue;
            }
            let block = param.reads.known().and_then(|read| blocks.of_value(read).pop());
            let Some(expander) = block.map(|block| &functions[block]).filter(|it| is_stream(it)) else {
                continue;
            };
            let message = format!(
                "parameter `{}` of `{}` holds a result for each item of the stream `{}`",
                param.name, function.name, expander.name
            );
            let help = format!(
                "use `CollectStream` as the type of `{}`, and read one result after the other",
                param.name
            );
            let finding = Finding::new(param.name_span, message).labelled("waits for the last item");
            findings.push(finding.also(expander.name_span, "returns a stream").help(help));
        }
    }
    findings
}

fn is_stream(function: &FunctionFacts) -> bool {
    function.has(BuiltIn::Expand) && function.returns_stream.is(&true)
}

/// The search for the blocks in which functions run.
struct SourceBlocks<'a> {
    functions: &'a [FunctionFacts],
    found: Vec<VisitState>,
}

/// The blocks of a function: the positions of their expanding functions, the outermost one first.
#[derive(Clone)]
enum VisitState {
    New,
    /// The search has reached the function. A second visit means a cycle.
    Begun,
    Ended(Vec<usize>),
}

impl SourceBlocks<'_> {
    /// Returns the blocks in which the value of the node `name` exists.
    fn of_value(&mut self, name: &str) -> Vec<usize> {
        let Some(position) = self.functions.iter().position(|function| function.gives(name)) else {
            return Vec::new();
        };
        let mut blocks = self.of_function(position);
        if self.functions[position].has(BuiltIn::Expand) {
            blocks.push(position);
        }
        blocks
    }

    fn of_function(&mut self, position: usize) -> Vec<usize> {
        match &self.found[position] {
            VisitState::Ended(blocks) => return blocks.clone(),
            VisitState::Begun => return Vec::new(),
            VisitState::New => {}
        }
        self.found[position] = VisitState::Begun;
        let mut deepest = Vec::new();
        for param in &self.functions[position].params {
            let Some(read) = param.reads.known() else { continue };
            let mut blocks = self.of_value(read);
            if param.collection.is_some() {
                blocks.pop();
            }
            if blocks.len() > deepest.len() {
                deepest = blocks;
            }
        }
        self.found[position] = VisitState::Ended(deepest.clone());
        deepest
    }
}
