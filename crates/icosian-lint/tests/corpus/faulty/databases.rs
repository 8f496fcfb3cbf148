//! Async nodes over database drivers that are sync.

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use icosian::prelude::*;
use redis::Commands;
use rusqlite::{Connection, params};

#[dataflow]
pub mod accounts {
    use super::*;

    /// The account's balance.
    pub async fn balance(db: &Mutex<rusqlite::Connection>, account: u64) -> rusqlite::Result<f64> {
        let db = db.lock().unwrap();
        db.query_row("select balance from accounts where id = ?1", params![account], |row| row.get(0)) //~ ICO0201
    }

    /// Opens the ledger.
    pub async fn ledger(path: &std::path::Path) -> rusqlite::Result<Connection> {
        let connection = Connection::open(path)?; //~ ICO0201
        connection.execute_batch("pragma journal_mode = wal")?; //~ ICO0201
        Ok(connection)
    }

    /// The names of all users.
    pub async fn user_names(pool: &r2d2::Pool<r2d2::ConnectionManager<PgConnection>>) -> anyhow::Result<Vec<String>> {
        let mut connection = pool.get()?; //~ ICO0201
        let names = users::table.select(users::name).load::<String>(&mut connection)?; //~ ICO0201
        Ok(names)
    }

    /// The number of open orders.
    pub async fn open_orders(client: &Arc<Mutex<postgres::Client>>) -> Result<i64, postgres::Error> {
        let mut client = client.lock().unwrap();
        let row = client.query_one("select count(*) from orders where open", &[])?; //~ ICO0201
        Ok(row.get(0))
    }

    /// The session's user, from the cache.
    pub async fn session_user(redis: &redis::Client, session: &str) -> redis::RedisResult<u64> {
        let mut connection = redis.get_connection()?; //~ ICO0201
        connection.get(format!("session:{session}")) //~ ICO0201
    }

    /// Stores the score.
    pub async fn stored_score(user: u64, score: f64, pool: &Pool) -> anyhow::Result<f64> {
        let url = pool.url().await?;
        let mut client = postgres::Client::connect(&url, postgres::NoTls)?; //~ ICO0201
        client.execute("insert into scores values ($1, $2)", &[&(user as i64), &score])?; //~ ICO0201
        Ok(score)
    }

    /// All rows of the invoice.
    pub async fn invoice_rows(db: Arc<Mutex<Connection>>, invoice: i64) -> rusqlite::Result<Vec<Row>> {
        let db = db.lock().expect("no other node panics");
        let mut statement = db.prepare("select item, price from rows where invoice = ?1")?; //~ ICO0201
        let rows = statement.query_map([invoice], |row| Ok(Row { item: row.get(0)?, price: row.get(1)? }))?; //~ ICO0201
        rows.collect()
    }
}
