use std::any::TypeId;

use icosian_core::{Name, ValueType};

use crate::Inputs;

/// An output that is asked for; its type is known when it is asked for by a handle.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) name: Name,
    pub(crate) value_type: Option<ValueType>,
}

/// The key of a cached program: its outputs, and the overridden names in sorted order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    outputs: Outputs,
    overrides: Vec<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Outputs {
    Typed(TypeId),
    Named(Vec<Name>),
}

impl Key {
    pub(crate) fn typed<O: 'static>(inputs: &Inputs) -> Self {
        Self { outputs: Outputs::Typed(TypeId::of::<O>()), overrides: overridden(inputs) }
    }

    pub(crate) fn named(names: &[Name], inputs: &Inputs) -> Self {
        Self { outputs: Outputs::Named(names.to_vec()), overrides: overridden(inputs) }
    }

    /// Returns the nodes that are overridden, sorted.
    pub(crate) fn overrides(&self) -> &[Name] {
        &self.overrides
    }
}

fn overridden(inputs: &Inputs) -> Vec<Name> {
    let mut names: Vec<Name> = inputs.overrides.iter().map(|(name, _)| name.clone()).collect();
    names.sort_unstable();
    names
}
