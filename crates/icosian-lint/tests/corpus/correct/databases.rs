//! Async drivers, and sync ones where they may wait.

use std::sync::{Arc, Mutex};

use icosian::prelude::*;
use redis::AsyncCommands;
use sqlx::{PgPool, Row};

#[dataflow]
pub mod accounts {
    use super::*;

    /// The account's balance.
    pub async fn balance(pool: &PgPool, account: i64) -> sqlx::Result<f64> {
        sqlx::query_scalar("select balance from accounts where id = $1").bind(account).fetch_one(pool).await
    }

    /// The names of all users.
    pub async fn user_names(pool: &PgPool) -> sqlx::Result<Vec<String>> {
        let rows = sqlx::query("select name from users").fetch_all(pool).await?;
        Ok(rows.iter().map(|row| row.get("name")).collect())
    }

    /// The session's user.
    pub async fn session_user(redis: &redis::Client, session: &str) -> redis::RedisResult<u64> {
        let mut connection = redis.get_multiplexed_async_connection().await?;
        connection.get(format!("session:{session}")).await
    }

    /// The number of open orders.
    pub async fn open_orders(client: &tokio_postgres::Client) -> Result<i64, tokio_postgres::Error> {
        let row = client.query_one("select count(*) from orders where open", &[]).await?;
        Ok(row.get(0))
    }

    /// The ledger's balance, on a thread for blocking work.
    pub async fn ledger(db: Arc<Mutex<rusqlite::Connection>>) -> anyhow::Result<f64> {
        tokio::task::spawn_blocking(move || {
            let db = db.lock().expect("no other node panics");
            Ok(db.query_row("select sum(amount) from ledger", [], |row| row.get(0))?)
        })
        .await?
    }

    /// The rows of one invoice, page by page: each page says where the next one begins.
    pub async fn invoice_rows(pool: &PgPool, invoice: i64) -> sqlx::Result<Vec<Line>> {
        let mut rows = Vec::new();
        let mut last = 0;
        loop {
            let page = page_after(pool, invoice, last).await?;
            let Some(end) = page.last() else { break };
            last = end.id;
            rows.extend(page);
        }
        Ok(rows)
    }

    async fn page_after(pool: &PgPool, invoice: i64, last: i64) -> sqlx::Result<Vec<Line>> {
        sqlx::query_as("select * from lines where invoice = $1 and id > $2 limit 100")
            .bind(invoice)
            .bind(last)
            .fetch_all(pool)
            .await
    }

    /// The transfer's steps, which need each other.
    pub async fn transferred(steps: Vec<Step>, pool: &PgPool) -> sqlx::Result<i64> {
        let mut transaction = pool.begin().await?;
        let mut balance = 0;
        for step in steps {
            balance = step.apply(&mut transaction, balance).await?;
        }
        transaction.commit().await?;
        Ok(balance)
    }

    /// The table's schema, in a database that is only in memory.
    #[offload]
    pub fn schema() -> rusqlite::Result<String> {
        let connection = rusqlite::Connection::open_in_memory()?;
        connection.query_row("select sql from sqlite_schema", [], |row| row.get(0))
    }

    /// The number of accounts in the cache.
    pub async fn cached(cache: &Mutex<std::collections::HashMap<u64, f64>>, metrics: &Metrics) -> usize {
        let count = cache.lock().unwrap().len();
        metrics.report(count).await;
        count
    }
}
