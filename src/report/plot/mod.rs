//! Bar charts on a log axis: what was measured here beside what has been published, in one picture. And rooflines of
//! two chips, as far as they are published.
//!
//! A chart is laid out once into a scene of rectangles, polygons, lines and texts, and the scene is painted as SVG or as
//! PNG: both pictures are the same drawing. No bar relies on colour alone: published figures are outlined and say
//! `published`, ceilings say `ceiling`, and a cell without a figure is a word, never a bar of length 0.

mod axis;
mod canvas;
mod chart;
mod encode;
mod font;
mod legend;
mod mark;
mod panel;
mod roof_panel;
mod roofs;
mod row;
mod scene;

use crate::audit::Verdict;
use crate::error::Result;
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
        chip: String,
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
    /// Draws the chart as an SVG document. The text stays text; a viewer without Inter shows it in its sans-serif.
    ///
    /// # Errors
    /// Only if the drawing library refuses the picture.
    pub fn to_svg(&self) -> Result<String> {
        canvas::svg(&chart::lay_out(self))
    }

    /// Draws the chart as a PNG file at twice the size of the SVG, for dense screens.
    ///
    /// # Errors
    /// Only if the drawing library or the encoder refuses the picture.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        canvas::png(&chart::lay_out(self))
    }
}

/// A titled picture of the rooflines of two chips.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoofChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// What is known of both chips; wrapped to at most three lines.
    pub subtitle: String,
    /// What the legend calls subject and reference.
    pub chips: [String; 2],
    /// One for each number format.
    pub panels: Vec<RoofPanel>,
    /// Notes below the panels, one paragraph each.
    pub footer: Vec<String>,
}

/// Both roofs for one number format, and the work that is done in it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoofPanel {
    /// The format.
    pub title: String,
    /// Of subject and reference.
    pub roofs: [Roofs; 2],
    /// The work.
    pub points: Vec<RoofPoint>,
}

/// What is known of the roof of one chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Roofs {
    /// What is written beside it.
    pub name: String,
    /// Operations per second; `None` where the chip has no path.
    pub peak: Option<Interval>,
    /// Bytes per second.
    pub bandwidth: Interval,
    /// Whether it rests on figures that decide nothing.
    pub derived: bool,
}

/// A piece of work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoofPoint {
    /// Operations per byte.
    pub intensity: f64,
    /// What the figures say of it.
    pub verdict: Verdict,
}
