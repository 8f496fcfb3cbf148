use icosian_core::expand::{CollectionForm, OnError};
use icosian_core::node::Access;
use icosian_core::{Name, Outline, Param};
use icosian_diagnostics::{Diagnostics, Label, Spanned};
use rustc_hash::FxHashMap;

use crate::error::GraphError;
use crate::link::{Links, moved_value, position};
use crate::node_id::NodeId;
use crate::shape::Shape;

/// The index of a block in its [`Blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(u32);

/// The blocks of a graph: for each expanding node, the nodes that run once for each item.
///
/// A block consists of the nodes that depend on an item, up to the parameters that collect. A block in another block runs for each
/// item of the outer one.
///
/// # Examples
/// ```
/// use icosian_core::expand::{Collect, CollectParam, Expansion};
/// use icosian_core::{Outline, Param};
/// use icosian_graph::Graph;
///
/// let number = Outline::new("number").with_output_type::<u64>().with_expansion(Expansion::of::<u64>());
/// let square = Outline::new("square").with_param(Param::borrowed::<u64>("number")).with_output_type::<u64>();
/// let squares = Param::taken::<Collect<u64>>("square").with_collection(CollectParam::values::<u64>());
/// let graph = Graph::new([number, square, Outline::new("total").with_param(squares).with_output_type::<u64>()])?;
///
/// let block = graph.blocks().of("square").expect("it reads an item");
/// assert_eq!(graph.blocks().items_of("number"), Some(block));
/// assert_eq!(graph.outline(graph.blocks().expander(block)).name(), &"number");
/// assert_eq!(graph.blocks().of("total"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// The block of each node, by name. Nodes outside all blocks are missing.
    block_of: FxHashMap<Name, BlockId>,
    /// The block that each expanding node feeds.
    items_of: FxHashMap<Name, BlockId>,
    all: Vec<BlockInfo>,
}

#[derive(Clone, Copy, Debug)]
struct BlockInfo {
    expander: NodeId,
    parent: Option<BlockId>,
    depth: usize,
}

impl Blocks {
    /// Returns whether no node expands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns all blocks, outer ones before inner ones.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = BlockId> + use<> {
        (0..position(self.all.len())).map(BlockId)
    }

    /// Returns the block in which a node runs; `None` if it runs once.
    #[must_use]
    pub fn of(&self, node: &str) -> Option<BlockId> {
        self.block_of.get(node).copied()
    }

    /// Returns the block whose items a node returns.
    #[must_use]
    pub fn items_of(&self, node: &str) -> Option<BlockId> {
        self.items_of.get(node).copied()
    }

    /// Returns the block in which the value of a node exists: that of its items for an expanding node.
    #[must_use]
    pub fn of_value(&self, node: &str) -> Option<BlockId> {
        self.items_of(node).or_else(|| self.of(node))
    }

    /// Returns the node that provides the items of a block.
    #[must_use]
    pub fn expander(&self, block: BlockId) -> NodeId {
        self.all[block.0 as usize].expander
    }

    /// Returns the block that contains a block.
    #[must_use]
    pub fn parent(&self, block: BlockId) -> Option<BlockId> {
        self.all[block.0 as usize].parent
    }

    fn depth(&self, block: Option<BlockId>) -> usize {
        block.map_or(0, |block| self.all[block.0 as usize].depth)
    }

    /// Returns whether `outer` is `inner`, or contains it. `None` is the whole graph.
    fn contains(&self, outer: Option<BlockId>, inner: Option<BlockId>) -> bool {
        let mut block = inner;
        while self.depth(block) > self.depth(outer) {
            block = block.and_then(|block| self.parent(block));
        }
        block == outer
    }

    /// Finds the blocks of a graph, and reports parameters that no block can serve. `order` is a topological order.
    pub(crate) fn find(
        shape: &Shape,
        outlines: &[Outline],
        links: &Links,
        order: &[u32],
        problems: &mut Diagnostics<GraphError>,
    ) -> Self {
        let has_blocks = |outline: &Outline| {
            outline.expansion().is_some() || outline.params().iter().any(|param| param.collection().is_some())
        };
        if !outlines.iter().any(has_blocks) {
            return Self::default();
        }
        let mut search = BlockSearch {
            shape,
            outlines,
            links,
            blocks: Self::default(),
            block_of: vec![None; shape.len()],
            items_of: vec![None; shape.len()],
        };
        for vertex in order.iter().filter(|vertex| (**vertex as usize) < outlines.len()) {
            search.place(*vertex, problems);
        }
        search.check_loops(problems);
        search.check_values(problems);
        search.check_streams(problems);
        search.finish()
    }
}

