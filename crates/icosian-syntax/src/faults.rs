use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::fault::{Emission, Fault};

/// The faults of a source, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Reports a fault at `tokens`.
    pub(crate) fn report(
        &mut self,
        code: &'static str,
        tokens: impl ToTokens,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Fault {
        self.add(Fault::new(code, tokens, message, help))
    }

    /// Reports an error of a parser.
    pub(crate) fn report_error(&mut self, code: &'static str, error: syn::Error) {
        self.add(Fault::from_error(code, error));
    }

    pub(crate) fn add(&mut self, fault: Fault) -> &mut Fault {
        self.0.push(fault);
        self.0.last_mut().expect("the fault was pushed")
    }

    /// Returns the number of errors.
    pub(crate) fn count(&self) -> usize {
        self.errors().count()
    }

    fn errors(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter().filter(|fault| fault.emission == Emission::Error)
    }

    /// Writes a `compile_error!` for each error.
    pub(crate) fn written(&self) -> TokenStream {
        self.errors().map(Fault::written).collect()
    }

    pub(crate) fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}
