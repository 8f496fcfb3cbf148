use std::borrow::Cow;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{
    Attribute, Expr, ExprLit, FnArg, GenericParam, ItemFn, Lit, Meta, ReturnType, Safety, Signature, Type,
    VisRestricted, Visibility, parse_quote, parse_quote_spanned,
};

use super::{Gives, NodeSource, conditions, param, written_type};
use crate::decorator;
use crate::refusals::Refusals;

/// Reads one function, takes the attributes that are the dataflow's out of it, and refuses what no node can have.
pub(crate) fn node(function: &mut ItemFn, visibility: Visibility, refusals: &mut Refusals) -> NodeSource {
    let before = refusals.count();
    let name = function.sig.ident.unraw().to_string();
    refuse_cfg_attr(&name, &function.attrs, refusals);
    refuse_qualifiers(&name, &function.sig, refusals);
    let method = function.sig.receiver().is_some();
    let params = function.sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(input) => param::read(&name, input, refusals),
        FnArg::Receiver(receiver) => {
            let why =
                format!("node `{name}` is a method; write a function that takes the value as a parameter");
            refusals.at(receiver, why);
            None
        }
    });
    let params = params.collect();
    let gives = output(&name, &function.sig, refusals);
    let documentation = documentation(&function.attrs);
    let cfgs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect();
    let refused = refusals.count() > before;
    let decorators = decorator::take(&mut function.attrs, refusals);
    let undecorated = refusals.count() > before;
    if name.contains("__") && !decorators.is_empty() {
        function.attrs.push(parse_quote! {
            #[allow(non_snake_case, reason = "what follows `__` names a variant")]
        });
    }
    function.attrs.push(parse_quote! {
        #[allow(
            unreachable_pub,
            clippy::must_use_candidate,
            clippy::needless_pass_by_value,
            clippy::ref_option,
            clippy::trivially_copy_pass_by_ref,
            clippy::unused_unit,
            reason = "the head of a node says what it reads and how, and that it is one"
        )]
    });
    NodeSource {
        ident: function.sig.ident.clone(),
        name,
        visibility,
        cfgs,
        documentation,
        is_async: function.sig.asyncness.is_some(),
        params,
        gives,
        decorators,
        listed: true,
        method,
        refused,
        undecorated,
    }
}

fn refuse_cfg_attr(name: &str, attributes: &[Attribute], refusals: &mut Refusals) {
    for attribute in attributes.iter().filter(|attribute| conditions::is_behind_cfg_attr(attribute)) {
        let why = format!(
            "node `{name}` is there only sometimes, and its handle does not see when behind `cfg_attr`; write \
             `#[cfg(..)]` itself"
        );
        refusals.at(attribute, why);
    }
}

fn refuse_qualifiers(name: &str, signature: &Signature, refusals: &mut Refusals) {
    if let Safety::Unsafe(token) = &signature.safety {
        let why = format!(
            "node `{name}` is unsafe, and nobody who calls a node can keep its promise; call the unsafe function from a \
             safe node"
        );
        refusals.at(token, why);
    }
    if let Some(abi) = &signature.abi {
        let why = format!("node `{name}` is an extern function; call the extern function from a plain node");
        refusals.at(abi, why);
    }
    for generic in &signature.generics.params {
        let (what, generic_name) = match generic {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(generic) => ("type", &generic.ident),
            GenericParam::Const(generic) => ("constant", &generic.ident),
        };
        let why = format!(
            "node `{name}` is generic, and nothing says which {what} `{generic_name}` stands for; write a node for each \
             {what} that is needed, and let them call a private generic function"
        );
        refusals.at(generic, why);
    }
    if let Some(variadic) = &signature.variadic {
        refusals.at(variadic.dots, format!("node `{name}` is variadic; name each of its parameters"));
    }
}

/// Reads the return type and refuses those that no node can have. A function without a return type outputs `()`.
fn output(name: &str, signature: &Signature, refusals: &mut Refusals) -> Option<Gives> {
    let written = match &signature.output {
        ReturnType::Type(_, written) => Cow::Borrowed(&**written),
        ReturnType::Default => Cow::Owned(parse_quote_spanned!(signature.ident.span()=> ())),
    };
    let written = &*written;
    let why = if signature.asyncness.is_some() && written_type::is_future(written) {
        format!(
            "node `{name}` outputs a future that is never awaited; await it in the body and return its result"
        )
    } else if written_type::is_future(written) {
        format!("node `{name}` gives a future, which nobody would await; write `async fn` instead")
    } else if let Some(boxed) = written_type::unshared_error(written) {
        refusals.at(
            boxed,
            format!(
                "node `{name}` fails with `{}`, which cannot move to another thread; write \
                 `Box<dyn Error + Send + Sync>`",
                shown(boxed)
            ),
        );
        return None;
    } else if let Some(found) = written_type::opaque(written) {
        format!(
            "node `{name}` gives `{}`, a type without a name; give a type that has one, a `Box<dyn ..>` for instance",
            shown(&found)
        )
    } else if matches!(written_type::bare(written), Type::Never(_)) {
        format!("node `{name}` never returns; return a value, or omit the return type")
    } else if written_type::borrows(written) {
        format!(
            "node `{name}` gives a value that borrows, which would outlive what it borrows from; give an owned value"
        )
    } else {
        let generic = signature.generics.type_params().next().is_some()
            || signature.generics.const_params().next().is_some();
        let fallible = written_type::ends_with(written, "Result");
        return (!generic).then(|| Gives { written: written.clone(), fallible });
    };
    refusals.at(written, why);
    None
}

/// Returns the type as a person writes it: without the spaces that printing tokens puts around every one.
pub(crate) fn shown(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, plain) in [
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :: ", "::"),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
    ] {
        text = text.replace(spaced, plain);
    }
    text
}

/// Returns the text of the doc comments, each line without the one space that follows `///`.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let texts = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let texts: Vec<_> = texts.collect();
    let lines = texts.iter().flat_map(|text| text.split('\n'));
    let lines: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n")
}

/// Returns who sees the handles of a module that `module` see: no more than can name the module, so that a node of a
/// private module may give a type that is private beside it.
pub(crate) fn handle_visibility(module: &Visibility) -> Visibility {
    match module {
        Visibility::Public(_) => module.clone(),
        Visibility::Inherited => parse_quote!(pub(super)),
        Visibility::Restricted(VisRestricted { path, .. }) => match path.segments.first() {
            Some(first) if first.ident == "crate" => module.clone(),
            Some(first) if first.ident == "self" => parse_quote!(pub(super)),
            _ => parse_quote!(pub(in super::#path)),
        },
    }
}
