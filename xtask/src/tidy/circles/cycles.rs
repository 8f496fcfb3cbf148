use std::collections::BTreeSet;

use petgraph::algo::{condensation, tarjan_scc, toposort};
use petgraph::graphmap::DiGraphMap;

use super::imports::Import;

/// The files of a crate and the first import between each two of them.
#[derive(Debug)]
pub(super) struct FileGraph {
    imports: DiGraphMap<usize, usize>,
    all: Vec<Import>,
    files: usize,
}

impl FileGraph {
    pub(super) fn new((files, all): (usize, Vec<Import>)) -> Self {
        let mut imports = DiGraphMap::new();
        for (index, import) in all.iter().enumerate() {
            if !imports.contains_edge(import.from, import.to) {
                imports.add_edge(import.from, import.to, index);
            }
        }
        Self { imports, all, files }
    }

    pub(super) fn file_count(&self) -> usize {
        self.files
    }

    pub(super) fn import_count(&self) -> usize {
        self.imports.edge_count()
    }

    /// Returns cycles, shortest first, until the removal of the first import of each leaves none.
    pub(super) fn cycles(&self) -> Vec<Vec<Import>> {
        let mut rest = self.imports.clone();
        let mut cycles = Vec::new();
        while let Some(cycle) = shortest_cycle(&rest) {
            let edges: Vec<_> =
                cycle.iter().zip(cycle.iter().cycle().skip(1)).map(|(from, to)| (*from, *to)).collect();
            cycles.push(edges.iter().map(|(from, to)| self.all[rest[(*from, *to)]].clone()).collect());
            let (from, to) = edges[0];
            rest.remove_edge(from, to);
        }
        cycles
    }

    /// Returns the longest path of imports. Of the files of a circle it contains one.
    pub(super) fn longest_chain(&self) -> Vec<usize> {
        let groups = condensation(self.imports.clone().into_graph::<u32>(), true);
        let order = toposort(&groups, None).expect("a condensation is acyclic");
        let mut longest = vec![Vec::new(); groups.node_count()];
        for group in order.into_iter().rev() {
            let below = groups.neighbors(group).max_by_key(|next| longest[next.index()].len());
            let mut chain = vec![groups[group][0]];
            chain.extend(below.into_iter().flat_map(|next| longest[next.index()].clone()));
            longest[group.index()] = chain;
        }
        longest.into_iter().max_by_key(Vec::len).unwrap_or_default()
    }
}

/// Returns the files of a shortest cycle, from the one with the lowest index.
fn shortest_cycle(imports: &DiGraphMap<usize, usize>) -> Option<Vec<usize>> {
    let groups = tarjan_scc(imports).into_iter().filter(|group| group.len() > 1);
    let starts: BTreeSet<_> = groups.flatten().collect();
    starts.into_iter().filter_map(|start| shortest_cycle_through(imports, start)).min_by_key(Vec::len)
}

/// Returns the files of a shortest cycle through `start`, by breadth-first search.
fn shortest_cycle_through(imports: &DiGraphMap<usize, usize>, start: usize) -> Option<Vec<usize>> {
    let mut paths = std::collections::VecDeque::from([vec![start]]);
    let mut visited = BTreeSet::from([start]);
    while let Some(path) = paths.pop_front() {
        let last = *path.last().expect("a path has a file");
        if imports.contains_edge(last, start) {
            return Some(path);
        }
        for next in imports.neighbors(last).filter(|next| visited.insert(*next)) {
            paths.push_back(path.iter().copied().chain([next]).collect());
        }
    }
    None
}
