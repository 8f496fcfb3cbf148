//! Name resolution within a file.

use icosian_lint::{Linter, Settings};

use super::{check, lines};

/// Checks the findings of an async node with this body, in a module with these `uses`.
#[track_caller]
fn check_body(uses: &str, body: &str, expect: &str) {
    check(&format!("#[dataflow] pub mod flow {{ {uses}\npub async fn f() -> u8 {{\n{body}\n}} }}"), expect);
}

#[test]
fn use_items_are_resolved() {
    let blocks = "3:1 ICO0201 async node `f` blocks its thread in `sleep`";
    check_body("use std::thread::sleep;", "sleep(time); 1", blocks);
    check_body("use std::thread::{self, sleep};", "sleep(time); 1", blocks);
    check_body("use std::thread; use thread::sleep;", "sleep(time); 1", blocks);
    check_body("", "use std::thread::sleep;\nsleep(time); 1", &blocks.replace("3:1", "4:1"));
    check_body("", "::std::thread::sleep(time); 1", &blocks.replace("`sleep`", "`::std::thread::sleep`"));
    let renamed = blocks.replace("`sleep`", "`nap`");
    check_body("use std::thread::sleep as nap;", "nap(time); 1", &renamed);
    check_body("mod inner { pub use std::thread::sleep as nap; } use inner::*;", "nap(time); 1", &renamed);
}

#[test]
fn ambiguous_names_are_not_reported() {
    check_body("use tokio::time::sleep;", "sleep(time).await; 1", "");
    check_body("use inner::sleep; mod inner { pub fn sleep() {} }", "sleep(); 1", "");
    check_body("use std::thread::sleep;", "let sleep = wake; sleep(time); 1", "");
    check_body("use std::thread::sleep;", "fn sleep() {}\nsleep(); 1", "");
    check_body("mod std { pub mod thread { pub fn sleep() {} } }", "std::thread::sleep(); 1", "");
    check_body("use crate::std;", "std::thread::sleep(); 1", "");
    check_body("use elsewhere::*;", "sleep(time); 1", "");
}

#[test]
fn cyclic_use_items_terminate() {
    check_body("use a::x; use x::a;", "a::b(); x(); 1", "");
    check_body("mod a { pub use super::b::*; } mod b { pub use super::a::*; } use a::*;", "sleep(); 1", "");
    check_body("use super::*; use self::*;", "sleep(); X; 1", "");
}

#[test]
fn code_outside_of_the_body_can_block() {
    check_body("", "tokio::task::spawn_blocking(|| std::thread::sleep(time)).await; 1", "");
    check_body("", "let later = async { std::thread::sleep(time) }; 1", "");
    check_body("", "fn later() { std::thread::sleep(time) } 1", "");
    check_body(
        "",
        "println!(\"{:?}\", std::fs::read(path)); 1",
        "3:18 ICO0201 async node `f` blocks its thread in `std::fs::read`",
    );
    check_body("", "quote!(std::fs::read(path)); 1", "");
}

#[test]
fn methods_are_resolved_by_their_receiver() {
    let command = "3:24 ICO0201 async node `f` blocks its thread in `Command::output`";
    check_body("use std::process::Command;", "Command::new(a).arg(b).output()?; 1", command);
    check_body("use tokio::process::Command;", "Command::new(a).arg(b).output().await?; 1", "");
    check_body("use std::process::Command;", "let later = Command::new(a); output(later); 1", "");
}

