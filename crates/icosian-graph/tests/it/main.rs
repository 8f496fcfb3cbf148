//! Laws of shapes, graphs and plans, checked on random graphs against naive definitions.

mod random;

mod build;
mod plan;
mod shape;
