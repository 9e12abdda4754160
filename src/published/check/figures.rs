//! Rules of single rows of `figures.csv`.

use std::sync::LazyLock;

use regex::Regex;

use crate::published::decimal::Decimal;
use crate::published::problem::Problem;
use crate::published::rows::Figure;
use crate::published::vocabulary::{Accumulator, Engine, Metric, Precision, Sparsity};

pub(super) fn check(figures: &[Figure], problems: &mut Vec<Problem>) {
    for figure in figures {
        let mut wrong = |column: &str, message: &str| problems.push(figure.location.problem(column, message));
        ends(figure, &mut wrong);
        engine_and_format(figure, &mut wrong);
        accumulator(figure, &mut wrong);
        if figure.note.is_empty() {
            wrong("note", "note is empty; say under which conditions the value holds");
        }
        if figure.sparsity == Some(Sparsity::Sparse) && !figure.id.contains("-sparse-") {
            wrong("figure_id", "a sparse row needs the part `-sparse-` in its id");
        }
    }
}

fn ends(figure: &Figure, wrong: &mut impl FnMut(&str, &str)) {
    match (&figure.low, &figure.high) {
        (None, None) => wrong("low", "neither low nor high; give at least one of them"),
        (Some(low), Some(high)) if low > high => wrong("low", "low > high; exchange them or correct one"),
        _ => {}
    }
    for (column, value) in [("low", &figure.low), ("high", &figure.high)] {
        if value.as_ref().is_some_and(Decimal::is_zero) {
            wrong(column, "value is not positive; leave it empty if it is unknown");
        }
    }
}

fn engine_and_format(figure: &Figure, wrong: &mut impl FnMut(&str, &str)) {
    let compute = figure.metric == Metric::PeakCompute;
    if compute != figure.engine.is_some() {
        wrong(
            "engine",
            "engine must be given exactly for peak_compute: matrix, vector or unstated",
        );
    }
    if !compute && figure.precision.is_some() {
        wrong(
            "precision",
            "precision on a metric other than peak_compute; leave it empty",
        );
    }
    if !compute && figure.sparsity.is_some() {
        wrong(
            "sparsity",
            "sparsity on a metric other than peak_compute; leave it empty",
        );
    }
    if compute && figure.sparsity.is_none() && figure.engine != Some(Engine::Vector) {
        wrong("sparsity", "sparsity missing; write dense, sparse or unstated");
    }
}

fn accumulator(figure: &Figure, wrong: &mut impl FnMut(&str, &str)) {
    let in_id = figure.id.contains("-acc16-");
    if in_id != (figure.accumulator == Some(Accumulator::Fp16)) {
        wrong(
            "accumulator",
            "accumulator and the id disagree; fp16 goes with the part `-acc16-` in figure_id",
        );
    }
    if in_id && figure.engine != Some(Engine::Matrix) {
        wrong("engine", "an acc16 row must be a matrix rate");
    }
    if in_id && !figure.note.contains("FP16 accumulate") {
        wrong("note", "the note of an acc16 row must say `FP16 accumulate`");
    }
    let half_or_quarter = matches!(figure.precision, Some(Precision::Fp16 | Precision::Fp8));
    if is_geforce(&figure.chip)
        && figure.engine == Some(Engine::Matrix)
        && half_or_quarter
        && !figure.note.contains("ccumulate")
    {
        wrong(
            "note",
            "the note of a GeForce FP16 or FP8 matrix rate must name the accumulator, as `FP32 accumulate`",
        );
    }
}

/// GeForce cards run these rates at half speed with FP32 accumulation, so a rate without its accumulator is ambiguous.
fn is_geforce(chip: &str) -> bool {
    static GEFORCE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("^nvidia-rtx-[2345]0[5-9]0").expect("a valid pattern"));
    GEFORCE.is_match(chip)
}
