//! The laws of shapes, graphs and plans, on random graphs and against slow, plain definitions.

mod random;

mod build;
mod plan;
mod shape;
