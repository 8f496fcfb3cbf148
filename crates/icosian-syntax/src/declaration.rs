//! The declaration of a dataflow's public outputs: `outputs(..)`, and the options about their inputs.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token, Type, token};

use crate::code;
use crate::decorator::argument::Dotted;
use crate::fault::invalid;
use crate::faults::Faults;

/// `outputs(a, b), inputs(table: Arc<Table>, ..), provided(http), compile`
#[derive(Default)]
pub(crate) struct Declaration {
    /// The declared outputs, each once. Empty without `outputs(..)`.
    pub(crate) outputs: Vec<Ident>,
    /// The inputs whose types the user states.
    pub(crate) inputs: Vec<TypedInput>,
    /// The `..` of `inputs(..)`: the outputs may need inputs that the macro does not see.
    pub(crate) rest: Option<Span>,
    /// The names that the driver provides: shared inputs, config values, nodes of other dataflows.
    pub(crate) provided: Vec<Dotted>,
    /// The flag `compile`.
    pub(crate) compile: Option<Ident>,
}

/// `name: Type`
pub(crate) struct TypedInput {
    pub(crate) ident: Ident,
    pub(crate) written: Type,
}

impl Declaration {
    /// Returns the names of the options.
    pub(crate) const OPTIONS: [&str; 4] = ["outputs", "inputs", "provided", "compile"];

    /// Reads the rest of the option `option`, one of [`OPTIONS`](Self::OPTIONS), after its name.
    pub(crate) fn read(
        &mut self,
        option: &Ident,
        input: ParseStream<'_>,
        faults: &mut Faults,
    ) -> syn::Result<()> {
        let name = option.to_string();
        if name == "compile" {
            self.compile = Some(option.clone());
            return Ok(());
        }
        if !input.peek(token::Paren) {
            let help = format!("write `{name}(..)`, with names in the parentheses");
            return Err(invalid(option, format!("option `{name}` has no names"), help));
        }
        let content;
        syn::parenthesized!(content in input);
        match name.as_str() {
            "outputs" => self.read_outputs(option, &content, faults),
            "inputs" => self.read_inputs(&content, faults),
            _ => self.read_provided(option, &content, faults),
        }
    }

    fn read_outputs(
        &mut self,
        option: &Ident,
        content: ParseStream<'_>,
        faults: &mut Faults,
    ) -> syn::Result<()> {
        if content.is_empty() {
            let help = "write the names of the public outputs, as in `outputs(report)`";
            faults.report(code::INVALID_OPTION, option, "`outputs` names no node", help);
        }
        for output in content.parse_terminated(Ident::parse_any, Token![,])? {
            if self.outputs.iter().any(|other| other.unraw() == output.unraw()) {
                report_repeated(&output, &output.unraw().to_string(), faults);
            } else {
                self.outputs.push(output);
            }
        }
        Ok(())
    }

    fn read_inputs(&mut self, content: ParseStream<'_>, faults: &mut Faults) -> syn::Result<()> {
        while !content.is_empty() {
            if content.peek(Token![..]) {
                self.rest = Some(content.parse::<Token![..]>()?.spans[0]);
            } else {
                let ident = content.call(Ident::parse_any)?;
                if !content.peek(Token![:]) {
                    let message = format!("input `{}` has no type", ident.unraw());
                    return Err(invalid(&ident, message, format!("write `{ident}: Type`")));
                }
                content.parse::<Token![:]>()?;
                let written: Type = content.parse()?;
                if self.inputs.iter().any(|other| other.ident.unraw() == ident.unraw()) {
                    report_repeated(&ident, &ident.unraw().to_string(), faults);
                } else {
                    self.inputs.push(TypedInput { ident, written });
                }
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn read_provided(
        &mut self,
        option: &Ident,
        content: ParseStream<'_>,
        faults: &mut Faults,
    ) -> syn::Result<()> {
        if content.is_empty() {
            let help = "write the names that the driver provides, or remove the option";
            faults.report(code::INVALID_OPTION, option, "`provided` names no input", help);
        }
        for name in content.parse_terminated(<Dotted as syn::parse::Parse>::parse, Token![,])? {
            if self.provided.iter().any(|other| other.name == name.name) {
                report_repeated(&name, &name.name, faults);
            } else {
                self.provided.push(name);
            }
        }
        Ok(())
    }

    /// Reports options that have no effect without `outputs(..)`. `options` are the parsed ones.
    pub(crate) fn refuse_alone(options: &[Ident], faults: &mut Faults) {
        if options.iter().any(|option| option == "outputs") {
            return;
        }
        for option in options {
            let message = format!("`{option}` has no effect without `outputs(..)`");
            faults.report(
                code::INVALID_OPTION,
                option,
                message,
                "write `outputs(..)` with the public outputs",
            );
        }
    }

    /// Returns whether the driver provides the input `name`.
    pub(crate) fn provides(&self, name: &str) -> bool {
        self.provided.iter().any(|provided| provided.name == name)
    }

    /// Returns the input `name` if its type is stated.
    pub(crate) fn typed(&self, name: &str) -> Option<&TypedInput> {
        self.inputs.iter().find(|input| input.ident.unraw() == name)
    }
}

fn report_repeated(tokens: impl quote::ToTokens, name: &str, faults: &mut Faults) {
    faults.report(code::INVALID_OPTION, tokens, format!("`{name}` is repeated"), "remove one of the two");
}
