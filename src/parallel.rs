//! Spreading work over the host's processors: a large product in f64 takes minutes on one, a long history seconds.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Elements of which a few operations each take longer than starting a thread does.
pub(crate) const MANY: usize = 1 << 16;

/// What `part` makes of a range of indices, for ranges that make up 0..length, in order, one after the other in the
/// result. All ranges but the last are multiples of `granule` long.
pub(crate) fn spread<R: Send>(length: usize, granule: usize, part: impl Fn(Range<usize>) -> Vec<R> + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Whole granules to each thread, about as many to one as to another.
    let share = length.div_ceil(granule).div_ceil(threads) * granule;
    if share >= length {
        return part(0..length);
    }
    let range = |start: usize| start..length.min(start + share);
    let parts: Vec<Vec<R>> = std::thread::scope(|scope| {
        let part = &part;
        let starts = (0..length).step_by(share);
        let workers: Vec<_> = starts.map(|start| scope.spawn(move || part(range(start)))).collect();
        let result = |worker: std::thread::ScopedJoinHandle<'_, Vec<R>>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().map(result).collect()
    });
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    parts.into_iter().for_each(|part| all.extend(part));
    all
}

/// The same for slices of `items`.
pub(crate) fn chunked<T: Sync, R: Send>(items: &[T], chunk: usize, part: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    spread(items.len(), chunk, |range| part(&items[range]))
}

/// What `of` makes of every item, in order. Items may cost unequally much: whichever processor is free takes the next.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let share = || {
        let own = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < items.len());
        let mut made = Vec::new();
        while let Some(index) = own() {
            made.push((index, of(&items[index])));
        }
        made
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(items.len())).map(|_| scope.spawn(share)).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    all.sort_unstable_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_in_the_order_of_the_items() {
        for length in [0, 1, 2, 1000] {
            let items: Vec<usize> = (0..length).collect();
            assert_eq!(
                map(&items, |item| item * item),
                items.iter().map(|i| i * i).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn chunks_stay_whole_and_in_order() {
        for length in [0, 1, 5, 7, 64, 1000] {
            let items: Vec<usize> = (0..length * 3).collect();
            let sums = chunked(&items, 3, |part| {
                part.chunks(3).map(|three| three.iter().sum::<usize>()).collect()
            });
            let expected: Vec<usize> = (0..length).map(|i| 9 * i + 3).collect();
            assert_eq!(sums, expected);
        }
    }

    #[test]
    fn ranges_make_up_the_whole() {
        for (length, granule) in [(0, 1), (1, 1), (10, 3), (1000, 7), (1000, 1000), (1000, 2000)] {
            assert_eq!(
                spread(length, granule, Iterator::collect::<Vec<_>>),
                (0..length).collect::<Vec<_>>()
            );
        }
    }
}