#[test]
fn all_forms_of_dropped_tasks_are_reported() {
    let found =
        |at: usize| format!("3:{at} ICO0209 node `f` does not wait for the work that `tokio::spawn` starts");
    for (body, at) in [
        ("tokio::spawn(work); x.await", 1),
        ("(tokio::spawn(work)); x.await", 2),
        ("let _ = tokio::spawn(work); x.await", 9),
        ("let _: Handle = tokio::spawn(work); x.await", 17),
        ("_ = tokio::spawn(work); x.await", 5),
        ("drop(tokio::spawn(work)); x.await", 6),
        ("std::mem::drop(tokio::spawn(work)); x.await", 16),
        ("{ tokio::spawn(work) }; x.await", 3),
        ("unsafe { a(); tokio::spawn(work) }; x.await", 15),
        ("if a { b() } else { tokio::spawn(work) }; x.await", 21),
        ("_ = { tokio::spawn(work) }; x.await", 7),
        ("drop((tokio::spawn(work))); x.await", 7),
    ] {
        check_body("", body, &found(at));
    }
    let thread = "3:1 ICO0209 node `f` does not wait for the work that `std::thread::Builder::new` starts";
    for methods in ["spawn(work).unwrap()", "name(a).spawn(work)?", "spawn(work)", "spawn(work).ok()"] {
        check_body("", &format!("std::thread::Builder::new().{methods}; x.await"), thread);
    }
    for body in [
        "std::thread::Builder::new().name(a); x.await",
        "tokio::spawn(work).await?; x.await",
        "let kept = { tokio::spawn(work) }; kept.await",
        "{ let kept = tokio::spawn(work); kept.await }; x.await",
        "{ tokio::spawn(work) }.await; x.await",
        "let kept = tokio::spawn(work); kept.await",
        "_ = tokio::spawn(work).await; x.await",
        "keep(tokio::spawn(work)); x.await",
        "fn drop(task: Task) {} drop(tokio::spawn(work)); x.await",
        "kept = tokio::spawn(work); x.await",
    ] {
        check_body("", body, "");
    }
}

#[test]
fn generic_parameters_are_reported() {
    check(
        "#[dataflow] mod flow {\npub fn f(a: &[impl AsRef<str>], b: Box<dyn Fn()>) -> u8 { 1 } }",
        "2:13 ICO0011 parameter `a` of node `f` has the generic type `impl AsRef<str>`",
    );
}

#[test]
fn nodes_named_by_decorators_are_known() {
    let flow = |decorator: &str, gives: &str, other: &str| {
        let text = format!("#[dataflow] mod flow {{\n#[{decorator}] pub fn f(a: u8) -> {gives} {{ x }}\n");
        format!("{text}pub fn {other}(b: u8) -> u8 {{ 1 }} }}")
    };
    for (decorator, gives, column) in [
        ("parameterize(x(a = value(1)), y(a = value(2)))", "u8", 16),
        ("parameterize_sources(x(a = c))", "u8", 24),
        ("parameterize_values(x(a = 1))", "u8", 23),
        ("extract_outputs(x, y)", "(u8, u8)", 19),
        ("extract_outputs(x: u8 = 1, fill_with = 2)", "HashMap<String, u8>", 19),
        ("extract_fields(x: u8)", "Pair", 18),
        ("unpack_fields(_, x)", "(u8, u8)", 20),
    ] {
        let found = format!("2:{column} ICO0002 dataflow `flow` has two nodes `x`");
        check(&flow(decorator, gives, "x"), &found);
        check(&flow(decorator, gives, "z"), "");
    }
    let found = "2:19 ICO0002 dataflow `flow` has two nodes `x`";
    check(&flow("extract_outputs(x, y, on(f))", "(u8, u8)", "x"), found);
}

#[test]
fn repeated_decorators_are_found() {
    let flow = |above: &str| {
        format!("#[dataflow] mod flow {{\n{above} pub async fn f() -> io::Result<u8> {{ x.await }} }}")
    };
    let time = "#[timeout(\"1s\")]";
    let twice = "2:3 ICO0406 this `#[timeout]` covers the same work as the one below it, so only the shorter one can expire";
    check(&flow(&format!("{time} {time}")), twice);
    check(&flow(&format!("{time} #[tag(a = \"1\")] {time}")), twice);
    for between in ["#[retry(attempts = 2)]", "#[fallback(value = 1)]", "#[decorate(Own)]"] {
        check(&flow(&format!("{time} {between} {time}")), "");
    }
    check(
        &flow("#[limit(\"a\")] #[tag(b = \"1\")] #[limit(\"a\")]"),
        "2:33 ICO0406 `#[limit]` is repeated above `f`",
    );
    check(&flow("#[limit(\"a\")] #[limit(\"b\")]"), "2:17 ICO0406 `#[limit]` is repeated above `f`");
}

