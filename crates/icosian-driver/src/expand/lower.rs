use std::sync::Arc;

use icosian_adapter::{GraphAdapter, Hooks, Program, SyncAdapter};
use icosian_core::expand::{CollectParam, CollectionForm, CollectionOrder, Items};
use icosian_core::node::{Asyncness, BlockPart, Body, HeldArgs};
use icosian_core::value::ValueType;
use icosian_core::{Caps, Name, NodeError, Outline, Output, Param, RunContext};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use icosian_graph::{BlockId, Graph, GraphError};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::expand::async_items::AsyncItems;
use crate::expand::block::{BlockProgram, ItemAdapter, SHARED};
use crate::expand::gathered::{BlockResults, Column};
use crate::expand::item_stream::{AsyncStream, SyncStream};
use crate::expand::sync_items::SyncItems;

/// The number of items that run before a sync function receives the first of their results, under an adapter with threads.
const BATCH: usize = 64;

/// A graph whose blocks are replaced by nodes that run them.
pub(crate) struct LoweredGraph {
    pub(crate) graph: Arc<Graph>,
    pub(crate) bodies: Vec<Body>,
    /// The outputs of a request, in their order.
    pub(crate) wanted: Vec<Name>,
    /// The nodes of the original graph that run, in blocks and outside.
    pub(crate) nodes: Vec<Name>,
}

/// Replaces the blocks of `graph` that the outputs `wanted` need.
///
/// A block becomes a node that runs it, and a node for each collected result. An output that runs in a block becomes the collected
/// results of all items.
pub(crate) fn lower(
    graph: &Graph,
    bodies: &[Body],
    wanted: &[Name],
    overrides: &[Name],
    adapter: &ItemAdapter,
    hooks: &Hooks,
) -> Result<LoweredGraph, Diagnostics<GraphError>> {
    let overrides: FxHashSet<&Name> = overrides.iter().collect();
    let lowering = Lowering { graph, bodies, overrides: &overrides, adapter: adapter.clone(), hooks };
    let outputs = wanted.iter().map(|name| match graph.blocks().of_value(name) {
        Some(_) => ScopeOutput::collected(name.clone()),
        None => ScopeOutput::Value(name.clone()),
    });
    let scope = lowering.scope(None, &outputs.collect::<Vec<_>>())?;
    let mut built = scope.nodes;
    for name in &overrides {
        // A node that is overridden never runs.
        if let Some(output) = lowering.overridden_output(name)
            && !built.iter().any(|(outline, _)| outline.name() == *name)
        {
            let outline = Outline::new((*name).clone()).with_output(output);
            built.push((outline, Body::erased(|_| Err(NodeError::failed("the node is overridden")))));
        }
    }
    let (outlines, bodies): (Vec<_>, Vec<_>) = built.into_iter().unzip();
    let mut builder = Graph::builder().with_outlines(outlines);
    for input in wanted.iter().filter(|name| graph.node(name).is_none()) {
        builder = builder.with_input(input.clone());
    }
    let graph = builder.build()?;
    Ok(LoweredGraph { graph: Arc::new(graph), bodies, wanted: scope.wanted, nodes: scope.originals })
}

#[derive(Clone)]
struct Lowering<'a> {
    graph: &'a Graph,
    bodies: &'a [Body],
    overrides: &'a FxHashSet<&'a Name>,
    adapter: ItemAdapter,
    hooks: &'a Hooks,
}

/// A value that a scope provides.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ScopeOutput {
    /// The value of a node or input.
    Value(Name),
    /// The results of a node of a block.
    Collected { node: Name, form: CollectionForm, order: CollectionOrder },
}

impl ScopeOutput {
    fn collected(node: Name) -> Self {
        Self::Collected { node, form: CollectionForm::Values, order: CollectionOrder::Items }
    }

