use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use icosian_core::decorator::DecorateError;
use icosian_core::node::Role;
use icosian_core::value::{Constant, ValueType};
use icosian_core::{Name, Node, Outline, Param, Value};

use crate::decorate_errors::decorate_error;

/// The maker of the nodes that collect the items of a list or map.
pub(crate) const GROUP: &str = "group";

/// The value that a decorator binds to a parameter: a node's output, a constant, or a list or map of both.
///
/// Written [`source`], [`value`], [`list`], [`map`] and [`sorted_map`].
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

/// A value, and the same as a `String` when it is a `&'static str`.
#[derive(Clone)]
struct Literal {
    constant: Constant,
    text: Option<Constant>,
    shown: Option<String>,
}

/// Several bindings whose values become one.
#[derive(Clone)]
struct Collection {
    keys: Option<Vec<String>>,
    items: Vec<Binding>,
    item: fn(Name) -> Param,
    gives: ValueType,
    collect: Arc<dyn Fn(Outline, usize) -> Node + Send + Sync>,
}

/// Returns a binding to the output of the node or input `name`.
///
/// # Examples
/// ```
/// assert_eq!(icosian_decorators::source("eu_rates").to_string(), "eu_rates");
/// ```
pub fn source(name: impl Into<Name>) -> Binding {
    Binding(BindingKind::Source(name.into()))
}

/// Returns a value, which all runs share; one that a function takes is cloned.
///
/// A string literal can be read as a `String` too.
///
/// # Examples
/// ```
/// assert_eq!(icosian_decorators::value("eu").to_string(), "eu");
/// ```
pub fn value<T: Any + Send + Sync + Clone>(value: T) -> Binding {
    let text =
        (&value as &dyn Any).downcast_ref::<&'static str>().map(|text| Constant::new((*text).to_owned()));
    let constant = Constant::new(value);
    let shown = format_literal(&constant);
    Binding(BindingKind::Value(Literal { constant, text, shown }))
}

/// Returns a `Vec` of what all of `items` give.
///
/// # Examples
/// See [`Binding`].
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

/// Returns a `HashMap` of what all of `items` give, by their keys.
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

/// Returns a `BTreeMap` of what all of `items` give, by their keys.
///
/// # Examples
/// ```
/// use icosian_decorators::{sorted_map, value};
///
/// assert_eq!(sorted_map::<f64>([("us", value(1.5))]).to_string(), "{us: 1.5}");
/// ```
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
    /// Sets the text for the value in documentation.
    ///
    /// # Examples
    /// ```
    /// use icosian_decorators::value;
    ///
    /// assert_eq!(value(vec![1.0]).with_text("vec![1.0]").to_string(), "vec![1.0]");
    /// ```
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        if let BindingKind::Value(literal) = &mut self.0 {
            literal.shown = Some(text.into());
        }
        self
    }

    /// Returns a value whose type is erased; `None` when there is nothing in it.
    pub(crate) fn of_value(value: Value) -> Option<Self> {
        let text = value.get::<&'static str>().map(|text| Constant::new((*text).to_owned()));
        let constant = Constant::of_value(value)?;
        let shown = format_literal(&constant);
        Some(Self(BindingKind::Value(Literal { constant, text, shown })))
    }

    /// Lets `param` of the node `node` read this; a list or map is made by a node `node.param`, which goes to `made`.
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
                let mut outline = Outline::new(name.clone()).in_role(Role::MadeBy(GROUP));
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
        format!("`{node}` asks for `{param}`, and the value given to it is of type `{given}`"),
        format!("give a value of type `{wanted}`"),
    )
}

/// Returns the value as documentation shows it, when it is of a type that it can be shown for.
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
