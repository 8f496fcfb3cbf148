use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use icosian_core::decorator::DecorateError;
use icosian_core::node::Role;
use icosian_core::value::{Constant, ValueType};
use icosian_core::{Name, Node, Outline, Param, Value};

use crate::decorate_errors::decorate_error;

/// The value that a decorator binds to a parameter: a node's output, a constant, or a list or map of both.
///
/// Created by [`source`], [`value`], [`list`], [`map`] and [`sorted_map`].
///
/// # Examples
/// ```
/// use icosian_decorators::{Binding, list, source, value};
///
/// let rates: Binding = list::<f64>([source("eu_rate"), value(1.5), source("us_rate")]);
/// assert_eq!(rates.to_string(), "[eu_rate, 1.5, us_rate]");
/// ```
#[derive(Clone)]
pub struct Binding(BindingKind);

#[derive(Clone)]
enum BindingKind {
    Source(Name),
    Value(Literal),
    Group(Collection),
}

/// A value. A `&'static str` is also available as a `String`.
#[derive(Clone)]
struct Literal {
    constant: Constant,
    text: Option<Constant>,
    shown: Option<String>,
}

/// Several bindings, collected into one value.
#[derive(Clone)]
struct Collection {
    keys: Option<Vec<String>>,
    items: Vec<Binding>,
    item: fn(Name) -> Param,
    gives: ValueType,
    collect: Arc<dyn Fn(Outline, usize) -> Node + Send + Sync>,
}

/// Creates a binding to the node or input `name`.
pub fn source(name: impl Into<Name>) -> Binding {
    Binding(BindingKind::Source(name.into()))
}

/// Creates a binding to a value, shared by all runs.
///
/// A function that consumes the value receives a clone. A string literal can also be read as a `String`.
pub fn value<T: Any + Send + Sync + Clone>(value: T) -> Binding {
    let text =
        (&value as &dyn Any).downcast_ref::<&'static str>().map(|text| Constant::new((*text).to_owned()));
    let constant = Constant::new(value);
    let shown = format_literal(&constant);
    Binding(BindingKind::Value(Literal { constant, text, shown }))
}

/// Creates a binding to a `Vec` of the values of `items`.
pub fn list<T: Any + Send + Sync + Clone>(items: impl IntoIterator<Item = Binding>) -> Binding {
    let collect = |outline: Outline, count| {
        Node::sync(outline, move |args| Ok((0..count).map(|at| args.take::<T>(at)).collect::<Vec<T>>()))
    };
    Binding(BindingKind::Group(Collection {
        keys: None,
        items: items.into_iter().collect(),
        item: |name| Param::taken::<T>(name).with_clone(),
        gives: ValueType::of::<Vec<T>>(),
        collect: Arc::new(collect),
    }))
}

/// Creates a binding to a `HashMap` of the values of `items`, by key.
///
/// # Examples
/// ```
/// use icosian_decorators::{map, source, value};
///
/// let rates = map::<f64>([("eu", source("eu_rate")), ("us", value(1.5))]);
/// assert_eq!(rates.to_string(), "{eu: eu_rate, us: 1.5}");
/// ```
pub fn map<T: Any + Send + Sync + Clone>(
    items: impl IntoIterator<Item = (impl Into<String>, Binding)>,
) -> Binding {
    collect_keyed::<T, HashMap<String, T>>(items)
}

/// Creates a binding to a `BTreeMap` of the values of `items`, by key.
pub fn sorted_map<T: Any + Send + Sync + Clone>(
    items: impl IntoIterator<Item = (impl Into<String>, Binding)>,
) -> Binding {
    collect_keyed::<T, BTreeMap<String, T>>(items)
}

