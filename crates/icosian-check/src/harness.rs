//! What runs in the program that the linter makes: it links the crates that are linted, and writes what is wrong with their
//! dataflows.

mod settings;
mod under;

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use icosian_core::{Colour, ConfigChoice, Dataflow, Decoration, Name, Registered, registered};
use icosian_diagnostics::nearest;
use icosian_rules::{LinkedDataflow, Request, Told, Transcript, TranscriptLine, Wanted, WrittenSpot};

/// The error of a linked check that wrote no complete transcript.
///
/// # Examples
/// ```
/// use miette::Diagnostic;
///
/// let error = icosian_check::harness::run(["harness"]).unwrap_err();
/// assert_eq!(error.to_string(), "the paths of the request and the transcript are missing");
/// assert_eq!(error.code().map(|code| code.to_string()).as_deref(), Some("ICO1201 check-without-request"));
/// ```
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum HarnessError {
    /// The command line has less than two paths.
    #[error("the paths of the request and the transcript are missing")]
    #[diagnostic(code("ICO1201 check-without-request"), help("let `cargo icosian lint` run this program"))]
    NoRequest,
    /// A file cannot be read or written.
    #[error("`{path}` cannot be read or written")]
    #[diagnostic(code("ICO1202 check-file-unreachable"), help("check the path and its permissions"))]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: io::Error,
    },
    /// The request cannot be parsed.
    #[error("the request is invalid")]
    #[diagnostic(
        code("ICO1203 check-request-invalid"),
        help("install the `cargo-icosian` of the version of `icosian`")
    )]
    InvalidRequest {
        /// The parser's error.
        #[source]
        source: serde_json::Error,
    },
    /// Standard input was closed before the transcript was complete.
    #[error("the caller ended before the transcript was complete")]
    #[diagnostic(code("ICO1204 check-abandoned"), help("let `cargo icosian lint` run this program"))]
    Abandoned,
    /// The request has another version.
    #[error("the request has version {found}, not {}", Request::VERSION)]
    #[diagnostic(
        code("ICO1205 check-version-mismatch"),
        help("install the `cargo-icosian` of the version of `icosian`")
    )]
    VersionMismatch {
        /// The version of the request.
        found: u32,
    },
}

/// Reads the request that the command line names first, and writes the transcript that it names second.
///
/// # Errors
/// [`HarnessError`], which says why it could not.
///
/// # Examples
/// See [`run`].
pub fn main() -> Result<(), HarnessError> {
    run(std::env::args_os())
}

/// Does what [`main`] does, with this command line.
///
/// # Errors
/// [`HarnessError`], which says why it could not.
///
/// # Examples
/// See [`HarnessError`].
pub fn run<T: Into<OsString>>(line: impl IntoIterator<Item = T>) -> Result<(), HarnessError> {
    let mut files = line.into_iter().skip(1).map(|word| PathBuf::from(word.into()));
    let (Some(request), Some(transcript)) = (files.next(), files.next()) else {
        return Err(HarnessError::NoRequest);
    };
    let text = std::fs::read(&request)
        .map_err(|source| HarnessError::Unreachable { path: request.clone(), source })?;
    let broken = |source| HarnessError::InvalidRequest { source };
    // The version comes first: what else another one has nobody knows.
    let version: Version = serde_json::from_slice(&text).map_err(broken)?;
    if version.version != Request::VERSION {
        return Err(HarnessError::VersionMismatch { found: version.version });
    }
    let asked: Request = serde_json::from_slice(&text).map_err(broken)?;
    let unreachable = |source| HarnessError::Unreachable { path: transcript.clone(), source };
    // What decorators change, the current folder for instance, does not change where this is.
    let mut written = File::create(&transcript).map_err(unreachable)?;
    let write = move |line: TranscriptLine| {
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        written.write_all(&text)
    };
    if !asked.is_attended {
        return answer(&asked, write).map_err(unreachable);
    }

    // A dataflow may never end, so this thread is not the one that builds it: the program ends with this one.
    let (ended, end) = mpsc::channel();
    let left = ended.clone();
    let work = move || {
        // What a panic carries may panic when it is dropped.
        let answered = catch_unwind(AssertUnwindSafe(|| answer(&asked, write))).unwrap_or_else(|panic| {
            std::mem::forget(panic);
            Err(io::Error::other("it panics"))
        });
        _ = ended.send(Some(answered));
    };
    // It has as much room as a first thread has.
    thread::Builder::new().stack_size(STACK).spawn(work).map_err(unreachable)?;
    thread::spawn(move || {
        // What comes is nothing to this program; only its end is.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        left.send(None)
    });
    match end.recv() {
        Ok(Some(answered)) => answered.map_err(unreachable),
        Ok(None) | Err(_) => Err(HarnessError::Abandoned),
    }
}

