//! Families: cases that differ in one number.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernels::{Cache, Precision};
use crate::normalise::Score;

/// Cases of one kernel, layout and cache mode at any precision that differ in one number: some of their extents are equal
/// to each other within every case, and all others are the same in all cases. The sizes of a square product are such a
/// number, and so is the context of a decode.
#[derive(Debug, Clone)]
pub(super) struct Family<'s> {
    /// Names of the extents that are that number.
    pub(super) swept: Vec<&'s str>,
    /// The extents that are the same in all cases.
    pub(super) fixed: Vec<(&'s str, u64)>,
    /// Size and score, in ascending order of the sizes and then in that of the session.
    pub(super) members: Vec<(u64, &'s Score)>,
}

impl<'s> Family<'s> {
    /// The sizes, each once.
    pub(super) fn sizes(&self) -> BTreeSet<u64> {
        self.members.iter().map(|(size, _)| *size).collect()
    }

    /// With at most so many sizes, evenly chosen.
    pub(super) fn thinned(&self, most: usize) -> Self {
        let sizes = self.sizes();
        let step = sizes.len().div_ceil(most).max(1);
        let kept: BTreeSet<u64> = sizes.into_iter().step_by(step).collect();
        let mut thinned = self.clone();
        thinned.members.retain(|(size, _)| kept.contains(size));
        thinned
    }

    /// The members of each precision, in ascending order of their sizes.
    pub(super) fn by_precision(&self) -> BTreeMap<Option<Precision>, Vec<(u64, &'s Score)>> {
        let mut series: BTreeMap<Option<Precision>, Vec<(u64, &Score)>> = BTreeMap::new();
        for (size, score) in &self.members {
            series.entry(score.case.precision).or_default().push((*size, score));
        }
        series
    }
}

/// A size and a place among the scores.
type Place = (u64, usize);
/// What cases of one family share: kernel, layout, cache mode, swept and fixed extents.
type Shared<'s> = (&'s str, &'s str, Cache, Vec<&'s str>, Vec<(&'s str, u64)>);

/// Sizes that make a curve.
const LEAST: usize = 3;
/// Subsets of more extents than this are too many to look at, and no operation has as many.
const MOST_EXTENTS: usize = 10;

/// The families of at least three sizes, the larger ones first to take what two could have; in the order in which they
/// begin. Every score is in one family at most.
pub(super) fn families<'s>(scores: &[&'s Score]) -> Vec<Family<'s>> {
    let mut candidates: Vec<(Shared<'s>, BTreeSet<Place>)> = candidates(scores).into_iter().collect();
    let mut taken = BTreeSet::new();
    let mut found: Vec<(usize, Family<'s>)> = Vec::new();
    // Of families that are as large, the one that sweeps fewer extents.
    candidates.sort_by_key(|(shared, places)| (std::cmp::Reverse(places.len()), shared.3.len()));
    for ((_, _, _, swept, fixed), mut places) in candidates {
        places.retain(|(_, index)| !taken.contains(index));
        let sizes: BTreeSet<u64> = places.iter().map(|(size, _)| *size).collect();
        if sizes.len() < LEAST {
            continue;
        }
        taken.extend(places.iter().map(|(_, index)| *index));
        let first = places.iter().map(|(_, index)| *index).min().unwrap_or_default();
        let members = places.iter().map(|(size, index)| (*size, scores[*index])).collect();
        found.push((first, Family { swept, fixed, members }));
    }
    found.sort_by_key(|(first, _)| *first);
    found.into_iter().map(|(_, family)| family).collect()
}

/// Every score under every choice of extents that are equal in it.
fn candidates<'s>(scores: &[&'s Score]) -> BTreeMap<Shared<'s>, BTreeSet<Place>> {
    let mut candidates: BTreeMap<Shared<'s>, BTreeSet<Place>> = BTreeMap::new();
    for (index, score) in scores.iter().enumerate() {
        let case = &score.case;
        let extents: Vec<(&str, u64)> = case.shape.extents().collect();
        if extents.len() > MOST_EXTENTS {
            continue;
        }
        for choice in 1_u32..1 << extents.len() {
            let chosen = |place: usize| choice >> place & 1 == 1;
            let part = |wanted: bool| -> Vec<(&'s str, u64)> {
                let all = extents.iter().enumerate();
                all.filter(|(place, _)| chosen(*place) == wanted)
                    .map(|(_, extent)| *extent)
                    .collect()
            };
            let (swept, fixed) = (part(true), part(false));
            let size = swept[0].1;
            if swept.iter().all(|(_, extent)| *extent == size) {
                let swept = swept.into_iter().map(|(name, _)| name).collect();
                let shared = (case.kernel.as_str(), case.layout.as_str(), case.cache, swept, fixed);
                candidates.entry(shared).or_default().insert((size, index));
            }
        }
    }
    candidates
}
