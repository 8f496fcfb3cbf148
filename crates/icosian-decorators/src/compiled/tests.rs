#![allow(clippy::drop_non_drop, reason = "tests")]

use std::future::{Ready, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use icosian_core::NodeError;
use icosian_core::run::{Clock, FallbackFailed, Untimed};

use super::*;
use crate::{ChecksFailed, Importance, Retry, Timeout};

/// Adds up its waits, and is always ready.
#[derive(Default)]
struct Waits(AtomicU64);

impl Clock for &Waits {
    type Sleep = Ready<()>;

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, time: Duration) -> Ready<()> {
        self.0.fetch_add(u64::try_from(time.as_millis()).expect("waits are short"), SeqCst);
        ready(())
    }
}

/// Polls a future until it is ready, at most ten times.
fn poll_often<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..10 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
    panic!("the future is ready after a few polls")
}

fn fail<T>() -> Result<T, NodeError> {
    Err(NodeError::failed("no route"))
}

#[test]
fn failed_calls_are_repeated_until_one_succeeds() {
    let calls = AtomicUsize::new(0);
    let call = |_| if calls.fetch_add(1, SeqCst) < 2 { fail() } else { Ok(7) };
    let outcome = poll_often(retry(&Retry::new(5), "rates", Untimed, |attempt| ready(call(attempt))));
    assert_eq!((outcome.ok(), calls.swap(0, SeqCst)), (Some(7), 3));
    assert_eq!((retry_in_sync(&Retry::new(5), "rates", call).ok(), calls.into_inner()), (Some(7), 3));
}

#[test]
fn last_call_moves_the_arguments_it_holds() {
    struct Counted<'a>(&'a AtomicUsize);
    impl Clone for Counted<'_> {
        fn clone(&self) -> Self {
            self.0.fetch_add(1, SeqCst);
            Self(self.0)
        }
    }
    let clones = AtomicUsize::new(0);
    for attempts in 1..4 {
        let mut held = Held::new(Counted(&clones));
        let outcome = retry_in_sync(&Retry::new(attempts), "rates", |attempt| {
            drop(held.get(attempt));
            fail::<()>()
        });
        assert!(outcome.is_err());
        assert_eq!(clones.swap(0, SeqCst), attempts - 1);
    }
}

#[test]
fn waits_follow_the_backoff() {
    let waits = Waits::default();
    let policy = Retry::new(4).backoff(Duration::from_millis(100), Duration::from_millis(300));
    let outcome = poll_often(retry(&policy, "rates", &waits, |_| ready(fail::<()>())));
    assert_eq!(outcome.map_err(|error| error.to_string()), Err("no route".to_owned()));
    assert_eq!(waits.0.into_inner(), 100 + 200 + 300);
}

#[test]
fn expired_limit_fails_a_waiting_future_only() {
    let waits = Waits::default();
    let limit = Timeout::new(Duration::from_millis(250));
    let waiting = pin!(std::future::pending::<Result<(), NodeError>>());
    let late = poll_often(timeout(limit, "rates", &waits, waiting));
    assert!(matches!(late, Err(NodeError::TimedOut(limit)) if limit == Duration::from_millis(250)));
    let done = poll_often(timeout(limit, "rates", &waits, pin!(ready(Ok(1)))));
    assert_eq!(done.ok(), Some(1));
}

#[test]
fn fallback_replaces_errors_and_no_panic() {
    let replaced =
        fall_back("rates", fail(), |error| Ok(replace_with(std::string::ToString::to_string, error)));
    assert_eq!(replaced.ok(), Some("no route".to_owned()));
    let second = poll_often(fall_back_async("rates", pin!(ready(fail())), || ready(Ok(2))));
    assert_eq!(second.ok(), Some(2));
    let panicked = fall_back("rates", Err(NodeError::Panicked(String::new())), |_| Ok(3));
    assert!(matches!(panicked, Err(NodeError::Panicked(_))));
}

#[test]
fn failed_fallback_keeps_both_errors() {
    let failed = [
        fall_back("rates", fail::<()>(), |_| Err(NodeError::failed("no cache"))),
        poll_often(fall_back_async("rates", pin!(ready(fail())), || {
            ready(Err(NodeError::failed("no cache")))
        })),
    ];
    for failed in failed {
        let error = failed.expect_err("both functions fail");
        let both = error.find::<FallbackFailed, _>().expect("the error has both");
        assert_eq!([both.error().to_string(), both.fallback_error().to_string()], ["no route", "no cache"]);
    }
}

#[test]
fn failed_checks_are_reported_together() {
    let check = |value: f64| {
        Checking::new("rate", &value)
            .importance(Importance::Fail)
            .check(range::<f64, _>(0.0..=1.0))
            .check(allow_nans::<f64>(false))
            .importance(Importance::Warn)
            .check(range::<f64, _>(0.0..=0.1))
            .finish()
    };
    assert!(check(0.5).is_ok());
    let error = check(f64::NAN).expect_err("the value fails two checks");
    assert_eq!(error.find::<ChecksFailed, _>().map(|failed| failed.failures().len()), Some(2));
}
