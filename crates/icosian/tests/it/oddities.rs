//! Unusual names, values and requests.

use std::panic::panic_any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use icosian::prelude::*;
use icosian::{Name, Node, NodeError, Outline, Param};

/// Nodes with unusual names and values.
#[dataflow]
pub(crate) mod odd {
    /// Panics when it is cloned.
    #[derive(Debug, PartialEq)]
    pub(crate) struct NoTwin(pub(crate) u64);

    impl Clone for NoTwin {
        fn clone(&self) -> Self {
            panic!("there is one of {}", self.0)
        }
    }

    /// Panics when it is dropped.
    #[derive(Debug)]
    pub(crate) struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("it went off")
        }
    }

    pub fn r#type(r#match: u64) -> u64 {
        r#match + 1
    }

    pub fn label(literal: &'static str, maybe: Option<&'static str>) -> String {
        format!("{literal} {maybe:?}")
    }

    pub fn both(text: &'static str, borrowed: &str) -> String {
        format!("{text} {borrowed}")
    }

    pub fn no_twin(r#match: u64) -> NoTwin {
        NoTwin(r#match)
    }

    pub fn bomb() -> Bomb {
        Bomb
    }

    pub fn after_bomb(bomb: &Bomb) -> u64 {
        let _ = bomb;
        1
    }

    pub async fn later_bomb(bomb: &Bomb) -> u64 {
        let _ = bomb;
        2
    }

    pub fn count(#[default(10)] limit: u64) -> u64 {
        limit
    }
}

fn driver() -> Driver {
    Driver::builder().with_dataflow(odd::dataflow()).build().unwrap()
}