#[test]
fn misspelt_param_is_found_in_source() {
    let flow = |param: &str, node: &str, besides: &str| {
        format!(
            "#[dataflow] mod flow {{\n{node}\npub fn price(amount: f64, {param}) -> f64 {{ amount }}\n}}\n{besides}"
        )
    };
    let found = "3:27 ICO0024 `price` reads input `discuont`, whose name is similar to node `discount`";
    let node = "pub fn discount() -> f64 { 0.1 }";
    for param in ["discuont: f64", "discuont: &f64", "discuont: Option<f64>", "#[default(0.0)] discuont: f64"]
    {
        let found = if param.starts_with('#') { found.replace(":27", ":43") } else { found.to_owned() };
        check(&flow(param, node, ""), &found);
        check(&flow(param, "pub async fn discount() -> io::Result<f64> { x.await }", ""), &found);
    }
    check(&flow("_discuont: f64", node, ""), found);
    check(
        &flow(
            "discuont: f64",
            &format!("#[retry(attempts = 2)] #[tag(a = \"1\")] {}", node.replace("f64", "io::Result<f64>")),
            "",
        ),
        found,
    );

    // The type differs, or another node has the name.
    check(&flow("discuont: u64", node, ""), "");
    check(&flow("discuont: f64", node, "#[node] pub fn discuont() -> f64 { 1.0 }"), "");
    check(&flow("discuont: f64", node, "#[dataflow] mod other { pub fn discuont() -> f64 { 1.0 } }"), "");
    // The node has two readers.
    check(&flow("discuont: f64", &format!("{node} pub fn half(discuont: f64) -> f64 {{ 1.0 }}"), ""), "");
    // Names that differ on purpose.
    for (param, node) in [
        ("prices: f64", "price_a"),
        ("rate_1: f64", "rate_2"),
        ("rate_12: f64", "rate_21"),
        ("users_id: f64", "user_id"),
    ] {
        check(&flow(param, &format!("pub fn {node}() -> f64 {{ 1.0 }}"), ""), "");
    }
    // A decorator or the build decides which nodes exist.
    for above in ["#[config_when(env = \"prod\")]", "#[decorate(Own)]", "#[subdag(super::own)]", "#[cfg(a)]"]
    {
        check(&flow("discuont: f64", &format!("{above} {node}"), ""), "");
        check(&flow("discuont: f64", node, &format!("#[node] {above} pub fn x() -> f64 {{ 1.0 }}")), "");
    }
    check(
        &flow("discuont: f64", node, "")
            .replace("pub fn price", "#[inject(discuont = source(a))] pub fn price"),
        "",
    );
}

#[test]
fn allow_of_a_misspelt_param_is_never_unused_in_source() {
    let flow = |param: &str| {
        format!(
            "#[dataflow(allow(misspelt_param, reason = \"a product\"))] mod flow {{\n\
             pub fn discount() -> f64 {{ 0.1 }} pub fn price({param}: f64) -> f64 {{ {param} }} }}"
        )
    };
    check(&flow("discuont"), "");
    check(&flow("amount"), "");
}

#[test]
fn leading_underscore_is_not_part_of_a_parameter_name() {
    let flow = |items: &str| format!("#[dataflow] mod flow {{\n{items} }}");
    let cycle = "2:53 ICO0003 nodes read each other in a cycle: `first` → `second` → `first`";
    check(&flow("pub fn first(_second: u8) -> u8 { 1 } pub fn second(first: u8) -> u8 { first }"), cycle);
    check(&flow("pub fn f(_f: &u8) -> u8 { 1 }"), "2:10 ICO0003 node `f` reads itself");
    check("#[node] #[parameterize(x(a = value(1)))] pub fn f(_a: u8) -> u8 { 1 }", "");
    // A node of the exact name is read, and two underscores belong to the name.
    check(&flow("pub fn f(_f: u8) -> u8 { 1 } pub fn _f() -> u8 { 1 }"), "");
    check(&flow("pub fn f(__f: u8, _a: u8) -> u8 { 1 }"), "");
    check(&flow("#[parameterize(x(a = value(1)))] pub fn f(_a: u8) -> u8 { 1 }"), "");
    check(&flow("#[parameterize(x(_a = value(1)))] pub fn f(_a: u8) -> u8 { 1 }"), "");
    check(&flow("#[inject(_a = value(1))] pub fn f(a: u8) -> u8 { a }"), "");
}

#[test]
fn offload_and_spawn_in_one_stack_conflict() {
    for head in ["pub async fn f() -> u8 { x.await }", "pub fn f() -> u8 { 1 }"] {
        let flow = |above: &str| format!("#[dataflow] mod flow {{\n{above} {head} }}");
        let found = |at: usize, first: &str, second: &str| {
            format!("2:{at} ICO0407 `f` has both `#[{first}]` and `#[{second}]`")
        };
        check(&flow("#[offload] #[spawn]"), &found(14, "offload", "spawn"));
        check(&flow("#[spawn] #[offload]"), &found(12, "spawn", "offload"));
        check(&flow("#[offload] #[limit(\"a\")] #[spawn]"), &found(28, "offload", "spawn"));
        check(&flow("#[offload] #[limit(\"a\")]"), "");
    }
    check(
        "#[node] #[offload] #[spawn] pub async fn f() -> u8 { x.await }",
        "1:22 ICO0407 `f` has both `#[offload]` and `#[spawn]`",
    );
}

