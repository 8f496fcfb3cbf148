//! Generated code for each decorator, formatted.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Returns the handles of a module with these functions, and the decorators of each function.
fn written(functions: &str) -> String {
    let module: TokenStream = format!("pub mod flow {{ {functions} }}").parse().expect("tokens");
    let written = icosian_syntax::dataflow(TokenStream::new(), module).to_string();
    let short = written.replace(":: icosian :: __private :: ", "").replace(":: core :: ", "");
    let file: syn::File = syn::parse_str(&short).expect("what is written can be read");
    let syn::Item::Mod(module) = &file.items[0] else { panic!("a module: {short}") };
    let (_, items) = module.content.as_ref().expect("its content");
    let mut lines = Vec::new();
    for item in items {
        let syn::Item::Impl(item) = item else { continue };
        let (trait_path, _) = item.trait_.as_ref().expect("a trait");
        let cfgs: String =
            item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).map(line).collect();
        let owner = line(&item.self_ty);
        for inner in &item.items {
            match inner {
                syn::ImplItem::Type(output) if trait_path.is_ident("Handle") => {
                    lines.push(format!("{cfgs}node {owner}: {}", line(&output.ty)));
                }
                syn::ImplItem::Fn(function) if function.sig.ident == "function" => {
                    lines.push(format!("{cfgs}fn {owner}\n    {}", tree(function)));
                }
                _ => {}
            }
        }
    }
    lines.join("\n")
}

fn line(tokens: &impl ToTokens) -> String {
    tokens
        .to_token_stream()
        .to_string()
        .replace(" :: ", "::")
        .replace(" < ", "<")
        .replace("< ", "<")
        .replace(" >", ">")
}

/// Returns the functions that build the decorators, and their list, laid out.
fn tree(function: &syn::ImplItemFn) -> String {
    let file = syn::parse2(function.to_token_stream()).expect("a function");
    let text = prettyplease::unparse(&file);
    let from = text.find("fn __icosian_decorator_0").expect("a decorator");
    text[from..].trim_end_matches(['}', '\n']).trim_end().to_owned()
}

#[test]
fn nodes_from_bindings() {
    insta::assert_snapshot!(written(
        r#"
        #[parameterize(
            /// Of {region}.
            eu(region = value("eu"), rate = source(eu_rate), limit = value(3)),
            all(rates = list[source(eu), value(1.0)], names = map { a = value(name()), "b.c" = source(d.e) }),
        )]
        pub fn report(region: &str, rate: f64, limit: Option<u64>, rates: &[f64], names: BTreeMap<String, String>) -> String { f() }

        #[parameterize_sources(low(rate = eu), high(rate = ns.us))]
        #[parameterize_values(never(rate = 1))]
        pub fn refused(rate: u64) -> u64 { 1 }

        #[inject(rate = value(None))]
        pub fn injected(rate: Option<f64>) -> Result<u64, E> { 1 }
        "#
    ));
}

#[test]
fn nodes_from_parts() {
    insta::assert_snapshot!(written(
        r#"
        #[extract_outputs(mean: f64, spread: f64)]
        pub fn moments() -> io::Result<Moments> { f() }

        #[unpack_fields(first, _, third: u8)]
        pub fn numbers() -> (u64, u64, u8) { f() }

        #[extract_fields(eu, us: f64 = 1.0, fill_with = 0.0)]
        pub fn rates() -> HashMap<String, f64> { f() }

        #[check_output(range = 0.0..=1.0, data_type = f64, importance = "fail", on(one))]
        #[check_output_custom(NotEmpty, async Known::new(), importance = level)]
        #[extract_fields(one: f64)]
        pub fn checked() -> One { f() }
        "#
    ));
}

#[test]
fn nodes_by_config() {
    insta::assert_snapshot!(written(
        r#"
        #[config_when(env = "prod", data.region = "eu")]
        pub fn rates__prod() -> f64 { 1.0 }

        #[cfg(unix)]
        #[config_when_not_in(env = ["prod", "dev"])]
        pub async fn rates__dev() -> Result<f64, E> { Ok(1.0) }

        #[config(is_large, named(rates))]
        pub fn large() -> f64 { 1.0 }

        #[exclude]
        pub fn excluded() -> f64 { 1.0 }

        #[resolve(|config| make(config))]
        pub fn resolved() -> f64 { 1.0 }
        "#
    ));
}

#[test]
fn nodes_with_steps() {
    insta::assert_snapshot!(written(
        r#"
        #[pipe_input(step(halved), step(other::clip, max = value(3.0)).when(env = "prod").named(clipped), on_input(b), namespace = "ns")]
        pub fn piped(a: u64, b: u64) -> u64 { 1 }

        #[pipe_output(step(halved, by = value(2)).on_output(mean), without_namespace)]
        #[extract_fields(mean: u64)]
        pub fn moments() -> Moments { 1 }

        fn halved(a: u64, by: u64) -> String { 1 }

        #[mutate(piped, moments(by = value(3)).on_output(mean).when_not(env = "dev"), by = source(c))]
        fn clip(a: String, by: u64) -> Vec<u8> { 1 }

        #[does(halved, a = left, by = right)]
        pub fn done(left: u64, right: u64) -> String { f() }

        #[subdag(other::flow, namespace = "ns", inputs(a = source(b)), config(k = 3, j = source(env)), external(title))]
        pub fn report(mean: f64, title: &str) -> String { f() }

        #[parameterized_subdag(nodes![a, b], eu(inputs(a = value(1))), us(config(k = 2)), inputs(c = source(d)))]
        pub fn reports(mean: f64) -> String { f() }
        "#
    ));
}

#[test]
fn marks_and_body_wrappers() {
    insta::assert_snapshot!(written(
        r#"
        #[retry(attempts = 3, backoff = "100ms..2s", jitter, when = |error: &E| error.is_timeout())]
        #[timeout("1.5s")]
        #[limit("db", max_concurrency = 4)]
        #[fallback(value = 1.0)]
        #[fallback(with = |_| 2.0)]
        #[fallback(elsewhere::other)]
        #[offload]
        #[remote(num_cpus = 4, queue = "large", share = 1 / 2)]
        #[tag(owner = "finance", data.pii = ["no"], on_all)]
        #[tag_outputs(rate(owner = "risk"))]
        #[decorate(Mine::new(3))]
        #[icosian::decorators::timeout(TIME)]
        pub async fn rate() -> io::Result<f64> { f() }
        "#
    ));
}
