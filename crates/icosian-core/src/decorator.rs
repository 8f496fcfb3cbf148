//! Decorators: functions that change the nodes of a function, and the config that they read.

mod config;
mod config_choice;
mod construction;
mod decorate_error;
#[expect(clippy::module_inception, reason = "the file of the trait `Decorator`")]
mod decorator;
mod judge;

pub use config::{Config, ConfigReads};
pub use config_choice::ConfigChoice;
#[doc(hidden)]
pub use construction::Cycle;
pub(crate) use construction::construct;
pub use decorate_error::DecorateError;
pub use decorator::{Attachments, DecorateContext, Decorator, is_own, sinks};
pub use icosian_spec::{BuiltIn, DecoratorSpec, Phase};
pub use judge::{Verdict, judge};
