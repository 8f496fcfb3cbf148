use std::time::Duration;

use icosian_benches::graphs;
use icosian_benches::report::{Row, races};
use icosian_benches::stopwatch::Effort;
use serde_json::Value;

fn rows() -> Vec<Row> {
    races::run(graphs::grid(20), &[], Effort { turns: 3, turn: Duration::from_micros(10) })
}

#[test]
fn a_line_of_json_says_who_did_what_how_fast() {
    for row in rows().into_iter().chain(races::build(&graphs::chain(20), 3)) {
        let line = row.json().to_string();
        assert!(!line.contains('\n'));
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["contender"], row.contender);
        assert_eq!(read["n"], 20);
        assert!(read["ns_per_node"].as_f64().unwrap() > 0.0, "{line}");
        let compared = !row.bench.starts_with("build");
        assert_eq!(read["ratio_to_floor"].as_f64().is_some(), compared, "{line}");
    }
}

#[test]
fn the_floor_is_one_and_only_async_rows_are_compared_to_boxed_futures() {
    for row in rows() {
        match row.contender {
            "floor" => assert_eq!((row.to_floor, row.to_futures_unordered), (Some(1.0), None)),
            "futures_unordered" => assert_eq!(row.to_futures_unordered, Some(1.0)),
            "icosian" => assert_eq!(row.to_futures_unordered, None),
            _ => assert!(row.to_floor.is_some()),
        }
    }
}

#[test]
fn every_line_of_the_table_has_the_columns_of_its_head() {
    let columns = |line: &str| line.matches('|').count();
    for row in rows() {
        assert!(Row::HEAD.lines().all(|line| columns(line) == columns(&row.to_string())), "{row}");
    }
}
