//! Repetitions on all cores, and the part of them in which something is so.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does something for each number below `count` on all cores; the results are in order.
pub(crate) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mine = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        mine.take_while(|number| *number < count)
            .map(|number| (number, work(number)))
            .collect::<Vec<_>>()
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let ended = workers.into_iter().map(|worker| worker.join().expect("no panic"));
        ended.flatten().collect()
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

/// A part of repetitions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    count: usize,
    of: usize,
}

impl Rate {
    pub(crate) fn of<T>(all: &[T], is_so: impl Fn(&T) -> bool) -> Self {
        Self {
            count: all.iter().filter(|one| is_so(one)).count(),
            of: all.len(),
        }
    }

    pub(crate) fn value(self) -> f64 {
        self.count as f64 / self.of as f64
    }

    /// The part in which it is not so.
    pub(crate) fn others(self) -> Self {
        Self {
            count: self.of - self.count,
            of: self.of,
        }
    }

    /// Whether the rate less two standard errors is at most this.
    pub(crate) fn is_at_most(self, target: f64) -> bool {
        let rate = self.value();
        let error = (rate * (1.0 - rate) / self.of as f64).sqrt();
        rate - 2.0 * error <= target
    }
}
