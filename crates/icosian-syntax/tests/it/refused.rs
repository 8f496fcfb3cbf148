//! Errors of functions, parameters and modules, with their wording and tokens.

use proc_macro2::{TokenStream, TokenTree};

/// Returns a line for each error in `written`: its span and its message.
fn errors(written: TokenStream) -> String {
    let mut found = Vec::new();
    collect(written, &mut found);
    found.join("\n")
}

fn collect(written: TokenStream, found: &mut Vec<String>) {
    // The error starts at the first of the four colons of `::core::compile_error!`.
    let mut colons = Vec::new();
    let mut after_compile_error = false;
    for token in written {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => after_compile_error = true,
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons.push(punct.span()),
            TokenTree::Group(group) if after_compile_error => {
                let text: syn::LitStr = syn::parse2(group.stream()).expect("a text");
                let (from, to) = (colons[colons.len() - 4].start(), group.span().end());
                found.push(format!("{}:{}-{}: {}", from.line, from.column + 1, to.column + 1, text.value()));
                after_compile_error = false;
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            _ => {}
        }
    }
}

/// Checks the errors of a module with these `functions`, which start at line 2.
#[track_caller]
pub(crate) fn check(functions: &str, expect: &str) {
    let module = format!("mod flow {{\n{functions}\n}}").parse().expect("tokens");
    assert_eq!(errors(icosian_syntax::dataflow(TokenStream::new(), module)), expect);
}

#[track_caller]
fn check_options(options: &str, expect: &str) {
    let module = "mod flow { pub fn a() -> u8 { 1 } }".parse().expect("tokens");
    assert_eq!(errors(icosian_syntax::dataflow(options.parse().expect("tokens"), module)), expect);
}

#[track_caller]
fn check_dataflow(item: &str, expect: &str) {
    assert_eq!(errors(icosian_syntax::dataflow(TokenStream::new(), item.parse().expect("tokens"))), expect);
}

#[track_caller]
fn check_node(item: &str, expect: &str) {
    assert_eq!(errors(icosian_syntax::node(TokenStream::new(), item.parse().expect("tokens"))), expect);
}

#[test]
fn functions_that_cannot_be_nodes() {
    check(
        "pub unsafe fn f() -> u8 { 1 }",
        "2:5-11: node `f` is unsafe, and nobody who calls a node can keep its promise; call the unsafe function from a safe node",
    );
    check(
        "pub extern \"C\" fn f() -> u8 { 1 }",
        "2:5-15: node `f` is an extern function; call the extern function from a plain node",
    );
    check(
        "pub fn f<'a, T: Copy>(a: &'a T) -> u8 { 1 }",
        "2:14-21: node `f` is generic, and nothing says which type `T` stands for; write a node for each type that is needed, and let them call a private generic function",
    );
    check(
        "pub fn f<const N: usize>(a: [u8; N]) -> u8 { 1 }",
        "2:10-24: node `f` is generic, and nothing says which constant `N` stands for; write a node for each constant that is needed, and let them call a private generic function",
    );
    check(
        "pub unsafe extern \"C\" fn f(count: u8, ...) -> u8 { 1 }",
        "2:5-11: node `f` is unsafe, and nobody who calls a node can keep its promise; call the unsafe function from a safe node\n\
         2:12-22: node `f` is an extern function; call the extern function from a plain node\n\
         2:39-42: node `f` is variadic; name each of its parameters",
    );
    check_node(
        "fn f(&self, a: u8) -> u8 { 1 }",
        "1:6-11: node `f` is a method; write a function that takes the value as a parameter",
    );
}

