use std::borrow::Cow;

use icosian_spec::BuiltIn;
use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, GenericParam, ItemFn, ReturnType, Safety, Signature, Type, VisRestricted, Visibility,
    parse_quote, parse_quote_spanned,
};

use super::{conditions, documentation, param};
use crate::code;
use crate::decorator::attribute_name::name_of;
use crate::decorator::take;
use crate::faults::Faults;
use crate::items::{ItemsSource, UnnamedItems};
use crate::model::{NodeSource, OutputSource};
use crate::written_type::{self, is_no_sequence, shown, unsent_sequence};

/// Reads one function, removes the attributes of the dataflow from it, and reports the faults of its signature.
pub(crate) fn node(function: &mut ItemFn, visibility: Visibility, faults: &mut Faults) -> NodeSource {
    let before = faults.count();
    let name = function.sig.ident.unraw().to_string();
    refuse_cfg_attr(&name, &function.attrs, faults);
    refuse_qualifiers(&name, &function.sig, faults);
    let method = function.sig.receiver().is_some();
    let params = function.sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(input) => param::read(&name, input, faults),
        FnArg::Receiver(receiver) => {
            let help = "declare a function with the value as a parameter";
            faults.report(code::NODE_IS_METHOD, receiver, format!("node `{name}` is a method"), help);
            None
        }
    });
    let params = params.collect();
    let is_expand = |attribute: &Attribute| {
        let name = name_of(attribute).map(ToString::to_string);
        name.and_then(|name| BuiltIn::named(&name)) == Some(BuiltIn::Expand)
    };
    let returns = if function.attrs.iter().any(is_expand) { Returns::Items } else { Returns::Value };
    let gives = output(&name, &function.sig, returns, faults);
    let documentation = documentation::documentation(&function.attrs);
    let cfgs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect();
    let refused = faults.count() > before;
    let decorators = take(&mut function.attrs, faults);
    let undecorated = faults.count() > before;
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
            reason = "generated from the head of a node"
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

fn refuse_cfg_attr(name: &str, attributes: &[Attribute], faults: &mut Faults) {
    for attribute in attributes.iter().filter(|attribute| conditions::is_behind_cfg_attr(attribute)) {
        let message = format!("the condition of node `{name}` is behind `cfg_attr`");
        faults.report(code::HIDDEN_CONDITION, attribute, message, "write `#[cfg(..)]` without `cfg_attr`");
    }
}

fn refuse_qualifiers(name: &str, signature: &Signature, faults: &mut Faults) {
    if let Safety::Unsafe(token) = &signature.safety {
        let message = format!("node `{name}` is unsafe");
        let help = "call the unsafe function from a safe node";
        faults.report(code::UNSUPPORTED_FUNCTION, token, message, help);
    }
    if let Some(abi) = &signature.abi {
        let message = format!("node `{name}` is an extern function");
        let help = "call the extern function from a plain node";
        faults.report(code::UNSUPPORTED_FUNCTION, abi, message, help);
    }
    for generic in &signature.generics.params {
        let (kind, generic_name) = match generic {
            GenericParam::Lifetime(_) => continue,
            GenericParam::Type(generic) => ("type", &generic.ident),
            GenericParam::Const(generic) => ("constant", &generic.ident),
        };
        let message = format!(
            "node `{name}` has the generic {kind} `{}`, but the graph passes no {kind} arguments",
            generic_name.unraw()
        );
        let help = format!("write a node for each {kind}, and call a private generic function from them");
        faults.report(code::GENERIC_NODE, generic, message, help);
    }
    if let Some(variadic) = &signature.variadic {
        let message = format!("node `{name}` is variadic");
        faults.report(code::UNSUPPORTED_FUNCTION, variadic.dots, message, "name each of its parameters");
    }
}

/// The meaning of a return type.
#[derive(Clone, Copy, PartialEq)]
enum Returns {
    Value,
    /// The function has `expand`.
    Items,
}

/// Reads the return type and reports types that no node can have. A function without a return type outputs `()`.
fn output(name: &str, signature: &Signature, returns: Returns, faults: &mut Faults) -> Option<OutputSource> {
    let written = match &signature.output {
        ReturnType::Type(_, written) => Cow::Borrowed(&**written),
        ReturnType::Default => Cow::Owned(parse_quote_spanned!(signature.ident.span()=> ())),
    };
    let written = &*written;
    let items = (returns == Returns::Items).then(|| ItemsSource::of(written));
    let sequence = items.as_ref().and_then(|items| items.as_ref().ok()?.sequence());
    let (code, message, help) = if written_type::is_future(written) {
        let help = if signature.asyncness.is_some() {
            "await it in the body, and return its result"
        } else {
            "write `async fn`, and use the future's output type as the return type"
        };
        (code::OPAQUE_OUTPUT, format!("the output of node `{name}` is a future that is never awaited"), help)
    } else if let Some(boxed) = written_type::unshared_error(written) {
        let message = format!("the error type `{}` of node `{name}` is not `Send + Sync`", shown(boxed));
        let help = "write `Box<dyn Error + Send + Sync>`";
        faults.report(code::UNSUPPORTED_OUTPUT, boxed, message, help);
        return None;
    } else if let Some(Err(UnnamedItems(sequence))) = &items {
        let message = format!("the type of the items of node `{name}` is not named in `{}`", shown(sequence));
        (code::OPAQUE_OUTPUT, message, "name their type, as in `impl Iterator<Item = u64> + Send + 'static`")
    } else if let Some(found) = written_type::opaque(written).filter(|_| items.is_none()) {
        let message = format!("the output of node `{name}` has the opaque type `{}`", shown(&found));
        (code::OPAQUE_OUTPUT, message, "return a named type, such as `Vec<..>` or `Box<dyn ..>`")
    } else if matches!(written_type::bare(written), Type::Never(_)) {
        (
            code::NODE_WITHOUT_OUTPUT,
            format!("node `{name}` never returns"),
            "return a value, or omit the return type",
        )
    } else if let Some(sequence) = sequence.filter(|sequence| is_no_sequence(sequence)) {
        let what =
            if is_unit(sequence) { "no items".to_owned() } else { format!("one `{}`", shown(sequence)) };
        let message = format!("`{name}` has `#[expand]`, but returns {what}");
        (code::NODE_WITHOUT_OUTPUT, message, "return an iterator or a stream, such as a `Vec<..>`")
    } else if let Some(object) = sequence.and_then(unsent_sequence) {
        let message = format!("the items `{}` of node `{name}` are not `Send`", shown(object));
        (code::UNSUPPORTED_OUTPUT, message, "add `+ Send`, as in `Box<dyn Iterator<..> + Send>`")
    } else if items.is_some() && written_type::borrows(written) {
        (
            code::UNSUPPORTED_OUTPUT,
            format!("the items of node `{name}` are borrowed"),
            "return owned items, and write `'static` as the lifetime of the iterator",
        )
    } else if written_type::borrows(written) {
        (
            code::UNSUPPORTED_OUTPUT,
            format!("the output of node `{name}` is borrowed"),
            "return an owned value",
        )
    } else {
        let generic = signature.generics.type_params().next().is_some()
            || signature.generics.const_params().next().is_some();
        let fallible = written_type::ends_with(written, "Result");
        let items = items.and_then(Result::ok);
        return (!generic).then(|| OutputSource { written: written.clone(), fallible, items });
    };
    faults.report(code, written, message, help);
    None
}

fn is_unit(written: &Type) -> bool {
    matches!(written_type::bare(written), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Returns the visibility of the handles of a module: that of the module itself, so that a node of a private module may output
/// a private type.
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
