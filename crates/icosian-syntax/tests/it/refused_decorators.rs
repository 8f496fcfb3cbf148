//! Errors of decorators, at the argument, with suggestions.

use super::refused::check;

/// Checks the errors of a function with these decorators, which start at line 2.
#[track_caller]
fn check_above(decorators: &str, expect: &str) {
    check(
        &format!("{decorators}\npub fn f(rate: f64, others: &[f64]) -> io::Result<f64> {{ Ok(rate) }}"),
        expect,
    );
}

#[test]
fn unknown_arguments() {
    check_above(
        "#[retry(attemps = 3)]",
        "2:9-16: `#[retry]` has no argument `attemps`; did you mean `attempts`?",
    );
    check_above(
        "#[check_output(rang = 0.0..=1.0)]",
        "2:16-20: `#[check_output]` has no argument `rang`; did you mean `range`?",
    );
    check_above(
        "#[limit(\"db\", at_time = 3)]",
        "2:15-22: `#[limit]` has no argument `at_time`; did you mean `at_a_time`?",
    );
    check_above(
        "#[pipe_input(steps(g))]",
        "2:14-19: `#[pipe_input]` has no argument `steps`; did you mean `step`?",
    );
    check_above("#[offload(now)]", "2:11-14: `#[offload]` has no arguments; write `#[offload]` alone");
    check_above("#[spawn(2)]", "2:9-10: `#[spawn]` has no arguments; write `#[spawn]` alone");
    check_above("#[tag = \"x\"]", "2:9-12: `#[tag]` has its arguments in parentheses; write `#[tag(..)]`");
}

#[test]
fn config_keys_without_an_equals_sign() {
    check_above(
        "#[config_when(\"env\", \"prod\")]",
        "2:15-28: a config key and its value have `=` between them; write `env = \"prod\"`",
    );
    check_above(
        "#[config_when_in(\"data.env\", [\"prod\", \"test\"], named(g))]",
        "2:18-46: a config key and its value have `=` between them; write `\"data.env\" = [\"prod\", \"test\"]`",
    );
    check_above(
        "#[pipe_input(step(other::g).when(\"env\", 3))]",
        "2:34-42: a config key and its value have `=` between them; write `env = 3`",
    );
}

#[test]
fn ranges_of_times_with_another_separator() {
    for (text, last) in [("100ms-2s", 40), ("100ms to 2s", 43), ("100ms, 2s", 41), ("100ms – 2s", 42)] {
        check_above(
            &format!("#[retry(attempts = 3, backoff = \"{text}\")]"),
            &format!("2:33-{}: the ends of a range have `..` between them; write `\"100ms..2s\"`", last + 3),
        );
    }
}

#[test]
fn checks_below_the_decorator_that_creates_their_output() {
    check_above(
        "#[extract_fields(mean: f64)]\n#[check_output(range = 0.0.., on(mean))]",
        "3:34-38: `mean` is made by `#[extract_fields]` above, which is applied after `#[check_output]`; swap the two: write \
         `#[check_output(.., on(mean))]` above `#[extract_fields(..)]`",
    );
    check_above(
        "#[extract_fields(mean: f64)]\n#[pipe_output(step(other::g), on_output(mean))]",
        "3:41-45: `mean` is made by `#[extract_fields]` above, which is applied after `#[pipe_output]`; swap the two: write \
         `#[pipe_output(.., on_output(mean))]` above `#[extract_fields(..)]`",
    );
}

#[test]
fn invalid_names() {
    let no_name = |name: &str| {
        format!("`{name}` can be the name of nothing, not even as `r#{name}`; choose another one")
    };
    check_above(
        "#[parameterize(crate(rate = value(1.0)), self(rate = value(1.0)))]",
        &format!("2:16-21: {}\n2:42-46: {}", no_name("crate"), no_name("self")),
    );
    check_above("#[parameterize_values(super(rate = 1.0))]", &format!("2:23-28: {}", no_name("super")));
    check_above(
        "#[parameterized_subdag(inner, Self(inputs(x = value(1.0))))]",
        &format!("2:31-35: {}", no_name("Self")),
    );
    check_above("#[config_when(env = \"prod\", named(crate))]", &format!("2:35-40: {}", no_name("crate")));
    check_above("#[extract_outputs(super: f64)]", &format!("2:19-24: {}", no_name("super")));
    // Other keywords are valid.
    check_above("#[parameterize(type(rate = value(1.0)), gen(rate = value(2.0)))]", "");
}

