//! Series of values over time, wherever they come from.

use crate::device::Identity;
use crate::record::{SeriesTable, TableSeries};

/// Series that share their moments and what is better.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Every moment that a point is of, in the order of time.
    pub moments: Vec<Moment>,
    /// What sessions were measured on, each hard identity once.
    pub machines: Vec<Machine>,
    /// The series.
    pub series: Vec<Series>,
    /// Which way is better.
    pub better: Better,
}

/// When, and in which session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The time: RFC 3339 of a session, else as the table has it.
    pub time: String,
    /// Id of the session; none of a table.
    pub session: Option<String>,
}

/// What sessions of one hard identity were measured on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Key of the hard identity.
    pub key: String,
    /// The latest session's identity.
    pub identity: Identity,
}

/// Values of one quantity on one machine, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the case, or of the series in its table.
    pub name: String,
    /// Place of its machine among the history's; none of a table.
    pub machine: Option<usize>,
    /// For each point the place of its moment among the history's.
    pub moments: Vec<u32>,
    /// For each point its value, seconds of a session; not a number where there is none.
    pub values: Vec<f64>,
    /// For each point what its runs span; empty where nothing is known of runs.
    pub ranges: Vec<(f64, f64)>,
    /// Where something else than the value changed, ascending.
    pub boundaries: Vec<Boundary>,
}

/// Something besides the value that is not what it was at the point before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    /// Index of the first point after it.
    pub index: usize,
    /// What changed, each as `driver_version 'a' -> 'b'`.
    pub changed: Vec<String>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Times.
    Lower,
    /// Rates.
    Higher,
}

impl Better {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
        }
    }
}

impl History {
    /// The history in a table.
    #[must_use]
    pub fn of_table(table: SeriesTable, better: Better) -> Self {
        let moment = |time| Moment { time, session: None };
        let series = |series: TableSeries| Series {
            name: series.name,
            machine: None,
            moments: series.times,
            values: series.values,
            ranges: Vec::new(),
            boundaries: Vec::new(),
        };
        Self {
            moments: table.times.into_iter().map(moment).collect(),
            machines: Vec::new(),
            series: table.series.into_iter().map(series).collect(),
            better,
        }
    }

    /// The moment of a point.
    #[must_use]
    pub fn moment(&self, series: &Series, index: usize) -> &Moment {
        &self.moments[series.moments[index] as usize]
    }

    /// The machine of a series, if it is known.
    #[must_use]
    pub fn machine(&self, series: &Series) -> Option<&Machine> {
        series.machine.map(|machine| &self.machines[machine])
    }
}
