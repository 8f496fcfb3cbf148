/// Many short lists in one array.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    pub(super) starts: Vec<u32>,
    pub(super) items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// Returns all lists in order.
    #[inline]
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> {
        // A slice, so that its address and length stay in registers.
        let items = self.items.as_slice();
        self.starts.windows(2).map(move |range| &items[range[0] as usize..range[1] as usize])
    }

    pub(super) fn of(&self, list: usize) -> &[T] {
        &self.items[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    pub(super) fn of_mut(&mut self, list: usize) -> &mut [T] {
        &mut self.items[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// Groups items by list, in their order. It iterates twice over `pairs`.
    pub(super) fn group(lists: usize, filler: T, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut starts = vec![0; lists + 1];
        for (list, _) in pairs.clone() {
            starts[list + 1] += 1;
        }
        for list in 0..lists {
            starts[list + 1] += starts[list];
        }
        let mut items = vec![filler; starts[lists] as usize];
        let mut ends = starts.clone();
        for (list, item) in pairs {
            items[ends[list] as usize] = item;
            ends[list] += 1;
        }
        Self { starts, items }
    }
}