#[test]
fn retry_above_a_fallback_that_cannot_fail() {
    let flow = |above: &str| {
        format!("#[dataflow] mod flow {{\n{above} pub async fn f() -> io::Result<u8> {{ x.await }} }}")
    };
    let why = "2:3 ICO0405 `#[retry]` never retries `f`: the `#[fallback]` below it replaces every error";
    for below in ["value = 1", "with = |_| 1"] {
        check(&flow(&format!("#[retry(attempts = 2)] #[fallback({below})]")), why);
        check(&flow(&format!("#[retry(attempts = 2)] #[limit(\"a\")] #[fallback({below})]")), why);
        for between in ["#[timeout(\"2s\")]", "#[decorate(Own)]", "#[resolve(own)]"] {
            check(&flow(&format!("#[retry(attempts = 2)] {between} #[fallback({below})]")), "");
        }
        check(&flow(&format!("#[fallback({below})] #[retry(attempts = 2)]")), "");
    }
    check(&flow("#[retry(attempts = 2)] #[fallback(other::cached)]"), "");
}

#[test]
fn jitter_shortens_the_waits_before_a_timeout() {
    let flow = |jitter: &str| {
        format!(
            "#[dataflow] mod flow {{\n#[timeout(\"2s\")] #[retry(attempts = 2, backoff = \"3s..9s\"{jitter})] \
             pub async fn f() -> io::Result<u8> {{ x.await }} }}"
        )
    };
    check(&flow(""), "2:1 ICO0704 `timeout` on `f` expires before attempt 2 can start");
    check(&flow(", jitter"), "");
}

#[test]
fn blocking_functions_are_found_by_path() {
    let blocks = |written: &str| format!("3:1 ICO0201 async node `f` blocks its thread in `{written}`");
    for (uses, body, written) in [
        ("use std::{fs, thread};", "fs::read(path)?; 1", "fs::read"),
        ("use std::{fs, thread};", "thread::sleep(time); 1", "thread::sleep"),
        ("", "<std::fs::File>::open(path)?; 1", "<std::fs::File>::open"),
        ("use std::fs::File;", "<File>::open(path)?; 1", "<File>::open"),
        ("use std::fs::File; type F = File;", "F::open(path)?; 1", "F::open"),
        ("type F = std::fs::File; type G = self::F;", "<G>::open(path)?; 1", "<G>::open"),
    ] {
        check_body(uses, body, &blocks(written));
    }
    let method = |column: usize, written: &str| blocks(written).replace("3:1", &format!("3:{column}"));
    for (uses, body, column, written) in [
        ("", "std::fs::File::options().write(true).open(path)?; 1", 38, "OpenOptions::open"),
        ("use std::fs::File;", "File::options().open(path)?; 1", 17, "OpenOptions::open"),
        ("use std::path::Path;", "Path::new(u).exists(); 1", 14, "Path::exists"),
        ("", "std::path::Path::new(u).parent()?.join(v).metadata()?.len(); 1", 43, "Path::metadata"),
        ("use std::path::*;", "std::path::PathBuf::from(u).try_exists()?; 1", 29, "Path::try_exists"),
        ("", "std::thread::Builder::new().spawn(work)?.join(); x.await", 42, "JoinHandle::join"),
    ] {
        check_body(uses, body, &method(column, written));
    }
    for (uses, own) in [("use std::fs::File;", "type F = File;"), ("use std::fs;", "use fs::File as F;")] {
        check_body(uses, &format!("{own}\nF::open(path)?; 1"), &blocks("F::open").replace("3:", "4:"));
    }
    for (uses, body) in [
        ("use tokio::fs::File;", "<File>::open(path).await?; 1"),
        ("use std::fs::File;", "<File as Open>::open(path); 1"),
        ("use std::fs::File; type F = Mine;", "F::open(path); 1"),
        ("use std::fs::File; type F = (File, File);", "F::open(path); 1"),
        ("use std::path::Path;", "Path::new(u).join(v).display(); 1"),
        ("use std::path::Path;", "Path::new(u).to_str().map(open).metadata(); 1"),
        ("use camino::Path;", "Path::new(u).exists(); 1"),
        ("type A = B; type B = A;", "A::open(path); 1"),
    ] {
        check_body(uses, body, "");
    }
    let waits = "3:1 ICO0204 async node `f` blocks on a future";
    let current = waits.replace("3:1", "3:40");
    check_body("", "tokio::runtime::Handle::try_current()?.block_on(work); 1", &current);
    check_body("use futures_lite::future;", "future::block_on(work); 1", waits);
    let bound = waits.replace("3:1", "3:56");
    check_body("", "let handle = tokio::runtime::Handle::current(); handle.block_on(work); 1", &bound);
}