    /// Returns the name of the node that provides the value.
    fn name(&self) -> Name {
        match self {
            Self::Value(name) => name.clone(),
            Self::Collected { node, form, order } => {
                let form = if *form == CollectionForm::Results { "?" } else { "" };
                let order = if *order == CollectionOrder::Completion { "~" } else { "" };
                Name::from(format!("{node}[..{form}{order}]"))
            }
        }
    }
}

/// The nodes of a block, or of the whole graph, after inner blocks are replaced.
#[derive(Default)]
struct Scope {
    nodes: Vec<(Outline, Body)>,
    wanted: Vec<Name>,
    /// The parameters whose source is outside, each with the collection that the outside has to make.
    reads: Vec<(Param, Option<ScopeOutput>)>,
    /// The nodes of the original graph, with those of inner blocks.
    originals: Vec<Name>,
}

/// A scope while it is built.
struct ScopeBuilder {
    block: Option<BlockId>,
    needed: Vec<Name>,
    seen: FxHashSet<Name>,
    /// The results of each inner block that are collected.
    columns: FxHashMap<BlockId, Vec<ScopeOutput>>,
    /// The inner blocks that are streamed: the node, its collection, and the asyncness of the consumer.
    streams: FxHashMap<BlockId, (Name, CollectParam, Asyncness)>,
    /// The parameters whose source is outside.
    reads: Vec<(Param, Option<ScopeOutput>)>,
}