#[test]
fn parameters_that_read_nothing() {
    check(
        "pub fn f((a, b): (u8, u8)) -> u8 { 1 }",
        "2:10-16: node `f` has a pattern for a parameter, and no name says what it reads; write a name, and take the value apart in the body",
    );
    check(
        "pub fn f(_: u8) -> u8 { 1 }",
        "2:10-11: node `f` has a pattern for a parameter, and no name says what it reads; write a name, and take the value apart in the body",
    );
    check(
        "pub fn f(whole @ Some(_): Option<u8>) -> u8 { 1 }",
        "2:10-25: node `f` has a pattern for a parameter, and no name says what it reads; write a name, and take the value apart in the body",
    );
    check(
        "pub fn f(a: &mut Vec<u8>) -> u8 { 1 }",
        "2:13-25: parameter `a` changes what others read; take the value, change it and give it",
    );
    check(
        "pub fn f(a: Option<&mut [u8]>) -> u8 { 1 }",
        "2:20-29: parameter `a` changes what others read; take the value, change it and give it",
    );
    check(
        "pub fn f(a: &impl AsRef<str>) -> u8 { 1 }",
        "2:13-29: parameter `a` is of any type that is `impl AsRef<str>`; write which type it is",
    );
    check(
        "pub fn f(#[cfg(unix)] a: u8) -> u8 { 1 }",
        "2:10-22: a parameter of node `f` is there only sometimes; write the function twice, each under its `#[cfg]`",
    );
    check("pub fn f(mut a: u8, b: &&str, c: &Option<&str>, d: &'static str) -> u8 { 1 }", "");
}

#[test]
fn defaults_without_effect() {
    check(
        "pub fn f(#[default(1)] a: Option<u8>) -> u8 { 1 }",
        "2:10-23: `#[default(..)]` says nothing on `a`, whose default is `None`; write the parameter's type without `Option`",
    );
    check(
        "pub fn f(#[default] a: u8) -> u8 { 1 }",
        "2:10-20: `#[default]` has no value; write `#[default(value)]`",
    );
    check(
        "pub fn f(#[default()] a: u8) -> u8 { 1 }",
        "2:20-21: unexpected end of input, expected an expression",
    );
    check(
        "pub fn f(#[default(1)] #[default(2)] a: u8) -> u8 { 1 }",
        "2:24-37: a parameter has one default; remove this `#[default(..)]`",
    );
}

#[test]
fn outputs_that_are_not_static() {
    check("pub fn f() {}", "");
    check("pub async fn f() {}", "");
    check("pub fn f() -> () {}", "");
    check(
        "pub fn f() -> ! { loop {} }",
        "2:15-16: node `f` never returns; return a value, or omit the return type",
    );
    check(
        "pub fn f(a: &str) -> &str { a }",
        "2:22-26: node `f` gives a value that borrows, which would outlive what it borrows from; give an owned value",
    );
    check(
        "pub fn f<'a>(a: &'a str) -> Option<Cow<'a, str>> { a }",
        "2:29-49: node `f` gives a value that borrows, which would outlive what it borrows from; give an owned value",
    );
    check(
        "pub fn f() -> impl Iterator<Item = u8> { [1].into_iter() }",
        "2:15-39: node `f` gives `impl Iterator<Item = u8>`, a type without a name; give a type that has one, a `Box<dyn ..>` for instance",
    );
    check(
        "pub fn f() -> Box<impl Copy> { Box::new(1) }",
        "2:15-29: node `f` gives `impl Copy`, a type without a name; give a type that has one, a `Box<dyn ..>` for instance",
    );
    check("pub fn f() -> Box<dyn Fn(&str) -> &str + Send + Sync> { Box::new(|a| a) }", "");
    check(
        "pub fn f() -> impl std::future::Future<Output = u8> + Send { async { 1 } }",
        "2:15-59: node `f` gives a future, which nobody would await; write `async fn` instead",
    );
    check(
        "pub fn f() -> Pin<Box<dyn Future<Output = u8> + Send>> { Box::pin(async { 1 }) }",
        "2:15-55: node `f` gives a future, which nobody would await; write `async fn` instead",
    );
    check(
        "pub fn f() -> futures::future::BoxFuture<'static, u8> { g() }",
        "2:15-54: node `f` gives a future, which nobody would await; write `async fn` instead",
    );
    check(
        "pub async fn f() -> impl Future<Output = u8> { async { 1 } }",
        "2:21-45: node `f` outputs a future that is never awaited; await it in the body and return its result",
    );
}