#[test]
fn raw_identifiers_have_the_plain_name() {
    let r#match = 1_u64;
    let written = [inputs! { r#match }, inputs! { r#match: 1_u64 }, inputs! { "match": 1_u64 }];
    for inputs in written {
        assert_eq!(driver().execute::<odd::r#type>(inputs).unwrap(), 2);
    }
    let config = config! { r#match: 1_u64 };
    let configured = Driver::builder().with_dataflow(odd::dataflow()).with_config(config).build().unwrap();
    assert_eq!(configured.execute_named(["type"], inputs! {}).unwrap().get::<u64>("type"), Some(&2));
}

#[test]
fn literal_converts_to_the_type_of_its_readers() {
    let inputs = inputs! { literal: "a", maybe: "b" };
    assert_eq!(driver().execute::<odd::label>(inputs).unwrap(), r#"a Some("b")"#);
    assert_eq!(driver().execute::<odd::both>(inputs! { text: "a", borrowed: "b" }).unwrap(), "a b");
    let refused = driver().execute::<odd::label>(inputs! { literal: String::from("a") }).unwrap_err();
    assert!(format!("{refused:?}").contains("pass a value of type `&'static str`"), "{refused:?}");
}

#[test]
fn inputs_macro_accepts_130_inputs() {
    let n = 1_u64;
    let inputs = inputs! {
        a: n, b: n, c: n, d: n, e: n, f: n, g: n, h: n, i: n, j: n, k: n, l: n, m: n, n: n, o: n, p: n, q: n, r: n,
        aa: n, ba: n, ca: n, da: n, ea: n, fa: n, ga: n, ha: n, ia: n, ja: n, ka: n, la: n, ma: n, na: n, oa: n, pa: n,
        ab: n, bb: n, cb: n, db: n, eb: n, fb: n, gb: n, hb: n, ib: n, jb: n, kb: n, lb: n, mb: n, nb: n, ob: n, pb: n,
        ac: n, bc: n, cc: n, dc: n, ec: n, fc: n, gc: n, hc: n, ic: n, jc: n, kc: n, lc: n, mc: n, nc: n, oc: n, pc: n,
        ad: n, bd: n, cd: n, dd: n, ed: n, fd: n, gd: n, hd: n, id: n, jd: n, kd: n, ld: n, md: n, nd: n, od: n, pd: n,
        ae: n, be: n, ce: n, de: n, ee: n, fe: n, ge: n, he: n, ie: n, je: n, ke: n, le: n, me: n, ne: n, oe: n, pe: n,
        af: n, bf: n, cf: n, df: n, ef: n, ff: n, gf: n, hf: n, r#if: n, jf: n, kf: n, lf: n, mf: n, nf: n, of: n, pf: n,
        ag: n, bg: n, cg: n, dg: n, eg: n, fg: n, gg: n, hg: n, ig: n, jg: n, kg: n, lg: n, mg: n, ng: n, og: n, pg: n,
    };
    assert_eq!(format!("{inputs:?}").matches("u64").count(), 130);
}

#[test]
fn panic_in_clone_or_drop_is_an_error_and_driver_stays_usable() {
    let driver = driver();
    let cloned = driver.execute::<(odd::no_twin, odd::no_twin)>(inputs! { r#match: 7_u64 }).unwrap_err();
    assert!(format!("{cloned:?}").contains("there is one of 7"), "{cloned:?}");
    let dropped = driver.execute::<odd::after_bomb>(inputs! {}).unwrap_err();
    assert!(format!("{dropped:?}").contains("it went off"), "{dropped:?}");
    assert_eq!(driver.execute::<odd::count>(inputs! {}).unwrap(), 10);
}

#[tokio::test]
async fn panic_in_drop_after_an_async_node_is_an_error() {
    let driver = AsyncDriver::builder().with_dataflow(odd::dataflow()).build().unwrap();
    let dropped = driver.execute::<odd::later_bomb>(inputs! {}).await.unwrap_err();
    assert!(format!("{dropped:?}").contains("it went off"), "{dropped:?}");
}

#[test]
fn panic_whose_payload_panics_in_drop_is_an_error() {
    let node = Node::sync(Outline::new("node"), |_| -> Result<u64, NodeError> { panic_any(odd::Bomb) });
    let driver = Driver::builder().with_dataflow(Dataflow::new("flow").with_node(node)).build().unwrap();
    let error = driver.execute_named(["node"], inputs! {}).unwrap_err();
    assert_eq!(error.node().map(Name::as_str), Some("node"));
}

#[tokio::test]
async fn error_of_a_node_is_kept_if_a_cancelled_node_panics_in_drop() {
    struct Guard(Arc<AtomicUsize>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
            panic!("dropped badly")
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&dropped);
    let hanging = Node::future(Outline::new("hanging"), move |_| {
        let guard = Guard(Arc::clone(&count));
        async move {
            let _guard = guard;
            std::future::pending::<Result<u64, NodeError>>().await
        }
    });
    let failing = Node::future(Outline::new("failing"), |_| async {
        tokio::task::yield_now().await;
        Err::<u64, _>(NodeError::failed("no luck"))
    });
    let flow = Dataflow::new("flow").with_node(hanging).with_node(failing);
    let driver = AsyncDriver::builder().with_dataflow(flow).build().unwrap();
    let error = driver.execute_named(["hanging", "failing"], inputs! {}).await.unwrap_err();
    assert_eq!(error.node().map(Name::as_str), Some("failing"));
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn json_of_an_unserializable_output_is_refused_before_run() {
    let unknown = Inputs::new().with("match", 3_u64);
    let refused = driver().execute_with(&JsonObject, ["match", "type"], unknown).unwrap_err();
    assert!(matches!(refused, ExecuteError::Refused(_)), "{refused:?}");
    let json = driver().execute_with(&JsonObject, ["match", "type"], inputs! { r#match: 3_u64 }).unwrap();
    assert_eq!((&json["match"], &json["type"]), (&3.into(), &4.into()));
}

#[test]
fn override_of_a_config_value_wins() {
    let config = config! { count: 3_u64 };
    let driver = Driver::builder().with_dataflow(odd::dataflow()).with_config(config).build().unwrap();
    assert_eq!(driver.execute::<odd::count>(inputs! {}.overriding::<odd::count>(4)).unwrap(), 4);
    assert_eq!(driver.execute::<odd::count>(inputs! {}).unwrap(), 3);
}

#[test]
fn missing_input_suggests_a_misspelt_config_value() {
    let config = config! { mtach: 3_u64 };
    let driver = Driver::builder().with_dataflow(odd::dataflow()).with_config(config).build().unwrap();
    let refused = driver.execute::<odd::r#type>(inputs! {}).unwrap_err();
    assert!(
        format!("{refused:?}").contains("`mtach` is passed, but no node reads it; did you mean `match`?"),
        "{refused:?}"
    );
}

#[test]
fn requested_name_is_escaped_and_can_be_long() {
    let refused = driver().execute_named(["\u{1b}[31mred\n"], inputs! {}).unwrap_err();
    assert_eq!(refused.to_string(), "unknown node `\\u{1b}[31mred\\n`");
    let long = "n".repeat(1_000_000);
    assert!(driver().execute_named([long], inputs! {}).is_err());
}

#[test]
fn node_cannot_both_consume_and_borrow_a_value() {
    struct Single;
    let single = Node::sync(Outline::new("single"), |_| Ok(Single));
    let twice = Outline::new("twice")
        .with_param(Param::taken::<Single>("single"))
        .with_param(Param::borrowed::<Single>("single"))
        .with_output_type::<u64>();
    let twice = Node::sync(twice, |args| {
        let _taken = args.take_with::<Single>(0, None);
        let _borrowed = args.borrow::<Single>(1);
        Ok(1_u64)
    });
    let flow = Dataflow::new("flow").with_node(single).with_node(twice);
    let driver = Driver::builder().with_dataflow(flow).build().unwrap();
    let refused = driver.execute_named(["twice"], inputs! {}).unwrap_err();
    assert!(matches!(refused, ExecuteError::Refused(_)), "{refused:?}");
}
