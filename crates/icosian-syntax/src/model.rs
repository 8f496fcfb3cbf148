//! The model of source: functions, their parameters and decorators, and the contract of a decorator.

use std::collections::HashSet;

use icosian_spec::{BuiltIn, Phase, Row};
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Ident, Path, Type, Visibility};

use crate::connection::Connection;
use crate::declaration::Declaration;
use crate::decorator::argument::{Dotted, ParamName};
use crate::decorator::bound_param::BoundParam;
use crate::faults::Faults;
use crate::inlined::Inlined;
use crate::items::ItemsSource;
use crate::known_nodes::KnownNodes;
use crate::span;
use crate::written_type;

/// The functions of a module, or the function of a `#[node]`.
pub(crate) struct DataflowSource {
    pub(crate) name: String,
    pub(crate) nodes: Vec<NodeSource>,
    /// The flow is a module, so it has all its nodes.
    pub(crate) is_module: bool,
    /// The private functions of the module that are not nodes.
    pub(crate) private: Vec<String>,
    /// The names of the module's other items and imports; `None` if a glob import or a macro adds unknown names.
    pub(crate) brought: Option<HashSet<String>>,
    /// The names of the types, modules and imports of the module, as written.
    pub(crate) items: Vec<Ident>,
    /// The `pub fn`s in macro calls of the module, which are not nodes.
    pub(crate) in_macro_calls: Vec<Ident>,
    pub(crate) declaration: Declaration,
}

impl DataflowSource {
    /// Returns the function that `path` names, if the flow has it.
    pub(crate) fn function(&self, path: &Path) -> Option<&NodeSource> {
        let name = own_name(path)?;
        self.nodes.iter().find(|node| node.name == name)
    }
}

/// Returns the single name of `path`, without `self::`: an item of the module itself.
pub(crate) fn own_name(path: &Path) -> Option<String> {
    let mut segments = path.segments.iter();
    if path.segments.len() == 2 && path.leading_colon.is_none() && path.segments[0].ident == "self" {
        segments.next();
    } else {
        path.get_ident()?;
    }
    Some(segments.next()?.ident.unraw().to_string())
}

/// A function that becomes nodes, by its signature.
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent")]
pub(crate) struct NodeSource {
    pub(crate) ident: Ident,
    /// The function's name without `r#`.
    pub(crate) name: String,
    /// The visibility of the handle.
    pub(crate) visibility: Visibility,
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) documentation: String,
    pub(crate) is_async: bool,
    pub(crate) params: Vec<ParamSource>,
    /// `None` when the return type was refused.
    pub(crate) gives: Option<OutputSource>,
    /// Innermost first.
    pub(crate) decorators: Vec<DecoratorSource>,
    /// The function belongs to the dataflow: decorators are not its only callers.
    pub(crate) listed: bool,
    /// The function is associated, so an item beside it is not allowed.
    pub(crate) method: bool,
    /// The signature has a fault: the handle is written, calls of the function are not.
    pub(crate) refused: bool,
    /// The decorators have a fault: they are not written.
    pub(crate) undecorated: bool,
}

impl NodeSource {
    /// Returns whether only one decorator can bind parameters.
    pub(crate) fn binds_once(&self) -> bool {
        let mut binding = self.decorators.iter().filter(|source| {
            source.row.is_deferred() || matches!(source.row.phase(), Phase::Inject | Phase::Parameterize)
        });
        binding.next().is_some_and(|source| source.row.phase() == Phase::Parameterize)
            && binding.next().is_none()
    }

    /// Returns the type that decorators split, if it is known: no step changes it before.
    pub(crate) fn shaped(&self) -> Option<&Type> {
        let mut before = self.decorators.iter().take_while(|source| !source.row.is_extractor());
        let is_changed = before.any(|source| source.is(BuiltIn::PipeOutput));
        let gives = self.gives.as_ref().filter(|_| !is_changed)?;
        match &gives.items {
            Some(items) => items.visible(),
            None => Some(gives.value()),
        }
    }