fn collect_keyed<T, M>(items: impl IntoIterator<Item = (impl Into<String>, Binding)>) -> Binding
where
    T: Any + Send + Sync + Clone,
    M: Any + Send + Sync + FromIterator<(String, T)>,
{
    let (keys, items): (Vec<String>, Vec<_>) =
        items.into_iter().map(|(key, item)| (key.into(), item)).unzip();
    let all = keys.clone();
    let collect = move |outline: Outline, _| {
        let keys = all.clone();
        Node::sync(outline, move |args| {
            Ok(keys.iter().enumerate().map(|(at, key)| (key.clone(), args.take::<T>(at))).collect::<M>())
        })
    };
    Binding(BindingKind::Group(Collection {
        keys: Some(keys),
        items,
        item: |name| Param::taken::<T>(name).with_clone(),
        gives: ValueType::of::<M>(),
        collect: Arc::new(collect),
    }))
}

impl Binding {
    /// Sets the text that documentation shows for the value.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        if let BindingKind::Value(literal) = &mut self.0 {
            literal.shown = Some(text.into());
        }
        self
    }

    /// Creates a binding to a value with an erased type, or returns `None` if `value` is empty.
    pub(crate) fn of_value(value: Value) -> Option<Self> {
        let text = value.get::<&'static str>().map(|text| Constant::new((*text).to_owned()));
        let constant = Constant::of_value(value)?;
        let shown = format_literal(&constant);
        Some(Self(BindingKind::Value(Literal { constant, text, shown })))
    }

    /// Binds `param` of the node `node`. A list or map becomes a node `node.param`, which is added to `made`.
    pub(crate) fn bind(
        &self,
        node: &Name,
        param: Param,
        made: &mut Vec<Node>,
    ) -> Result<Param, DecorateError> {
        match &self.0 {
            BindingKind::Source(source) => Ok(param.with_source(source)),
            BindingKind::Value(literal) => {
                let constants = [Some(&literal.constant), literal.text.as_ref()];
                let fits = |constant: &&Constant| param.way_from(&constant.value_type()).is_some();
                match constants.into_iter().flatten().find(fits) {
                    Some(constant) => Ok(param.with_constant(constant.clone())),
                    None => Err(type_mismatch(node, &param, literal.constant.value_type())),
                }
            }
            BindingKind::Group(group) => {
                if param.way_from(&group.gives).is_none() {
                    return Err(type_mismatch(node, &param, group.gives));
                }
                let name = Name::from(format!("{node}.{}", param.name()));
                let mut outline = Outline::new(name.clone()).in_role(Role::GROUP);
                for (at, item) in group.items.iter().enumerate() {
                    let key = group.keys.as_ref().map_or_else(|| at.to_string(), |keys| keys[at].clone());
                    outline = outline.with_param(item.bind(&name, (group.item)(key.into()), made)?);
                }
                made.push((group.collect)(outline, group.items.len()));
                Ok(param.with_source(name))
            }
        }
    }
}

fn type_mismatch(node: &Name, param: &Param, given: ValueType) -> DecorateError {
    let wanted = param.accepts().next().unwrap_or_else(|| param.wanted());
    decorate_error(
        "ICO0421 decorator-type-mismatch",
        format!("node `{node}` expects `{param}`, but the bound value is a `{given}`"),
        format!("bind a value of type `{wanted}`"),
    )
}

/// Returns the text that documentation shows for the value, if its type is supported.
fn format_literal(constant: &Constant) -> Option<String> {
    macro_rules! any_of {
        ($($type:ty)+) => { None$(.or_else(|| constant.get::<$type>().map(ToString::to_string)))+ };
    }
    any_of!(&'static str String bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64)
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            BindingKind::Source(source) => fmt::Display::fmt(source, f),
            BindingKind::Value(Literal { shown: Some(shown), .. }) => f.write_str(shown),
            BindingKind::Value(literal) => write!(f, "a {}", literal.constant.value_type()),
            BindingKind::Group(group) => {
                let items: Vec<_> = group.items.iter().map(ToString::to_string).collect();
                match &group.keys {
                    None => write!(f, "[{}]", items.join(", ")),
                    Some(keys) => {
                        let pairs = keys.iter().zip(items).map(|(key, item)| format!("{key}: {item}"));
                        write!(f, "{{{}}}", pairs.collect::<Vec<_>>().join(", "))
                    }
                }
            }
        }
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binding({self})")
    }
}
