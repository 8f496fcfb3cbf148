use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Meta;

use crate::model::NodeSource;

/// A condition over the `#[cfg(..)]`s of functions: one of several sets of functions exists completely.
///
/// A set that contains another one is left out, so the condition that always holds is the empty set alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cfg(Vec<BTreeSet<usize>>);

impl Cfg {
    /// Returns the condition that always holds.
    pub(super) fn always() -> Self {
        Self(vec![BTreeSet::new()])
    }

    pub(crate) fn is_always(&self) -> bool {
        self.0.iter().any(BTreeSet::is_empty)
    }

    pub(crate) fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds another way in which the condition holds. Returns whether this changes the condition.
    pub(crate) fn or(&mut self, other: &Self) -> bool {
        let before = self.0.len();
        let mut has_changed = false;
        for set in &other.0 {
            if self.0.iter().any(|own| own.is_subset(set)) {
                continue;
            }
            self.0.retain(|own| !set.is_subset(own));
            self.0.push(set.clone());
            has_changed = true;
        }
        has_changed || self.0.len() != before
    }

    /// Requires in addition that the function at `position` exists.
    pub(super) fn and(mut self, position: usize) -> Self {
        self.0.iter_mut().for_each(|set| _ = set.insert(position));
        let sets = std::mem::take(&mut self.0);
        self.or(&Self(sets));
        self
    }

    /// Writes the condition. `functions` are the functions of the module; `None` if the condition always holds.
    pub(crate) fn written(&self, functions: &[NodeSource]) -> Option<TokenStream> {
        if self.is_always() {
            return None;
        }
        let sets = self.0.iter().map(|set| {
            let all = set.iter().flat_map(|at| conditions(&functions[*at]));
            quote!(all(#(#all),*))
        });
        Some(quote!(any(#(#sets),*)))
    }
}

/// Returns the conditions of the `#[cfg(..)]`s of `function`.
pub(crate) fn conditions(function: &NodeSource) -> impl Iterator<Item = &TokenStream> {
    function.cfgs.iter().filter_map(|cfg| match &cfg.meta {
        Meta::List(list) => Some(&list.tokens),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(sets: &[&[usize]]) -> Cfg {
        let mut all = Cfg::default();
        for set in sets {
            all.or(&set.iter().fold(Cfg::always(), |cfg, at| cfg.and(*at)));
        }
        all
    }

    #[test]
    fn larger_sets_are_absorbed() {
        assert_eq!(any(&[&[1], &[1, 2]]), any(&[&[1]]));
        assert_eq!(any(&[&[1, 2], &[1]]), any(&[&[1]]));
        assert!(any(&[&[1], &[]]).is_always());
        assert!(any(&[]).is_never());
        assert_eq!(any(&[&[1], &[2]]).and(2), any(&[&[2]]));
    }

    #[test]
    fn a_known_way_changes_nothing() {
        let mut cfg = any(&[&[1]]);
        assert!(!cfg.or(&any(&[&[1, 2]])));
        assert!(cfg.or(&any(&[&[2]])));
        assert!(cfg.or(&Cfg::always()));
    }
}