    /// Returns whether the function has `expand`.
    pub(crate) fn expands(&self) -> bool {
        self.gives.as_ref().is_some_and(|gives| gives.items.is_some())
    }

    /// Returns whether `exclude` keeps the function from being a node.
    pub(crate) fn is_excluded(&self) -> bool {
        self.decorators.iter().any(|source| source.is(BuiltIn::Exclude))
    }
}

/// The return type of a function.
pub(crate) struct OutputSource {
    pub(crate) written: Type,
    /// The type is a `Result`.
    pub(crate) fallible: bool,
    /// The items, if the function expands.
    pub(crate) items: Option<ItemsSource>,
}

impl OutputSource {
    /// Returns the type of the output of a successful call, if the written type shows it.
    pub(crate) fn value(&self) -> &Type {
        if let Some(item) = self.items.as_ref().and_then(ItemsSource::visible) {
            return item;
        }
        let found = self.fallible.then(|| written_type::first_argument(&self.written)).flatten();
        found.unwrap_or(&self.written)
    }
}

/// A parameter of a node.
pub(crate) struct ParamSource {
    pub(crate) ident: Ident,
    /// The parameter's name without `r#`.
    pub(crate) name: String,
    pub(crate) form: WrittenForm,
    /// The type without `&`, `Option` and `Result`, with each lifetime replaced by `'static`.
    pub(crate) wanted: Type,
    /// The type as written.
    pub(crate) written: Type,
    pub(crate) default: Option<Expr>,
    /// The results of a block, if the parameter ends one.
    pub(crate) collection: Option<CollectionSource>,
}

/// The results of a block that a parameter receives.
pub(crate) struct CollectionSource {
    /// The type of the results that the parameter reads; `None` if the written type does not show it.
    pub(crate) element: Option<Type>,
    pub(crate) is_unordered: bool,
}

impl ParamSource {
    /// Returns whether the parameter is optional or has a default.
    pub(crate) fn is_optional(&self) -> bool {
        self.default.is_some()
            || matches!(self.form, WrittenForm::OptionalBorrowed | WrittenForm::OptionalTaken)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenForm {
    /// `&T`
    Borrowed,
    /// `T`
    Taken,
    /// `Option<&T>`
    OptionalBorrowed,
    /// `Option<T>`
    OptionalTaken,
    /// `Result<&T, &NodeError>`
    Result,
}

impl WrittenForm {
    /// Returns whether the parameter borrows its value.
    pub(crate) fn is_borrowed(self) -> bool {
        matches!(self, Self::Borrowed | Self::OptionalBorrowed | Self::Result)
    }
}

/// A decorator of a function, as written.
pub(crate) struct DecoratorSource {
    /// The decorator's name.
    pub(crate) ident: Ident,
    /// The tokens of its arguments, as text.
    pub(crate) arguments: String,
    /// The first and the last token of the attribute.
    pub(crate) span: (Span, Span),
    /// The decorator's row in the table.
    pub(crate) row: &'static Row,
    pub(crate) decorator: Box<dyn Decorates>,
}

impl DecoratorSource {
    pub(crate) fn is(&self, built_in: BuiltIn) -> bool {
        self.row.built_in() == built_in
    }
}

/// The compile-time behaviour of a decorator.
pub(crate) trait Decorates {
    /// Reports its faults above `function`.
    fn check(&self, function: &NodeSource, flow: &DataflowSource, faults: &mut Faults) {
        let _ = (function, flow, faults);
    }

    /// Changes the known nodes of the function.
    fn change(&self, known: &mut KnownNodes) {
        let _ = known;
    }

    /// Changes the known output types of the function's nodes.
    fn change_outputs(&self, known: &mut KnownNodes, flow: &DataflowSource, door: &TokenStream) {
        let _ = (known, flow, door);
    }

    /// Returns its changes to the nodes of `function` and to their reads. Without a name, it applies to the nodes `sinks`.
    fn connections(&self, function: &NodeSource, sinks: &[String]) -> Vec<Connection<'_>> {
        let _ = (function, sinks);
        Vec::new()
    }

    /// Writes the decorator as an expression.
    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream;

    /// Returns its effect in a compiled dataflow; `None` if it needs a driver.
    fn inlined(&self, scope: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        let _ = scope;
        None
    }

    /// Returns the functions that it calls.
    fn calls(&self) -> Vec<&Path> {
        Vec::new()
    }

    /// Returns the function that it calls in place of the decorated one.
    fn stand_in(&self) -> Option<&Path> {
        None
    }

    /// Returns the sources of the parameters of the functions that it calls.
    fn feeds(&self) -> Vec<Feed<'_>> {
        Vec::new()
    }