impl Lowering<'_> {
    fn is_overridden(&self, name: &Name) -> bool {
        self.overrides.contains(name)
    }

    /// Returns the output that an override of a node replaces: a list for an expanding node.
    fn overridden_output(&self, name: &Name) -> Option<Output> {
        let outline = self.graph.outline(self.graph.node(name)?);
        Some(outline.expansion().map_or_else(|| outline.output().clone(), |it| it.list().clone()))
    }

    fn scope(
        &self,
        block: Option<BlockId>,
        wanted: &[ScopeOutput],
    ) -> Result<Scope, Diagnostics<GraphError>> {
        let mut builder = ScopeBuilder {
            block,
            needed: Vec::new(),
            seen: FxHashSet::default(),
            columns: FxHashMap::default(),
            streams: FxHashMap::default(),
            reads: Vec::new(),
        };
        for wanted in wanted {
            self.want(&mut builder, wanted);
        }
        let mut done = 0;
        let mut inner: FxHashMap<BlockId, (Vec<ScopeOutput>, Scope)> = FxHashMap::default();
        loop {
            while done < builder.needed.len() {
                let name = builder.needed[done].clone();
                done += 1;
                let outline = self.outline(&name);
                for param in outline.params() {
                    self.read(&mut builder, param, outline.asyncness());
                }
            }
            // A block needs more when another block collects one more of its results.
            let blocks = builder.columns.keys().chain(builder.streams.keys());
            let changed = blocks.copied().find_map(|block| {
                let wanted = self.wanted_of(&builder, block);
                let is_built = inner.get(&block).is_some_and(|(built, _)| *built == wanted);
                (!is_built).then_some((block, wanted))
            });
            let Some((block, wanted)) = changed else { break };
            let scope = self.inside(&builder, block).scope(Some(block), &wanted)?;
            self.need(&mut builder, &self.items_param(block), None);
            for (param, wanted) in &scope.reads {
                self.need(&mut builder, param, wanted.as_ref());
            }
            inner.insert(block, (wanted, scope));
        }
        self.finish(builder, wanted, inner)
    }

    /// Returns the lowering of an inner block. A sync function that streams a block runs all its nodes on its own thread.
    fn inside(&self, builder: &ScopeBuilder, block: BlockId) -> Self {
        let mut inside = self.clone();
        if let (ItemAdapter::Async(_), Some((.., Asyncness::Sync))) =
            (&inside.adapter, builder.streams.get(&block))
        {
            inside.adapter = ItemAdapter::Sync(Arc::new(SyncAdapter));
        }
        inside
    }

    fn outline(&self, name: &Name) -> &Outline {
        self.graph.outline(self.graph.node(name).expect("the node is in the graph"))
    }

    /// Returns the inner block of `outer` that contains `block`.
    fn child(&self, outer: Option<BlockId>, block: BlockId) -> BlockId {
        let mut child = block;
        while self.graph.blocks().parent(child) != outer {
            child = self.graph.blocks().parent(child).expect("the block is inside the outer one");
        }
        child
    }

    /// Returns the values of an inner block that are collected or streamed, one for each column.
    fn wanted_of(&self, builder: &ScopeBuilder, block: BlockId) -> Vec<ScopeOutput> {
        let source = |node: &Name| {
            if self.graph.blocks().of_value(node) == Some(block) {
                ScopeOutput::Value(node.clone())
            } else {
                ScopeOutput::collected(node.clone())
            }
        };
        let columns = builder.columns.get(&block).into_iter().flatten();
        let collected = columns.filter_map(|wanted| match wanted {
            ScopeOutput::Collected { node, .. } => Some(source(node)),
            ScopeOutput::Value(_) => None,
        });
        collected.chain(builder.streams.get(&block).map(|(node, ..)| source(node))).collect()
    }

    /// Adds a value that the scope provides.
    fn want(&self, builder: &mut ScopeBuilder, wanted: &ScopeOutput) {
        match wanted {
            ScopeOutput::Value(name) => {
                let output = self.graph.node(name).map(|node| self.graph.outline(node).output().value_type());
                if let Some(value_type) = output {
                    self.need(builder, &Param::exactly(value_type, name.clone()), None);
                }
            }
            ScopeOutput::Collected { node, .. } => {
                let block = self.graph.blocks().of_value(node).expect("the node is in a block");
                let child = self.child(builder.block, block);
                let columns = builder.columns.entry(child).or_default();
                if !columns.contains(wanted) {
                    columns.push(wanted.clone());
                }
            }
        }
    }

    /// Adds the source of a parameter of a node of the scope.
    fn read(&self, builder: &mut ScopeBuilder, param: &Param, consumer: Asyncness) {
        if param.constant().is_some() || param.is_context() {
            return;
        }
        let Some(collection) = param.collection() else {
            self.need(builder, param, None);
            return;
        };
        let node = param.source();
        let block = self.graph.blocks().of_value(node).expect("the graph has checked collections");
        if param.is_stream() {
            builder.streams.insert(block, (node.clone(), *collection, consumer));
            return;
        }
        let wanted =
            ScopeOutput::Collected { node: node.clone(), form: collection.form(), order: collection.order() };
        let param = param.clone().without_collection(wanted.name());
        self.need(builder, &param, Some(&wanted));
    }

    /// Adds the source of a parameter, in this scope or outside.
    fn need(&self, builder: &mut ScopeBuilder, param: &Param, wanted: Option<&ScopeOutput>) {
        let blocks = self.graph.blocks();
        let source = param.source();
        let home = match wanted {
            Some(ScopeOutput::Collected { node, .. }) => {
                blocks.of_value(node).and_then(|block| blocks.parent(block))
            }
            _ if param.wanted() == ValueType::of::<Items>() || self.is_list(param) => blocks.of(source),
            _ => blocks.of_value(source),
        };
        if let Some(wanted) = wanted.filter(|_| home == builder.block) {
            self.want(builder, wanted);
            return;
        }
        let is_item = wanted.is_none()
            && builder.block.is_some()
            && blocks.items_of(source) == builder.block
            && home == builder.block;
        if is_item {
            return;
        }
        let is_node = wanted.is_none() && self.graph.node(source).is_some() && !self.is_overridden(source);
        if is_node && home == builder.block {
            if builder.seen.insert(source.clone()) {
                builder.needed.push(source.clone());
            }
        } else if builder.block.is_some() {
            builder.reads.push((param.clone().borrowing(), wanted.cloned()));
        }
    }

    /// Returns whether a parameter reads a list that overrides an expanding node.
    fn is_list(&self, param: &Param) -> bool {
        let Some(node) = self.graph.node(param.source()) else { return false };
        let expansion = self.graph.outline(node).expansion();
        self.is_overridden(param.source())
            && expansion.is_some_and(|expansion| expansion.list().value_type() == param.wanted())
    }

    /// Returns the parameter that reads the items of a block.
    fn items_param(&self, block: BlockId) -> Param {
        let expander = self.graph.outline(self.graph.blocks().expander(block));
        let expansion = expander.expansion().expect("the node expands");
        let value_type = if self.is_overridden(expander.name()) {
            expansion.list().value_type()
        } else {
            ValueType::of::<Items>()
        };
        Param::exactly(value_type, expander.name().clone())
    }

    fn finish(
        &self,
        builder: ScopeBuilder,
        wanted: &[ScopeOutput],
        inner: FxHashMap<BlockId, (Vec<ScopeOutput>, Scope)>,
    ) -> Result<Scope, Diagnostics<GraphError>> {
        let mut scope = Scope {
            nodes: Vec::new(),
            wanted: wanted.iter().map(ScopeOutput::name).collect(),
            reads: builder.reads,
            originals: builder.needed.clone(),
        };
        for name in &builder.needed {
            let node = self.graph.node(name).expect("the node is in the graph");
            scope.nodes.push((lowered(self.graph.outline(node)), self.bodies[node.position()].clone()));
        }
        let mut inner: Vec<_> = inner.into_iter().collect();
        inner.sort_unstable_by_key(|(block, _)| *block);
        for (id, (_, mut inner_scope)) in inner {
            scope.originals.append(&mut inner_scope.originals);
            let stream = builder.streams.get(&id);
            let columns = builder.columns.get(&id).map_or(&[][..], Vec::as_slice);
            if stream.is_some()
                && let Some(ScopeOutput::Collected { node, .. }) = columns.first()
            {
                // The graph has checked the parameters, so the results are an output of the request.
                return Err(self.stream_error(id, node, &builder.needed));
            }
            self.add_block(&mut scope, id, inner_scope, columns, stream)?;
        }
        Ok(scope)
    }

    /// Returns the error of a request for `output` of a block, while a node of `nodes` streams the block.
    fn stream_error(&self, block: BlockId, output: &Name, nodes: &[Name]) -> Diagnostics<GraphError> {
        let blocks = self.graph.blocks();
        let is_stream = |param: &&Param| param.is_stream() && blocks.of_value(param.source()) == Some(block);
        let streams = nodes.iter().find_map(|node| {
            let param = self.outline(node).params().iter().find(is_stream)?;
            Some((node.clone(), param.location()))
        });
        let (stream, location) = streams.expect("a node of the scope streams the block");
        let expander = self.graph.outline(blocks.expander(block));
        let error = GraphError::StreamedAndRequested {
            output: output.clone(),
            stream,
            expander: expander.name().clone(),
        };
        let streams = location.map(|location| Label::new(location, "reads the block as a stream"));
        let starts = expander.location().map(|location| Label::new(location, "starts the block"));
        let mut errors = Diagnostics::default();
        errors.push(Spanned::new(error, streams.into_iter().chain(starts).collect()));
        errors
    }

    /// Adds the nodes that run a block and return its results.
    fn add_block(
        &self,
        scope: &mut Scope,
        id: BlockId,
        inner: Scope,
        columns: &[ScopeOutput],
        stream: Option<&(Name, CollectParam, Asyncness)>,
    ) -> Result<(), Diagnostics<GraphError>> {
        let expander = self.graph.outline(self.graph.blocks().expander(id));
        let params: Vec<Param> = inner.reads.iter().map(|(param, _)| param.clone()).collect();
        let element = |node: &Name| self.outline(node).output();
        let described: Vec<(&ScopeOutput, &Name, Column)> = columns
            .iter()
            .filter_map(|wanted| {
                let ScopeOutput::Collected { node, form, order } = wanted else { return None };
                let gathering = element(node).gathering()?;
                Some((wanted, node, Column { form: *form, order: *order, gathering: *gathering }))
            })
            .collect();
        self.check_shared_results(&described)?;
        let program = self.program(expander, inner, &params)?;
        let plan = program.plan();
        let mut positions: FxHashMap<&Name, usize> = FxHashMap::default();
        for (position, param) in params.iter().enumerate() {
            positions.entry(param.source()).or_insert(position);
        }
        let shared = plan.inputs().iter().filter_map(|input| {
            let position = positions.get(input.name())?;
            Some((input.cell(), SHARED + position))
        });
        let given = plan.wanted().iter().map(|&cell| {
            let mut inputs = plan.inputs().iter();
            let input = inputs.find(|input| input.cell() == cell as usize)?;
            Some(self.outline(input.name()).output().clone())
        });
        let given = given.collect();
        let needs = program.needs();
        let block = Arc::new(BlockProgram {
            name: expander.name().clone(),
            location: expander.location(),
            expansion: expander.expansion().expect("the node expands").clone(),
            item: plan.input(expander.name()).map(icosian_graph::PlanInput::cell),
            given,
            shared: shared.collect(),
            columns: described.iter().map(|(.., column)| *column).collect(),
            program: Arc::new(program),
            adapter: self.adapter.clone(),
            hooks: self.hooks.clone(),
        });
        let outline = |name: String, part| {
            let context = Param::taken::<RunContext>("context").with_clone();
            let params = [self.items_param(id), context].into_iter().chain(params.iter().cloned());
            let mut outline =
                Outline::new(name).with_params(params.collect()).with_block_part(part).with_needs(needs);
            if let Some(location) = expander.location() {
                outline = outline.with_location(location);
            }
            outline
        };
        if let Some((node, collection, consumer)) = stream {
            let output = collection.stream_output().expect("the parameter streams");
            let outline = outline(format!("{node}[~]"), BlockPart::Results).with_output(output);
            scope.nodes.push((outline, stream_body(block, *collection, *consumer)));
            return Ok(());
        }
        let runner = Name::from(format!("{}[]", expander.name()));
        let output = Output::of::<BlockResults>();
        let outline = outline(runner.to_string(), BlockPart::Runner).with_output(output);
        scope.nodes.push((outline, runner_body(block)));
        for (position, (wanted, node, column)) in described.into_iter().enumerate() {
            let output = element(node).collected(column.form).expect("the type can be collected");
            let outline = Outline::new(wanted.name())
                .with_param(Param::exactly(ValueType::of::<BlockResults>(), runner.clone()))
                .with_output(output)
                .with_block_part(BlockPart::Results);
            let body = Body::erased(move |args| {
                let results = args.peek::<BlockResults>(0).expect("the graph has compared the types");
                let cell = results.take(position)?;
                args.output().set(cell);
                Ok(())
            });
            scope.nodes.push((outline, body));
        }
        Ok(())
    }

    /// Refuses results without `Clone` that are collected in two ways: each way needs the values.
    fn check_shared_results(
        &self,
        columns: &[(&ScopeOutput, &Name, Column)],
    ) -> Result<(), Diagnostics<GraphError>> {
        let mut errors = Diagnostics::default();
        let mut seen = FxHashSet::default();
        for (_, node, _) in columns {
            let outline = self.outline(node);
            if seen.insert(*node) || outline.output().is_cloneable() {
                continue;
            }
            let error = GraphError::KeptOutput {
                output: (*node).clone(),
                value_type: outline.output().value_type(),
                other: "which is collected in two ways".to_owned(),
                instead: "collect it in one way".to_owned(),
            };
            let label = outline.location().map(|location| Label::new(location, "collected twice"));
            errors.push(Spanned::new(error, label.into_iter().collect()));
        }
        errors.into_result(())
    }

    /// Plans the nodes of a block.
    fn program(
        &self,
        expander: &Outline,
        inner: Scope,
        params: &[Param],
    ) -> Result<Program, Diagnostics<GraphError>> {
        let (outlines, bodies): (Vec<_>, Vec<_>) = inner.nodes.into_iter().unzip();
        let mut graph = Graph::builder().with_outlines(outlines);
        graph = graph.with_given(expander.name().clone(), expander.output().value_type());
        let mut given: FxHashSet<&Name> = FxHashSet::default();
        for param in params {
            let source = param.source();
            let Some(node) = self.graph.node(source) else { continue };
            let is_value = param.wanted() != ValueType::of::<Items>() && !self.is_list(param);
            if is_value && given.insert(source) {
                graph = graph.with_given(source.clone(), self.graph.outline(node).output().value_type());
            }
        }
        let graph = graph.build()?;
        let plan = icosian_graph::plan(&graph, &inner.wanted)?;
        Ok(Program::from_plan(Arc::new(graph), plan, &bodies))
    }
}

