//! The first pass: windows that slide over a series, each divided as long as its parts differ (Fleming et al., "Hunter:
//! Using Change Point Detection to Hunt for Performance Regressions", ICPE 2023, section 3.2).

use super::divergence::{Divider, Division};
use super::pooled::Moments;
use crate::stats::serial::mid_ranks;

/// What is compared within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// The values.
    Values,
    /// Their ranks in the window: where the largest lies says something, how large it is does not.
    Ranks,
}

/// Slides over a series and collects the places at which it may change. A whole window stays as it is when the series
/// grows, so what it found is kept: a new value costs the two or three windows that reach the end.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    length: usize,
    /// How improbable a difference must be.
    p: f64,
    scale: Scale,
    divider: Divider,
    /// Start of the first window that is not whole yet.
    start: usize,
    /// What the whole windows found, ascending.
    places: Vec<usize>,
}

impl Windows {
    pub(super) fn new(length: usize, p: f64, scale: Scale) -> Self {
        Self {
            length: length.max(2),
            p,
            scale,
            divider: Divider::default(),
            start: 0,
            places: Vec::new(),
        }
    }

    /// The places in a series that goes on where the one given last time ended, ascending.
    pub(super) fn places(&mut self, series: &[f64]) -> Vec<usize> {
        while self.start + self.length <= series.len() {
            let found = self.divide(&series[self.start..][..self.length], self.start);
            self.start = self.next(self.start, &found);
            insert(&mut self.places, &found);
        }
        let mut places = self.places.clone();
        let mut start = self.start;
        while start < series.len() {
            let found = self.divide(&series[start..], start);
            start = self.next(start, &found);
            insert(&mut places, &found);
        }
        places
    }

    /// Whether nothing that is still to be found lies within `reach` values after these places.
    pub(super) fn is_past(&self, places: &[usize], reach: usize) -> bool {
        places.last().is_some_and(|last| last + reach <= self.start)
    }

    /// Drops places that were found first.
    pub(super) fn forget(&mut self, places: &[usize]) {
        self.places.drain(..places.len());
    }

    /// Half a window on, or where the last change was found: what came before it is done with.
    fn next(&self, start: usize, found: &[usize]) -> usize {
        found.last().map_or(0, |last| *last).max(start + self.length / 2)
    }

    /// The places, as indices of the series, at which a window that begins at `start` falls into parts that differ. The
    /// place that divides its part best goes first, and the first that makes no difference ends it.
    fn divide(&mut self, window: &[f64], start: usize) -> Vec<usize> {
        let ranks = match self.scale {
            Scale::Values => None,
            Scale::Ranks => Some(mid_ranks(window)),
        };
        let window = ranks.as_deref().unwrap_or(window);
        let mut parts = vec![self.part(window, 0, window.len())];
        loop {
            // Of equals the first.
            let best = (0..parts.len())
                .filter(|index| parts[*index].division.is_some())
                .reduce(|best, index| {
                    if parts[index].q() > parts[best].q() {
                        index
                    } else {
                        best
                    }
                });
            let Some((best, place)) = best.and_then(|best| Some((best, parts[best].division?.index))) else {
                break;
            };
            let Part { start, end, .. } = parts[best];
            let [before, after] = [start..place, place..end].map(|side| Moments::of(&window[side]));
            let p = before.differ(after).p;
            // No number where all values are equal: no difference either.
            if p > self.p || p.is_nan() {
                break;
            }
            let halves = [self.part(window, start, place), self.part(window, place, end)];
            parts.splice(best..=best, halves);
        }
        parts[1..].iter().map(|part| start + part.start).collect()
    }

    fn part(&mut self, window: &[f64], start: usize, end: usize) -> Part {
        let division = self.divider.best(window, start, end);
        Part { start, end, division }
    }
}

/// A part of a window, and the best place to divide it.
struct Part {
    start: usize,
    end: usize,
    division: Option<Division>,
}

impl Part {
    fn q(&self) -> f64 {
        self.division.map_or(f64::NEG_INFINITY, |division| division.q)
    }
}

/// Adds places to those that are there, each once, in ascending order.
fn insert(places: &mut Vec<usize>, found: &[usize]) {
    for place in found {
        if let Err(at) = places.binary_search(place) {
            places.insert(at, *place);
        }
    }
}
