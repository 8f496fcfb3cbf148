//! Generated code for each form of a function, formatted.

use proc_macro2::TokenStream;
use quote::quote;

/// Returns the generated code of `function`, formatted.
fn node(function: TokenStream) -> String {
    pretty(icosian_syntax::node(quote!(), function))
}

fn pretty(written: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(written).expect("what is written can be read"))
}

/// Formats like [`pretty`], without the repeated path of the facade.
fn short(written: &TokenStream) -> String {
    let short = written.to_string().replace(":: icosian :: __private :: ", "").replace(":: core :: ", "");
    pretty(short.parse().expect("tokens"))
}

/// Returns the body of a function with one parameter, and the description of the parameter.
fn param(function: TokenStream) -> String {
    let written = short(&icosian_syntax::node(quote!(), function));
    let from = written.find("fn __icosian_").expect("a body");
    let until = written.rfind("    }\n}").expect("the end of `node`");
    written[from..until]
        .lines()
        .map(|line| line.strip_prefix("        ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the generated code of a module, without its functions.
fn module(module: TokenStream) -> String {
    short(&icosian_syntax::dataflow(quote!(), module))
}

#[test]
fn node_has_a_handle_an_outline_and_a_body() {
    insta::assert_snapshot!(node(quote! {
        /// The mean of all samples.
        ///
        ///     indented
        #[cfg(feature = "statistics")]
        pub(crate) fn r#mean(samples: &[f64]) -> f64 {
            samples.iter().sum::<f64>() / samples.len() as f64
        }
    }));
}

#[test]
fn module_has_a_function_that_lists_its_nodes() {
    insta::assert_snapshot!(module(quote! {
        mod statistics {
            #[cfg(unix)]
            pub fn mean() -> f64 { 1.0 }
            pub async fn label(mean: &f64, title: &str) -> io::Result<String> { read(title) }
            pub fn taken(label: String, mean: Option<f64>, taken_not: Option<&f64>) -> u8 { 1 }
            fn helper() {}
        }
    }));
}

#[test]
fn options_set_the_path_of_the_facade_and_the_name() {
    let options = quote!(crate = crate::vendored::icosian, name = "the name");
    let written = icosian_syntax::dataflow(options, quote! { pub mod one { pub fn a() -> u8 { 1 } } });
    let written = pretty(written);
    let called = written.split("crate::vendored::icosian::__private::Dataflow::from_static(").nth(1);
    assert!(called.is_some_and(|called| called.trim_start().starts_with("\"the name\"")), "{written}");
    assert!(!written.contains(" ::icosian::__private"), "{written}");
}

#[test]
fn parameters_are_read_by_their_form() {
    let forms = [
        quote!(text: &str),
        quote!(text: &'a Text<'a>),
        quote!(text: &'static str),
        quote!(mut text: Cow<'a, str>),
        quote!(text: Result<&str, &NodeError>),
        quote!(text: std::result::Result<&'a [Text<'a>], &'a icosian::NodeError>),
        quote!(callback: Box<dyn Fn(&str) -> u8>),
        quote!(text: Option<&'a str>),
        quote!(text: Option<&'static str>),
        quote!(count: std::option::Option<u8>),
        quote!(count: &Option<u8>),
        quote!(#[default(1)] count: u8),
        quote!(#[default(1)] count: &u8),
        quote!(#[default("text")] text: &str),
    ];
    let asyncness = || [quote!(), quote!(async)].into_iter();
    let all = forms.iter().flat_map(|form| asyncness().map(move |asyncness| (asyncness, form)));
    let all = all.map(|(asyncness, form)| {
        let written = param(quote! { #asyncness fn f<'a>(#form) -> u8 { 1 } });
        format!("=== {}\n{written}\n", quote!(#asyncness #form))
    });
    let all: String = all.collect();
    insta::assert_snapshot!(all);
}

#[test]
fn output_type_is_the_return_type() {
    let check = |output: TokenStream, expect: &str| {
        let written = node(quote! { fn f() -> #output { body } });
        let line = written.lines().find(|line| line.contains("type Output")).expect("an output").trim();
        assert_eq!(line, format!("type Output = {expect};"));
    };
    check(quote!(()), "()");
    check(quote!(Vec<&'static str>), "Vec<&'static str>");
    check(quote!(Box<dyn Fn(&str) -> u8 + Send + Sync>), "Box<dyn Fn(&str) -> u8 + Send + Sync>");
    check(quote!(io::Result<u8>), "<io::Result<u8> as ::icosian::__private::Fallible>::Ok");
    check(quote!(Result<u8, E>), "<Result<u8, E> as ::icosian::__private::Fallible>::Ok");
    check(quote!(Result2<u8>), "Result2<u8>");
}

#[test]
fn invalid_rust_is_returned_with_an_error() {
    let written = icosian_syntax::dataflow(quote!(), quote! { mod broken { pub fn } }).to_string();
    assert!(written.starts_with("mod broken { pub fn }"), "{written}");
    assert!(written.contains("compile_error"), "{written}");
}

/// Returns the parameters of `id`, a function of type `fn(o: u64, k: u64)`, whose edges the compiler checks.
fn checked_edges_of_id(rest: &TokenStream) -> Vec<String> {
    let written = icosian_syntax::dataflow(
        quote!(),
        quote! {
            mod m {
                pub fn o() -> String { String::new() }
                pub fn k() -> String { String::new() }
                #rest
            }
        },
    );
    let written = written.to_string();
    let is_checked = |name: &&str| written.contains(&format!("FeedsValue < {name} , id , u64 >"));
    ["o", "k"].into_iter().filter(is_checked).map(ToOwned::to_owned).collect()
}

#[test]
fn edges_of_called_functions_are_checked_unless_a_decorator_feeds_them() {
    let id = quote! { fn id(o: u64, k: u64) -> u64 { o + k } };
    let rests = [
        (quote! { #[pipe_output(step(id))] pub fn p() -> u64 { 1 } #id }, "k"),
        (quote! { #[pipe_output(step(id, k = value(1)))] pub fn p() -> u64 { 1 } #id }, ""),
        (quote! { #[pipe_output(step(self::id), step(id, k = value(1)))] pub fn p() -> u64 { 1 } #id }, "k"),
        (quote! { #[pipe_input(step(id))] pub fn p(x: u64) -> u64 { x } #id }, "k"),
        (quote! { #[pipe_input(step(id))] pub fn p(o: u64) -> u64 { o } #id }, "o k"),
        (
            quote! { #[pipe_input(step(id), on_input(o))] pub fn p(x: u64, o: u64) -> u64 { x + o } #id },
            "o k",
        ),
        (quote! { #[pipe_input(step(id))] #[inject(o = value(1))] pub fn p(o: u64) -> u64 { o } #id }, "k"),
        (quote! { pub fn p() -> u64 { 1 } #[mutate(p)] #id }, "k"),
        (quote! { pub fn p() -> u64 { 1 } #[mutate(p(k = value(1)))] #id }, ""),
        (quote! { #[does(id, o = x)] pub fn p(x: u64, k: u64) -> u64 { x } #id }, "k"),
        (quote! { #[does(id)] #[inject(k = value(1))] pub fn p(o: u64, k: u64) -> u64 { o } #id }, "o"),
        (quote! { #[fallback(id)] #[inject(k = value(1))] pub fn p(k: u64) -> Result<u64> { k } #id }, "o"),
        (quote! { #[resolve(by)] #[does(id)] pub fn p(o: u64, k: u64) -> u64 { k } #id }, ""),
        (
            quote! {
                #[pipe_output(step(first))] pub fn p() -> u64 { 1 }
                #[fallback(id)] fn first(o: u64) -> Result<u64> { o }
                #id
            },
            "k",
        ),
        (quote! { #[exclude] pub #id }, ""),
        (quote! { #[pipe_output(step(id))] pub fn p() -> u64 { 1 } pub #id }, "o k"),
    ];
    for (rest, expect) in rests {
        assert_eq!(checked_edges_of_id(&rest).join(" "), expect, "{rest}");
    }
}

#[test]
fn compiled_output_is_a_plain_function() {
    let options = quote!(outputs(report), compile);
    let written = icosian_syntax::dataflow(
        options,
        quote! {
            mod prices {
                pub async fn rate(url: &str) -> Result<f64, String> { fetch(url) }
                pub async fn stock(url: &str) -> u64 { 1 }
                #[retry(attempts = 3)]
                pub async fn price(rate: f64, discount: Option<f64>) -> Result<f64, String> { Ok(rate) }
                pub async fn order(rate: &f64, stock: u64) -> String { String::new() }
                pub fn report(price: f64, order: String) -> String { order }
            }
        },
    );
    let written = short(&written);
    let from = written.find("Runs the node").expect("the function is written");
    let until = written.find("Returns the dataflow").expect("the function `dataflow` follows");
    insta::assert_snapshot!(&written[from..until]);
}