#[test]
fn boxed_errors_that_cannot_move_to_another_thread() {
    let why = |error: &str| {
        format!(
            "node `f` fails with `{error}`, which cannot move to another thread; write `Box<dyn Error + Send + Sync>`"
        )
    };
    check("pub fn f() -> Result<u8, Box<dyn Error>> { g() }", &format!("2:26-40: {}", why("Box<dyn Error>")));
    check(
        "pub async fn f() -> std::result::Result<u8, Box<dyn std::error::Error + Send>> { g() }",
        &format!("2:45-78: {}", why("Box<dyn std::error::Error + Send>")),
    );
    check("pub fn f() -> Result<u8, Box<dyn Error + Send + Sync>> { g() }", "");
    check("pub fn f() -> Result<Box<dyn Error>, Failed> { g() }", "");
}

#[test]
fn borrowed_trait_objects() {
    check(
        "pub fn f(client: &dyn Client, label: Option<&(dyn Label + Sync)>) -> u8 { 1 }",
        "2:18-29: parameter `client` borrows `dyn Client`, and values are stored by their owner; borrow the type that the \
         node or input has, `&Arc<dyn Client>` or `&Box<dyn Client>`\n\
         2:38-65: parameter `label` borrows `dyn Label + Sync`, and values are stored by their owner; borrow the type that \
         the node or input has, `&Arc<dyn Label + Sync>` or `&Box<dyn Label + Sync>`",
    );
    check("pub fn f(client: &Arc<dyn Client>) -> u8 { 1 }", "");
}

#[test]
fn parameters_that_read_an_unchecked_output() {
    let takes = "the output of `price` before its check, a name that `#[check_output]` takes, so";
    check(
        "#[check_output(range = 0.0..)]\npub fn price(price_raw: f64) -> f64 { 1.0 }",
        &format!(
            "3:14-23: `price_raw` is {takes} `price` would read itself; rename the parameter, or bind it: \
             `#[inject(price_raw = source(..))]`"
        ),
    );
    check(
        "pub fn cost(price_raw: f64) -> f64 { 1.0 }\n#[check_output_custom(Positive)]\npub fn price(cost: f64) -> f64 { 1.0 }",
        &format!(
            "2:13-22: `price_raw` is {takes} `cost`, `price` read each other in a circle; rename the parameter, or bind it: \
             `#[inject(price_raw = source(..))]`"
        ),
    );
    // Other nodes of the same function: an extracted part, and nodes of a parameterization.
    check(
        "#[check_output(range = 0.0.., on(mean))]\n#[extract_fields(mean: f64)]\npub fn moments(mean_raw: f64) -> Moments { g() }",
        "4:16-24: `mean_raw` is the output of `mean` before its check, a name that `#[check_output]` takes, so `moments`, \
         `mean` read each other in a circle; rename the parameter, or bind it: `#[inject(mean_raw = source(..))]`",
    );
    check(
        "#[check_output(range = 0.0..)]\n#[inject(price_raw = source(list_price))]\npub fn price(price_raw: f64) -> f64 { 1.0 }",
        "",
    );
    check(
        "#[check_output(range = 0.0..)]\npub fn price() -> f64 { 1.0 }\npub fn report(price_raw: f64, price: f64) -> f64 { 1.0 }",
        "",
    );
    check(
        "#[check_output(range = 0.0..)]\npub fn price() -> f64 { 1.0 }\npub fn price_raw() -> f64 { 1.0 }",
        "4:8-17: `price_raw` is also the output of `price` before its check, a name that `#[check_output]` takes; rename \
         the function",
    );
    check_node(
        "#[check_output(range = 0.0..)] fn price(price_raw: f64) -> f64 { 1.0 }",
        &format!(
            "1:41-50: `price_raw` is {takes} `price` would read itself; rename the parameter, or bind it: \
             `#[inject(price_raw = source(..))]`"
        ),
    );
}

