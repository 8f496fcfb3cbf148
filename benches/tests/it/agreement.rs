use std::sync::Arc;
use std::time::Duration;

use icosian_benches::contenders::floor::{self, CriticalPath};
use icosian_benches::contenders::icosian::{Async, Reads};
use icosian_benches::contenders::levels::Levels;
use icosian_benches::contenders::{self, Contender, busy};
use icosian_benches::graphs::{self, Graph, SHAPES};
use icosian_benches::pause::Sleep;
use icosian_benches::report::comparisons::{RUNS, Workers, concurrent_runners};
use proptest::prelude::*;

fn assert_agreement(graph: Graph) {
    let graph = Arc::new(graph);
    let expected = floor::result(&graph);
    for entry in contenders::all() {
        let mut runner = (entry.prepare)(&graph);
        assert_eq!(runner(1).sum, expected, "{entry:?} on {} of {}", graph.name(), graph.len());
        assert_eq!(runner(3).sum, expected.wrapping_mul(3), "{entry:?} in reused memory");
    }
}

#[test]
fn every_shape_has_n_nodes() {
    for shape in SHAPES {
        for n in [1, 2, 3, 10, 99, 100] {
            assert_eq!(shape(n).len(), n, "{}", shape(n).name());
        }
    }
    assert_eq!(graphs::fan(99).sinks().len(), 1);
    assert_eq!(graphs::random(100, 7).sinks().len(), 10, "only nodes of the last layer are sinks");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn contenders_agree_on_every_shape(n in 1_usize..150, shape in 0..SHAPES.len()) {
        assert_agreement(SHAPES[shape](n));
    }

    #[test]
    fn contenders_agree_on_random_graphs(n in 1_usize..150, seed: u64) {
        assert_agreement(graphs::random(n, seed));
    }
}

#[test]
fn concurrent_runs_agree() {
    let graph = Arc::new(graphs::ten());
    let expected = floor::result(&graph).wrapping_mul(RUNS as u64);
    for workers in [Workers::One, Workers::Two] {
        for (name, mut runner) in concurrent_runners(&graph, workers).0 {
            assert_eq!(runner(1).sum, expected, "{name}, {workers:?}");
        }
    }
}

#[test]
fn busy_nodes_agree_on_one_core_and_on_two() {
    for shape in SHAPES {
        let mut runners = busy::runners(&Arc::new(shape(30)));
        let expected = runners[0].1(1).sum;
        for (name, runner) in &mut runners {
            assert_eq!(runner(2).sum, expected.wrapping_mul(2), "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn sleeping_nodes_take_the_time_of_their_critical_path() {
    async fn measure(contender: impl Contender) -> Duration {
        let start = tokio::time::Instant::now();
        contender.run().await;
        start.elapsed()
    }
    let (graph, costs) = graphs::sleepers();
    let graph = Arc::new(graph);
    let pause = Sleep(costs.clone().into());
    let floor = measure(CriticalPath::new(&graph, pause.clone(), &costs)).await;
    assert_eq!(measure(Async::new(&graph, &pause, Reads::ByValue)).await, floor);
    assert_eq!(measure(Async::new(&graph, &pause, Reads::ByReference)).await, floor);
    assert!(measure(Levels::new(&graph, pause)).await > floor.mul_f64(1.2));
}
