//! Prints a greeting.

use std::error::Error;

use icosian::prelude::*;

use template_name::welcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // `build` checks the whole dataflow. Build a driver once, and use it for any number of executions.
    let driver = AsyncDriver::builder()
        .with_dataflow(welcome::dataflow())
        .build()?;

    // A missing, misspelt or mistyped input does not compile. `sunny` has a default, so it is optional.
    let inputs = welcome::GreetingInputs {
        user_id: 7,
        sunny: None,
    };
    let text = driver.execute::<welcome::greeting>(inputs).await?;
    println!("{text}");
    Ok(())
}