/// The stack of the thread that builds dataflows.
const STACK: usize = 8 << 20;

#[derive(serde::Deserialize)]
struct Version {
    version: u32,
}

/// Looks at the dataflows that `request` asks for, of those that this program links, and gives the lines of a
/// [`Transcript`] as soon as they are known.
///
/// # Errors
/// That of `write`, after which nothing more is looked at.
///
/// # Examples
/// ```
/// use icosian_core::{Dataflow, Node, Outline};
/// use icosian_rules::{Request, Transcript};
///
/// // `#[dataflow]` writes this.
/// fn numbers() -> Dataflow {
///     let one = Node::sync(Outline::new("one"), |_| Ok(1_u64));
///     Dataflow::new("numbers").with_node(one.clone()).with_node(one)
/// }
/// icosian_core::register!("src/lib.rs", 3, 9, 7, numbers);
///
/// let request = Request { packages: vec![env!("CARGO_MANIFEST_DIR").into()], ..Request::default() };
/// let mut transcript = Transcript::default();
/// icosian_check::harness::answer(&request, |line| Ok(transcript.push(line))).unwrap();
///
/// let numbers = &transcript.dataflows[0];
/// assert_eq!((numbers.name.as_str(), numbers.adapters.as_slice()), ("numbers", &["sync".to_owned()][..]));
/// assert_eq!(numbers.findings[0].message, "node `one` is defined twice");
/// ```
pub fn answer(request: &Request, mut write: impl FnMut(TranscriptLine) -> io::Result<()>) -> io::Result<()> {
    write(TranscriptLine::Version(Transcript::VERSION))?;
    let all = registered();
    let asked =
        all.iter().filter(|it| request.packages.iter().any(|folder| folder == it.location().package()));
    let asked: Vec<_> = asked.collect();
    for registered in asked.iter().skip(request.skip) {
        let wanted = request.of(registered.module());
        let begun = begun(registered, wanted);
        write(TranscriptLine::Begun(begun.clone()))?;
        write(TranscriptLine::Judged(looked_at(begun, registered, wanted, &all)))?;
    }

    // A module may be of a crate that is not looked at now; of the crates that are, all are here.
    let crates: HashSet<_> = asked.iter().map(|it| root(it.module())).collect();
    let besides = request.dataflows.values().flat_map(|wanted| &wanted.with);
    let named = request.dataflows.keys().chain(besides).filter(|name| crates.contains(root(name)));
    let is_there = |name: &str| all.iter().any(|it| it.module() == name);
    let mut unknown: Vec<_> = named
        .filter(|name| !is_there(name))
        .map(|name| (name.clone(), nearest(name, all.iter().map(|it| it.module())).map(str::to_owned)))
        .collect();
    unknown.sort();
    unknown.dedup();
    write(TranscriptLine::Ended { unknown })
}

/// The rule about config that nothing asks for. Another dataflow may.
const UNASKED: &str = "ICO0504";

fn root(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

fn begun(registered: &Registered, wanted: &Wanted) -> LinkedDataflow {
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
    }
}

fn looked_at(
    mut linked: LinkedDataflow,
    registered: &Registered,
    wanted: &Wanted,
    all: &[&'static Registered],
) -> LinkedDataflow {
    // Decorators of others run here, and what they do nobody knows.
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let own = registered.dataflow();
        let name = own.name().to_string();
        let others = all.iter().filter(|it| wanted.with.iter().any(|with| with == it.module()));
        let flows: Vec<_> = std::iter::once(own).chain(others.map(|it| it.dataflow())).collect();
        (name, judged(&flows, wanted), needed_config(&flows))
    }));
    let mut needed = BTreeMap::new();
    match judged {
        Ok((name, Ok((adapters, findings)), keys)) => {
            (linked.name, linked.adapters, linked.findings) = (name, adapters, findings);
            needed = keys;
        }
        Ok((name, Err(why), _)) => (linked.name, linked.failure) = (name, Some(why)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
            linked.failure = Some(format!("panics while it is built: {text}"));
            // It may panic when it is dropped.
            std::mem::forget(panic);
        }
    }
    linked.unasked = linked.findings.extract_if(.., |told| told.code == UNASKED).collect();
    if wanted.config.is_empty() {
        linked.lacks_config = without_gaps(&mut linked.findings);
    }
    if linked.lacks_config {
        linked.needed_config = needed;
    }
    for told in linked.findings.iter_mut().filter(|told| told.spots.is_empty()) {
        told.spots.push(linked.spot.clone());
    }
    linked
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

/// Takes out that config keeps no variant of a node, for where nobody gave config; says whether that was told.
fn without_gaps(findings: &mut Vec<Told>) -> bool {
    let all = findings.len();
    findings.retain(|told| told.code != "ICO0502");
    findings.len() < all
}