#[test]
fn attributes_of_other_crates_are_ignored() {
    check("use other::dataflow;\n#[dataflow] pub mod flow { pub fn f() -> ! { never() } }", "");
    check("use other::node;\n#[node] pub fn f() -> ! { never() }", "");
    check("#[other::node] pub fn f() -> ! { never() }", "");
    let found = "2:23 ICO0009 node `f` never returns";
    check("use icosian::node;\n#[node] pub fn f() -> ! { never() }", found);
    check("use icosian::prelude::*;\n#[node] pub fn f() -> ! { never() }", found);
    check("\n#[icosian::node] pub fn f() -> ! { never() }", &found.replace("23", "32"));
    check("use facade::flow as icosian;\n#[node] pub fn f() -> ! { never() }", found);
    check(
        "use facade::node;\n#[node(crate = facade)] pub fn f() -> ! { never() }",
        &found.replace("23", "39"),
    );
}

#[test]
fn nodes_decided_by_decorators_or_cfg_are_unknown() {
    check("#[dataflow] mod flow {\n#[cfg(a)] pub fn f() -> u8 { 1 }\n#[cfg(b)] pub fn f() -> u8 { 1 } }", "");
    check("#[dataflow] mod flow {\n#[exclude] pub fn f(f: u8) -> u8 { 1 } }", "");
    check("#[dataflow] mod flow {\n#[inject(f = value(1))] pub fn f(f: u8) -> u8 { 1 } }", "");
    check("#[dataflow] mod flow {\n#[resolve(own)] pub fn f(f: u8) -> u8 { 1 } }", "");
    check("#[dataflow] mod flow {\npub fn f(f: RunContext) -> u8 { 1 } }", "");
    check("#[dataflow] mod flow {\npub fn f(f: u8) -> u8 { 1 } }", "2:10 ICO0003 node `f` reads itself");
    check(
        "#[dataflow] mod flow {\n#[tag(a = \"1\")] pub fn f(f: u8) -> u8 { 1 } }",
        "2:26 ICO0003 node `f` reads itself",
    );
}

#[test]
fn dataflow_that_includes_itself_is_found() {
    let found = |column: usize| format!("2:{column} ICO0003 dataflow `own` includes itself");
    let flow =
        |decorator: &str| format!("#[dataflow] mod own {{\n{decorator} pub fn f(x: u8) -> u8 {{ x }} }}");
    check(&flow("#[subdag(super::own)]"), &found(10));
    check(&flow("#[subdag(super::own, external(x))]"), &found(10));
    check(&flow("#[parameterized_subdag(super::own, one(external(x)))]"), &found(24));
    check(&flow("#[subdag(super::owner)]"), "");
    check(&flow("#[subdag(own)]"), "");
}

