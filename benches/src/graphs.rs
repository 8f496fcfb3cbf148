//! The shapes of the graphs as data: the dependencies of each node.

/// A graph whose nodes are numbered in a topological order.
///
/// The value of a node is its number plus the values of its dependencies, wrapping. The result of a graph is the wrapping
/// sum of its sinks, which depend on all nodes.
///
/// # Examples
/// ```
/// use icosian_benches::graphs::Graph;
///
/// let graph = Graph::new("fork", &[vec![], vec![0], vec![0, 1]]);
/// assert_eq!(graph.reads(2), [0, 1]);
/// assert_eq!(graph.readers(0), [1, 2]);
/// assert_eq!(graph.sinks(), [2]);
/// assert_eq!(graph.levels().len(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct Graph {
    name: &'static str,
    reads: Lists,
    readers: Lists,
    sinks: Vec<u32>,
    levels: Vec<Vec<u32>>,
}

/// A list of lists in two vectors: all items, and the end of each list.
#[derive(Debug, Clone, Default)]
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn new(lists: &[Vec<u32>]) -> Self {
        let mut flat = Self::default();
        for list in lists {
            flat.items.extend(list);
            flat.ends.push(to_u32(flat.items.len()));
        }
        flat
    }

    fn get(&self, index: usize) -> &[u32] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.items[start..self.ends[index] as usize]
    }
}

impl Graph {
    /// Builds a graph from the dependencies of each node.
    ///
    /// # Panics
    /// Panics if a node reads itself, a later node, or more than three nodes.
    #[must_use]
    pub fn new(name: &'static str, reads: &[Vec<u32>]) -> Self {
        let mut readers = vec![Vec::new(); reads.len()];
        let mut levels: Vec<Vec<u32>> = Vec::new();
        let mut level_of = Vec::with_capacity(reads.len());
        for (node, list) in reads.iter().enumerate() {
            assert!(list.len() <= 3, "{name}: node {node} reads more than three");
            let mut level = 0;
            for &read in list {
                assert!((read as usize) < node, "{name}: node {node} reads {read}");
                readers[read as usize].push(to_u32(node));
                level = level.max(level_of[read as usize] + 1);
            }
            level_of.push(level);
            levels.resize_with(levels.len().max(level + 1), Vec::new);
            levels[level].push(to_u32(node));
        }
        let sinks = (0..reads.len()).filter(|&node| readers[node].is_empty()).map(to_u32).collect();
        Self { name, reads: Lists::new(reads), readers: Lists::new(&readers), sinks, levels }
    }

    /// Returns the name of the shape.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the number of nodes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "every shape has a node")]
    pub fn len(&self) -> usize {
        self.reads.ends.len()
    }

    /// Returns the dependencies of a node.
    #[must_use]
    pub fn reads(&self, node: usize) -> &[u32] {
        self.reads.get(node)
    }

    /// Returns the nodes that read a node, once for each read.
    #[must_use]
    pub fn readers(&self, node: usize) -> &[u32] {
        self.readers.get(node)
    }

    /// Returns the number of dependencies of each node.
    #[must_use]
    pub fn waits(&self) -> Vec<u32> {
        (0..self.len()).map(|node| to_u32(self.reads(node).len())).collect()
    }

    /// Returns the nodes that no other node reads.
    #[must_use]
    pub fn sinks(&self) -> &[u32] {
        &self.sinks
    }

    /// Returns the nodes grouped by the length of the longest path to them.
    #[must_use]
    pub fn levels(&self) -> &[Vec<u32>] {
        &self.levels
    }

    /// Computes the value of a node from the values of earlier nodes.
    #[must_use]
    #[inline]
    pub fn sum(&self, node: usize, values: &[u64]) -> u64 {
        self.reads(node).iter().fold(node as u64, |sum, &read| sum.wrapping_add(values[read as usize]))
    }

    /// Computes the result of the graph from the values of all nodes.
    #[must_use]
    pub fn result(&self, values: &[u64]) -> u64 {
        self.sinks.iter().fold(0, |sum, &sink| sum.wrapping_add(values[sink as usize]))
    }

