//! Shapes of graphs, as data: which node reads which.

/// A graph whose nodes are numbered in a topological order.
///
/// A node gives its own number plus all that it reads, wrapping. What a graph gives is the wrapping sum of its sinks, which
/// need all of its nodes.
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

/// Many short lists in two arrays.
#[derive(Debug, Clone, Default)]
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn new(lists: &[Vec<u32>]) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.items.extend(list);
            all.ends.push(number(all.items.len()));
        }
        all
    }

    fn get(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.items[start..self.ends[at] as usize]
    }
}

impl Graph {
    /// Returns the graph in which each node reads the nodes of its list.
    ///
    /// # Panics
    /// When a node reads itself or a later one, or more than three.
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
                readers[read as usize].push(number(node));
                level = level.max(level_of[read as usize] + 1);
            }
            level_of.push(level);
            levels.resize_with(levels.len().max(level + 1), Vec::new);
            levels[level].push(number(node));
        }
        let sinks = (0..reads.len()).filter(|&node| readers[node].is_empty()).map(number).collect();
        Self { name, reads: Lists::new(reads), readers: Lists::new(&readers), sinks, levels }
    }

    /// Returns the name of the shape.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns how many nodes there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a shape has a node at least")]
    pub fn len(&self) -> usize {
        self.reads.ends.len()
    }

    /// Returns what a node reads.
    #[must_use]
    pub fn reads(&self, node: usize) -> &[u32] {
        self.reads.get(node)
    }

    /// Returns who reads a node, once for each read.
    #[must_use]
    pub fn readers(&self, node: usize) -> &[u32] {
        self.readers.get(node)
    }

    /// Returns for how many reads each node waits.
    #[must_use]
    pub fn waits(&self) -> Vec<u32> {
        (0..self.len()).map(|node| number(self.reads(node).len())).collect()
    }

    /// Returns the nodes that nobody reads.
    #[must_use]
    pub fn sinks(&self) -> &[u32] {
        &self.sinks
    }

    /// Returns the nodes by the length of the longest path to them.
    #[must_use]
    pub fn levels(&self) -> &[Vec<u32>] {
        &self.levels
    }

    /// Returns what a node gives, out of the values of the nodes before it.
    #[must_use]
    #[inline]
    pub fn sum(&self, node: usize, values: &[u64]) -> u64 {
        self.reads(node).iter().fold(node as u64, |sum, &read| sum.wrapping_add(values[read as usize]))
    }

    /// Returns what the graph gives, out of the values of all nodes.
    #[must_use]
    pub fn result(&self, values: &[u64]) -> u64 {
        self.sinks.iter().fold(0, |sum, &sink| sum.wrapping_add(values[sink as usize]))
    }

    /// Returns the nodes of the path that takes longest, first to last, when each node takes its `costs`.
    ///
    /// # Panics
    /// When there are fewer costs than nodes.
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

/// The shapes that are measured.
pub const SHAPES: [fn(usize) -> Graph; 4] = [chain, grid, fan, |n| random(n, 7)];

/// Returns `n` nodes of which each reads the one before.
#[must_use]
pub fn chain(n: usize) -> Graph {
    let reads = (0..n).map(|node| node.checked_sub(1).map(number).into_iter().collect());
    Graph::new("chain", &reads.collect::<Vec<_>>())
}

/// Returns `n` nodes: about half of them read the first, the others add those up in a binary tree.
#[must_use]
pub fn fan(n: usize) -> Graph {
    let leaves = n / 2;
    let mut reads = vec![Vec::new()];
    reads.extend((0..leaves).map(|_| vec![0]));
    for first in (1..).step_by(2) {
        if reads.len() >= n {
            break;
        }
        // An even `n` has one leaf too many for a full tree: the last node reads one node.
        let last = number(reads.len());
        reads.push((first..first + 2).filter(|&read| read < last).collect());
    }
    Graph::new("fan", &reads)
}

/// Returns `n` nodes in rows as long as there are rows, in which each node reads its left and its upper neighbour.
#[must_use]
pub fn grid(n: usize) -> Graph {
    let width = n.isqrt().max(1);
    let reads = (0..n).map(|node| {
        let left = if node % width == 0 { None } else { node.checked_sub(1) };
        left.into_iter().chain(node.checked_sub(width)).map(number).collect()
    });
    Graph::new("grid", &reads.collect::<Vec<_>>())
}

/// Returns `n` nodes in layers as wide as there are layers, in which each node reads one to three of the layer before.
///
/// The `seed` says which. Every node but those of the last layers is read.
#[must_use]
pub fn random(n: usize, seed: u64) -> Graph {
    let width = n.isqrt().max(1);
    let mut dice = Dice(seed);
    let mut shift = 0;
    let reads = (0..n).map(|node| {
        let Some(before) = (node / width).checked_sub(1) else { return Vec::new() };
        let (first, place) = (before * width, node % width);
        if place == 0 {
            shift = dice.below(width);
        }
        let mut reads = vec![number(first + (place + shift) % width)];
        for _ in 0..dice.below(3) {
            let read = number(first + dice.below(width));
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

/// Returns twenty nodes, and for how many milliseconds each of them sleeps.
#[must_use]
pub fn sleepers() -> (Graph, Vec<u64>) {
    let mut dice = Dice(27);
    let millis = (0..20).map(|_| 2 + 4 * dice.below(6) as u64).collect();
    (random(20, 27), millis)
}

/// Numbers that look random: splitmix64, after Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("it is below a usize")
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).expect("no graph here has so many nodes")
}