#[test]
fn positional_arguments() {
    let no_such =
        |decorator: &str, example: &str| format!("`#[{decorator}]` has no such argument; write `{example}`");
    check_above("#[retry(3)]", &format!("2:9-10: {}", no_such("retry", "attempts = 3")));
    check_above("#[limit(4)]", &format!("2:9-10: {}", no_such("limit", "\"group\", at_a_time = 4")));
    check_above("#[limit(\"db\", 4)]", &format!("2:15-16: {}", no_such("limit", "at_a_time = 4")));
    check_above(
        "#[limit(at_once = 4)]",
        "2:9-16: `#[limit]` has no argument `at_once`; write one of `at_a_time`",
    );
    check_above("#[fallback(1.5)]", &format!("2:12-15: {}", no_such("fallback", "value = 1.5")));
    check_above("#[does(3)]", &format!("2:8-9: {}", no_such("does", "function")));
    check_above("#[pipe_input(3)]", &format!("2:14-15: {}", no_such("pipe_input", "step(function)")));
    check_above(
        "#[check_output(0.0..=1.0)]",
        &format!("2:16-25: {}", no_such("check_output", "range = 0.0 ..= 1.0")),
    );
    check_above(
        "#[timeout(limit = \"2s\")]",
        "2:11-16: `#[timeout]` has no argument `limit`; write the time alone, `#[timeout(\"2s\")]`",
    );
    check_above(
        "#[parameterized_subdag(inner, 3)]",
        &format!("2:31-32: {}", no_such("parameterized_subdag", "name(inputs(..))")),
    );
}

#[test]
fn fallback_function_is_positional() {
    check_above(
        "#[fallback(function = g)]",
        "2:12-20: `#[fallback]` has no argument `function`; write `value = ..`, `with = |error| ..`, or only the path of a \
         function, as in `#[fallback(other)]`",
    );
    check_above(
        "#[fallback(valeu = 1.0)]",
        "2:12-17: `#[fallback]` has no argument `valeu`; did you mean `value`?",
    );
}

#[test]
fn missing_arguments() {
    check_above("#[retry]", "2:3-8: `#[retry]` does not say how often to try; write `attempts = 3`");
    check_above("#[timeout]", "2:3-10: `#[timeout]` does not say how long; write `#[timeout(\"2s\")]`");
    check_above(
        "#[parameterize()]",
        "2:3-15: `#[parameterize]` makes no nodes; write at least one, `node(param = value(..))`",
    );
    check_above(
        "#[inject]",
        "2:3-9: `#[inject]` binds nothing; write `param = source(node)` or `param = value(..)`",
    );
    check_above("#[tag]", "2:3-6: `#[tag]` has no tags; write `key = \"word\"`");
    check_above("#[config_when]", "2:3-14: `#[config_when]` asks for no config; write `key = ..`");
    check_above(
        "#[fallback]",
        "2:3-11: `#[fallback]` has nothing to fall back to; write `value = ..`, `with = |error| ..` or a function",
    );
    check_above(
        "#[subdag(namespace = \"x\")]",
        "2:3-9: `#[subdag]` includes nothing; write the path of a `#[dataflow]` module first",
    );
    check_above(
        "#[extract_fields]",
        "2:3-17: `#[extract_fields]` names no parts; write `name: Type` for each",
    );
    check_above(
        "#[check_output(importance = \"fail\")]",
        "2:3-15: `#[check_output]` checks nothing; write a check, as in `range = 0.0..=1.0`",
    );
}

