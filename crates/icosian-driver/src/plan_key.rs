use std::any::TypeId;

use icosian_core::Name;
use icosian_core::value::ValueType;

use crate::inputs::{InputRole, Inputs};

/// A requested output. Its type is known if it is requested by handle.
#[derive(Clone, Debug)]
pub(crate) struct RequestedOutput {
    pub(crate) name: Name,
    pub(crate) value_type: Option<ValueType>,
}

/// The key of a cached program: its outputs, and the overridden names in sorted order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlanKey {
    outputs: OutputsKey,
    overrides: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum OutputsKey {
    Typed(TypeId),
    Named(Vec<Name>),
}

impl PlanKey {
    pub(crate) fn typed<O: 'static>(inputs: &Inputs) -> Self {
        Self { outputs: OutputsKey::Typed(TypeId::of::<O>()), overrides: overrides(inputs) }
    }

    pub(crate) fn named(names: &[Name], inputs: &Inputs) -> Self {
        Self { outputs: OutputsKey::Named(names.to_vec()), overrides: overrides(inputs) }
    }

    /// Returns the overridden names, sorted.
    pub(crate) fn overrides(&self) -> &[Name] {
        &self.overrides
    }
}

fn overrides(inputs: &Inputs) -> Vec<Name> {
    let mut names: Vec<Name> = inputs.names(InputRole::Override).cloned().collect();
    names.sort_unstable();
    names
}
