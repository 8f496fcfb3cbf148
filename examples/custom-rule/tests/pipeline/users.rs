//! A dataflow for the test of the rule. It is not compiled.

use icosian::prelude::*;

#[dataflow]
pub mod users {
    /// The name of the user.
    pub async fn name(pool: &Pool, id: u64) -> Result<String, DatabaseError> {
        pool.name(id).await
    }

    /// The orders of the user.
    #[limit("database", max_concurrency = 8)]
    pub async fn orders(pool: &Pool, id: u64) -> Result<Vec<u64>, DatabaseError> {
        pool.orders(id).await
    }

    /// The page of the user.
    pub fn page(name: &str, orders: &[u64]) -> String {
        format!("{name} has {} orders", orders.len())
    }
}
