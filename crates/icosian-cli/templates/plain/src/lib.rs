//! A greeting, computed by a dataflow.

use icosian::dataflow;

/// Greets a user. Each public function is a node, and its parameters name the nodes and inputs that it reads.
///
/// `outputs(..)` generates `GreetingInputs`, a struct with the inputs that `greeting` needs.
#[dataflow(outputs(greeting))]
pub mod welcome {
    /// Loads the name of a user. A real program would query its database here.
    pub async fn name(user_id: u64) -> String {
        format!("user {user_id}")
    }

    /// Returns the mood of the day. It runs concurrently with `name`, because neither reads the other.
    pub async fn mood(#[default(true)] sunny: bool) -> &'static str {
        if sunny { "bright" } else { "grey" }
    }

    /// Combines both results.
    pub fn greeting(name: &str, mood: &str) -> String {
        format!("A {mood} day, {name}!")
    }
}
