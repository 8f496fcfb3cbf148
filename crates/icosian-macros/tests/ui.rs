//! What is refused, and at which tokens.

#[test]
fn refusals_are_exact() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