/// Returns the outline of a node after the blocks that it collects are replaced.
fn lowered(outline: &Outline) -> Outline {
    let lowered = outline.clone().map_params(|param| match param.collection() {
        None => param,
        Some(_) if param.is_stream() => {
            let name = format!("{}[~]", param.source());
            param.without_collection(name)
        }
        Some(collection) => {
            let (node, form, order) = (param.source().clone(), collection.form(), collection.order());
            let name = ScopeOutput::Collected { node, form, order }.name();
            param.without_collection(name)
        }
    });
    let lowered =
        if outline.params().iter().any(Param::is_stream) { lowered.with_streamed_items() } else { lowered };
    if lowered.expansion().is_some() {
        lowered.without_expansion().with_output(Output::of::<Items>())
    } else {
        lowered
    }
}

/// Returns the body of the node that runs a block.
fn runner_body(block: Arc<BlockProgram>) -> Body {
    match block.adapter.clone() {
        ItemAdapter::Sync(adapter) => Body::sync(move |args| {
            let mut held = HeldArgs::default();
            args.hold(&mut held);
            SyncItems::new(&block, Arc::clone(&adapter), &mut held)?.collect()
        }),
        ItemAdapter::Async(adapter) => Body::future(move |args| {
            let mut held = HeldArgs::default();
            args.hold(&mut held);
            let items = AsyncItems::new(&block, Arc::clone(&adapter), &mut held);
            async move { items?.collect().await }
        }),
    }
}

