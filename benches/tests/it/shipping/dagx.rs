// ANCHOR: shipping
use ::dagx::{DagRunner, Task, task};

struct Weight {
    order_id: u64,
}

#[task]
impl Weight {
    async fn run(&self) -> f64 {
        self.order_id as f64 / 2.0
    }
}

struct Rate {
    country: String,
}

#[task]
impl Rate {
    async fn run(&self) -> f64 {
        if self.country == "SE" { 4.0 } else { 9.0 }
    }
}

struct Price;

#[task]
impl Price {
    async fn run(weight: &f64, rate: &f64) -> f64 {
        weight * rate
    }
}

async fn price(order_id: u64, country: &str) -> f64 {
    let dag = DagRunner::new();
    let weight = dag.add_task(Weight { order_id });
    let rate = dag.add_task(Rate { country: country.to_owned() });
    let price = dag.add_task(Price).depends_on((&weight, &rate));
    dag.run(|task| drop(tokio::spawn(task))).await.expect("no task fails");
    dag.get(price).expect("the task has run")
}
// ANCHOR_END: shipping

#[tokio::test]
async fn price_is_computed() {
    assert_eq!(price(7, "SE").await, 14.0);
}
