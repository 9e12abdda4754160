//! Other rules for stopping, to hold ours against.

use onpar::stats::{SampleMedian, median, median_interval, rank_autocorrelation, sorted};

/// When to look at an interval of the median, and which interval.
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    /// First look.
    first: usize,
    /// The next look after one at this number of samples.
    next: fn(usize) -> usize,
    interval: fn(&[f64]) -> Option<(f64, f64)>,
}

pub(crate) static RULES: [Rule; 5] = [
    Rule {
        name: "95 %, looked at from 16 on at every sample",
        first: 16,
        next: |count| count + 1,
        interval: |samples| median_interval(&sorted(samples), 0.95),
    },
    Rule {
        name: "95 %, looked at from 16 on every half more",
        first: 16,
        next: |count| count + count / 2,
        interval: |samples| median_interval(&sorted(samples), 0.95),
    },
    Rule {
        name: "99 %, looked at from 16 on every half more",
        first: 16,
        next: |count| count + count / 2,
        interval: |samples| median_interval(&sorted(samples), 0.99),
    },
    Rule {
        name: "the same, of medians of blocks",
        first: 16,
        next: |count| count + count / 2,
        interval: of_blocks,
    },
    Rule {
        name: "ours",
        first: 54,
        next: |count| count + count / 4,
        interval: |samples| {
            let found = SampleMedian::of(samples)?;
            found.holds.then_some((found.low, found.high))
        },
    },
];

/// Where the rank autocorrelation r is at least .2: of the medians of blocks of 2 (1 + r) / (1 - r) samples, 12 at least.
fn of_blocks(samples: &[f64]) -> Option<(f64, f64)> {
    let r = rank_autocorrelation(samples);
    if r < 0.2 {
        return median_interval(&sorted(samples), 0.99);
    }
    let length = (2.0 * (1.0 + r) / (1.0 - r)).ceil() as usize;
    let blocks: Vec<f64> = samples
        .chunks_exact(length)
        .filter_map(|block| median(&sorted(block)))
        .collect();
    if blocks.len() < 12 {
        return None;
    }
    median_interval(&sorted(&blocks), 0.99)
}

impl Rule {
    /// How many samples it takes until the interval is within 1 % of the median, `most` at most, and the interval then.
    pub(crate) fn run(&self, source: &mut dyn Iterator<Item = f64>, most: usize) -> (usize, Option<(f64, f64)>) {
        let mut samples = Vec::new();
        let mut look = self.first;
        loop {
            samples.extend(source.take(look.min(most) - samples.len()));
            let interval = (self.interval)(&samples);
            let middle = median(&sorted(&samples)).expect("samples");
            let near = interval.is_some_and(|(low, high)| (high - low) / 2.0 <= 0.01 * middle);
            if near || samples.len() >= most {
                return (samples.len(), interval);
            }
            look = (self.next)(samples.len());
        }
    }
}
