//! What a driver says of itself, as facts that rules look at; and what they find, as data.

use icosian_core::{Asked, BuiltIn, Name, Outline, Placement, Role};
use icosian_diagnostics::{Label, Location, Spanned, nearest};
use icosian_driver::Preflight;
use icosian_rules::{
    Does, Doubt, Fact, Finding, GraphFacts, Key, NearParam, PlannedNode, Refusal, Shadowed, SpanId, Told,
    Variant, WrittenSpot, is_slip,
};
use miette::Diagnostic;
use rustc_hash::FxHashSet;

use crate::outputs;
use crate::watch::Watch;

/// The places that facts and findings speak of.
#[derive(Default)]
pub(crate) struct Places(Vec<Location>);

impl Places {
    fn span(&mut self, place: Option<Location>) -> SpanId {
        let Some(place) = place else { return SpanId::NOWHERE };
        self.0.push(place);
        u32::try_from(self.0.len() - 1).map_or(SpanId::NOWHERE, SpanId::new)
    }

    /// Returns what a rule has found as data, with files and lines.
    pub(crate) fn told(&self, code: &str, finding: Finding) -> Told {
        let mut told = Told::new(code, finding.message);
        let labels = std::iter::once(finding.label).chain(finding.others);
        let spots = labels.filter_map(|label| {
            let place = self.0.get(label.span.position())?;
            Some(WrittenSpot::from(&Label::new(*place, label.text)))
        });
        told.spots = spots.collect();
        told.help = finding.help;
        told
    }

    /// Returns what a driver refuses, with the code that it gives.
    pub(crate) fn refusal<K: Diagnostic>(&mut self, problem: &Spanned<K>) -> Refusal {
        let mut marks = problem
            .source_labels()
            .iter()
            .map(|mark| (self.span(Some(mark.location())), mark.text().to_owned()));
        let (span, label) = marks.next().unwrap_or((SpanId::NOWHERE, String::new()));
        let finding = Finding::new(span, problem.to_string()).labelled(label);
        let finding = marks.fold(finding, |finding, (span, text)| finding.also(span, text));
        let finding = match problem.help() {
            Some(help) => finding.help(help.to_string()),
            None => finding,
        };
        let code = problem.code().map(|code| code.to_string()).unwrap_or_default();
        // `ICO0003 dependency-cycle` is the rule ICO0003; decorators of others have codes of their own.
        let code = match code.split_once(' ') {
            Some((code, _)) => code.to_owned(),
            None => code,
        };
        Refusal { code, finding }
    }

    /// Returns what is known of the graph. `outputs` are those that are asked for, when that is known.
    pub(crate) fn graph(
        &mut self,
        preflight: Preflight<'_>,
        watch: &Watch,
        outputs: Option<&[Name]>,
        overrides: &[Name],
    ) -> GraphFacts {
        GraphFacts {
            adapter: preflight.adapter().name().to_owned(),
            nodes: self.nodes(preflight, outputs, overrides),
            shadowed: self.shadowed(preflight),
            variants: self.variants(watch),
            doubts: self.doubts(preflight, watch),
            misspelt: self.misspelt(preflight),
        }
    }

    fn misspelt(&mut self, preflight: Preflight<'_>) -> Vec<NearParam> {
        let graph = preflight.graph();
        let fixed: FxHashSet<&Name> = preflight.config().into_iter().chain(preflight.shared()).collect();
        let outlines = || graph.nodes().map(|node| graph.outline(node));
        let functions: Vec<_> = outlines().filter(|outline| outline.role() == Role::Function).collect();
        let mut found = Vec::new();
        for name in graph.shape().inputs().filter(|name| !fixed.contains(&Name::from((*name).to_owned()))) {
            let near: Vec<_> = functions.iter().filter(|it| is_slip(name, it.name())).collect();
            let is_private = preflight.is_private(name);
            if near.is_empty() && !is_private {
                continue;
            }
            // Several nodes hardly misspell a name alike.
            let mut readers = graph.readers(name);
            let (Some((reader, param)), None) = (readers.next(), readers.next()) else { continue };
            let outline = graph.outline(reader);
            let param = &outline.params()[param];
            let fits = |node: &&&Outline| {
                node.name() != outline.name() && param.way_from(&node.given().value_type()).is_some()
            };
            let node = near.iter().find(|node| fits(node)).map(|node| node.name().to_string());
            if is_private || node.is_some() {
                let node = node.filter(|_| !is_private);
                let (name, reader, span) =
                    (name.to_owned(), outline.name().to_string(), self.span(param.location()));
                found.push(NearParam { name, reader, span, node });
            }
        }
        found
    }

