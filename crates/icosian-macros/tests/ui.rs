//! Compile errors of the macros, with their tokens.

#[test]
fn compile_errors_match_snapshots() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
