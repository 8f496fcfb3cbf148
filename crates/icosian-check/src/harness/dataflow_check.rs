use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use icosian_core::decorator::ConfigChoice;
use icosian_core::node::{Asyncness, Decoration};
use icosian_core::{Dataflow, Name, Registered};
use icosian_rules::{LinkedDataflow, RemoteFinding, Wanted, WrittenSpot};

use super::config_values::build_config;
use super::merge::merge;
use super::named_adapter::{AdapterCheck, check_under};

/// The rule about config values that no decorator or node of a dataflow reads. Another dataflow may read them.
const UNREAD_CONFIG: &str = "ICO0504";

/// The rule about nodes of which config keeps no variant.
const VARIANTS_GAP: &str = "ICO0502";

/// Returns the record of a dataflow before its check.
pub(super) fn start_record(registered: &Registered, wanted: &Wanted) -> LinkedDataflow {
    LinkedDataflow {
        name: String::new(),
        module: registered.module().to_owned(),
        spot: WrittenSpot::new(registered.location(), ""),
        adapters: wanted.adapters.clone(),
        findings: Vec::new(),
        lacks_config: false,
        needed_config: BTreeMap::new(),
        unasked: Vec::new(),
        failure: None,
        graph: None,
    }
}

/// Builds and checks a dataflow, and adds the results to its record. A panic becomes the record's failure.
pub(super) fn check_dataflow(
    mut record: LinkedDataflow,
    registered: &Registered,
    wanted: &Wanted,
    all: &[&'static Registered],
) -> LinkedDataflow {
    // Third-party decorators run here, and may panic.
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let own = registered.dataflow();
        let name = own.name().to_string();
        let others = all.iter().filter(|it| wanted.with.iter().any(|with| with == it.module()));
        let flows: Vec<_> = std::iter::once(own).chain(others.map(|it| it.dataflow())).collect();
        (name, check_flows(&flows, wanted), needed_config(&flows))
    }));
    let mut needed = BTreeMap::new();
    match checked {
        Ok((name, Ok((adapters, checked)), keys)) => {
            (record.name, record.adapters, record.findings) = (name, adapters, checked.findings);
            record.graph = checked.graph;
            needed = keys;
        }
        Ok((name, Err(failure), _)) => (record.name, record.failure) = (name, Some(failure)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
            record.failure = Some(format!("panics while its driver is built: {text}"));
            // A panic payload may panic in `drop`.
            std::mem::forget(panic);
        }
    }
    record.unasked = record.findings.extract_if(.., |finding| finding.code == UNREAD_CONFIG).collect();
    if wanted.config.is_empty() {
        record.lacks_config = remove_gaps(&mut record.findings);
    }
    if record.lacks_config {
        record.needed_config = needed;
    }
    for finding in record.findings.iter_mut().filter(|finding| finding.spots.is_empty()) {
        finding.spots.push(record.spot.clone());
    }
    record
}

