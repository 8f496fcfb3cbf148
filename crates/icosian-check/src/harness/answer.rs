use std::collections::HashSet;
use std::io;

use icosian_core::registered;
use icosian_diagnostics::nearest;
use icosian_rules::{HarnessRequest, Transcript, TranscriptLine};

use super::dataflow_check::{check_dataflow, start_record};

/// Checks the linked dataflows of a request, and passes each line of the [`Transcript`] to `write` as soon as it is known.
///
/// # Errors
/// The first error of `write`, which ends the check.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_rules::{HarnessRequest, Transcript};
///
/// // `#[dataflow]` generates the registration.
/// fn numbers() -> Dataflow {
///     let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
///     Dataflow::new("numbers").with_node(one.clone()).with_node(one)
/// }
/// icosian_core::register!("src/lib.rs", 3, 9, 7, numbers);
///
/// let request = HarnessRequest { packages: vec![env!("CARGO_MANIFEST_DIR").into()], ..HarnessRequest::default() };
/// let mut transcript = Transcript::default();
/// icosian_check::harness::answer(&request, |line| Ok(transcript.push(line))).unwrap();
///
/// let numbers = &transcript.dataflows[0];
/// assert_eq!((numbers.name.as_str(), numbers.adapters.as_slice()), ("numbers", &["sync".to_owned()][..]));
/// assert_eq!(numbers.findings[0].message, "node `one` is defined twice");
/// ```
pub fn answer(
    request: &HarnessRequest,
    mut write: impl FnMut(TranscriptLine) -> io::Result<()>,
) -> io::Result<()> {
    write(TranscriptLine::Version(Transcript::VERSION))?;
    let all = registered();
    let is_requested = |package: &str| request.packages.iter().any(|folder| folder == package);
    let requested: Vec<_> = all.iter().filter(|it| is_requested(it.location().package())).collect();
    for registered in requested.iter().skip(request.skip) {
        let wanted = request.of(registered.module());
        let record = start_record(registered, wanted);
        write(TranscriptLine::Begun(record.clone()))?;
        let mut judged = check_dataflow(record, registered, wanted, &all);
        if !request.describe_graphs {
            judged.graph = None;
        }
        write(TranscriptLine::Judged(judged))?;
    }

    // The settings may name modules of crates outside this request. All modules of the requested crates are linked.
    let crates: HashSet<_> = requested.iter().map(|it| crate_name(it.module())).collect();
    let others = request.dataflows.values().flat_map(|wanted| &wanted.with);
    let named = request.dataflows.keys().chain(others).filter(|name| crates.contains(crate_name(name)));
    let is_linked = |name: &str| all.iter().any(|it| it.module() == name);
    let mut unknown: Vec<_> = named
        .filter(|name| !is_linked(name))
        .map(|name| (name.clone(), nearest(name, all.iter().map(|it| it.module())).map(str::to_owned)))
        .collect();
    unknown.sort();
    unknown.dedup();
    write(TranscriptLine::Ended { unknown })
}

fn crate_name(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}