    /// Returns the nodes of the path with the greatest sum of `costs`, in order.
    ///
    /// # Panics
    /// Panics if there are fewer costs than nodes.
    #[must_use]
    pub fn critical_path(&self, costs: &[u64]) -> Vec<usize> {
        let mut longest: Vec<u64> = Vec::with_capacity(self.len());
        let slowest = |longest: &[u64], node: usize| {
            self.reads(node).iter().map(|&read| read as usize).max_by_key(|&read| longest[read])
        };
        for (node, cost) in costs.iter().enumerate().take(self.len()) {
            longest.push(cost + slowest(&longest, node).map_or(0, |read| longest[read]));
        }
        let last = (0..self.len()).max_by_key(|&node| longest[node]);
        let mut path: Vec<usize> = std::iter::successors(last, |&node| slowest(&longest, node)).collect();
        path.reverse();
        path
    }
}

/// The measured shapes.
pub const SHAPES: [fn(usize) -> Graph; 4] = [chain, grid, fan, |n| random(n, 7)];

/// Returns `n` nodes that each read the previous node.
#[must_use]
pub fn chain(n: usize) -> Graph {
    let reads = (0..n).map(|node| node.checked_sub(1).map(to_u32).into_iter().collect());
    Graph::new("chain", &reads.collect::<Vec<_>>())
}

/// Returns `n` nodes. About half of them read the first node; the others are a binary tree that adds their values.
#[must_use]
pub fn fan(n: usize) -> Graph {
    let leaves = n / 2;
    let mut reads = vec![Vec::new()];
    reads.extend((0..leaves).map(|_| vec![0]));
    for first in (1..).step_by(2) {
        if reads.len() >= n {
            break;
        }
        // If `n` is even, the tree has one leaf too many, so the last node reads only one node.
        let last = to_u32(reads.len());
        reads.push((first..first + 2).filter(|&read| read < last).collect());
    }
    Graph::new("fan", &reads)
}

/// Returns `n` nodes in a square in which each node reads its left and its upper neighbor.
#[must_use]
pub fn grid(n: usize) -> Graph {
    let width = n.isqrt().max(1);
    let reads = (0..n).map(|node| {
        let left = if node % width == 0 { None } else { node.checked_sub(1) };
        left.into_iter().chain(node.checked_sub(width)).map(to_u32).collect()
    });
    Graph::new("grid", &reads.collect::<Vec<_>>())
}

/// Returns `n` nodes in a square of layers in which each node reads one to three random nodes of the previous layer.
///
/// The graph depends only on `n` and `seed`. Every node outside of the last two layers is read by another node.
#[must_use]
pub fn random(n: usize, seed: u64) -> Graph {
    let width = n.isqrt().max(1);
    let mut random = Random(seed);
    let mut shift = 0;
    let reads = (0..n).map(|node| {
        let Some(before) = (node / width).checked_sub(1) else { return Vec::new() };
        let (first, column) = (before * width, node % width);
        if column == 0 {
            shift = random.below(width);
        }
        let mut reads = vec![to_u32(first + (column + shift) % width)];
        for _ in 0..random.below(3) {
            let read = to_u32(first + random.below(width));
            if !reads.contains(&read) {
                reads.push(read);
            }
        }
        reads
    });
    Graph::new("random", &reads.collect::<Vec<_>>())
}

/// Returns ten nodes in six levels.
#[must_use]
pub fn ten() -> Graph {
    let reads: [&[u32]; 10] = [&[], &[], &[0], &[0, 1], &[2], &[2, 3], &[4, 5], &[5], &[6, 7], &[8]];
    Graph::new("ten", &reads.map(<[u32]>::to_vec))
}

/// Returns 20 nodes and their sleep times in milliseconds.
#[must_use]
pub fn sleepers() -> (Graph, Vec<u64>) {
    let mut random = Random(27);
    let millis = (0..20).map(|_| 2 + 4 * random.below(6) as u64).collect();
    (self::random(20, 27), millis)
}

/// A pseudorandom number generator: splitmix64, from Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("the result is below a usize")
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).expect("graphs have fewer than 2^32 nodes and edges")
}