#[test]
fn only_mutable_statics_are_state() {
    let flow = |statics: &str, used: &str| {
        format!("{statics}\n#[dataflow] mod flow {{ use super::*;\npub fn f() -> u8 {{ {used}; 1 }} }}")
    };
    let found = "3:20 ICO0903 node `f` uses `A`, which all executions share";
    for changing in
        ["static mut A: u8 = 1;", "static A: AtomicU64 = x;", "static A: LazyLock<Mutex<u8>> = x;"]
    {
        check(&flow(changing, "A"), found);
    }
    for fixed in ["static A: u8 = 1;", "static A: LazyLock<Regex> = x;", "const A: Mutex<u8> = x;"] {
        check(&flow(fixed, "A"), "");
    }
    for changing in [
        "thread_local! { static A: Cell<u8> = const { Cell::new(1) }; }",
        "std::thread_local! { /// One.\npub static B: u8 = 1; static A: RefCell<Vec<u8>> = x }",
        "lazy_static! { static ref A: Mutex<u8> = x; }",
    ] {
        let found = if changing.contains('\n') { found.replace("3:", "4:") } else { found.to_owned() };
        check(&flow(changing, "A.with(|it| it.take())"), &found);
    }
    for fixed in [
        "thread_local! { static A: u8 = 1; }",
        "static A: OnceLock<Regex> = x;",
        "my! { static A: Cell<u8> = x; }",
    ] {
        check(&flow(fixed, "A.with(|it| *it)"), "");
    }
    check(&flow("mod a { pub mod b { pub static A: Mutex<u8> = x; } }", "super::a::b::A"), found);
    check(
        &flow("mod a { pub mod b { pub static A: Mutex<u8> = x; } } use a::b::A as C;", "C"),
        &found.replace("`A`", "`C`"),
    );
    check(&flow("static A: Mutex<u8> = x;", "super::A"), found);
    check(&flow("static A: Mutex<u8> = x;", "let A = 1; A"), "");
    for own in ["struct A;", "const A: u8 = 1;", "fn A() {}", "use elsewhere::A;", "static A: u8 = 1;"] {
        check(&flow("static A: Mutex<u8> = x;", &format!("{own} A")), "");
    }
    let of_b = found.replace(":20", ":39").replace("`A`", "`B`");
    check(&flow("static A: Mutex<u8> = x;", "use super::A as B; B"), &of_b);
    check(&flow("static A: Mutex<u8> = x;", "fn a() {} A"), &found.replace(":20", ":30"));
}

#[test]
fn variant_that_is_never_alone_overlaps() {
    let flow = |first: &str, second: &str| {
        format!(
            "#[dataflow] mod flow {{ #[{first}] pub fn a__x() -> u8 {{ 1 }}\n#[{second}] pub fn a__y() -> u8 {{ 1 }} }}"
        )
    };
    let same = "config_when(env = \"prod\")";
    let report =
        icosian_lint::Linter::new(icosian_lint::Settings::default()).lint_text("a.rs", flow(same, same));
    assert_eq!(report.diagnoses().len(), 1);
    for other in [
        "config_when(env = \"dev\")",
        "config_when(region = \"eu\")",
        "config_when(env = PROD)",
        "config_when(env = \"prod\", named(b))",
        "config_when_not(env = \"prod\")",
        "config_when_in(env = [\"dev\", \"test\"])",
        "config_when_not_in(env = [\"dev\", \"prod\"])",
        "config_when_not(env = r\"dev\")",
        "config_when_not(env = 1)",
        "config_when_not(region = \"eu\")",
    ] {
        check(&flow(same, other), "");
        check(&flow(other, same), "");
    }
    for (narrow, wide) in [
        (same, "config_when_in(env = [\"dev\", \"prod\"])"),
        (same, "config_when_not(env = \"dev\")"),
        (same, "config_when_not_in(env = [\"dev\", \"test\"])"),
        ("config_when(env = \"prod\", region = \"eu\")", "config_when_not(env = \"dev\")"),
        ("config_when_in(n = [1, 2])", "config_when_not(n = 3)"),
        ("config_when_in(n = [1, 2])", "config_when_in(n = [2, 1, 3])"),
        ("config_when_not_in(n = [1, 2])", "config_when_not(n = 2)"),
    ] {
        for (first, second) in [(narrow, wide), (wide, narrow)] {
            let column = "#[] pub fn ".len() + second.len() + 1;
            let found = format!("2:{column} ICO0501 config that matches `a__y` may also match `a__x`");
            check(&flow(first, second), &found);
        }
    }
}

#[test]
fn faults_of_arguments_are_not_guessed() {
    for (arguments, found) in [
        ("eu(region: 1)", "1:48 ICO0424 expected `=`"),
        ("eu", "1:39 ICO0424 node `eu` binds no parameter"),
        ("eu(region = value(1)) us(region = value(2))", "1:61 ICO0424 `,` is missing"),
    ] {
        check(
            &format!(
                "#[dataflow] mod flow {{ #[parameterize({arguments})] pub fn a(region: u8) -> u8 {{ 1 }} }}"
            ),
            found,
        );
    }
    check("#[dataflow] mod flow { #[unpack_fields(a: u8, _)] pub fn f() -> Pair { x } }", "");
}

