//! How the numbers came about and how to read them.

use crate::normalise::Scores;
use crate::report::html::page::{Block, Section};
use crate::report::words;

/// What every number rests on.
pub(super) fn section(scores: &Scores) -> Section {
    let points = [
        "Proof: a variant is timed only after every element of its output was compared with an f64 reference, with and \
         without run-time checks, and once more after a timed batch on inputs that it had not seen."
            .to_owned(),
        "Time: the median of samples, each of them one batch of dispatches, by the device’s own clock where that passed its \
         self-test, else by the host’s."
            .to_owned(),
        format!("±: {}.", words::spread(&scores.rows)),
        "Rate: operations or compulsory bytes over that time; a multiply-add is two operations, and what is only recomputed \
         does not count."
            .to_owned(),
        "Roof: the part that was reached of the ceiling measured in the same session that binds the case. It tells a slow \
         kernel from a slow device."
            .to_owned(),
        "H20, 810E, P800: the least time that the chip’s published dense peak and bandwidth allow for this work, over the \
         time measured here; 100 % is as fast as the data sheet at its best. <= where only a floor of its bandwidth is \
         known, a range where sources conflict, unpubl. where a figure that it needs is not published, no path where the \
         chip lacks the precision. ppm are parts per million."
            .to_owned(),
        "Impossible: faster than the ceilings of the session allow by 15 %, or than the chip’s own published peak by 5 %. \
         Such rows are kept and never ranked."
            .to_owned(),
    ];
    Section {
        id: "method",
        title: "Method".to_owned(),
        blocks: vec![Block::List(points.to_vec())],
    }
}
