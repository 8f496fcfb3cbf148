//! A dataflow of three functions.
//!
//! ```text
//! $ cargo run -p hello-world
//! A bright day, user 7!
//! A bright day, Ada!
//! ```
#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::error::Error;

use icosian::prelude::*;

/// Greets a user. `outputs(..)` generates `GreetingInputs`, a struct with the inputs that `greeting` needs.
#[dataflow(outputs(greeting))]
pub mod welcome {
    /// Loads the name of a user. A real service would query its database here.
    pub async fn name(user_id: u64) -> String {
        format!("user {user_id}")
    }

    /// Runs concurrently with `name`, because neither reads the other.
    pub async fn mood(#[default(true)] sunny: bool) -> &'static str {
        if sunny { "bright" } else { "grey" }
    }

    /// Reads the outputs of both functions: the parameter names are the edges.
    pub fn greeting(name: &str, mood: &str) -> String {
        format!("A {mood} day, {name}!")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // `build` checks the whole dataflow. Build a driver once, and use it for any number of executions.
    let driver = AsyncDriver::builder().with_dataflow(welcome::dataflow()).build()?;

    // A missing, misspelt or mistyped input does not compile. `sunny` has a default, so it is optional.
    let inputs = welcome::GreetingInputs { user_id: 7, sunny: None };
    let text: String = driver.execute::<welcome::greeting>(inputs).await?;
    println!("{text}");

    // An override replaces a node and everything that only this node needs: `user_id` is not an input now.
    let overridden = inputs! {}.overriding::<welcome::name>("Ada".to_owned());
    println!("{}", driver.execute::<welcome::greeting>(overridden).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::welcome;

    #[test]
    fn functions_stay_functions() {
        assert_eq!(welcome::greeting("Ada", "bright"), "A bright day, Ada!");
    }
}