    fn nodes(
        &mut self,
        preflight: Preflight<'_>,
        outputs: Option<&[Name]>,
        overrides: &[Name],
    ) -> Vec<PlannedNode> {
        let graph = preflight.graph();
        // Where not all can be planned, that is told, and nobody knows what would be needed.
        let plan = outputs.and_then(|outputs| icosian_graph::plan_overriding(graph, outputs, overrides).ok());
        let needed: Option<FxHashSet<&Name>> = plan.map(|plan| {
            let steps = plan.steps().map(|step| graph.outline(plan.node(step)).name());
            steps.chain(overrides).collect()
        });
        let outlines = graph.nodes().map(|node| graph.outline(node));
        let own = outlines.filter(|outline| outline.role() == Role::Function);
        own.map(|outline| PlannedNode {
            name: outline.name().to_string(),
            span: self.span(outline.location()),
            needed: Fact::from(needed.as_ref().map(|needed| needed.contains(outline.name()))),
            is_offloaded: outline.placement() == Placement::Offload,
            has_time_limit: outline.time_limit().is_some(),
            large_future: outline.large_future(),
        })
        .collect()
    }

    fn shadowed(&mut self, preflight: Preflight<'_>) -> Vec<Shadowed> {
        let shadowed = preflight.shadowed().iter().map(|it| Shadowed {
            name: it.node().name().to_string(),
            span: self.span(it.node().location()),
            by: it.by().map(|by| self.span(by.location())),
        });
        shadowed.collect()
    }

    fn variants(&mut self, watch: &Watch) -> Vec<Variant> {
        watch.seen(|seen| {
            let variants = seen.variants.iter().map(|variant| Variant {
                dataflow: variant.dataflow,
                node: variant.node.to_string(),
                function: variant.function.name().to_string(),
                span: self.span(variant.function.location()),
                colour: variant.function.colour(),
            });
            variants.collect()
        })
    }

    fn doubts(&mut self, preflight: Preflight<'_>, watch: &Watch) -> Vec<Doubt> {
        let doubts = watch.seen(|seen| seen.doubts(preflight.adapter())).into_iter();
        let doubts = doubts.map(|doubt| Doubt {
            node: doubt.function.to_string(),
            decorator: doubt.decorator,
            span: self.span(doubt.place),
            missing: doubt.missing,
            // What `remote` notes is read by adapters that have other machines, and by nobody else.
            does: if BuiltIn::named(doubt.decorator) == Some(BuiltIn::Remote) {
                Does::Nothing
            } else {
                Does::Less
            },
        });
        doubts.collect()
    }
}

/// Returns the config values of a driver.
pub(crate) fn keys(preflight: Preflight<'_>, asked: &Asked) -> Vec<Key> {
    let (shape, read) = (preflight.graph().shape(), outputs::read(preflight));
    let asked = asked.names();
    let shadowed: FxHashSet<&Name> = preflight.shadowed().iter().map(|it| it.node().name()).collect();
    let names = preflight.config();
    let is_given = |name: &str| names.iter().any(|given| given.as_str() == name);
    let keys = names.iter().map(|name| {
        let is_read = read.contains(name) || asked.contains(name.as_str()) || shadowed.contains(name);
        let missed = || shape.inputs().chain(asked.iter().map(Name::as_str)).filter(|it| !is_given(it));
        let meant = if is_read { None } else { nearest(name, missed()).map(str::to_owned) };
        Key { name: name.to_string(), is_read, meant }
    });
    keys.collect()
}
