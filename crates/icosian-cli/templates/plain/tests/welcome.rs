//! Tests the dataflow as a whole, and one of its functions alone.

use icosian::prelude::*;

use template_name::welcome;

#[tokio::test]
async fn greeting_names_user_and_mood() {
    let driver = AsyncDriver::builder()
        .with_dataflow(welcome::dataflow())
        .build()
        .unwrap();
    let inputs = welcome::GreetingInputs {
        user_id: 7,
        sunny: Some(false),
    };
    let text = driver.execute::<welcome::greeting>(inputs).await.unwrap();
    assert_eq!(text, "A grey day, user 7!");

    // An override replaces a node, so the test needs no database.
    let inputs = inputs! {}.overriding::<welcome::name>("Ada".to_owned());
    let text = driver.execute::<welcome::greeting>(inputs).await.unwrap();
    assert_eq!(text, "A bright day, Ada!");
}

#[test]
fn functions_stay_functions() {
    assert_eq!(welcome::greeting("Ada", "bright"), "A bright day, Ada!");
}