/// Enables `rule` and returns its findings on an async node with this body, as lines and columns.
fn places(rule: &str, body: &str) -> Vec<(usize, usize)> {
    let settings = icosian_lint::Settings::default().with_level("all", icosian_rules::Level::Allow);
    let linter = icosian_lint::Linter::new(settings.with_level(rule, icosian_rules::Level::Warn));
    let text = format!("#[dataflow] pub mod flow {{\npub async fn f() -> u8 {{\n{body}\n}} }}");
    let report = linter.lint_text("src/lib.rs", text);
    assert!(report.is_complete(), "{body}: {report:?}");
    report.diagnoses().iter().map(|it| it.location().start()).collect()
}

#[test]
fn join_macros_count_as_await() {
    assert_eq!(places("ICO0210", "for x in u { tokio::join!(a(x), b(x)); } 1"), [(3, 14)]);
    assert_eq!(places("ICO0210", "for x in u { futures::try_join!(a(x), b(x))?; } 1"), [(3, 14)]);
    for body in ["tokio::join!(a(), b()); 1", "for x in u { y.push(async { tokio::join!(a(x), b(x)) }); } 1"]
    {
        assert_eq!(places("ICO0210", body), []);
    }
}

#[test]
fn polling_loop_is_a_busy_wait() {
    for body in [
        "while !ready() { tokio::task::yield_now().await; } 1",
        "loop { if ready() { break; } tokio::task::yield_now().await; } 1",
        "loop { if let Some(x) = a.get() { return x; } std::hint::spin_loop() }",
        "loop { if ready() { break } else { std::thread::yield_now() } } 1",
        "loop { if ready() { std::hint::spin_loop(); } else { break; } } 1",
    ] {
        assert_eq!(places("ICO0211", body), [(3, 1)], "{body}");
    }
    for body in [
        "while work() {} 1",
        "loop {}",
        "loop { if ready() { break; } } 1",
        "loop { if ready() { finish(); break; } tokio::task::yield_now().await; } 1",
        "loop { if ready() { break; } step(); tokio::task::yield_now().await; } 1",
        "loop { if ready() { break; } tokio::time::sleep(a).await; } 1",
        "loop { if a() { b(); } tokio::task::yield_now().await; }",
    ] {
        assert_eq!(places("ICO0211", body), [], "{body}");
    }
}

#[test]
fn decorators_above_node_are_valid_in_a_module() {
    let function = "#[retry(attempts = 3)]\n#[node(allow(busy_wait, reason = \"a\"))]\npub fn f() -> Result<u8, E> { x }";
    let found = "1:1 ICO0404 `#[retry]` is above `#[node]`, which only reads the attributes below it";
    assert!(lines(&Linter::new(Settings::default()).lint_text("a.rs", function)).contains(found));
    let report = Linter::new(Settings::default())
        .lint_text("a.rs", format!("#[dataflow] pub mod flow {{ {function} }}"));
    assert!(!lines(&report).contains("ICO0404"), "{report:?}");
}

#[test]
fn empty_doc_comment_is_no_documentation() {
    let linter = Linter::new(Settings::default().with_level("ICO0902", icosian_rules::Level::Warn));
    let told = |above: &str| {
        let text = format!("#[dataflow] pub mod flow {{\n{above}\npub fn f() -> u8 {{ 1 }} }}");
        lines(&linter.lint_text("a.rs", text))
    };
    for above in ["", "#[doc = \"\"]", "#[doc = \" \"]", "///", "#[doc(hidden)]", "#[doc(alias = \"g\")]"] {
        assert_eq!(told(above), "3:8 ICO0902 node `f` has no doc comment", "{above}");
    }
    for above in [
        "/// One.",
        "#[doc = \"\"] #[doc = \"One.\"]",
        "#[doc = include_str!(\"a.md\")]",
        "#[cfg_attr(a, doc = \"One.\")]",
    ] {
        assert_eq!(told(above), "", "{above}");
    }
}

#[test]
fn names_chosen_by_cfg_are_unknown() {
    check_body("#[cfg(a)] use tokio::fs;\n#[cfg(not(a))] use std::fs;", "fs::read(path)?; 1", "");
    check_body("#[cfg(a)] use std::fs;\n#[cfg(not(a))] use tokio::fs;", "fs::read(path)?; 1", "");
    check_body("#[cfg(a)] use std::fs;\n#[cfg(not(a))] mod fs { pub fn read() {} }", "fs::read(path); 1", "");
    check_body("#[cfg(a)] type F = std::fs::File;\n#[cfg(b)] type F = Mine;", "F::open(path)?; 1", "");
    check_body("", "#[cfg(a)] use std::fs;\n#[cfg(b)] use tokio::fs;\nfs::read(path)?; 1", "");
    let blocks = "4:1 ICO0201 async node `f` blocks its thread in `fs::read`";
    check_body("#[cfg(a)] use std::fs;\n#[cfg(b)] use std::fs;", "fs::read(path)?; 1", blocks);
}