#[test]
fn functions_in_macro_calls_that_a_node_reads() {
    let why = "is in a macro call, which is expanded after `#[dataflow]`, so it is not the node that `price` reads; write \
               it outside of the call, or as a `#[node]` function that `nodes![..]` lists";
    let price = "pub fn price(discount: f64) -> f64 { 1.0 }";
    check(
        &format!("cfg_if! {{ if #[cfg(unix)] {{ pub async fn discount() -> f64 {{ 1.0 }} }} }}\n{price}"),
        &format!("2:42-50: `discount` {why}"),
    );
    check(
        &format!("nodes! {{ #[inline] pub fn discount(a: u8) -> f64 {{ 1.0 }} }}\n{price}"),
        &format!("2:27-35: `discount` {why}"),
    );
    // A helper, an input of another name, and a node that is listed separately.
    check(&format!("helpers! {{ fn discount() -> f64 {{ 1.0 }} }}\n{price}"), "");
    check(&format!("helpers! {{ pub fn other() -> f64 {{ 1.0 }} }}\n{price}"), "");
    check(&format!("helpers! {{ #[icosian::node] pub fn discount() -> f64 {{ 1.0 }} }}\n{price}"), "");
    check(&format!("macro_rules! m {{ () => {{ pub fn discount() -> f64 {{ 1.0 }} }} }}\n{price}"), "");
}

#[test]
fn decorators_imported_under_other_names() {
    let no_such = "`#[retry]` has no argument `attemps`; did you mean `attempts`?";
    for (imported, name, column) in [
        ("use icosian::retry as again;", "again", 9),
        ("use icosian::decorators::{retry as again, tag};", "again", 9),
        ("use ::icosian::prelude::retry as again;", "again", 9),
        ("use icosian::decorators as deco;", "deco::retry", 15),
        ("use icosian::{self as flow};", "flow::retry", 15),
        ("use icosian as flow;", "flow::decorators::retry", 27),
        ("use icosian::prelude;", "prelude::retry", 18),
    ] {
        check(
            &format!("#[{name}(attemps = 3)] pub fn f() -> io::Result<u8> {{ Ok(1) }} {imported}"),
            &format!("2:{column}-{}: {no_such}", column + 7),
        );
    }
    // These attributes belong to other crates.
    check("use backoff::retry as again;\n#[again(attemps = 3)] pub fn f() -> u8 { 1 }", "");
    check("use other as deco;\n#[deco::retry(attemps = 3)] pub fn f() -> u8 { 1 }", "");
    let renamed = "mod flow { #[ico::retry(attemps = 3)] pub fn f() -> io::Result<u8> { Ok(1) } }";
    let written = icosian_syntax::dataflow(quote::quote!(crate = ico), renamed.parse().expect("tokens"));
    assert_eq!(errors(written), format!("1:25-32: {no_such}"));
}

#[test]
fn cycles_of_nodes() {
    check(
        "pub fn a(b: u8) -> u8 { 1 }\npub fn b(c: u8) -> u8 { 1 }\npub fn c(x: u8, a: u8) -> u8 { 1 }",
        "4:17-18: nodes read each other in a circle: `a` → `c` → `b` → `a`; give one of these parameters a name that is not a node's",
    );
    check(
        "pub fn a(r#a: u8) -> u8 { 1 }",
        "2:10-13: nodes read each other in a circle: `a` → `a`; give one of these parameters a name that is not a node's",
    );
    check(
        "pub fn a(b: u8) -> u8 { 1 }\npub fn b(a: u8, b: u8) -> u8 { 1 }",
        "3:10-11: nodes read each other in a circle: `a` → `b` → `a`; give one of these parameters a name that is not a node's\n\
         3:17-18: nodes read each other in a circle: `b` → `b`; give one of these parameters a name that is not a node's",
    );
    check("pub fn a(b: u8) -> u8 { 1 }\n#[cfg(unix)] pub fn b(a: u8) -> u8 { 1 }", "");
    check("pub fn a(b: u8) -> u8 { 1 }\nfn b(a: u8) -> u8 { 1 }", "");
}