#[test]
fn unknown_parameters() {
    check_above(
        "#[inject(rat = value(1.0), rate = value(1.0), rate = value(2.0))]",
        "2:47-51: `rate` is bound twice; remove one\n\
         2:10-13: `f` has no parameter `rat`; did you mean `rate`?",
    );
    check_above(
        "#[parameterize(a(ratte = source(x)), a(rate = source(x)))]",
        "2:38-39: `a` is there twice; remove one\n2:18-23: `f` has no parameter `ratte`; did you mean `rate`?",
    );
    check(
        "#[pipe_input(step(g, by = value(1)), on_input(outers))] pub fn f(rate: f64, extra: u8) -> f64 { 1.0 }\n\
         fn g(number: f64, from: f64) -> f64 { 1.0 }",
        "2:22-24: `g` has no parameter `by`; write one of `number`, `from`\n\
         2:47-53: `f` has no parameter `outers`; write one of `rate`, `extra`",
    );
}

#[test]
fn invalid_bindings() {
    check_above("#[inject(rate = 1.0)]", "2:17-20: a value and a node are told apart; write `value(1.0)`");
    check_above("#[inject(rate = sorce(x))]", "2:17-22: `sorce` binds nothing; did you mean `source`?");
    check_above(
        "#[inject(rate = other)]",
        "2:17-22: `other` is neither a node nor a value; write `source(other)` or `value(other)`",
    );
    check_above(
        "#[inject(rate = list[source(x)], others = map { a = value(1) })]",
        "2:17-21: `list[..]` makes a `Vec`, and `rate` asks for `f64`; ask for `&[T]` or `Vec<T>`\n\
         2:43-46: `map { .. }` makes a map by text, and `others` asks for `[f64]`; ask for `HashMap<String, T>` or `BTreeMap<String, T>`",
    );
}

#[test]
fn invalid_durations() {
    let why = |text: &str| {
        format!(
            "`{text}` is no time; write a number and one of `ns`, `us`, `ms`, `s`, `min`, `h`: `\"250ms\"`"
        )
    };
    check_above("#[timeout(\"soon\")]", &format!("2:11-17: {}", why("soon")));
    check_above("#[timeout(5)]", &format!("2:11-12: {}", why("5")));
    check_above("#[retry(attempts = 2, backoff = \"1s..2x\")]", &format!("2:33-41: {}", why("2x")));
    check_above(
        "#[retry(attempts = 2, backoff = \"2s..1s\")]",
        "2:33-41: `2s..1s` ends before it begins; write the shortest wait first",
    );
    check_above("#[timeout(\"1.5 min\")] #[retry(attempts = 2, backoff = \"100µs..1h\", jitter)]", "");
}

#[test]
fn conflicting_decorators() {
    check_above(
        "#[parameterize_values(a(rate = 1.0))]\n#[inject(rate = value(1.0))]",
        "3:3-9: `#[parameterize_values]` and `#[inject]` each say which nodes `f` becomes; write one of the two",
    );
    check_above("#[offload]\n#[offload]", "3:3-10: `#[offload]` is there twice; remove one");
    check_above("#[spawn]\n#[spawn]", "3:3-8: `#[spawn]` is there twice; remove one");
    check_above(
        "#[offload]\n#[spawn]",
        "3:3-8: `f` has both `#[offload]` and `#[spawn]`; keep `#[offload]` if it blocks, or `#[spawn]` if it computes",
    );
    check_above(
        "#[retry(attempts = 0, jitter)]",
        "2:20-21: the first call is an attempt; write at least `1`\n\
         2:23-29: `jitter` varies the wait between attempts, and there is none; write `backoff = \"100ms..2s\"` too",
    );
    check_above(
        "#[fallback(value = 1.0, with = |_| 2.0)]",
        "2:25-29: there is one fallback; write one of `value = ..`, `with = ..` and a function, or the decorator again",
    );
}