    /// Returns the names of parameters that it contains, each with the function that has the parameter; `None` is the
    /// decorated function.
    fn params(&mut self) -> Vec<(Option<&Path>, &mut dyn ParamName)> {
        Vec::new()
    }

    /// Returns the outputs that it names.
    fn outputs(&self) -> Vec<&Dotted> {
        Vec::new()
    }

    /// Returns the functions whose outputs it changes; `None` if the function stays a node.
    fn targets(&self) -> Option<Vec<Sent<'_>>> {
        None
    }

    /// Returns whether config can remove the node of `function` so that parameters of its name read an input.
    fn removes(&self, function: &NodeSource) -> bool {
        let _ = function;
        false
    }

    /// Returns the node of which the function is a variant.
    fn variant_of(&self, function: &NodeSource) -> Option<Ident> {
        let _ = function;
        None
    }
}

/// The sources of the parameters of a function that a decorator calls.
pub(crate) struct Feed<'a> {
    pub(crate) function: &'a Path,
    /// The parameters that the decorator binds or maps.
    pub(crate) bound: Vec<String>,
    pub(crate) unbound: Unbound<'a>,
}

/// The source of a parameter that a decorator does not bind.
pub(crate) enum Unbound<'a> {
    /// The same as the parameters of their names in the decorated function.
    Shared,
    /// The first parameter reads what these parameters of the decorated function read, or else its first parameter.
    Entered(Vec<&'a str>),
    /// The first parameter reads the output before it.
    Piped,
}

/// The context in which a decorator is written.
pub(crate) struct ExpandContext<'a> {
    door: &'a TokenStream,
    pub(crate) function: &'a NodeSource,
    pub(crate) flow: &'a DataflowSource,
    /// The type of the output that it decorates.
    pub(crate) whole: &'a TokenStream,
    /// The location of the decorator's name, with the hygiene of generated code.
    pub(crate) span: Span,
}

impl<'a> ExpandContext<'a> {
    pub(crate) fn new(
        door: &'a TokenStream,
        function: &'a NodeSource,
        flow: &'a DataflowSource,
        whole: &'a TokenStream,
        decorator: &Ident,
    ) -> Self {
        Self { door, function, flow, whole, span: span::own(decorator.span()) }
    }

    /// Returns the path of the hidden module, at the decorator.
    pub(crate) fn door(&self) -> TokenStream {
        self.door_at(self.span)
    }

    pub(crate) fn door_at(&self, span: Span) -> TokenStream {
        span::at(span, self.door)
    }

    /// Writes the type of the function's own output.
    pub(crate) fn given(&self, span: Span) -> TokenStream {
        let (door, ident) = (self.door_at(span), &self.function.ident);
        quote::quote_spanned!(span=> <#ident as #door::Gives>::Output)
    }
}

/// A function that gets a step after its output.
pub(crate) struct Sent<'a> {
    pub(crate) function: &'a Dotted,
    pub(crate) outputs: &'a [Dotted],
    /// The bindings of the parameters for this function.
    pub(crate) bound: Vec<&'a BoundParam>,
    /// Config decides whether the function gets the step.
    pub(crate) is_conditional: bool,
}

/// The result of a decorator's parser.
pub(crate) type ReadResult = syn::Result<Box<dyn Decorates>>;