/// The search for the blocks of a graph.
struct BlockSearch<'a> {
    shape: &'a Shape,
    outlines: &'a [Outline],
    links: &'a Links,
    blocks: Blocks,
    /// The block in which each vertex runs.
    block_of: Vec<Option<BlockId>>,
    /// The block whose items each vertex returns.
    items_of: Vec<Option<BlockId>>,
}

impl BlockSearch<'_> {
    /// Returns the parameters of a node with their sources. Constants have none.
    fn reads(&self, node: u32) -> impl Iterator<Item = (&Param, u32)> {
        let params = self.outlines[node as usize].params().iter();
        params
            .zip(self.links.of(node))
            .filter(|(_, link)| !link.is_constant())
            .map(|(param, link)| (param, link.vertex))
    }

    /// Returns the block in which the value of a vertex exists.
    fn of_value(&self, vertex: u32) -> Option<BlockId> {
        self.items_of[vertex as usize].or(self.block_of[vertex as usize])
    }

    /// Finds the block of a node, after those of the nodes that it reads.
    fn place(&mut self, node: u32, problems: &mut Diagnostics<GraphError>) {
        let outline = &self.outlines[node as usize];
        let mut found: Option<(BlockId, u32)> = None;
        for (param, source) in self.reads(node) {
            let of_value = self.of_value(source);
            let block = match (param.collection(), of_value) {
                (None, block) => block,
                (Some(_), Some(collected)) => {
                    problems.extend(self.wrong_form(outline, param, source, collected));
                    self.blocks.parent(collected)
                }
                (Some(_), None) => {
                    problems.push(self.no_block(outline, param, source));
                    continue;
                }
            };
            match (found, block) {
                (_, None) => {}
                (None, Some(block)) => found = Some((block, source)),
                (Some((first, _)), Some(block)) if self.blocks.contains(Some(block), Some(first)) => {}
                (Some((first, _)), Some(block)) if self.blocks.contains(Some(first), Some(block)) => {
                    found = Some((block, source));
                }
                (Some((first, _)), Some(block)) => {
                    problems.push(self.two_blocks(outline, first, block));
                    break;
                }
            }
        }
        let block = found.map(|(block, _)| block);
        self.block_of[node as usize] = block;
        if outline.expansion().is_some() {
            let id = BlockId(position(self.blocks.all.len()));
            let depth = self.blocks.depth(block) + 1;
            self.blocks.all.push(BlockInfo { expander: NodeId(node), parent: block, depth });
            self.items_of[node as usize] = Some(id);
        }
    }

    fn expander(&self, block: BlockId) -> &Outline {
        &self.outlines[self.blocks.expander(block).position()]
    }

    fn no_block(&self, consumer: &Outline, param: &Param, source: u32) -> Spanned<GraphError> {
        let source_name = self.shape.name(source);
        let producer = self.outlines.get(source as usize);
        let nearest = || icosian_diagnostics::nearest(source_name.as_str(), self.shape.nodes());
        let nearest = if producer.is_some() { None } else { nearest() };
        let error = GraphError::CollectWithoutExpand {
            consumer: consumer.name().clone(),
            param: param.name().clone(),
            source_name: source_name.clone(),
            is_node: producer.is_some(),
            nearest: nearest.map(|node| node.to_owned().into()),
        };
        let mut labels = label(param.location(), "collects");
        labels.extend(label(producer.and_then(Outline::location), "runs only once"));
        Spanned::new(error, labels)
    }

    fn wrong_form(
        &self,
        consumer: &Outline,
        param: &Param,
        source: u32,
        block: BlockId,
    ) -> Option<Spanned<GraphError>> {
        let expander = self.expander(block);
        let collects_errors = expander.expansion()?.on_error() == OnError::Collect;
        if !collects_errors || param.collection()?.form() != CollectionForm::Values {
            return None;
        }
        let error = GraphError::ErrorsNotCollected {
            consumer: consumer.name().clone(),
            param: param.name().clone(),
            // The parameter may collect another type, which is an error itself.
            element: self.outlines.get(source as usize)?.output().value_type(),
            expander: expander.name().clone(),
        };
        let mut labels = label(param.location(), "has no place for errors");
        labels.extend(label(expander.location(), "collects errors"));
        Some(Spanned::new(error, labels))
    }

    fn two_blocks(&self, node: &Outline, first: BlockId, second: BlockId) -> Spanned<GraphError> {
        let (first, second) = (self.expander(first), self.expander(second));
        let error = GraphError::ItemsOfTwoExpansions {
            node: node.name().clone(),
            first: first.name().clone(),
            second: second.name().clone(),
        };
        let mut labels = label(node.location(), "depends on items of both");
        labels.extend(label(first.location(), "expands"));
        labels.extend(label(second.location(), "expands"));
        Spanned::new(error, labels)
    }

    /// Reports nodes that collect a block which depends on them.
    fn check_loops(&self, problems: &mut Diagnostics<GraphError>) {
        let mut readers: Vec<Vec<u32>> = vec![Vec::new(); self.shape.len()];
        let mut collectors: FxHashMap<BlockId, Vec<u32>> = FxHashMap::default();
        for node in 0..position(self.outlines.len()) {
            for (param, source) in self.reads(node) {
                readers[source as usize].push(node);
                if let (Some(_), Some(block)) = (param.collection(), self.of_value(source)) {
                    collectors.entry(block).or_default().push(node);
                }
            }
        }
        for node in 0..position(self.outlines.len()) {
            for (param, source) in self.reads(node) {
                let (Some(_), Some(block)) = (param.collection(), self.of_value(source)) else { continue };
                let Some(path) = self.path_into(node, block, &readers, &collectors) else { continue };
                let path: Vec<Name> =
                    path.into_iter().map(|vertex| self.shape.name(vertex).clone()).collect();
                let expander = self.expander(block);
                let error = GraphError::CollectsOwnBlock {
                    consumer: self.outlines[node as usize].name().clone(),
                    param: param.name().clone(),
                    expander: expander.name().clone(),
                    path,
                };
                let mut labels = label(param.location(), "collects the block");
                labels.extend(label(expander.location(), "starts the block"));
                problems.push(Spanned::new(error, labels));
            }
        }
    }

    /// Returns a shortest path from `node` to a node of `block`, both included.
    ///
    /// All results of a block exist at the same time, so a path that enters another block leaves it at each of its collectors.
    fn path_into(
        &self,
        node: u32,
        block: BlockId,
        readers: &[Vec<u32>],
        collectors: &FxHashMap<BlockId, Vec<u32>>,
    ) -> Option<Vec<u32>> {
        let home = self.blocks.parent(block);
        let is_inside = |vertex: u32| self.blocks.contains(Some(block), self.block_of[vertex as usize]);
        let mut before: FxHashMap<u32, u32> = FxHashMap::default();
        let mut front = std::collections::VecDeque::from([node]);
        while let Some(vertex) = front.pop_front() {
            if is_inside(vertex) {
                let mut path: Vec<u32> = std::iter::successors(Some(vertex), |vertex| {
                    before.get(vertex).copied().filter(|_| *vertex != node)
                })
                .collect();
                path.reverse();
                return Some(path);
            }
            let entered =
                std::iter::successors(self.block_of[vertex as usize], |block| self.blocks.parent(*block));
            let entered = entered.take_while(|block| Some(*block) != home);
            let left = entered.filter_map(|block| collectors.get(&block)).flatten();
            for reader in readers[vertex as usize].iter().chain(left) {
                if *reader != node && !before.contains_key(reader) {
                    before.insert(*reader, vertex);
                    front.push_back(*reader);
                }
            }
        }
        None
    }

    /// Reports parameters that consume a value which all items of their block share, and which is not `Clone`.
    fn check_values(&self, problems: &mut Diagnostics<GraphError>) {
        for (node, outline) in self.outlines.iter().enumerate() {
            let Some(block) = self.block_of[node] else { continue };
            for (param, source) in self.reads(position(node)) {
                let is_moved = param.access() == Access::Take && !param.is_cloneable();
                let home = match param.collection() {
                    Some(_) => self.of_value(source).and_then(|block| self.blocks.parent(block)),
                    None => self.of_value(source),
                };
                let is_shared = !param.is_context() && home != Some(block);
                if is_moved && is_shared {
                    let other = format!("every item of `{}` reads", self.expander(block).name());
                    problems.push(moved_value(outline, param, other, None));
                }
            }
        }
    }

    /// Reports blocks that are both streamed and collected.
    fn check_streams(&self, problems: &mut Diagnostics<GraphError>) {
        let mut collected: FxHashMap<BlockId, Vec<(&Outline, &Param)>> = FxHashMap::default();
        for (node, outline) in self.outlines.iter().enumerate() {
            for (param, source) in self.reads(position(node)) {
                if let (Some(_), Some(block)) = (param.collection(), self.of_value(source)) {
                    collected.entry(block).or_default().push((outline, param));
                }
            }
        }
        for id in self.blocks.iter() {
            let Some(params) = collected.get(&id).filter(|params| params.len() > 1) else { continue };
            let is_stream = |(_, param): &&(&Outline, &Param)| param.is_stream();
            let Some(stream) = params.iter().find(is_stream) else { continue };
            let Some(other) = params.iter().find(|other| !std::ptr::eq(other.1, stream.1)) else { continue };
            let error = GraphError::StreamedAndCollected {
                stream: stream.0.name().clone(),
                other: other.0.name().clone(),
                expander: self.expander(id).name().clone(),
            };
            let mut labels = label(stream.1.location(), "reads the block as a stream");
            labels.extend(label(other.1.location(), "also collects the block"));
            problems.push(Spanned::new(error, labels));
        }
    }

    fn finish(self) -> Blocks {
        let Self { shape, outlines, mut blocks, block_of, items_of, .. } = self;
        for vertex in 0..position(outlines.len()) {
            let name = || shape.name(vertex).clone();
            if let Some(block) = block_of[vertex as usize] {
                blocks.block_of.insert(name(), block);
            }
            if let Some(block) = items_of[vertex as usize] {
                blocks.items_of.insert(name(), block);
            }
        }
        blocks
    }
}