#[test]
fn modules_that_cannot_be_dataflows() {
    check(
        "fn f() {}",
        "1:5-9: dataflow `flow` has no nodes: private functions are not nodes; write `pub fn`",
    );
    check(
        "pub(self) fn f() -> u8 { 1 }",
        "1:5-9: dataflow `flow` has no nodes: private functions are not nodes; write `pub fn`",
    );
    check(
        "pub fn dataflow() -> u8 { 1 }",
        "2:8-16: `dataflow` is the function that returns the nodes of this module; give the node another name",
    );
    check(
        "#[icosian::node] pub fn f() -> u8 { 1 }",
        "2:1-17: `#[node]` says nothing here: `f` is a node because it is a `pub fn` of a `#[dataflow]` module; remove the attribute",
    );
    check(
        "#[node()] pub fn f() -> u8 { 1 }",
        "2:1-10: `#[node]` says nothing here: `f` is a node because it is a `pub fn` of a `#[dataflow]` module; remove the attribute",
    );
    check_dataflow(
        "mod elsewhere;",
        "1:5-14: `#[dataflow]` sees only what stands in `mod elsewhere { .. }`; write the module here, or `#[node]` above each function of its file and list them with `nodes![..]`",
    );
    check_dataflow(
        "fn f() -> u8 { 1 }",
        "1:4-5: `#[dataflow]` stands on something that is not a module; write it above `mod name { .. }`, or `#[node]` above a function",
    );
    check_dataflow(
        "struct S;",
        "1:8-9: `#[dataflow]` stands on something that is not a module; write it above `mod name { .. }`, or `#[node]` above a function",
    );
    check_dataflow(
        "impl S { fn f() {} }",
        "1:6-7: `#[dataflow]` stands on something that is not a module; write it above `mod name { .. }`, or `#[node]` above a function",
    );
    check_node("mod flow { }", "1:5-9: `#[node]` stands on a module; write `#[dataflow]` above a module");
    check_node(
        "struct S;",
        "1:8-9: `#[node]` stands on something that is not a function; write it above a `fn`",
    );
}

#[test]
fn functions_that_are_neither_nodes_nor_private() {
    let why = |name| {
        format!(
            "`{name}` is neither a node nor private; write `pub` for a node, or no visibility for a helper"
        )
    };
    check("pub(crate) fn f() {}", &format!("2:1-11: {}", why("f")));
    check("pub(super) async fn r#type(_: u8) -> &str { \"\" }", &format!("2:1-11: {}", why("type")));
    check("pub fn g() -> u8 { 1 }\npub(in super::super) fn f() {}", &format!("3:1-21: {}", why("f")));
    check("pub fn g() -> u8 { 1 }\npub(self) fn f() {}\npub(in self) fn h() {}", "");
    check_node("pub(crate) fn f() -> u8 { 1 }", "");

    let module = "mod flow { pub(crate) fn f(#[default(1)] a: u8) -> u8 { a } }".parse().expect("tokens");
    let written = icosian_syntax::dataflow(TokenStream::new(), module).to_string();
    assert!(written.contains("pub (crate) fn f (a : u8) -> u8 { a }"), "{written}");
}

