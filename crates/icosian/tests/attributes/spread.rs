//! Decorators below `#[node]`.

use icosian::prelude::*;

#[node]
#[icosian::decorators::extract_outputs(small: u64, large: u64)]
pub fn sizes() -> (u64, u64) {
    (1, 2)
}

#[node]
#[parameterize_values(doubled(times = 2), tripled(times = 3))]
pub async fn several(small: u64, times: u64) -> u64 {
    small * times
}

#[node]
#[exclude]
pub fn plus_one(number: u64) -> u64 {
    number + 1
}

#[node]
#[pipe_output(step(plus_one))]
#[icosian::decorators::retry(attempts = 2)]
pub fn next(large: u64) -> Result<u64, std::fmt::Error> {
    large.checked_mul(1).ok_or(std::fmt::Error)
}

#[tokio::test]
async fn node_functions_in_modules_are_decorated() {
    let flow = nodes![sizes, several, next, plus_one];
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    let given = driver.execute::<(doubled, tripled, next, sizes)>(inputs! {}).await.unwrap();
    assert_eq!(given, (2, 3, 3, (1, 2)));
    assert_eq!(plus_one(1), 2);
}
