//! A history as apache-otava's importer of CSV reads it: a column for each series, a line for each moment.

use std::collections::BTreeSet;

use super::Context;
use crate::error::{Error, Result};
use crate::report::csv;
use crate::track::{History, Series};

/// A table and what is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The whole file.
    pub text: String,
    /// Moments that are not in it because a series has no value there: apache-otava reads no gaps.
    pub left_out: usize,
}

/// The table, with the columns `time` and the names of the series.
///
/// # Errors
/// [`Error::Usage`] if the series are of several machines, which apache-otava would mix, or share no moment.
pub fn otava(context: Context) -> Result<Table> {
    let history = context.history;
    if history.machines.len() > 1 {
        let keys: Vec<&str> = history.machines.iter().map(|machine| machine.key.as_str()).collect();
        return Err(Error::Usage(format!(
            "the series are of several machines, and apache-otava knows none; choose one with --machine: {}",
            keys.join(", ")
        )));
    }
    let columns: Vec<Vec<Option<f64>>> = history.series.iter().map(|series| column(history, series)).collect();
    let points = history.series.iter().flat_map(|series| &series.moments);
    let moments: BTreeSet<usize> = points.map(|moment| *moment as usize).collect();
    let lines: Vec<(usize, Vec<f64>)> = moments
        .iter()
        .filter_map(|moment| {
            Some((
                *moment,
                columns.iter().map(|column| column[*moment]).collect::<Option<_>>()?,
            ))
        })
        .collect();
    if lines.is_empty() {
        return Err(Error::Usage(
            "no moment at which every series has a value, and apache-otava reads no gaps; name fewer series with --filter"
                .to_owned(),
        ));
    }
    Ok(Table {
        text: text(history, &lines),
        left_out: moments.len() - lines.len(),
    })
}

/// The value of a series at each moment of the history, of several the last; none where it has none.
fn column(history: &History, series: &Series) -> Vec<Option<f64>> {
    let mut column = vec![None; history.moments.len()];
    for (moment, value) in series.moments.iter().zip(&series.values) {
        column[*moment as usize] = Some(*value).filter(|value| value.is_finite());
    }
    column
}

fn text(history: &History, lines: &[(usize, Vec<f64>)]) -> String {
    let names = history.series.iter().map(|series| series.name.clone());
    let line = |(moment, values): &(usize, Vec<f64>)| {
        let time = history.moments[*moment].time.clone();
        std::iter::once(time)
            .chain(values.iter().map(f64::to_string))
            .collect::<Vec<_>>()
    };
    csv::written(std::iter::once("time".to_owned()).chain(names), lines.iter().map(line))
}