#[test]
fn mismatched_parts() {
    check(
        "#[unpack_fields(a, b, c)]\npub fn f() -> io::Result<(u8, u8)> { g() }",
        "2:23-24: `f` gives 2 values, and there are 3 names for them; remove what is too much",
    );
    check(
        "#[extract_fields(a: u8)]\npub fn f() -> (u8, u8) { g() }",
        "2:18-19: `f` gives `(u8, u8)`, which has no field names; write `#[unpack_fields(..)]`",
    );
    check(
        "#[extract_fields(a, b: u8 = 1)]\npub fn f() -> Moments { g() }",
        "2:18-19: nothing says which type `a` has; write `a: Type`\n\
         2:29-30: only a key of a map can be missing; remove it",
    );
    check(
        "#[extract_fields(a: u8, g: u8)]\npub fn f() -> Moments { g() }\npub fn g() -> u8 { 1 }",
        "2:25-26: there is a `g` already, of function `g`; give one of the two another name",
    );
    check(
        "#[check_output(range = 0..1, on(meen))]\n#[extract_fields(mean: u8)]\npub fn f() -> Moments { g() }",
        "2:33-37: `f` has no output `meen`; did you mean `mean`?",
    );
}

#[test]
fn decorators_of_one_of_several_outputs() {
    let several =
        "#[parameterize_values(eu(rate = 1.0), us(rate = 2.0))]\npub fn f(rate: f64) -> Moments { g() }";
    check(
        &format!("#[extract_outputs(mean: f64)]\n{several}"),
        "2:3-18: `#[extract_outputs]` takes one output apart, and `f` gives `eu`, `us`; name the one that it is about behind the \
         parts, as in `#[extract_outputs(.., on(eu))]`",
    );
    check(&format!("#[extract_outputs(mean: f64, on(us))]\n{several}"), "");
    // The last output of a row is a single node.
    check(
        "#[unpack_fields(low)]\n#[parameterize(a(rate = value(1.0)), b(rate = source(a)))]\npub fn f(rate: (f64, f64)) -> (f64, f64) { rate }",
        "",
    );
}

#[test]
fn failure_decorators_of_infallible_functions() {
    let above = |decorators: &str, expect: &str| {
        check(&format!("{decorators}\npub fn f() -> f64 {{ 1.0 }}"), expect);
    };
    let why = |decorator: &str, name: &str| {
        format!(
            "`#[{decorator}]` does nothing here: `{name}` returns `f64` and no `Result`, and a panic is no failure; remove it, or \
             return a `Result`"
        )
    };
    above(
        "#[fallback(value = 1.0)]\n#[retry(attempts = 2)]",
        &format!("3:3-8: {}\n2:3-11: {}", why("retry", "f"), why("fallback", "f")),
    );
    // A timeout below the retry is a failure; a timeout above is not.
    above("#[retry(attempts = 2)]\n#[timeout(\"2s\")]", "");
    above("#[timeout(\"2s\")]\n#[retry(attempts = 2)]", &format!("3:3-8: {}", why("retry", "f")));
    // The effect of these decorators is only known in `build`.
    above("#[retry(attempts = 2)]\n#[decorate(Mine)]", "");
    above("#[resolve(mine)]\n#[retry(attempts = 2)]", "");
    check(
        "#[does(g)]\n#[retry(attempts = 2)]\npub fn f() -> f64 { 1.0 }\nfn g() -> io::Result<f64> { Ok(1.0) }",
        "",
    );
    check(
        "#[does(g)]\n#[retry(attempts = 2)]\npub fn f() -> f64 { 1.0 }\nfn g() -> f64 { 1.0 }",
        &format!("3:3-8: {}", why("retry", "f")),
    );
    check("#[retry(attempts = 2)]\npub fn f() -> io::Result<f64> { Ok(1.0) }", "");
}

#[test]
fn decorators_above_a_fallback_that_cannot_fail() {
    let above = |decorators: &str, expect: &str| {
        let others = "fn cached() -> f64 { 1.0 }\nfn stored() -> io::Result<f64> { Ok(1.0) }";
        check(&format!("{decorators}\npub async fn f() -> io::Result<f64> {{ Ok(1.0) }}\n{others}"), expect);
    };
    let retry = "2:3-8: `#[retry]` never calls `f` again, because the `#[fallback]` below it replaces every error; write \
                 `#[retry]` below `#[fallback]`";
    let fallback = "2:3-11: this `#[fallback]` is never used, because the `#[fallback]` below it replaces every error; remove \
                    one of the two";
    for below in ["value = 1.0", "with = |_| 1.0", "cached"] {
        above(&format!("#[retry(attempts = 2)]\n#[fallback({below})]"), retry);
        above(&format!("#[retry(attempts = 2)]\n#[offload]\n#[limit(\"a\")]\n#[fallback({below})]"), retry);
        above(&format!("#[fallback(stored)]\n#[fallback({below})]"), fallback);
        above(&format!("#[fallback({below})]\n#[retry(attempts = 2)]"), "");
        above(&format!("#[retry(attempts = 2)]\n#[timeout(\"2s\")]\n#[fallback({below})]"), "");
        above(&format!("#[retry(attempts = 2)]\n#[decorate(Mine)]\n#[fallback({below})]"), "");
    }
    for below in ["stored", "elsewhere::stored"] {
        above(&format!("#[retry(attempts = 2)]\n#[fallback({below})]"), "");
        above(&format!("#[fallback(value = 1.0)]\n#[fallback({below})]"), "");
    }
}

