use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Path;
use syn::parse::ParseStream;

use super::argument::ParamName;
use super::argument::Reading;
use super::bound_param::BoundParam;
use crate::connection::Connection;
use crate::faults::Faults;
use crate::known_nodes::KnownNodes;
use crate::model::{DataflowSource, NodeSource};
use crate::model::{Decorates, ExpandContext, ReadResult};

/// `#[inject(param = source(node), ..)]`
struct InjectArgs(Vec<BoundParam>);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        reading.refuse("binds no parameter", "write `param = source(node)` or `param = value(..)`");
    }
    Ok(Box::new(InjectArgs(BoundParam::read_all(input, reading))))
}

impl Decorates for InjectArgs {
    fn check(&self, function: &NodeSource, _: &DataflowSource, faults: &mut Faults) {
        BoundParam::check_all(&self.0, function, faults);
    }

    fn change(&self, known: &mut KnownNodes) {
        known.bind(&self.0.iter().map(BoundParam::rebinding).collect::<Vec<_>>());
    }

    fn connections(&self, _: &NodeSource, _: &[String]) -> Vec<Connection<'_>> {
        vec![Connection::Bind(&self.0)]
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        let bound = self.0.iter().map(|bound| bound.written(Some(scope.function), scope));
        quote_spanned!(scope.span=> #door::Inject::new()#(#bound)*)
    }

    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        self.0.iter_mut().map(BoundParam::own_param).collect()
    }
}