#[test]
fn awaited_calls_do_not_block() {
    check_body("use std::thread::sleep;", "sleep(time).await; 1", "");
    check_body("", "lock.to_socket_addrs().await?; 1", "");
    check_body("use std::fs;", "timeout(time, fs::read(path)).await?; 1", "");
    check_body("", "tokio::join!(a.blocking_send(1), b()); 1", "");
}

#[test]
fn blocking_helpers_are_reported_at_their_calls() {
    let flow = |helper: &str, body: &str| {
        format!("{helper}\n#[dataflow] mod flow {{ use super::*;\npub async fn f() -> u8 {{ {body}; 1 }} }}")
    };
    let found = "3:26 ICO0201 async node `f` blocks its thread in `load`";
    let load = "fn load() { std::fs::read(path); }";
    check(&flow(load, "load()"), found);
    check(&flow("fn load() { deep() } fn deep() { load(); std::fs::read(path); }", "load()"), found);
    check(&flow("async fn load() { std::fs::read(path); }", "load().await"), found);
    check(&flow("async fn load() { std::fs::read(path); }", "let later = load()"), "");
    check(&flow("fn load() { spawn_blocking(|| std::fs::read(path)); }", "load()"), "");
    check(&flow("fn load() { deep() } fn deep() { load() }", "load()"), "");
    check(&flow(load, "spawn_blocking(load)"), "");
    check(&flow(load, "let load = other; load()"), "");
    check(&flow(&format!("#[cfg(a)] {load} #[cfg(b)] fn load() {{}}"), "load()"), "");
    let method = "struct S; impl S { fn new() -> Self { S } fn load(&self) { std::fs::read(path); } }";
    let found = "3:35 ICO0201 async node `f` blocks its thread in `S::load`";
    check(&flow(method, "S::new().load()"), found);
}

#[test]
fn settings_add_blocking_functions() {
    let text = "blocking = [\"legacy::load\", \"legacy::Store::save\", \"crate::own::work\"]\n";
    let settings = Settings::parse("icosian.toml", text).unwrap();
    let found = |uses: &str, body: &str| {
        let text = format!("#[node] pub async fn f(store: &legacy::Store) -> u8 {{ {body}; 1 }} {uses}");
        Linter::new(settings.clone()).lint_text("src/lib.rs", text).diagnoses().len()
    };
    assert_eq!(found("", "legacy::load()"), 1);
    assert_eq!(found("use legacy::load as l;", "l()"), 1);
    assert_eq!(found("", "store.save(1)"), 1);
    assert_eq!(found("use crate::own::work;", "work()"), 1);
    assert_eq!(found("", "store.load(1)"), 0);
    assert_eq!(found("use other::load;", "load()"), 0);
}

#[test]
fn inline_nodes_are_reported_under_tokio_only() {
    let text = "#[dataflow] mod flow { pub fn f() -> u8 { std::fs::read(path); 1 } }";
    for (settings, expect) in [
        ("", 0),
        ("adapter = \"sync\"", 0),
        ("adapter = \"rayon\"", 0),
        ("adapter = \"tokio\"", 1),
        ("adapter = \"all\"", 1),
        ("[dataflows.\"shop::flow\"]\nadapter = \"tokio\"", 1),
        ("adapter = \"tokio\"\n[dataflows.\"shop::flow\"]\nadapter = \"sync\"", 0),
    ] {
        let settings = Settings::parse("icosian.toml", settings).unwrap();
        let report = Linter::new(settings.clone()).lint_text("src/lib.rs", text);
        assert_eq!(report.diagnoses().len(), expect, "{settings:?}");
        let offloaded = text.replace("pub fn", "#[offload] pub fn");
        assert!(Linter::new(settings.clone()).lint_text("src/lib.rs", offloaded).is_clean());
        let other = text.replace("pub fn", "#[decorate(Own)] pub fn");
        assert!(Linter::new(settings).lint_text("src/lib.rs", other).is_clean());
    }
}
