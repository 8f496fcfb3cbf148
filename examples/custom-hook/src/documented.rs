use icosian::{GraphValidator, Outline, Violation};

/// Requires a doc comment above each function.
#[derive(Clone, Copy, Debug)]
pub struct Documented;

impl GraphValidator for Documented {
    fn validate_node(&self, node: &Outline) -> Vec<Violation> {
        if node.documentation().is_empty() {
            vec![Violation::new("it has no documentation").with_help("add a doc comment above the function")]
        } else {
            Vec::new()
        }
    }
}
