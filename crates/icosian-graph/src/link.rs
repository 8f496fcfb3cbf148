use icosian_core::node::{Access, Port};
use icosian_core::value::ValueType;
use icosian_core::{Name, Outline, Param};
use icosian_diagnostics::{Diagnostics, Label, Spanned};

use crate::GraphError;
use crate::shape::Shape;

/// The source of one parameter, and the coercion of its value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) vertex: u32,
    pub(crate) way: u8,
}

impl Link {
    /// The vertex of a parameter that is bound to a constant.
    pub(crate) const CONSTANT: u32 = u32::MAX;

    pub(crate) fn is_constant(self) -> bool {
        self.vertex == Self::CONSTANT
    }
}

/// A name whose value and type are fixed when a graph is built.
#[derive(Clone, Debug)]
pub(crate) struct Fixed {
    pub(crate) name: Name,
    pub(crate) value_type: ValueType,
    pub(crate) kind: FixedKind,
}

/// The source of a fixed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FixedKind {
    /// A config value, which is always `Clone`.
    Config,
    /// An input that all executions share.
    Shared,
}

/// The links of all nodes in one array.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    starts: Vec<u32>,
    links: Vec<Link>,
}

impl Links {
    /// Links every parameter to the vertex of its name, and reports parameters of another type.
    ///
    /// `fixed` are the inputs whose types are known.
    pub(crate) fn new(
        shape: &mut Shape,
        outlines: &[Outline],
        fixed: &[Fixed],
        problems: &mut Diagnostics<GraphError>,
    ) -> Self {
        let edges = outlines.iter().map(|outline| outline.params().len()).sum();
        let mut links =
            Self { starts: Vec::with_capacity(outlines.len() + 1), links: Vec::with_capacity(edges) };
        for (consumer, outline) in outlines.iter().enumerate() {
            links.starts.push(position(links.links.len()));
            for param in outline.params() {
                if let Some(constant) = param.constant() {
                    let way = constant_way(outline, param, constant.value_type(), problems);
                    links.links.push(Link { vertex: Link::CONSTANT, way });
                    continue;
                }
                if param.is_context() {
                    refuse_other_context(shape, outlines, fixed, outline, param, problems);
                }
                let vertex = shape.insert_input(param.source());
                shape.connect(vertex, position(consumer));
                let way = match outlines.get(vertex as usize) {
                    Some(producer) => {
                        let way = param.way_from(&producer.output().value_type());
                        way.unwrap_or_else(|| {
                            problems.push(node_mismatch(outline, param, producer));
                            Port::ANY
                        })
                    }
                    None => Port::ANY,
                };
                links.links.push(Link { vertex, way });
            }
        }
        links.starts.push(position(links.links.len()));
        links.check_inputs(shape, outlines, fixed, problems);
        links
    }

    /// Returns the links of a node in the order of its parameters.
    pub(crate) fn of(&self, node: u32) -> &[Link] {
        let node = node as usize;
        &self.links[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    fn check_inputs(
        &self,
        shape: &Shape,
        outlines: &[Outline],
        fixed: &[Fixed],
        problems: &mut Diagnostics<GraphError>,
    ) {
        let mut known: Vec<Option<&Fixed>> = vec![None; shape.len()];
        for fixed in fixed {
            if let Some(vertex) = shape.vertex(&fixed.name) {
                known[vertex as usize] = Some(fixed);
            }
        }
        let mut wishes: Vec<Option<Wish<'_>>> = vec![None; shape.len() - shape.node_count()];
        for (node, outline) in outlines.iter().enumerate() {
            for (param, link) in outline.params().iter().zip(self.of(position(node))) {
                // The search for blocks reports parameters that collect an input.
                if link.is_constant() || param.collection().is_some() {
                    continue;
                }
                let Some(input) = (link.vertex as usize).checked_sub(shape.node_count()) else { continue };
                let wish = wishes[input].get_or_insert_with(|| Wish::new(outline, param));
                if let Some(fixed) = known[link.vertex as usize] {
                    if param.way_from(&fixed.value_type).is_none() {
                        problems.push(value_mismatch(outline, param, fixed));
                    } else if fixed.kind == FixedKind::Shared && moves_value(param) {
                        problems.push(moved_value(
                            outline,
                            param,
                            "which all executions share".to_owned(),
                            None,
                        ));
                    }
                } else if let Some(problem) = wish.narrow(outline, param) {
                    problems.push(problem);
                }
            }
        }
    }
}

/// The types of an input that all readers visited so far accept.
#[derive(Clone)]
struct Wish<'a> {
    outline: &'a Outline,
    param: &'a Param,
    accepted: Vec<ValueType>,
}

impl<'a> Wish<'a> {
    fn new(outline: &'a Outline, param: &'a Param) -> Self {
        Self { outline, param, accepted: param.accepts().collect() }
    }