fn label(location: Option<icosian_diagnostics::Location>, text: &str) -> Vec<Label> {
    location.map(|location| Label::new(location, text)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use icosian_core::expand::{Collect, CollectParam, Expansion, OnError};
    use icosian_core::{Outline, Param};
    use miette::Diagnostic;

    use crate::Graph;

    /// Returns the help texts for a node that collects `T` from `source`. The block returns `u64` for each item.
    fn helps<T: std::any::Any + Send + Sync>(source: &'static str, on_error: OnError) -> Vec<String> {
        let expansion = Expansion::of::<u64>().with_on_error(on_error);
        let number = Outline::new("number").with_output_type::<u64>().with_expansion(expansion);
        let number_param = Param::borrowed::<u64>("number");
        let square = Outline::new("square").with_param(number_param).with_output_type::<u64>();
        let collected = Param::taken::<Collect<T>>(source).with_collection(CollectParam::values::<T>());
        let total = Outline::new("total").with_param(collected).with_output_type::<u64>();
        let problems = Graph::new([number, square, total]).expect_err("`total` cannot collect");
        problems.iter().filter_map(|problem| problem.kind().help().map(|help| help.to_string())).collect()
    }

    #[test]
    fn misspelt_collection_has_a_suggestion() {
        assert_eq!(helps::<u64>("squares", OnError::Fail), ["did you mean `square`?"]);
        let otherwise = "read `inputs` without `Collect`, or rename the parameter so that it reads a node";
        assert_eq!(helps::<u64>("inputs", OnError::Fail), [otherwise]);
    }

    #[test]
    fn help_for_errors_has_the_type_of_the_node() {
        let write =
            "`square: Collect<Result<u64, ItemError>>`, or remove `on_error = \"collect\"` from `number`";
        assert_eq!(helps::<u32>("square", OnError::Collect).last(), Some(&format!("write {write}")));
    }
}