#[test]
fn equal_timeouts() {
    let above = |decorators: &str, expect: &str| {
        check(&format!("{decorators}\npub async fn f() -> io::Result<f64> {{ Ok(1.0) }}"), expect);
    };
    let why = "2:3-10: this `#[timeout]` limits the same time as the one below it, and only the shorter one can fire; remove one \
               of the two";
    above("#[timeout(\"2s\")]\n#[timeout(\"1s\")]", why);
    above("#[timeout(\"2s\")]\n#[limit(\"a\")]\n#[tag(a = \"b\")]\n#[timeout(\"1s\")]", why);
    above("#[timeout(\"2s\")]\n#[retry(attempts = 2)]\n#[timeout(\"1s\")]", "");
    above("#[timeout(\"2s\")]\n#[fallback(elsewhere::stored)]\n#[timeout(\"1s\")]", "");
    above("#[timeout(\"2s\")]\n#[decorate(Mine)]\n#[timeout(\"1s\")]", "");
}

#[test]
fn decorators_of_helpers() {
    let excluded = "#[exclude]\npub fn f(rate: f64) -> io::Result<f64> { Ok(rate) }\n";
    check(
        &format!("#[tag(owner = \"x\")]\n#[config_when(env = \"x\")]\n{excluded}"),
        "3:3-14: `#[config_when]` says nothing here: `f` is excluded, and so no node; remove one of the two\n\
         2:3-6: `#[tag]` says nothing here: `f` is excluded, and so no node; remove one of the two",
    );
    check(
        &format!("#[retry(attempts = 2)]\n{excluded}"),
        "2:3-8: `#[retry]` says nothing here: `f` is excluded, and no step of this module; remove one of the two, or write the \
         function outside of the module, below `#[node]`",
    );
    check(
        &format!("#[retry(attempts = 2)]\n{excluded}#[pipe_output(step(f))]\npub fn g() -> f64 {{ 1.0 }}"),
        "",
    );
    check(
        "#[retry(attempts = 2)]\nfn f() -> io::Result<f64> { Ok(1.0) }\n#[fallback(f)]\npub fn g() -> io::Result<f64> { Ok(1.0) }",
        "2:3-8: `#[retry]` says nothing here: what calls `f` calls the function alone, without its decorators; remove it",
    );
}

#[test]
fn unknown_functions() {
    check(
        "#[pipe_output(step(halvd))]\npub fn f() -> u8 { 1 }\n#[exclude] pub fn halved(number: u8) -> u8 { 1 }",
        "2:20-25: there is no function `halvd` here; did you mean `halved`?",
    );
    check(
        "#[mutate(g)]\nfn f(number: u8) -> u8 { 1 }\npub fn gg() -> u8 { 1 }",
        "2:10-11: this dataflow has no function `g`; did you mean `gg`?",
    );
    check(
        "#[retry(attempts = 2)] fn f(number: u8) -> io::Result<u8> { Ok(1) }\npub fn g() -> u8 { 1 }",
        "2:3-8: `#[retry]` says nothing here: `f` is private and no other decorator calls it; write `pub fn`",
    );
    check("use super::*; #[pipe_output(step(halved))]\npub fn f() -> u8 { 1 }", "");
}

