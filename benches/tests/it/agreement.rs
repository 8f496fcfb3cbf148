use std::sync::Arc;
use std::time::Duration;

use icosian_benches::contenders::floor::{self, CriticalPath};
use icosian_benches::contenders::icosian::{Async, Reads};
use icosian_benches::contenders::levels::Levels;
use icosian_benches::contenders::{self, Contender, busy};
use icosian_benches::graphs::{self, Graph, SHAPES};
use icosian_benches::pause::Sleep;
use icosian_benches::report::races::{RUNS, Workers, crowds};
use proptest::prelude::*;

fn agree(graph: Graph) {
    let graph = Arc::new(graph);
    let expected = floor::result(&graph);
    for entry in contenders::all() {
        let mut round = (entry.ready)(&graph);
        assert_eq!(round(1).sum, expected, "{entry:?} on {} of {}", graph.name(), graph.len());
        assert_eq!(round(3).sum, expected.wrapping_mul(3), "{entry:?} in used memory");
    }
}

#[test]
fn every_shape_has_as_many_nodes_as_asked_for() {
    for shape in SHAPES {
        for n in [1, 2, 3, 10, 99, 100] {
            assert_eq!(shape(n).len(), n, "{}", shape(n).name());
        }
    }
    assert_eq!(graphs::fan(99).sinks().len(), 1);
    assert_eq!(graphs::random(100, 7).sinks().len(), 10, "only the last layer is not read");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn all_agree_on_every_shape(n in 1_usize..150, shape in 0..SHAPES.len()) {
        agree(SHAPES[shape](n));
    }

    #[test]
    fn all_agree_whoever_reads_whom(n in 1_usize..150, seed: u64) {
        agree(graphs::random(n, seed));
    }
}

#[test]
fn many_runs_at_a_time_agree() {
    let graph = Arc::new(graphs::ten());
    let expected = floor::result(&graph).wrapping_mul(RUNS as u64);
    for workers in [Workers::One, Workers::Two] {
        for (name, mut round) in crowds(&graph, workers).0 {
            assert_eq!(round(1).sum, expected, "{name}, {workers:?}");
        }
    }
}

#[test]
fn busy_nodes_agree_on_one_core_and_on_two() {
    for shape in SHAPES {
        let mut rounds = busy::rounds(&Arc::new(shape(30)));
        let expected = rounds[0].1(1).sum;
        for (name, round) in &mut rounds {
            assert_eq!(round(2).sum, expected.wrapping_mul(2), "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn sleeping_nodes_take_as_long_as_their_critical_path_and_levels_take_longer() {
    async fn millis(contender: impl Contender) -> Duration {
        let start = tokio::time::Instant::now();
        contender.run().await;
        start.elapsed()
    }
    let (graph, costs) = graphs::sleepers();
    let graph = Arc::new(graph);
    let pause = Sleep(costs.clone().into());
    let floor = millis(CriticalPath::new(&graph, pause.clone(), &costs)).await;
    assert_eq!(millis(Async::new(&graph, &pause, Reads::Taken)).await, floor);
    assert_eq!(millis(Async::new(&graph, &pause, Reads::Borrowed)).await, floor);
    assert!(millis(Levels::new(&graph, pause)).await > floor.mul_f64(1.2));
}
