//! All contenders of the service answer. The contenders that run the nodes answer equally.

use std::time::Duration;

use icosian_benches::service::{Contender, ask, load};

#[tokio::test]
async fn services_answer_equally() {
    let join = Contender::Join.serve().await.unwrap();
    let icosian = Contender::Icosian.serve().await.unwrap();
    for seed in [0, 7, u64::MAX] {
        assert_eq!(ask(join, seed).await.unwrap(), ask(icosian, seed).await.unwrap());
    }
    let none = Contender::NoWork.serve().await.unwrap();
    assert_eq!(ask(none, 7).await.unwrap(), "7");
    assert!(load(icosian, 2, Duration::from_millis(20)).await.unwrap() > 0.0);
}
