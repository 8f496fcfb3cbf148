use icosian_core::{Config, DecorateError, Mark, Name, Node, Outline, Placed, Problems};

use crate::wrong::wrong;

/// The functions that are variants of a node, and which of them config keeps.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    dataflow: usize,
    all: Vec<Variant>,
}

#[derive(Debug)]
struct Variant {
    dataflow: usize,
    node: Name,
    function: Outline,
    is_kept: bool,
}

impl Variants {
    pub(crate) fn next_dataflow(&mut self) {
        self.dataflow += 1;
    }

    pub(crate) fn add(&mut self, node: Name, function: &Outline, is_kept: bool) {
        self.all.push(Variant { dataflow: self.dataflow, node, function: function.clone(), is_kept });
    }

    /// Finds nodes of which config fits two variants, or none although they are read; says whether it is clear which variants are meant.
    pub(crate) fn check(
        &self,
        nodes: &[Vec<Node>],
        config: &Config,
        problems: &mut Problems<DecorateError>,
    ) -> bool {
        let mut is_clear = true;
        for (at, variant) in self.all.iter().enumerate() {
            let same = |other: &&Variant| other.node == variant.node && other.dataflow == variant.dataflow;
            if self.all[..at].iter().any(|other| same(&other)) {
                continue;
            }
            let family: Vec<_> = self.all[at..].iter().filter(same).collect();
            let kept: Vec<_> = family.iter().filter(|variant| variant.is_kept).copied().collect();
            match kept.as_slice() {
                [first, second, ..] => {
                    problems.push(overlap(first, second));
                    is_clear = false;
                }
                [] if config.value(&variant.node).is_none() => {
                    let all = || nodes.iter().flatten().map(Node::outline);
                    let is_given = all().any(|outline| *outline.name() == variant.node);
                    let mut reads = all().filter(|outline| {
                        let mut params = outline.params().iter().filter(|param| !param.is_optional());
                        params.any(|param| param.reads(&variant.node))
                    });
                    if let (false, Some(reader)) = (is_given, reads.next()) {
                        problems.push(gap(&family, reader));
                    }
                }
                _ => {}
            }
        }
        is_clear
    }
}

fn overlap(first: &Variant, second: &Variant) -> Placed<DecorateError> {
    let error = wrong(
        "ICO0501 config-variants-overlap",
        format!(
            "config fits two variants of `{}`: `{}` and `{}`",
            first.node,
            first.function.name(),
            second.function.name()
        ),
        "change a condition so that only one of them holds",
    );
    Placed::new(error, marks(&[second, first], "fits"))
}

fn gap(family: &[&Variant], reader: &Outline) -> Placed<DecorateError> {
    let names: Vec<_> = family.iter().map(|variant| format!("`{}`", variant.function.name())).collect();
    let node = &family[0].node;
    let error = wrong(
        "ICO0502 config-variants-gap",
        format!(
            "config fits no variant of `{node}`, which `{}` reads: not {}",
            reader.name(),
            names.join(", not ")
        ),
        format!("give the config value that one of them asks for, or add a variant of `{node}` for all else"),
    );
    Placed::new(error, marks(family, "does not fit"))
}

fn marks(variants: &[&Variant], label: &str) -> Vec<Mark> {
    let placed = variants.iter().filter_map(|variant| Some(Mark::new(variant.function.place()?, label)));
    placed.collect()
}