/// Returns the config keys of the nodes that have no variant without config, and the values that their variants accept.
///
/// A variant whose choices are all negated exists without config.
fn needed_config(flows: &[Dataflow]) -> BTreeMap<String, Vec<String>> {
    let mut needed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for flow in flows {
        let mut families: BTreeMap<Name, Vec<Vec<ConfigChoice>>> = BTreeMap::new();
        for function in flow.functions() {
            let outline = function.node().outline();
            let decorators = || function.decorations().iter().map(Decoration::decorator);
            if let Some(node) = decorators().find_map(|decorator| decorator.variant_of(outline)) {
                let choices = decorators().flat_map(|decorator| decorator.config_choices());
                families.entry(node).or_default().push(choices.collect());
            }
        }
        let is_default =
            |choices: &Vec<ConfigChoice>| !choices.is_empty() && choices.iter().all(ConfigChoice::is_negated);
        let lacking = families.into_values().filter(|family| !family.iter().any(is_default));
        for choice in lacking.flatten().flatten() {
            let values = needed.entry(choice.key().to_string()).or_default();
            for value in choice.values().iter().filter(|_| !choice.is_negated()) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
    }
    needed
}

/// Removes the findings on nodes without a variant, and returns whether there were any.
///
/// Without config in the settings these findings are expected.
fn remove_gaps(findings: &mut Vec<RemoteFinding>) -> bool {
    let count = findings.len();
    findings.retain(|finding| finding.code != VARIANTS_GAP);
    findings.len() < count
}

/// Returns the names of the adapters, and the result under them.
fn check_flows(flows: &[Dataflow], wanted: &Wanted) -> Result<(Vec<String>, AdapterCheck), String> {
    let config = build_config(&wanted.config, flows)?;
    let check = |adapter: &str| check_under(adapter, flows.to_vec(), config.clone());
    if !wanted.adapters.is_empty() {
        let mut graph = None;
        let mut findings = Vec::new();
        for adapter in &wanted.adapters {
            let checked = check(adapter)?;
            findings.push(checked.findings);
            graph = graph.or(checked.graph);
        }
        let findings = merge(&wanted.adapters, findings);
        return Ok((wanted.adapters.clone(), AdapterCheck { findings, graph }));
    }
    // Without a setting the functions decide: an async function needs tokio. For sync functions the adapter with fewer findings
    // counts, so that no finding is about an adapter under which the dataflow never runs.
    let is_async =
        flows.iter().flat_map(Dataflow::nodes).any(|node| node.outline().asyncness() == Asyncness::Async);
    let under_tokio = || check("tokio").map(|checked| (vec!["tokio".to_owned()], checked));
    if is_async {
        return under_tokio();
    }
    let under_sync = check("sync")?;
    let count =
        |checked: &AdapterCheck| checked.findings.iter().filter(|it| it.code != UNREAD_CONFIG).count();
    if count(&under_sync) > 0 {
        let other = under_tokio()?;
        if count(&other.1) < count(&under_sync) {
            return Ok(other);
        }
    }
    Ok((vec!["sync".to_owned()], under_sync))
}

#[cfg(test)]
mod tests {
    use icosian_core::{Node, Outline, Param};
    use icosian_decorators::{Condition, ConfigWhen, Inject, source};
    use icosian_rules::{HarnessRequest, Setting, Transcript};

    use super::*;
    use crate::harness::answer;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn seasons() -> Dataflow {
        let variant = |name, env: &'static str| {
            let when = ConfigWhen::new(Condition::when("env", env));
            Node::sync(Outline::new(name), |_| Ok(1_u64)).with_decorator(when)
        };
        let price = Outline::new("price").with_param(Param::borrowed::<u64>("rate"));
        Dataflow::new("seasons")
            .with_node(variant("rate__prod", "prod"))
            .with_node(variant("rate__test", "test"))
            .with_node(Node::sync(price, |args| Ok(*args.borrow::<u64>(0))))
    }

    #[test]
    fn variants_are_checked_with_config_of_settings() {
        icosian_core::register!("src/lib.rs", 3, 9, 7, seasons);
        let told = |config: &[(&str, &str)]| {
            let mut request = HarnessRequest {
                packages: vec![env!("CARGO_MANIFEST_DIR").into()],
                ..HarnessRequest::default()
            };
            let config =
                config.iter().map(|(key, text)| ((*key).to_owned(), Setting::Text((*text).to_owned())));
            request.usual.config.extend(config);
            let mut transcript = Transcript::default();
            answer(&request, |line| {
                transcript.push(line);
                Ok(())
            })
            .unwrap();
            let seasons = transcript.dataflows.remove(0);
            (seasons.lacks_config, seasons.findings.into_iter().map(|it| it.code).collect::<Vec<_>>())
        };
        assert_eq!(told(&[]), (true, Vec::new()));
        assert_eq!(told(&[("env", "prod")]), (false, Vec::new()));
        assert_eq!(told(&[("env", "other")]), (false, named(&["ICO0502"])));
    }

    #[test]
    fn missing_config_is_listed_with_its_values() {
        let needed = |flow: Dataflow| needed_config(&[flow]).into_iter().collect::<Vec<_>>();
        assert_eq!(needed(seasons()), [("env".to_owned(), named(&["\"prod\"", "\"test\""]))]);
        let others = Node::sync(Outline::new("rate__other"), |_| Ok(1_u64));
        let others = others.with_decorator(ConfigWhen::new(Condition::when_not("env", "prod")));
        assert_eq!(needed(seasons().with_node(others)), []);
    }

    #[test]
    fn unused_config_is_found_where_the_driver_is_not_built() {
        let unasked = |flow: Dataflow, keys: &[&str]| -> Vec<_> {
            let config = keys
                .iter()
                .map(|key| ((*key).to_owned(), Setting::read(if *key == "env" { "other" } else { "3" })));
            let wanted = Wanted { config: config.collect(), ..Wanted::default() };
            let told = check_flows(&[flow], &wanted).unwrap().1.findings;
            assert!(told.iter().any(|told| told.code != UNREAD_CONFIG), "{told:?}");
            let told = told.into_iter().filter(|told| told.code == UNREAD_CONFIG);
            told.map(|told| (told.message, told.help.unwrap_or_default())).collect()
        };
        let found = |key: &str, help: &str| {
            (format!("no node or decorator reads config value `{key}`"), help.to_owned())
        };
        let zzz = found("zzz", "remove it, or add a parameter with this name");
        assert_eq!(unasked(seasons(), &["zzz"]), std::slice::from_ref(&zzz));
        // No variant of `rate` exists for this `env`.
        assert_eq!(unasked(seasons(), &["env", "zzz"]), [zzz]);

        let twice = |reads: &'static str| {
            let one =
                || Node::sync(Outline::new("one").with_param(Param::borrowed::<i32>(reads)), |_| Ok(1_u64));
            Dataflow::new("twice").with_node(one()).with_node(one())
        };
        assert_eq!(unasked(twice("amount"), &["amuont"]), [found("amuont", "write `amount`")]);
        assert_eq!(unasked(twice("amount"), &["amount"]), []);
        // A decorator that fails may read any name.
        let broken = Inject::new().bind("absent", source("zzz"));
        let broken = Node::sync(Outline::new("two"), |_| Ok(1_u64)).with_decorator(broken);
        assert_eq!(unasked(twice("amount").with_node(broken), &["zzz"]), []);
    }

    #[test]
    fn panic_whose_payload_panics_in_drop_is_a_failure() {
        struct Loud;

        impl Drop for Loud {
            fn drop(&mut self) {
                panic!("again");
            }
        }

        fn loud() -> Dataflow {
            std::panic::panic_any(Loud)
        }

        let told = |registered: &icosian_core::Registered| {
            let wanted = Wanted::default();
            check_dataflow(start_record(registered, &wanted), registered, &wanted, &[])
        };
        icosian_core::register!("src/lib.rs", 9, 9, 4, loud);
        let all = icosian_core::registered();
        let loud = all.iter().find(|it| it.location().line() == 9).unwrap();
        assert_eq!(told(loud).failure.as_deref(), Some("panics while its driver is built: no text"));
    }

    #[test]
    fn async_node_selects_tokio_adapter() {
        let sync = Node::sync(Outline::new("one"), |_| Ok(1_u64));
        let later = Node::future(Outline::new("later"), |_| async { Ok(1_u64) });
        let chosen = |flow: &Dataflow| check_flows(std::slice::from_ref(flow), &Wanted::default()).unwrap().0;
        let flow = Dataflow::new("numbers").with_node(sync);
        assert_eq!(chosen(&flow), ["sync"]);
        assert_eq!(chosen(&flow.with_node(later)), ["tokio"]);
    }
}
