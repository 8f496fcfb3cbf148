//! The common shape of [`BuildError`](crate::BuildError) and [`RequestError`](crate::RequestError).

/// Defines an error type that holds all diagnostics of a pass.
macro_rules! diagnostics_error {
    ($(#[$docs:meta])* $name:ident of $kind:ident) => {
        $(#[$docs])*
        #[derive(thiserror::Error, miette::Diagnostic)]
        #[error(transparent)]
        #[diagnostic(transparent)]
        pub struct $name(icosian_diagnostics::Diagnostics<$kind>);

        impl $name {
            /// Returns the diagnostics, in the order in which they were found.
            pub fn iter(&self) -> std::slice::Iter<'_, icosian_diagnostics::Spanned<$kind>> {
                self.0.iter()
            }

            /// Returns the kind of each diagnostic.
            pub fn kinds(&self) -> impl ExactSizeIterator<Item = &$kind> {
                self.iter().map(icosian_diagnostics::Spanned::kind)
            }

            pub(crate) fn push(&mut self, diagnostic: icosian_diagnostics::Spanned<$kind>) {
                self.0.push(diagnostic);
            }

            /// Returns `value` if there are no diagnostics.
            pub(crate) fn into_result<T>(self, value: T) -> Result<T, Self> {
                self.0.into_result(value).map_err(Self)
            }
        }

        impl From<icosian_diagnostics::Diagnostics<$kind>> for $name {
            fn from(diagnostics: icosian_diagnostics::Diagnostics<$kind>) -> Self {
                Self(diagnostics)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self(icosian_diagnostics::Diagnostics::default())
            }
        }

        impl Extend<icosian_diagnostics::Spanned<$kind>> for $name {
            fn extend<I: IntoIterator<Item = icosian_diagnostics::Spanned<$kind>>>(&mut self, diagnostics: I) {
                self.0.extend(diagnostics);
            }
        }

        impl<'a> IntoIterator for &'a $name {
            type Item = &'a icosian_diagnostics::Spanned<$kind>;
            type IntoIter = std::slice::Iter<'a, icosian_diagnostics::Spanned<$kind>>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        impl IntoIterator for $name {
            type Item = icosian_diagnostics::Spanned<$kind>;
            type IntoIter = std::vec::IntoIter<icosian_diagnostics::Spanned<$kind>>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

pub(crate) use diagnostics_error;