#[test]
fn decorators_under_cfg_attr() {
    let why = |name: &str| {
        format!(
            "`#[dataflow]` reads decorators before anybody knows whether `cfg_attr` lets `#[{name}]` be there; write the \
             function twice, each time under its own `#[cfg(..)]`, with `#[{name}]` above one of the two"
        )
    };
    check_above("#[cfg_attr(unix, tag(owner = \"x\"))]", &format!("2:1-36: {}", why("tag")));
    check_above(
        "#[cfg_attr(all(unix, test), inline, cfg_attr(test, icosian::decorators::tag(a = \"x\")))]",
        &format!("2:1-88: {}", why("tag")),
    );
    check(
        "#[cfg_attr(unix, tag(a = \"x\"))]\nfn f() -> u8 { 1 }\npub fn g() -> u8 { f() }",
        &format!("2:1-32: {}", why("tag")),
    );
    check_above("#[cfg_attr(unix, inline)]", "");
}

#[test]
fn decorators_of_other_items() {
    check(
        "pub fn f() -> u8 { 1 }\n#[tag(a = \"x\")] struct A;\nimpl A { #[retry(attempts = 2)] fn g(&self) {} }",
        "3:3-6: `#[tag]` decorates nodes, and this is none; write it above a `pub fn` of the module\n\
         4:12-17: `#[retry]` decorates nodes, and this is none; write it above a `pub fn` of the module",
    );
    // These can be attributes of other crates.
    check("pub fn f() -> u8 { 1 }\n#[derive(Tagged)] #[tag(a = \"x\")] struct A;", "");
    check("use other::tag; pub fn f() -> u8 { 1 }\n#[tag(a = \"x\")] struct A;", "");
    check("use super::*; pub fn f() -> u8 { 1 }\n#[tag(a = \"x\")] struct A;", "");
}

#[test]
fn reserved_decorators() {
    check_above(
        "#[cache(format = \"json\")]",
        "2:1-26: `#[cache]` is not there yet: it keeps outputs between runs; remove it",
    );
    check_above(
        "#[icosian::expand]",
        "2:1-19: `#[expand]` is not there yet: it makes nodes while a dataflow runs; remove it",
    );
}

#[test]
fn cycles_through_nodes_of_decorators() {
    check(
        "#[parameterize(a(rate = source(b)), b(rate = source(a)))]\npub fn f(rate: f64) -> f64 { rate }",
        "2:53-54: nodes read each other in a circle: `a` → `b` → `a`; give one of these parameters a name that is not a node's",
    );
    check(
        "#[parameterize(a(rate = source(x)), b(rate = source(a)))]\npub fn f(rate: f64) -> f64 { rate }",
        "",
    );
    check("#[inject(f = source(x))]\npub fn f(f: f64) -> f64 { f }", "");
    check(
        "#[unpack_fields(a)]\npub fn f(a: f64) -> (f64, f64) { g() }",
        "2:17-18: nodes read each other in a circle: `f` → `a` → `f`; give one of these parameters a name that is not a node's",
    );
}

#[test]
fn arguments_accept_parameters_with_or_without_underscore() {
    check(
        "fn step(_by: u64) -> u64 { 1 }\n\
         #[pipe_input(step(step), on_input(_w))]\n\
         #[inject(_z = value(1), v = value(2))]\n\
         pub fn q(_w: u64, _z: u64, _v: u64) -> u64 { 1 }\n\
         #[parameterize(two(_w = value(1)))]\n\
         pub fn one(w: u64) -> u64 { w }\n\
         #[does(step, _by = _ours)]\n\
         pub fn done(_ours: u64) -> u64 { 1 }\n\
         #[subdag(other::flow, external(_mean))]\n\
         pub fn report(_mean: f64) -> f64 { 1.0 }",
        "",
    );
    // A node of the exact name is read, and the parameter keeps its underscore.
    check("pub fn _w() -> u64 { 1 }\n#[inject(w = value(1))]\npub fn q(_w: u64) -> u64 { 1 }", "");
    check(
        "#[inject(_z = value(1))]\npub fn q(_w: u64) -> u64 { 1 }",
        "2:10-12: `q` has no parameter `_z`; write one of `w`",
    );
}
