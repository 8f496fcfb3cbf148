use std::time::Duration;

use icosian_benches::graphs;
use icosian_benches::report::{Row, comparisons};
use icosian_benches::stopwatch::Effort;
use serde_json::Value;

fn rows() -> Vec<Row> {
    comparisons::run(graphs::grid(20), &[], Effort { rounds: 3, min_time: Duration::from_micros(10) })
}

#[test]
fn json_row_has_contender_size_and_time() {
    for row in rows().into_iter().chain(comparisons::build(&graphs::chain(20), 3)) {
        let line = row.json().to_string();
        assert!(!line.contains('\n'));
        let parsed: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(parsed["contender"], row.contender);
        assert_eq!(parsed["n"], 20);
        assert!(parsed["ns_per_node"].as_f64().unwrap() > 0.0, "{line}");
        let compared = !row.bench.starts_with("build");
        assert_eq!(parsed["ratio_to_floor"].as_f64().is_some(), compared, "{line}");
    }
}

#[test]
fn ratios_are_relative_to_the_floor_and_to_boxed_futures() {
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
fn table_rows_have_the_columns_of_the_header() {
    let columns = |line: &str| line.matches('|').count();
    for row in rows() {
        assert!(Row::HEAD.lines().all(|line| columns(line) == columns(&row.to_string())), "{row}");
    }
}
