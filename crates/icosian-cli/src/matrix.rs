//! The table of decorators and adapters, derived from the specs of decorators and adapters.

use std::fmt::Write;
use std::io;

use clap::Args;
use icosian_adapter::{AsyncGraphAdapter, GraphAdapter, SyncAdapter};
use icosian_core::AdapterSpec;
use icosian_core::decorator::{BuiltIn, DecoratorSpec, Verdict, judge};
use icosian_core::node::Asyncness;
use icosian_decorators::catalogue;
use icosian_rayon::RayonAdapter;
use icosian_tokio::TokioAdapter;
use serde_json::{Value, json};

use crate::Exit;
use crate::screen::Screen;

/// The options of `matrix`.
#[derive(Args, Clone, Debug, Default)]
pub struct MatrixOptions {
    /// Print JSON instead of Markdown
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &MatrixOptions, screen: &mut Screen<'_>) -> io::Result<Exit> {
    let matrix = Matrix::new();
    let text = if options.json { serde_json::to_string_pretty(&matrix.json())? } else { matrix.markdown() };
    writeln!(screen.out(), "{}", text.trim_end())?;
    Ok(Exit::Clean)
}

/// Rows of decorators, innermost first, and columns of adapters.
struct Matrix {
    rows: Vec<(String, Vec<DecoratorSpec>)>,
    adapters: Vec<AdapterSpec>,
}

const ASYNCNESS: [(Asyncness, &str); 2] = [(Asyncness::Sync, "fn"), (Asyncness::Async, "async fn")];

impl Matrix {
    fn new() -> Self {
        let all = catalogue();
        let mut rows: Vec<(String, Vec<DecoratorSpec>)> = Vec::new();
        // Excluded functions are no nodes.
        for spec in all.iter().filter(|spec| spec.built_in() != Some(BuiltIn::Exclude)) {
            let again = rows.iter().any(|(name, _)| *name == spec.name());
            let name = if again { format!("{} with backoff", spec.name()) } else { spec.name().to_owned() };
            rows.push((name, vec![*spec]));
        }
        let stacked = [BuiltIn::Offload, BuiltIn::Timeout].map(BuiltIn::spec);
        rows.push(("timeout above offload".to_owned(), stacked.to_vec()));
        let adapters = vec![
            GraphAdapter::spec(&SyncAdapter),
            GraphAdapter::spec(&RayonAdapter::default()),
            AsyncGraphAdapter::spec(&TokioAdapter::default()),
        ];
        Self { rows, adapters }
    }

    fn columns(&self) -> impl Iterator<Item = (&AdapterSpec, Asyncness, &'static str)> {
        self.adapters
            .iter()
            .flat_map(|adapter| ASYNCNESS.map(|(asyncness, written)| (adapter, asyncness, written)))
    }

    fn markdown(&self) -> String {
        let mut text = String::from("| decorator |");
        for (adapter, _, written) in self.columns() {
            write!(text, " {}: `{written}` |", adapter.name()).expect("text grows");
        }
        text.push_str("\n|---|");
        text.push_str(&"---|".repeat(self.columns().count()));
        text.push('\n');
        for (name, specs) in &self.rows {
            write!(text, "| `{name}` |").expect("text grows");
            for (adapter, asyncness, _) in self.columns() {
                write!(text, " {} |", cell(judge(asyncness, specs, adapter))).expect("text grows");
            }
            text.push('\n');
        }
        text
    }

    fn json(&self) -> Value {
        let cells = |specs: &Vec<DecoratorSpec>| -> Vec<Value> {
            let cell = |(adapter, asyncness, written): (&AdapterSpec, Asyncness, &str)| {
                let (verdict, by, missing) = match judge(asyncness, specs, adapter) {
                    Verdict::Fine => ("works", None, Vec::new()),
                    Verdict::Degraded { by, missing } => ("degraded", Some(by), missing.words().collect()),
                    Verdict::Unsupported { by, missing } => ("refused", Some(by), missing.words().collect()),
                };
                json!({
                    "adapter": adapter.name(),
                    "function": written,
                    "verdict": verdict,
                    "by": by,
                    "missing": missing,
                })
            };
            self.columns().map(cell).collect()
        };
        let row = |(name, specs): &(String, Vec<DecoratorSpec>)| json!({ "decorator": name, "cells": cells(specs) });
        self.rows.iter().map(row).collect()
    }
}

fn cell(verdict: Verdict) -> String {
    match verdict {
        Verdict::Fine => "works".to_owned(),
        Verdict::Degraded { missing, .. } => format!("partial: {}", missing.reduced_effect()),
        Verdict::Unsupported { missing, .. } => format!("unsupported: requires {missing}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    const DOCS: &str = include_str!("../../icosian-decorators/README.md");

    #[test]
    fn the_docs_have_the_table() {
        let table = Matrix::new().markdown();
        assert!(
            DOCS.contains(&table),
            "put the output of `cargo icosian matrix` into icosian-decorators' README:\n{table}"
        );
    }

    #[test]
    fn every_cell_is_there_in_json() {
        let matrix = Matrix::new();
        let json = matrix.json();
        let rows = json.as_array().expect("it is a list");
        assert_eq!(rows.len(), matrix.rows.len());
        assert!(rows.iter().all(|row| row["cells"].as_array().is_some_and(|cells| cells.len() == 6)));
    }
}
