/// Returns a cycle for each edge that closes one, so that without these edges there is none. `edges[node]` are the nodes
/// that `node` reads, each with a mark; a cycle is its nodes, each with the mark of the edge to the next.
///
/// Depth first without recursion: O(nodes + edges), and the length of the cycles.
pub(crate) fn cycles(edges: &[Vec<(usize, usize)>]) -> Vec<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let mut depth: Vec<Depth> = vec![Depth::Unseen; edges.len()];
    for start in 0..edges.len() {
        if depth[start] != Depth::Unseen {
            continue;
        }
        // The path to where we are: each node, and how many of its edges were followed.
        let mut path = vec![(start, 0)];
        depth[start] = Depth::At(0);
        while let Some((node, followed)) = path.last_mut() {
            let Some(&(next, _)) = edges[*node].get(*followed) else {
                depth[*node] = Depth::Done;
                path.pop();
                continue;
            };
            *followed += 1;
            match depth[next] {
                Depth::Done => {}
                Depth::Unseen => {
                    depth[next] = Depth::At(path.len());
                    path.push((next, 0));
                }
                Depth::At(first) => {
                    let cycle =
                        path[first..].iter().map(|&(node, followed)| (node, edges[node][followed - 1].1));
                    found.push(cycle.collect());
                }
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Unseen,
    /// On the path, at this position.
    At(usize),
    Done,
}

/// Returns a cycle as text, with at most four names. Each node of `names` reads the next one; an arrow points from a node to its
/// reader.
pub(crate) fn shown_cycle<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const NAMED: usize = 4;
    let count = names.len();
    let mut shown: Vec<_> = names.take(NAMED).map(|name| format!("`{name}`")).collect();
    if count > NAMED {
        shown.push(format!("{} more", count - NAMED));
    }
    shown.push(shown[0].clone());
    shown.reverse();
    shown.join(" → ")
}

#[cfg(test)]
mod tests {
    fn check(edges: &[&[usize]], expect: &[&[usize]]) {
        let edges: Vec<Vec<_>> =
            edges.iter().map(|reads| reads.iter().map(|&node| (node, 0)).collect()).collect();
        let found: Vec<Vec<_>> = super::cycles(&edges)
            .into_iter()
            .map(|cycle| cycle.into_iter().map(|(node, _)| node).collect())
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn every_edge_that_closes_a_cycle_is_found() {
        check(&[], &[]);
        check(&[&[1], &[]], &[]);
        check(&[&[0]], &[&[0]]);
        check(&[&[1], &[2], &[0]], &[&[0, 1, 2]]);
        check(&[&[1], &[2], &[1]], &[&[1, 2]]);
        check(&[&[1, 2], &[3], &[3], &[]], &[]);
        check(&[&[1], &[0, 2], &[1, 3], &[]], &[&[0, 1], &[1, 2]]);
    }

    #[test]
    fn depth_is_free() {
        let count = 300_000;
        let edges: Vec<_> = (0..count).map(|node| vec![((node + 1) % count, 0)]).collect();
        assert_eq!(super::cycles(&edges)[0].len(), count);
    }
}