/// Returns the adapters, and what is wrong under them.
fn judged(flows: &[Dataflow], wanted: &Wanted) -> Result<(Vec<String>, Vec<Told>), String> {
    let config = settings::config(&wanted.config, flows)?;
    let told = |adapter: &str| under::told(adapter, flows.to_vec(), config.clone());
    if !wanted.adapters.is_empty() {
        let told: Result<Vec<_>, _> = wanted.adapters.iter().map(|adapter| told(adapter)).collect();
        return Ok((wanted.adapters.clone(), merged(&wanted.adapters, told?)));
    }
    // Nobody says what it runs under: then it is what its functions need. What fewer things are wrong under is meant, so
    // that nothing is told which holds only where the dataflow never runs.
    let is_async =
        flows.iter().flat_map(Dataflow::nodes).any(|node| node.outline().colour() == Colour::Async);
    let under_tokio = || told("tokio").map(|told| (vec!["tokio".to_owned()], told));
    if is_async {
        return under_tokio();
    }
    let found = told("sync")?;
    let count = |told: &[Told]| told.iter().filter(|it| it.code != UNASKED).count();
    if count(&found) > 0 {
        let other = under_tokio()?;
        if count(&other.1) < count(&found) {
            return Ok(other);
        }
    }
    Ok((vec!["sync".to_owned()], found))
}

/// Merges the findings under several adapters. Findings that differ only in the adapter's name are one finding.
///
/// A merged finding has the text of the first adapter. It lists its adapters, unless it holds under all of them and its text
/// names none.
fn merged(adapters: &[String], told: Vec<Vec<Told>>) -> Vec<Told> {
    let mut merged: Vec<(Told, Told)> = Vec::new();
    for (adapter, told) in adapters.iter().zip(told) {
        for one in told {
            let neutral = without_adapter(&one, adapter);
            match merged.iter_mut().find(|(_, known)| *known == neutral) {
                Some((known, _)) if known.adapters.contains(adapter) => {}
                Some((known, _)) => known.adapters.push(adapter.clone()),
                None => merged.push((Told { adapters: vec![adapter.clone()], ..one }, neutral)),
            }
        }
    }
    let merged = merged.into_iter().map(|(mut told, neutral)| {
        if told.adapters.len() == adapters.len() && told.message == neutral.message {
            told.adapters.clear();
        }
        told
    });
    merged.collect()
}

/// Returns `told` with a placeholder for the name of `adapter`.
fn without_adapter(told: &Told, adapter: &str) -> Told {
    let name = format!("`{adapter}`");
    let neutral = |text: &str| text.replace(&name, "``");
    let mut told = told.clone();
    told.message = neutral(&told.message);
    told.help = told.help.as_deref().map(neutral);
    for spot in &mut told.spots {
        spot.text = neutral(&spot.text);
    }
    told
}

#[cfg(test)]
mod tests {
    use icosian_core::{Config, Dataflow, Node, Outline, Param};
    use icosian_decorators::{Condition, ConfigWhen, Inject, source};
    use icosian_rules::{Request, Setting, Told, Transcript, Wanted};

