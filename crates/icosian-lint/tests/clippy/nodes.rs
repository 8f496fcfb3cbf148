//! The input of a clippy run; `messages.json` stores the output.

use std::cell::RefCell;
use std::sync::Mutex;

use crate::pantry::{fetch, large, run_here};

macro_rules! added {
    ($rate:expr, $url:expr) => {{
        let mut rate = $rate.lock().unwrap();
        *rate += fetch($url).await;
    }};
}

#[icosian::dataflow]
pub mod rates {
    use super::*;

    pub fn in_a_block(url: &str) -> f64 {
        let rate = Mutex::new(0.0);
        run_here(async {
            let mut rate = rate.lock().unwrap();
            *rate = fetch(url).await;
            *rate += fetch(url).await;
            *rate
        })
    }

    #[icosian::node(allow(ICO0203, reason = "nobody else has the cell"))]
    pub fn in_a_closure(url: &str) -> f64 {
        let rate = RefCell::new(0.0);
        let set = async |url| {
            let mut rate = rate.borrow_mut();
            *rate = fetch(url).await;
        };
        run_here(set(url));
        rate.into_inner()
    }

    #[icosian::decorators::tag(owner = "größe")]
    pub fn of_a_macro(url: &str) -> f64 {
        let rate = Mutex::new(0.0);
        run_here(async { ("größe", added!(rate, url)) });
        rate.into_inner().unwrap()
    }

    pub async fn at_the_end(url: &str) -> f64 { let größe = 1.0; größe + large(url).await }

    async fn no_node(url: &str) -> f64 {
        large(url).await
    }
}

#[icosian::node]
#[allow(clippy::await_holding_lock, reason = "it holds none")]
pub async fn loose(url: &str) -> f64 {
    let twice = async { large(url).await + large(url).await };
    twice.await
}

pub async fn elsewhere(url: &str) -> f64 {
    large(url).await
}
