//! Signs of life. Whoever watches a process that drives a device can tell by them what is slow from what is stuck.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

static BEATS: AtomicU64 = AtomicU64::new(0);
/// Time between two signs of life of a computation.
const PAUSE: Duration = Duration::from_millis(100);

/// The device has done something that it was asked for.
pub(super) fn beat() {
    BEATS.fetch_add(1, Ordering::Relaxed);
}

/// How many signs of life this process has given.
#[must_use]
pub fn beats() -> u64 {
    BEATS.load(Ordering::Relaxed)
}

/// Gives signs of life for as long as something is computed that is sure to come to an end: here and not by a driver.
pub fn alive<T>(compute: impl FnOnce() -> T) -> T {
    std::thread::scope(|scope| {
        let (computing, ended) = channel::<()>();
        scope.spawn(move || {
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                beat();
            }
        });
        let result = compute();
        drop(computing);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_computation_gives_signs_of_life() {
        let before = beats();
        let answer = alive(|| {
            std::thread::sleep(4 * PAUSE);
            42
        });
        assert_eq!(answer, 42);
        assert!(beats() > before);
    }
}