    /// Restricts the types to those of another reader; returns an error if no type remains.
    fn narrow(&mut self, outline: &Outline, param: &Param) -> Option<Spanned<GraphError>> {
        if !self.accepted.iter().any(|given| param.way_from(given).is_some()) {
            let error = GraphError::ConflictingInput {
                input: param.name().clone(),
                first: self.outline.name().clone(),
                first_type: self.param.written_type(),
                second: outline.name().clone(),
                second_type: param.written_type(),
            };
            let marks = [(self.outline, self.param), (outline, param)]
                .into_iter()
                .filter_map(|(outline, param)| {
                    let label = format!("`{}` reads `{}`", outline.name(), param.written_type());
                    Some(Label::new(param.location()?, label))
                })
                .collect();
            return Some(Spanned::new(error, marks));
        }
        self.accepted.retain(|given| param.way_from(given).is_some());
        None
    }
}

fn node_mismatch(consumer: &Outline, param: &Param, producer: &Outline) -> Spanned<GraphError> {
    let given = producer.output().value_type();
    let mut marks = asked_for(param);
    marks.extend(producer.location().map(|place| Label::new(place, format!("returns `{given}`"))));
    let error = match param.collection() {
        None => mismatch(consumer, param, given, "node"),
        Some(collection) => GraphError::CollectedTypeMismatch {
            consumer: consumer.name().clone(),
            param: param.name().clone(),
            reads: param.source().clone(),
            wanted: collection.element(),
            given,
        },
    };
    Spanned::new(error, marks)
}

fn constant_way(
    consumer: &Outline,
    param: &Param,
    given: ValueType,
    problems: &mut Diagnostics<GraphError>,
) -> u8 {
    if moves_value(param) {
        problems.push(moved_value(consumer, param, "which every run reads".to_owned(), None));
    }
    param.way_from(&given).unwrap_or_else(|| {
        problems.push(Spanned::new(mismatch(consumer, param, given, "the value of"), asked_for(param)));
        Port::ANY
    })
}

/// Reports a context parameter that has the name of a node or config value, because it reads the run context instead.
fn refuse_other_context(
    shape: &Shape,
    outlines: &[Outline],
    fixed: &[Fixed],
    outline: &Outline,
    param: &Param,
    problems: &mut Diagnostics<GraphError>,
) {
    let producer = shape.vertex(param.name()).and_then(|vertex| outlines.get(vertex as usize));
    if producer.is_none() && !fixed.iter().any(|fixed| fixed.name == *param.name()) {
        return;
    }
    let error = GraphError::ContextParam { consumer: outline.name().clone(), param: param.name().clone() };
    let mut marks: Vec<_> =
        param.location().map(|place| Label::new(place, "reads the run context")).into_iter().collect();
    marks.extend(
        producer.and_then(Outline::location).map(|place| Label::new(place, "has the parameter's name")),
    );
    problems.push(Spanned::new(error, marks));
}

fn value_mismatch(consumer: &Outline, param: &Param, fixed: &Fixed) -> Spanned<GraphError> {
    let kind = match fixed.kind {
        FixedKind::Config => "config value",
        FixedKind::Shared => "shared input",
    };
    Spanned::new(mismatch(consumer, param, fixed.value_type, kind), asked_for(param))
}

fn mismatch(consumer: &Outline, param: &Param, given: ValueType, source_kind: &'static str) -> GraphError {
    GraphError::TypeMismatch {
        consumer: consumer.name().clone(),
        param: param.name().clone(),
        reads: if param.constant().is_some() { param.name().clone() } else { param.source().clone() },
        wanted: param.written_type(),
        given,
        source_kind,
    }
}

fn asked_for(param: &Param) -> Vec<Label> {
    let label = format!("expected `{}`", param.written_type());
    param.location().map(|place| Label::new(place, label)).into_iter().collect()
}

/// Creates the error for a value that is not `Clone`, which `taker` consumes and which has another use, `other` ("which node `b` also consumes").
pub(crate) fn moved_value(
    taker: &Outline,
    param: &Param,
    other: String,
    mark: Option<Label>,
) -> Spanned<GraphError> {
    let error = GraphError::MovedValue {
        taker: taker.name().clone(),
        param: param.name().clone(),
        wanted: param.wanted(),
        other,
    };
    let taken = param.location().map(|place| Label::new(place, "consumed here"));
    Spanned::new(error, taken.into_iter().chain(mark).collect())
}

/// Returns `true` if a parameter moves its value, so later readers find none.
pub(crate) fn moves_value(param: &Param) -> bool {
    param.access() == Access::Take && !param.is_cloneable()
}

// petgraph indexes vertices and edges with `u32`.
pub(crate) fn position(length: usize) -> u32 {
    u32::try_from(length).expect("petgraph numbers nodes and edges with u32")
}
