//! Compiled outputs: decorators and nodes that need a driver, and values that must be `Clone`.

use icosian::prelude::*;

#[dataflow(outputs(report), compile)]
pub mod with_driver {
    #[offload]
    pub fn offloaded(base: u64) -> u64 {
        base
    }

    #[limit("db", max_concurrency = 2)]
    pub async fn limited(base: u64) -> u64 {
        base
    }

    #[cfg(all())]
    pub fn conditional(base: u64) -> u64 {
        base
    }

    #[timeout("1s")]
    pub fn timed(base: u64) -> u64 {
        base
    }

    pub fn report(offloaded: u64, limited: u64, conditional: u64, timed: u64) -> u64 {
        offloaded + limited + conditional + timed
    }
}

pub struct Connection;

#[dataflow(outputs(report), compile)]
pub mod shared {
    use super::Connection;

    pub async fn connection() -> Connection {
        Connection
    }

    pub async fn left(connection: Connection) -> u64 {
        1
    }

    pub async fn right(connection: &Connection) -> u64 {
        2
    }

    pub fn report(left: u64, right: u64) -> u64 {
        left + right
    }
}

#[dataflow(outputs(report), compile)]
pub mod repeated {
    use super::Connection;

    #[retry(attempts = 3)]
    pub async fn report(connection: Connection) -> Result<u64, String> {
        Ok(1)
    }
}

#[dataflow(outputs(total), compile)]
pub mod node_run {
    pub fn run(number: u64) -> u64 {
        number
    }

    pub fn total(run: u64) -> u64 {
        run
    }
}

#[dataflow(outputs(total), compile)]
pub mod part_run {
    #[unpack_fields(run, rest)]
    pub fn pair(number: u64) -> (u64, u64) {
        (number, number)
    }

    pub fn total(run: u64) -> u64 {
        run
    }
}

#[dataflow(outputs(total), compile)]
pub mod module_run {
    pub mod r#run {}

    pub fn total(number: u64) -> u64 {
        number
    }
}

fn main() {}
