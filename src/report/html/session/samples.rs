//! The samples of every row that has some, to choose from.

use std::collections::BTreeMap;

use super::results;
use crate::kernels::Case;
use crate::normalise::Scores;
use crate::record::{Finished, Session};
use crate::report::html::page::{Block, Section};
use crate::report::html::samples::Strip;

/// Samples that a page draws: less than a megabyte of dots.
const MOST: usize = 70_000;

/// The place on the page where the samples of a row are.
pub(super) fn id(part: &str, row: usize) -> String {
    format!("{part}-samples-{row}")
}

/// None where nothing was measured.
pub(super) fn section(part: &str, session: &Session, scores: &Scores) -> Option<Section> {
    let finished: Vec<Finished<'_>> = session.rows().collect();
    let mut of_case: BTreeMap<&Case, Vec<&Finished<'_>>> = BTreeMap::new();
    for one in finished.iter().filter(|one| !one.samples.is_empty()) {
        of_case.entry(&one.row.case).or_default().push(one);
    }
    let most = MOST / of_case.len().max(1);
    let strip = |(place, score): (usize, &crate::normalise::Score)| {
        Strip::of(id(part, place), score, of_case.get(&score.case)?, most)
    };
    let strips: Vec<Strip> = results::in_order(scores).into_iter().filter_map(strip).collect();
    (!strips.is_empty()).then(|| Section {
        id: "samples",
        title: "Samples".to_owned(),
        blocks: vec![
            Block::Text(
                "Every sample of a row in the order in which they were taken: seconds of one dispatch, the lower the \
                 faster. The line is the median, the band its interval; dashed lines are two groups of times, upright ones \
                 part runs, and the two places of a case that stands twice in the plan. Choose a row."
                    .to_owned(),
            ),
            Block::Samples(strips),
        ],
    })
}
