//! Spreading a reference over the host's processors: a large product in f64 takes minutes on one.

/// `part` of every chunk of at most `chunk` items, in order, one after the other in the result.
pub(super) fn chunked<T: Sync, R: Send>(items: &[T], chunk: usize, part: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // Whole chunks to each thread, about as many to one as to another.
    let share = items.len().div_ceil(chunk).div_ceil(threads) * chunk;
    if share >= items.len() {
        return part(items);
    }
    std::thread::scope(|scope| {
        let part = &part;
        let workers: Vec<_> = items
            .chunks(share)
            .map(|items| scope.spawn(move || part(items)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::chunked;

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
}