#[test]
fn nodes_disabled_by_cfg() {
    let why = "node `f` is there only sometimes, and its handle does not see when behind `cfg_attr`; write `#[cfg(..)]` itself";
    check("#[cfg_attr(unix, cfg(test))] pub fn f() -> u8 { 1 }", &format!("2:1-29: {why}"));
    check(
        "#[cfg_attr(all(unix, test), inline, cfg_attr(test, cold, cfg(debug_assertions)))] pub fn f() -> u8 { 1 }",
        &format!("2:1-82: {why}"),
    );
    check("#[cfg_attr(docsrs, doc(cfg(unix)))] #[cfg_attr(cfg, inline)] pub fn f() -> u8 { 1 }", "");
    check("#[cfg_attr(unix, cfg(test))] fn f() {}\n#[cfg(unix)] pub fn g() -> u8 { 1 }", "");
    let why =
        "a parameter of node `f` is there only sometimes; write the function twice, each under its `#[cfg]`";
    check("pub fn f(#[cfg_attr(unix, cfg(test))] a: u8) -> u8 { 1 }", &format!("2:10-38: {why}"));
}

#[test]
fn unknown_options() {
    check_options("crate = a::b, name = \"x\",", "");
    check_options("name = \"x\", allow(a, b, reason = \"c\"), allow(d)", "");
    check("#[node(allow(a, reason = \"b\"))] pub fn f() -> u8 { 1 }", "");
    check_options("allow", "1:1-1: unexpected end of input, expected parentheses");
    check_options("nmae = \"x\"", "1:1-5: there is no option `nmae`; did you mean `name`?");
    check_options(
        "colour(red, green), crate = a",
        "1:1-7: there is no option `colour`; there is `allow`, `crate`, `name`",
    );
    check_options("name = x", "1:8-9: expected string literal");
    check_options("name", "1:1-1: expected `=`");
}

#[test]
fn all_errors_are_reported_in_source_order() {
    check(
        "pub fn a(_: u8) -> ! {}\npub unsafe fn b(c: &mut u8) -> u8 { 1 }\npub fn c(b: u8, c: u8) -> u8 { 1 }",
        "2:10-11: node `a` has a pattern for a parameter, and no name says what it reads; write a name, and take the value apart in the body\n\
         2:20-21: node `a` never returns; return a value, or omit the return type\n\
         3:5-11: node `b` is unsafe, and nobody who calls a node can keep its promise; call the unsafe function from a safe node\n\
         3:20-27: parameter `c` changes what others read; take the value, change it and give it\n\
         4:10-11: nodes read each other in a circle: `b` → `c` → `b`; give one of these parameters a name that is not a node's\n\
         4:17-18: nodes read each other in a circle: `c` → `c`; give one of these parameters a name that is not a node's",
    );
}

#[test]
fn functions_and_handles_are_emitted_with_errors() {
    let module = "mod flow { pub unsafe fn f(#[default] _: u8) {} }".parse().expect("tokens");
    let written = icosian_syntax::dataflow(TokenStream::new(), module).to_string();
    assert!(written.contains("pub unsafe fn f (_ : u8) { }"), "{written}");
    assert!(written.contains("struct f { }"), "{written}");
    assert!(written.contains("pub fn dataflow ()"), "{written}");
}

#[test]
fn default_above_a_function() {
    let why = "`#[default]` goes before a parameter; write `#[default(value)] name: Type` in the parentheses";
    check(
        "#[default(1.0)]\npub fn f(rate: f64) -> f64 { rate }\n#[default]\nfn helper() {}",
        &format!("2:1-16: {why}\n4:1-11: {why}"),
    );
    check("use other::default;\n#[default(1.0)]\npub fn f(rate: f64) -> f64 { rate }", "");
    let function = "#[default(1.0)] pub fn f(rate: f64) -> f64 { rate }".parse().expect("tokens");
    assert_eq!(errors(icosian_syntax::node(TokenStream::new(), function)), format!("1:1-16: {why}"));
}
