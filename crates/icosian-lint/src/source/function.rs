//! Reads the signature and the body of a function into facts.

use std::collections::HashSet;

use icosian_core::decorator::{BuiltIn, Phase};
use icosian_core::node::Asyncness;
use icosian_rules::{DecoratorFacts, Fact, Form, FunctionFacts, Meaning, ParamFacts, SpanId};
use icosian_syntax::{past_underscore, written_type};
use syn::ext::IdentExt;
use syn::{Attribute, Block, FnArg, Pat, PatType, ReturnType, Signature, Type, Visibility};

use super::body::Helpers;
use super::scope::{DeclaredFunction, Scopes};
use super::{Spans, attribute, body, sequence};

/// A function in the source.
#[derive(Clone, Copy)]
pub(super) struct FunctionSource<'a> {
    pub(super) attributes: &'a [Attribute],
    pub(super) visibility: &'a Visibility,
    pub(super) signature: &'a Signature,
    pub(super) block: &'a Block,
    /// The type of the `impl` block around it.
    pub(super) of: Option<&'a Type>,
    /// The position of `#[node]` among the attributes, if the function needs it to be a node.
    pub(super) node: Option<usize>,
}

/// Reads a function, and returns it with the span of the whole item.
pub(super) fn read<'ast>(
    source: &FunctionSource<'ast>,
    module: usize,
    scopes: &Scopes<'ast>,
    helpers: &mut Helpers,
    spans: &mut Spans<'_>,
) -> (FunctionFacts, SpanId) {
    let signature = source.signature;
    let name = signature.ident.unraw().to_string();
    let mut decorators = Vec::new();
    let mut has_misplaced_decorators = false;
    for (at, found) in source.attributes.iter().enumerate() {
        let Some(decorator) = attribute::decorator(found, module, scopes, spans) else { continue };
        match source.node {
            Some(node) if at < node => has_misplaced_decorators = true,
            _ => decorators.push(decorator),
        }
    }
    let nodes = if has_misplaced_decorators { None } else { nodes(&name, &decorators) };
    let names = if !has_misplaced_decorators && decorators.iter().all(keeps_reads) {
        ReadNames::OfParams
    } else {
        ReadNames::Unknown
    };

    let end = source.block.brace_token.span.close();
    let scope = match source.visibility {
        Visibility::Inherited => attribute::item(source.attributes, &signature.fn_token, end, spans),
        visibility => attribute::item(source.attributes, visibility, end, spans),
    };
    let head = match source.visibility {
        Visibility::Inherited => spans.of(&signature.fn_token),
        visibility => spans.of(visibility),
    };
    let head_span = (signature.asyncness.is_none() || !matches!(source.visibility, Visibility::Inherited))
        .then_some(head);
    let body = DeclaredFunction { module, signature, block: source.block, of: source.of };
    let function = FunctionFacts {
        name_span: spans.of(&signature.ident),
        asyncness: if signature.asyncness.is_some() { Asyncness::Async } else { Asyncness::Sync },
        async_span: signature.asyncness.map(|word| spans.word_and_blanks(word.span)),
        head_span,
        is_there: attribute::is_there(source.attributes),
        nodes: nodes.into(),
        documented: attribute::documented(source.attributes),
        params: params(signature, names, spans),
        is_method: signature.receiver().is_some(),
        output: Some(output(signature)),
        returns_stream: returns_stream(signature),
        decorators,
        has_misplaced_decorators,
        block_span: spans.between(source.block.brace_token.span.open(), end),
        body: Fact::Known(body::read(body, scopes, helpers, spans)),
        name,
    };
    (function, scope)
}

/// Removes the leading underscore of parameter names, as `#[dataflow]` does: `_rates` reads `rates`, unless a function of
/// `functions` has the name with the underscore.
pub(super) fn read_past_underscores(functions: &mut [FunctionFacts]) {
    let exact: HashSet<String> = functions.iter().map(|function| function.name.clone()).collect();
    for function in functions {
        for at in 0..function.params.len() {
            let name = &function.params[at].name;
            let bare = past_underscore(name).to_owned();
            if bare == *name || exact.contains(name) {
                continue;
            }
            // Two parameters that read one name are a fault.
            if function.params.iter().all(|other| other.name != bare) {
                let param = &mut function.params[at];
                if param.reads.known().is_some() {
                    param.reads = Fact::Known(bare.clone());
                }
                param.name = bare;
            }
        }
        name_bindings(function);
    }
}