    use super::{UNASKED, answer, begun, judged, looked_at, merged, needed_config, settings};

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn seasons() -> Dataflow {
        let variant = |name, env: &'static str| {
            let when = ConfigWhen::new(Condition::when("env", env));
            Node::sync(Outline::new(name), |_| Ok(1_u64)).decorated(when)
        };
        let price = Outline::new("price").param(Param::borrowed::<u64>("rate"));
        Dataflow::new("seasons")
            .with_node(variant("rate__prod", "prod"))
            .with_node(variant("rate__test", "test"))
            .with_node(Node::sync(price, |args| Ok(*args.borrow::<u64>(0))))
    }

    #[test]
    fn variants_are_judged_with_the_config_that_is_given() {
        icosian_core::register!("src/lib.rs", 3, 9, 7, seasons);
        let told = |config: &[(&str, &str)]| {
            let mut request =
                Request { packages: vec![env!("CARGO_MANIFEST_DIR").into()], ..Request::default() };
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
        let others = others.decorated(ConfigWhen::new(Condition::when_not("env", "prod")));
        assert_eq!(needed(seasons().with_node(others)), []);
    }

    #[test]
    fn unused_config_is_found_where_the_driver_is_not_built() {
        let unasked = |flow: Dataflow, keys: &[&str]| -> Vec<_> {
            let config = keys
                .iter()
                .map(|key| ((*key).to_owned(), Setting::read(if *key == "env" { "other" } else { "3" })));
            let wanted = Wanted { config: config.collect(), ..Wanted::default() };
            let (_, told) = judged(&[flow], &wanted).unwrap();
            assert!(told.iter().any(|told| told.code != UNASKED), "{told:?}");
            let told = told.into_iter().filter(|told| told.code == UNASKED);
            told.map(|told| (told.message, told.help.unwrap_or_default())).collect()
        };
        let found =
            |key: &str, help: &str| (format!("nothing asks for config value `{key}`"), help.to_owned());
        let zzz = found("zzz", "remove it, or name a parameter after it");
        assert_eq!(unasked(seasons(), &["zzz"]), std::slice::from_ref(&zzz));
        // No variant of `rate` exists for this `env`.
        assert_eq!(unasked(seasons(), &["env", "zzz"]), [zzz]);

        let twice = |reads: &'static str| {
            let one = || Node::sync(Outline::new("one").param(Param::borrowed::<i32>(reads)), |_| Ok(1_u64));
            Dataflow::new("twice").with_node(one()).with_node(one())
        };
        assert_eq!(unasked(twice("amount"), &["amuont"]), [found("amuont", "write `amount`")]);
        assert_eq!(unasked(twice("amount"), &["amount"]), []);
        // A decorator that fails may read any name.
        let broken = Inject::new().bind("absent", source("zzz"));
        let broken = Node::sync(Outline::new("two"), |_| Ok(1_u64)).decorated(broken);
        assert_eq!(unasked(twice("amount").with_node(broken), &["zzz"]), []);
    }

    #[test]
    fn a_panic_that_cannot_be_dropped_is_told() {
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
            looked_at(begun(registered, &wanted), registered, &wanted, &[])
        };
        icosian_core::register!("src/lib.rs", 9, 9, 4, loud);
        let all = icosian_core::registered();
        let loud = all.iter().find(|it| it.location().line() == 9).unwrap();
        assert_eq!(told(loud).failure.as_deref(), Some("panics while it is built: no text"));
    }

    #[test]
    fn what_is_wrong_under_all_adapters_is_told_once() {
        let (both, one) = (Told::new("A", "both"), Told::new("B", "one"));
        let told =
            merged(&named(&["sync", "tokio"]), vec![vec![both.clone(), one.clone()], vec![both.clone()]]);
        assert_eq!(told, [both, Told { adapters: named(&["sync"]), ..one }]);
    }

    #[test]
    fn finding_under_several_adapters_is_reported_once() {
        let told = |adapter: &str| vec![Told::new("A", format!("adapter `{adapter}` runs no async nodes"))];
        let merged = merged(&named(&["rayon", "sync"]), vec![told("rayon"), told("sync")]);
        let expect = Told { adapters: named(&["rayon", "sync"]), ..told("rayon").remove(0) };
        assert_eq!(merged, [expect]);
    }

    #[test]
    fn an_adapter_is_chosen_by_what_nodes_need() {
        let sync = Node::sync(Outline::new("one"), |_| Ok(1_u64));
        let later = Node::future(Outline::new("later"), |_| async { Ok(1_u64) });
        let chosen = |flow: &Dataflow| judged(std::slice::from_ref(flow), &Wanted::default()).unwrap().0;
        let flow = Dataflow::new("numbers").with_node(sync);
        assert_eq!(chosen(&flow), ["sync"]);
        assert_eq!(chosen(&flow.with_node(later)), ["tokio"]);
    }

    #[test]
    fn a_config_value_has_the_type_that_a_parameter_asks_for() {
        let reads = Outline::new("reads")
            .param(Param::borrowed::<u8>("small"))
            .param(Param::borrowed::<f32>("share"))
            .param(Param::borrowed::<str>("text"));
        let flow = Dataflow::new("numbers").with_node(Node::sync(reads, |_| Ok(())));
        let config = |settings: &[(&str, &str)]| -> Result<Config, String> {
            let settings =
                settings.iter().map(|(name, value)| ((*name).to_owned(), Setting::read(value))).collect();
            settings::config(&settings, std::slice::from_ref(&flow))
        };
        let given = config(&[
            ("small", "3"),
            ("share", "1"),
            ("text", "5"),
            ("other", "7"),
            ("large", "7_000_000_000"),
            ("typed", "7u64"),
            ("half", "0.5"),
            ("on", "true"),
        ]);
        insta::assert_debug_snapshot!(given.unwrap(), @r"
        Config {
            half: f64,
            large: i64,
            on: bool,
            other: i32,
            share: f32,
            small: u8,
            text: String,
            typed: u64,
        }
        ");
        let refused = [config(&[("small", "300")]), config(&[("other", "1.5u8")])].map(Result::unwrap_err);
        assert_eq!(
            refused,
            [
                "has a config value `small` of `300`, which is no `u8`",
                "has a config value `other` of `1.5u8`, which is no `u8`",
            ]
        );
    }
}
