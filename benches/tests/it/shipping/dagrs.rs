// ANCHOR: shipping
use std::sync::Arc;

use ::dagrs::async_trait::async_trait;
use ::dagrs::{
    Action, Content, DagrsResult, DefaultNode, EnvVar, Graph, InChannels, Node, NodeTable, OutChannels,
    Output,
};

struct Weight {
    order_id: u64,
}

#[async_trait]
impl Action for Weight {
    async fn run(&self, _: &mut InChannels, readers: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        readers.broadcast(Content::new(self.order_id as f64 / 2.0)).await;
        Output::empty()
    }
}

struct Rate {
    country: String,
}

#[async_trait]
impl Action for Rate {
    async fn run(&self, _: &mut InChannels, readers: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        let rate = if self.country == "SE" { 4.0_f64 } else { 9.0 };
        readers.broadcast(Content::new(rate)).await;
        Output::empty()
    }
}

struct Price;

#[async_trait]
impl Action for Price {
    async fn run(&self, reads: &mut InChannels, _: &mut OutChannels, _: Arc<EnvVar>) -> Output {
        // Values have no static type, and a product needs no order of its factors.
        let factors = reads.map(|factor| factor.ok().and_then(Content::into_inner::<f64>));
        let factors = factors.await;
        Output::new(factors.iter().flatten().map(|factor| **factor).product::<f64>())
    }
}

async fn price(order_id: u64, country: &str) -> DagrsResult<f64> {
    let (mut names, mut graph) = (NodeTable::new(), Graph::new());
    let rate = Rate { country: country.to_owned() };
    let weight = DefaultNode::with_action("weight".to_owned(), Weight { order_id }, &mut names);
    let rate = DefaultNode::with_action("rate".to_owned(), rate, &mut names);
    let price = DefaultNode::with_action("price".to_owned(), Price, &mut names);
    let (weight_id, rate_id, price_id) = (weight.id(), rate.id(), price.id());
    graph.add_node(weight)?;
    graph.add_node(rate)?;
    graph.add_node(price)?;
    graph.add_edge(weight_id, vec![price_id])?;
    graph.add_edge(rate_id, vec![price_id])?;
    graph.set_env(EnvVar::new(names));
    graph.async_start().await?;
    let results = graph.get_results::<f64>();
    Ok(**results[&price_id].as_ref().expect("the node has an output"))
}
// ANCHOR_END: shipping

#[tokio::test]
async fn price_is_computed() {
    assert_eq!(price(7, "SE").await.expect("no node fails"), 14.0);
}
