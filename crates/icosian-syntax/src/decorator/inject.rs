use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Path;
use syn::parse::ParseStream;

use super::argument::ParamName;
use super::argument::Reading;
use super::binding::Bound;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{Decorates, Read, Scope};
use crate::model::{Flow, NodeSource};

/// `#[inject(param = source(node), ..)]`
struct Inject(Vec<Bound>);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    if input.is_empty() {
        reading.refuse("binds no parameter", "write `param = source(node)` or `param = value(..)`");
    }
    Ok(Box::new(Inject(Bound::read_all(input, reading))))
}

impl Decorates for Inject {
    fn check(&self, function: &NodeSource, _: &Flow, faults: &mut Faults) {
        Bound::check_all(&self.0, function, faults);
    }

    fn change(&self, known: &mut KnownNodes) {
        known.bind(&self.0.iter().map(Bound::rebinding).collect::<Vec<_>>());
    }

    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let door = scope.door();
        let bound = self.0.iter().map(|bound| bound.written(Some(scope.function), scope));
        quote_spanned!(scope.span=> #door::Inject::new()#(#bound)*)
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        self.0.iter_mut().map(Bound::own_param).collect()
    }
}
