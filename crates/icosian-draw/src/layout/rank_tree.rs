//! The items of one rank as a tree of groups, and its order.

use super::model::GroupSpec;

/// An entry of an ordered rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Enter(usize),
    Item(usize),
    Leave(usize),
}

/// The groups and items of a rank. The root is first, and parents precede their children.
#[derive(Debug, Default)]
pub(super) struct RankTree {
    levels: Vec<RankLevel>,
}

#[derive(Debug, Default)]
struct RankLevel {
    group: Option<usize>,
    parent: usize,
    items: Vec<usize>,
    /// The child levels.
    inner: Vec<usize>,
}

/// The wanted position of a group: the mean of its items.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl RankTree {
    /// Builds the tree of the rank from its groups, in the order of their indices, and its items.
    pub(super) fn new(groups: &[usize], specs: &[GroupSpec], items: &[(usize, Option<usize>)]) -> Self {
        let mut levels = vec![RankLevel::default()];
        let mut level_of = std::collections::HashMap::new();
        for &group in groups {
            let parent = specs[group].parent.and_then(|it| level_of.get(&it).copied()).unwrap_or(0);
            let level = levels.len();
            level_of.insert(group, level);
            levels[parent].inner.push(level);
            levels.push(RankLevel { group: Some(group), parent, ..RankLevel::default() });
        }
        for &(item, group) in items {
            let level = group.and_then(|it| level_of.get(&it).copied()).unwrap_or(0);
            levels[level].items.push(item);
        }
        Self { levels }
    }

    /// Returns the order by wanted positions in which groups are contiguous.
    ///
    /// `keys` are the wanted positions of the items, `positions` the current ones. Groups keep the order of `group_keys`, because a
    /// group has the same neighbors in all its ranks. Positions of groups in the wrong order are replaced by their mean (the algorithm
    /// of adjacent violators).
    pub(super) fn sort(&self, keys: &[f64], positions: &[f64], group_keys: &[f64]) -> Vec<Token> {
        let mut means = vec![Mean::default(); self.levels.len()];
        for index in (0..self.levels.len()).rev() {
            let level = &self.levels[index];
            for &item in &level.items {
                means[index].sum += keys[item];
                means[index].count += 1.0;
            }
            if index > 0 {
                let own = means[index];
                let parent = &mut means[level.parent];
                parent.sum += own.sum;
                parent.count += own.count;
            }
        }
        let sorted: Vec<Vec<RankEntry>> = self
            .levels
            .iter()
            .map(|level| {
                let mut items = level.items.clone();
                items.sort_by(|a, b| {
                    keys[*a].total_cmp(&keys[*b]).then(positions[*a].total_cmp(&positions[*b])).then(a.cmp(b))
                });
                let groups = self.order_groups(level, &means, group_keys);
                merge(&items, &groups, keys)
            })
            .collect();
        self.flatten(&sorted)
    }

    /// Returns the child levels in the order of `group_keys`, each with a position that does not decrease.
    fn order_groups(&self, level: &RankLevel, means: &[Mean], group_keys: &[f64]) -> Vec<(usize, f64)> {
        let group = |level: usize| self.levels[level].group.unwrap_or_default();
        let mut order = level.inner.clone();
        order.sort_by(|a, b| {
            group_keys[group(*a)].total_cmp(&group_keys[group(*b)]).then(group(*a).cmp(&group(*b)))
        });
        let mut pools: Vec<(Mean, usize)> = Vec::with_capacity(order.len());
        for &inner in &order {
            let mean = means[inner];
            // A group without items in this rank wants its position in other ranks.
            let mean =
                if mean.count > 0.0 { mean } else { Mean { sum: group_keys[group(inner)], count: 1.0 } };
            pools.push((mean, 1));
            while let [.., (left, _), (right, _)] = pools[..]
                && left.sum / left.count > right.sum / right.count
            {
                let (right, count) = pools.pop().unwrap_or_default();
                if let Some((left, left_count)) = pools.last_mut() {
                    left.sum += right.sum;
                    left.count += right.count;
                    *left_count += count;
                }
            }
        }
        let keys = pools.iter().flat_map(|(mean, count)| std::iter::repeat_n(mean.sum / mean.count, *count));
        order.into_iter().zip(keys).collect()
    }

    fn flatten(&self, sorted: &[Vec<RankEntry>]) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut stack = vec![(0, 0)];
        while let Some((level, next)) = stack.pop() {
            match sorted[level].get(next) {
                Some(RankEntry::Item(item)) => {
                    tokens.push(Token::Item(*item));
                    stack.push((level, next + 1));
                }
                Some(RankEntry::Inner(inner)) => {
                    stack.push((level, next + 1));
                    if let Some(group) = self.levels[*inner].group {
                        tokens.push(Token::Enter(group));
                    }
                    stack.push((*inner, 0));
                }
                None => {
                    if let Some(group) = self.levels[level].group {
                        tokens.push(Token::Leave(group));
                    }
                }
            }
        }
        tokens
    }
}

#[derive(Debug)]
enum RankEntry {
    Item(usize),
    Inner(usize),
}

/// Merges two sorted lists. An item precedes a group with an equal position.
fn merge(items: &[usize], groups: &[(usize, f64)], keys: &[f64]) -> Vec<RankEntry> {
    let mut merged = Vec::with_capacity(items.len() + groups.len());
    let mut groups = groups.iter().peekable();
    for &item in items {
        while let Some((inner, _)) = groups.next_if(|(_, key)| *key < keys[item]) {
            merged.push(RankEntry::Inner(*inner));
        }
        merged.push(RankEntry::Item(item));
    }
    merged.extend(groups.map(|(inner, _)| RankEntry::Inner(*inner)));
    merged
}

#[cfg(test)]
mod tests {
    use super::{GroupSpec, RankTree, Token};

    fn spec(parent: Option<usize>) -> GroupSpec {
        GroupSpec { parent, title_width: 0 }
    }

    #[test]
    fn groups_are_contiguous() {
        let tree =
            RankTree::new(&[0, 1], &[spec(None), spec(Some(0))], &[(0, None), (1, Some(0)), (2, Some(1))]);
        let tokens = tree.sort(&[0.5, 0.4, 0.8], &[0.0; 3], &[0.6, 0.8]);
        let expected = [
            Token::Item(0),
            Token::Enter(0),
            Token::Item(1),
            Token::Enter(1),
            Token::Item(2),
            Token::Leave(1),
            Token::Leave(0),
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn groups_keep_their_common_order() {
        let tree = RankTree::new(&[0, 1], &[spec(None); 2], &[(0, Some(0)), (1, Some(1)), (2, None)]);
        let tokens = tree.sort(&[0.9, 0.1, 0.2], &[0.0; 3], &[0.3, 0.7]);
        let expected = [
            Token::Item(2),
            Token::Enter(0),
            Token::Item(0),
            Token::Leave(0),
            Token::Enter(1),
            Token::Item(1),
            Token::Leave(1),
        ];
        assert_eq!(tokens, expected);
    }
}