/// Returns the body of the node that returns a `CollectStream`.
fn stream_body(block: Arc<BlockProgram>, collection: CollectParam, consumer: Asyncness) -> Body {
    Body::erased(move |args| {
        let mut held = HeldArgs::default();
        args.hold(&mut held);
        let order = collection.order();
        let sync_stream = |adapter: Arc<dyn GraphAdapter>, held: &mut HeldArgs| {
            let batch = if adapter.spec().grants().contains(Caps::THREADS) {
                block.expansion.concurrency().map_or(BATCH, std::num::NonZeroUsize::get)
            } else {
                1
            };
            Ok::<_, NodeError>(SyncStream::new(SyncItems::new(&block, adapter, held)?, order, batch))
        };
        let results: Box<dyn icosian_core::expand::ItemResults> = match (&block.adapter, consumer) {
            (ItemAdapter::Sync(adapter), _) => Box::new(sync_stream(Arc::clone(adapter), &mut held)?),
            // The request was refused if the block has async nodes.
            (ItemAdapter::Async(_), Asyncness::Sync) => {
                Box::new(sync_stream(Arc::new(SyncAdapter), &mut held)?)
            }
            (ItemAdapter::Async(adapter), Asyncness::Async) => {
                let items = AsyncItems::new(&block, Arc::clone(adapter), &mut held)?;
                Box::new(AsyncStream::new(items, order))
            }
        };
        let cell = collection.stream_of(results).expect("the parameter streams");
        args.output().set(cell);
        Ok(())
    })
}
