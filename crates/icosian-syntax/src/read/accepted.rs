//! Parameters that accept failures: `Result<&T, &NodeError>`.

use syn::{GenericArgument, PathArguments, Type};

use crate::code;
use crate::faults::Faults;
use crate::written_type::{
    bare, borrowed, borrows, ends_with, is_context, last_segment, only_argument, shown,
};

/// A parameter whose written type is a `Result` that borrows.
///
/// Other `Result`s, such as `Result<u8, String>` and `&Result<u8, String>`, are plain values.
pub(super) struct AcceptedFailure<'a> {
    result: &'a Type,
    /// The `T` of `Result<&T, ..>`, or the type of the value as written.
    value: Option<&'a Type>,
    error: Option<&'a Type>,
}

impl<'a> AcceptedFailure<'a> {
    /// Returns the `Result` in `written`, if it borrows its value or its error, or has the error type `NodeError`.
    pub(super) fn find(written: &'a Type) -> Option<Self> {
        let result = only_argument(written, "Option").unwrap_or(written);
        let segment = last_segment(result).filter(|segment| segment.ident == "Result")?;
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        let mut types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(argument) => Some(argument),
            _ => None,
        });
        let (value, error) = (types.next(), types.next());
        let is_accepted = value.is_some_and(borrows)
            || error.is_some_and(|error| borrows(error) || ends_with(error, "NodeError"));
        is_accepted.then_some(Self { result, value, error })
    }

    /// Returns the `T` of the value that the parameter borrows. Reports forms that no parameter has.
    pub(super) fn read(&self, name: &str, written: &'a Type, faults: &mut Faults) -> &'a Type {
        let value = self.value.unwrap_or(self.result);
        let reference = borrowed(value);
        let wanted = reference.map_or(value, |reference| &*reference.elem);
        let supported = format!("write `{name}: {}`", self.supported(wanted));
        let mut report = |tokens: &Type, message: String, help: String| {
            faults.report(code::UNSUPPORTED_PARAM, tokens, message, help);
        };
        let kind = ["Collect", "CollectStream"].into_iter().find(|kind| ends_with(wanted, kind));
        if !std::ptr::eq(self.result, written) {
            let message =
                format!("parameter `{name}` is an optional `Result`, but a `Result` is never missing");
            report(written, message, supported);
        } else if let Some(kind) = kind {
            let message = format!("parameter `{name}` accepts the failure of a `{kind}` as a whole");
            let element = only_argument(wanted, kind).map_or_else(|| "..".to_owned(), shown);
            let help = format!(
                "write `{name}: Collect<Result<{element}, ItemError>>`, and `on_error = \"collect\"` in `#[expand]`"
            );
            report(written, message, help);
        } else if is_context(value) {
            let message = format!("parameter `{name}` accepts a failure, but the run's context cannot fail");
            report(written, message, format!("write `{name}: {}`", shown(value)));
        } else if !self.error.is_some_and(is_node_error) {
            let message = match self.error {
                None => format!("parameter `{name}` is a `Result` that borrows, but names no error type"),
                Some(error) if ends_with(error, "NodeError") => {
                    format!("parameter `{name}` consumes the error of a node, but other nodes may read it")
                }
                Some(error) => format!(
                    "parameter `{name}` has the error type `{}`, but the error of a failed node is a `NodeError`",
                    shown(error)
                ),
            };
            report(self.error.unwrap_or(written), message, supported);
        } else if reference.is_some_and(|reference| reference.mutability.is_some()) {
            let message = format!("parameter `{name}` borrows mutably, but other nodes may read the value");
            report(value, message, supported);
        } else if reference.is_none() {
            let message = format!("parameter `{name}` accepts a failure, so it can only borrow the value");
            report(value, message, supported);
        }
        wanted
    }

    /// Returns the supported form of the type, as text.
    fn supported(&self, wanted: &Type) -> String {
        // `Result<Option<&T>, ..>` borrows an `Option<T>`.
        let wanted = match only_argument(wanted, "Option").map(|inner| (inner, borrowed(inner))) {
            Some((_, Some(reference))) => format!("Option<{}>", shown(&reference.elem)),
            _ => shown(wanted),
        };
        let error = self.error.map(bare).map(|error| match error {
            Type::Reference(reference) => bare(&reference.elem),
            other => other,
        });
        let error = error.filter(|error| ends_with(error, "NodeError")).map_or("NodeError".to_owned(), shown);
        format!("Result<&{wanted}, &{error}>")
    }
}

/// Returns whether `written` is `&NodeError`.
fn is_node_error(written: &Type) -> bool {
    borrowed(written)
        .is_some_and(|reference| reference.mutability.is_none() && ends_with(&reference.elem, "NodeError"))
}
