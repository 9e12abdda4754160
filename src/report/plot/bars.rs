//! Bar charts: what was measured here beside what has been published.

use super::axis::Scale;
use super::{Chip, Drawing, chart};
use crate::units::{Interval, Unit};

/// A titled picture of one or more panels that share their columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// The device, and whether it is a software adapter; wrapped to at most three lines.
    pub subtitle: String,
    /// From top to bottom.
    pub panels: Vec<Panel>,
    /// Notes and sources below the panels, one paragraph each.
    pub footer: Vec<String>,
}

/// Bars that share a unit and an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What the bars measure.
    pub title: String,
    /// The unit of every value of the panel.
    pub unit: Unit,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

/// One row of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Written left of the axis.
    pub label: String,
    /// Whose number it is.
    pub kind: BarKind,
    /// The number, or why there is none.
    pub value: BarValue,
    /// Where the number is from: a session and its samples, or the ids of published sources. Not drawn; a page shows it.
    pub source: String,
}

/// Whose number a bar shows; each kind looks different without colour too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BarKind {
    /// A kernel measured here.
    Measured,
    /// A ceiling measured here, which the kernels are held against.
    Ceiling,
    /// A figure about another chip.
    Published {
        /// The chip, named beside the value where the label does not name it.
        chip: Chip,
    },
}

/// The number of a bar in the panel's base unit, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum BarValue {
    /// A measured value with its interval; on a [`BarKind::Published`] bar, one that was measured elsewhere.
    Measured {
        /// The value.
        value: f64,
        /// Lower end of its interval; the value itself where there is none.
        low: f64,
        /// Upper end of its interval.
        high: f64,
    },
    /// What published sources say together.
    Published {
        /// A point, a range, a floor (no upper end) or a limit (no lower end).
        interval: Interval,
        /// Whether the sources contradict each other.
        disputed: bool,
    },
    /// No source gives a figure.
    Unpublished,
    /// The chip has no such path.
    Unsupported,
    /// The case ended without a number: its status, as `wrong` or `timeout`.
    Failed(String),
}

impl BarChart {
    /// Lays the chart out, on log axes.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        Drawing(chart::lay_out(self, Scale::Log))
    }

    /// Lays it out on axes that begin at zero, on which bars are as long as their values say.
    #[must_use]
    pub fn draw_linear(&self) -> Drawing {
        Drawing(chart::lay_out(self, Scale::Linear))
    }
}