/// Replaces the parameter names in the decorators by the names that the parameters have in the model, with or without the leading
/// underscore.
fn name_bindings(function: &mut FunctionFacts) {
    let params = &function.params;
    for decorator in &mut function.decorators {
        let Fact::Known(Meaning::Bindings(nodes)) = &mut decorator.meaning else { continue };
        for (bound, _) in nodes.iter_mut().flat_map(|node| &mut node.params) {
            if params.iter().any(|param| param.name == *bound) {
                continue;
            }
            let bare = past_underscore(bound);
            if let Some(meant) = params.iter().find(|param| past_underscore(&param.name) == bare) {
                bound.clone_from(&meant.name);
            }
        }
    }
}

/// Returns the known nodes of the function `name`; `None` if a decorator may remove or rename them. The nodes of steps and
/// included dataflows are omitted.
fn nodes(name: &str, decorators: &[DecoratorFacts]) -> Option<Vec<String>> {
    let (mut own, mut parts) = (vec![name.to_owned()], Vec::new());
    for decorator in decorators {
        let spec = decorator.spec()?;
        match spec.phase() {
            Phase::Resolve | Phase::Create => return None,
            Phase::Parameterize if !decorator.is(BuiltIn::Inject) => {
                let Meaning::Bindings(nodes) = decorator.meaning.known()? else { return None };
                own = nodes.iter().filter_map(|it| Some(it.node.as_ref()?.0.clone())).collect();
            }
            Phase::Parameterize | Phase::Inject | Phase::Transform | Phase::Mark | Phase::Wrap => {}
        }
        if let Some(Meaning::Parts(named)) = decorator.meaning.known() {
            parts.extend(named.iter().map(|(part, _)| part.clone()).filter(|part| part != "_"));
        }
    }
    own.append(&mut parts);
    Some(own)
}

/// Returns whether the parameters still read the nodes of their names under this decorator.
fn keeps_reads(decorator: &DecoratorFacts) -> bool {
    decorator.spec().is_some_and(|spec| matches!(spec.phase(), Phase::Transform | Phase::Mark | Phase::Wrap))
}

/// The names that the parameters of a function read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadNames {
    /// Each parameter reads the node or input of the same name.
    OfParams,
    /// A decorator may bind parameters to other names.
    Unknown,
}

fn params(signature: &Signature, names: ReadNames, spans: &mut Spans<'_>) -> Vec<ParamFacts> {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    });
    typed.filter_map(|input| param(input, names, spans)).collect()
}

fn param(input: &PatType, names: ReadNames, spans: &mut Spans<'_>) -> Option<ParamFacts> {
    let Pat::Ident(pattern) = &*input.pat else { return None };
    let name = pattern.ident.unraw().to_string();
    let form = match written_type::only_argument(&input.ty, "Option") {
        Some(inner) if written_type::borrowed(inner).is_some() => Form::OptionalBorrowed,
        Some(_) => Form::OptionalTaken,
        None if written_type::borrowed(&input.ty).is_some() => Form::Borrowed,
        None => Form::Taken,
    };
    let is_plain = names == ReadNames::OfParams && !written_type::is_context(&input.ty);
    Some(ParamFacts {
        name_span: spans.of(&pattern.ident),
        reads: if is_plain { Fact::Known(name.clone()) } else { Fact::Unknown },
        written: written_type::shown(&input.ty),
        form,
        collection: sequence::collection(&input.ty),
        has_default: input.attrs.iter().any(|it| it.path().is_ident("default")),
        name,
    })
}

/// Returns the source text of the return type. A function without a return type outputs `()`.
fn output(signature: &Signature) -> String {
    match &signature.output {
        ReturnType::Type(_, written) => written_type::shown(written),
        ReturnType::Default => "()".to_owned(),
    }
}

/// Returns whether the function returns a stream. A path of another name may be an alias of one.
fn returns_stream(signature: &Signature) -> Fact<bool> {
    match &signature.output {
        ReturnType::Type(_, written) if sequence::is_stream(written) => Fact::Known(true),
        ReturnType::Type(..) => Fact::Unknown,
        ReturnType::Default => Fact::Known(false),
    }
}
