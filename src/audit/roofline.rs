//! What the figures of one chip allow: the time of a piece of work, and what binds it.

use std::collections::BTreeMap;

use crate::normalise::Resource;
use crate::published::Precision;
use crate::units::Interval;

/// The highest dense rate of one number format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Peak {
    /// Operations per second.
    Rate(Interval),
    /// The chip has no such path: a finding, not a gap.
    NoPath,
}

/// The rates that bound the work of one chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Roofline {
    /// The chip's id. Two rooflines of one id are the same chip: what is unknown of one is as large in the other.
    pub chip: String,
    /// The peaks; a format that is not listed has an unknown one.
    pub peaks: BTreeMap<Precision, Peak>,
    /// The memory bandwidth in byte/s.
    pub memory: Interval,
}

/// Work that is done a number of times: one operation of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The format of its inputs; absent where no figure is published in it.
    pub precision: Option<Precision>,
    /// Operations of doing it once.
    pub operations: f64,
    /// Compulsory bytes of doing it once.
    pub bytes: f64,
    /// How often it is done.
    pub count: f64,
}

/// Which rate of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// The peak of a number format.
    Peak(Option<Precision>),
    /// The memory bandwidth.
    Memory,
}

/// The two terms of a part's time, of which the larger one is its time: F / P and B / W, each times the count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// F / P.
    pub compute: Interval,
    /// B / W.
    pub memory: Interval,
}

impl Part {
    /// All operations.
    #[must_use]
    pub fn all_operations(&self) -> f64 {
        self.operations * self.count
    }

    /// All bytes.
    #[must_use]
    pub fn all_bytes(&self) -> f64 {
        self.bytes * self.count
    }
}

impl Terms {
    /// The paper time T = max(F / P, B / W).
    #[must_use]
    pub fn seconds(self) -> Interval {
        self.compute.max(self.memory)
    }

    /// The term that is the larger whatever the true rates are.
    #[must_use]
    pub fn binding(self) -> Option<Resource> {
        if self.compute.low >= self.memory.high {
            Some(Resource::Compute)
        } else if self.memory.low >= self.compute.high {
            Some(Resource::Memory)
        } else {
            None
        }
    }
}

impl Roofline {
    /// What is known of a rate; `None` where the chip has no such path.
    #[must_use]
    pub fn rate(&self, term: Term) -> Option<Interval> {
        let Term::Peak(precision) = term else {
            return Some(self.memory);
        };
        match precision.and_then(|precision| self.peaks.get(&precision)) {
            Some(Peak::Rate(rate)) => Some(*rate),
            Some(Peak::NoPath) => None,
            None => Some(Interval::UNKNOWN),
        }
    }

    /// The terms of a part; `None` where the chip has no path for it. Work without operations needs none.
    #[must_use]
    pub fn terms(&self, part: &Part) -> Option<Terms> {
        let compute = if part.operations > 0.0 {
            self.rate(Term::Peak(part.precision))?.divide(part.all_operations())
        } else {
            Interval::ZERO
        };
        let memory = self.memory.divide(part.all_bytes());
        Some(Terms { compute, memory })
    }

    /// The time of parts that are done one after the other. All share the chip's rates, so the ends add up.
    #[must_use]
    pub fn seconds(&self, parts: &[Part]) -> Option<Interval> {
        parts.iter().try_fold(Interval::ZERO, |sum, part| {
            let seconds = self.terms(part)?.seconds();
            Some(Interval::new(sum.low + seconds.low, sum.high + seconds.high))
        })
    }

    /// What binds for more than half of the time of these parts, whatever the true rates are.
    #[must_use]
    pub fn binding(&self, parts: &[Part]) -> Option<Resource> {
        let all = self.seconds(parts)?.high;
        let bound_by = |resource| -> f64 {
            let terms = parts.iter().filter_map(|part| self.terms(part));
            terms
                .filter(|terms| terms.binding() == Some(resource))
                .map(|terms| terms.seconds().low)
                .sum()
        };
        [Resource::Compute, Resource::Memory]
            .into_iter()
            .find(|resource| bound_by(*resource) > all / 2.0)
    }

    /// The rates whose being unbounded widens the time of these parts: those that a reader would have to know.
    #[must_use]
    pub fn gaps(&self, parts: &[Part]) -> Vec<Term> {
        let mut gaps = Vec::new();
        for part in parts {
            let Some(Terms { compute, memory }) = self.terms(part) else {
                continue;
            };
            let peak = Term::Peak(part.precision);
            for (term, own, other) in [(peak, compute, memory), (Term::Memory, memory, compute)] {
                let widens = own.high > 0.0 && own.high >= other.high;
                if widens && self.rate(term).is_some_and(unbounded) && !gaps.contains(&term) {
                    gaps.push(term);
                }
            }
        }
        gaps
    }
}

/// Whether a quantity is unknown, or bounded on one side only.
#[must_use]
pub fn unbounded(quantity: Interval) -> bool {
    quantity.low <= 0.0 || quantity.high.is_infinite()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(peak: Interval, memory: Interval) -> Roofline {
        Roofline {
            chip: "a".to_owned(),
            peaks: BTreeMap::from([(Precision::Fp16, Peak::Rate(peak)), (Precision::Fp8, Peak::NoPath)]),
            memory,
        }
    }

    fn part(precision: Precision, operations: f64, bytes: f64) -> Part {
        Part {
            precision: Some(precision),
            operations,
            bytes,
            count: 1.0,
        }
    }

    #[test]
    fn the_larger_term_binds() {
        let chip = chip(Interval::point(100.0), Interval::point(10.0));
        let terms = |operations, bytes| chip.terms(&part(Precision::Fp16, operations, bytes)).expect("a path");
        assert_eq!(terms(200.0, 10.0).seconds(), Interval::point(2.0));
        assert_eq!(terms(200.0, 10.0).binding(), Some(Resource::Compute));
        assert_eq!(terms(100.0, 30.0).seconds(), Interval::point(3.0));
        assert_eq!(terms(100.0, 30.0).binding(), Some(Resource::Memory));
    }

    #[test]
    fn a_missing_path_has_no_time_unless_nothing_is_computed() {
        let chip = chip(Interval::UNKNOWN, Interval::point(10.0));
        assert_eq!(chip.terms(&part(Precision::Fp8, 1.0, 1.0)), None);
        let copy = chip.terms(&part(Precision::Fp8, 0.0, 20.0)).expect("no operations");
        assert_eq!(copy.seconds(), Interval::point(2.0));
    }

    #[test]
    fn a_rate_is_a_gap_only_where_it_may_bind() {
        let work = [part(Precision::Fp16, 200.0, 10.0)];
        let both = chip(Interval::UNKNOWN, Interval::UNKNOWN);
        assert_eq!(both.gaps(&work), [Term::Peak(Some(Precision::Fp16)), Term::Memory]);
        let floor = chip(Interval::new(50.0, 100.0), Interval::at_least(5.0));
        assert_eq!(floor.gaps(&work), [], "2 s at most, and the slowest peak takes 4 s");
        let low_floor = chip(Interval::new(50.0, 100.0), Interval::at_least(1.0));
        assert_eq!(low_floor.gaps(&work), [Term::Memory]);
    }

    #[test]
    fn a_layer_is_the_sum_of_its_parts() {
        let chip = chip(Interval::new(50.0, 100.0), Interval::point(10.0));
        let parts = [part(Precision::Fp16, 200.0, 10.0), part(Precision::Fp16, 0.0, 30.0)];
        assert_eq!(chip.seconds(&parts), Some(Interval::new(5.0, 7.0)));
    }
}
