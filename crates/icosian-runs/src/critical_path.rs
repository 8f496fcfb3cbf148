use std::collections::{HashMap, HashSet};

use icosian_schema::graph::GraphDescription;

use crate::recorded_run::{ExecutionStatus, NodeExecution, RunOutcome};

/// Returns the indices of the executions on which the duration of the run depends, first to last.
///
/// If the run failed, the search starts at its first failed execution. Otherwise it starts at the execution that ended last. It then
/// repeatedly steps to the predecessor that ended last. An execution for an item only has predecessors for the same item. A graph in a
/// record may have cycles, so a node is at most once on the path.
pub(crate) fn critical_path(
    graph: &GraphDescription,
    executions: &[NodeExecution],
    outcome: RunOutcome,
) -> Vec<usize> {
    let mut predecessors: HashMap<&str, Vec<&str>> = HashMap::new();
    for edge in &graph.edges {
        predecessors.entry(&edge.to).or_default().push(&edge.from);
    }
    let mut by_node: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, execution) in executions.iter().enumerate().filter(|(_, it)| has_run(it)) {
        by_node.entry(&execution.node).or_default().push(at);
    }
    let ran = || (0..executions.len()).filter(|at| has_run(&executions[*at]));
    let has_failed = |at: &usize| executions[*at].status == ExecutionStatus::Failed;
    // Failed items do not end a run that succeeded.
    let failed = ran().filter(|at| outcome != RunOutcome::Succeeded && has_failed(at));
    let first_failure = failed.min_by_key(|at| executions[*at].ended_at);
    let Some(last) = first_failure.or_else(|| ran().max_by_key(|at| executions[*at].ended_at)) else {
        return Vec::new();
    };
    let mut path = vec![last];
    let mut nodes_on_path = HashSet::from([executions[last].node.as_str()]);
    let mut current = last;
    loop {
        let mut open = predecessors.get(executions[current].node.as_str()).cloned().unwrap_or_default();
        let mut visited = HashSet::new();
        let mut latest: Option<usize> = None;
        while let Some(node) = open.pop() {
            if nodes_on_path.contains(node) || !visited.insert(node) {
                continue;
            }
            // A node without executions, such as an input, connects its readers with its own predecessors.
            let Some(candidates) = by_node.get(node) else {
                open.extend(predecessors.get(node).into_iter().flatten());
                continue;
            };
            let related = candidates.iter().copied();
            let related = related.filter(|at| have_same_items(&executions[*at], &executions[current]));
            latest = latest.into_iter().chain(related).max_by_key(|at| executions[*at].ended_at);
        }
        let Some(next) = latest else { break };
        path.push(next);
        nodes_on_path.insert(&executions[next].node);
        current = next;
    }
    path.reverse();
    path
}

fn has_run(execution: &NodeExecution) -> bool {
    execution.status != ExecutionStatus::Skipped
}

/// Returns whether one execution can be for an item of the other: one list of items is a prefix of the other.
fn have_same_items(left: &NodeExecution, right: &NodeExecution) -> bool {
    left.items.iter().zip(&right.items).all(|(left, right)| left == right)
}

#[cfg(test)]
mod tests {
    use icosian_schema::graph::{EdgeDescription, GraphDescription};

    use super::critical_path;
    use crate::{RecordFile, RunOutcome};

    fn path(edges: &[(&str, &str)], ended: &[(&str, &str, u64, &str)]) -> Vec<String> {
        let edges = edges.iter().map(|(from, to)| EdgeDescription::new(*from, *to)).collect();
        let graph = GraphDescription { nodes: Vec::new(), edges };
        let line = |(node, item, at, outcome): &(&str, &str, u64, &str)| {
            let items = if item.is_empty() { String::new() } else { format!("\"{item}\"") };
            format!(
                r#"{{"event":"node_ended","run":"1","node":"{node}","items":[{items}],"at":{at},"outcome":"{outcome}"}}"#
            )
        };
        let text: Vec<_> = ended.iter().map(line).collect();
        let file = RecordFile::parse("a", text.join("\n").as_bytes());
        let executions = file.runs.first().map_or(&[][..], |run| &run.executions);
        let has_failed = ended.iter().any(|(.., outcome)| *outcome == "failed");
        let outcome = if has_failed { RunOutcome::Failed } else { RunOutcome::Succeeded };
        critical_path(&graph, executions, outcome).into_iter().map(|at| executions[at].label()).collect()
    }

    #[test]
    fn path_follows_the_latest_predecessor() {
        let edges = [("a", "c"), ("b", "c"), ("c", "d"), ("x", "a")];
        let ended = [
            ("a", "", 5, "succeeded"),
            ("b", "", 3, "succeeded"),
            ("c", "", 9, "succeeded"),
            ("d", "", 12, "succeeded"),
        ];
        assert_eq!(path(&edges, &ended), ["a", "c", "d"]);
    }

    #[test]
    fn path_passes_nodes_that_later_nodes_read_too() {
        let edges = [("a", "b"), ("b", "c"), ("a", "d"), ("b", "d"), ("c", "d")];
        let ended = [
            ("a", "", 5, "succeeded"),
            ("b", "", 7, "succeeded"),
            ("c", "", 9, "succeeded"),
            ("d", "", 12, "succeeded"),
        ];
        assert_eq!(path(&edges, &ended), ["a", "b", "c", "d"]);
    }

    #[test]
    fn path_ends_at_the_first_failure() {
        let edges = [("a", "c"), ("b", "c")];
        let ended = [("a", "", 5, "failed"), ("b", "", 30, "cancelled"), ("c", "", 40, "skipped")];
        assert_eq!(path(&edges, &ended), ["a"]);
    }

    #[test]
    fn nodes_without_executions_are_passed() {
        let ended = [("a", "", 5, "succeeded"), ("c", "", 9, "succeeded")];
        assert_eq!(path(&[("a", "b"), ("b", "c")], &ended), ["a", "c"]);
    }

    #[test]
    fn items_have_their_own_predecessors() {
        let edges = [("page", "score"), ("score", "total")];
        let ended = [
            ("page", "url[0]", 50, "succeeded"),
            ("page", "url[1]", 8, "succeeded"),
            ("score", "url[1]", 60, "succeeded"),
            ("score", "url[0]", 55, "succeeded"),
            ("total", "", 61, "succeeded"),
        ];
        assert_eq!(path(&edges, &ended), ["page for url[1]", "score for url[1]", "total"]);
    }

    #[test]
    fn cycles_end() {
        let ended = [("a", "", 5, "succeeded"), ("b", "", 9, "succeeded")];
        assert_eq!(path(&[("a", "b"), ("b", "a")], &ended), ["a", "b"]);
        assert_eq!(path(&[], &[]), Vec::<String>::new());
    }
}
