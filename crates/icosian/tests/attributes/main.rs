//! Every decorator as an attribute of a sync function and of its async form.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::unused_async, reason = "the async twins of these tests wait for nothing")]
#![allow(unused_parens, reason = "a macro writes one output as it writes several")]

mod around;
mod by_config;
mod checks;
mod cycles;
mod ended;
mod fed;
mod included;
mod nested;
mod parts;
mod pipes;
mod reports;
mod several;
mod spread;
mod third_party;
mod twins;
mod values;
