//! Pictures: bars, rooflines and curves of what was measured here and what has been published, on log axes unless a
//! reader asks for linear ones, and series over time, each zoomed onto its own values.
//!
//! A chart is values; drawing lays it out once into a scene of rectangles, polygons, lines and texts, and the scene is
//! painted as SVG or as PNG: both pictures are the same drawing. Nothing relies on colour alone: marks differ in shape and
//! fill, lines in their dashes, published figures are outlined and say `published`, and what has no figure is a word,
//! never a bar of length 0.

mod axis;
mod bars;
mod canvas;
mod chart;
mod curve_panel;
mod curves;
mod device_panel;
mod encode;
mod font;
mod free;
mod histories;
mod history_panel;
mod key;
mod legend;
mod linear;
mod mark;
mod numbers;
mod page;
mod palette;
mod panel;
mod plane;
mod ratios;
mod roof;
mod roof_panel;
mod roofs;
mod row;
mod scene;

use crate::error::Result;
use scene::Scene;

pub use bars::{Bar, BarChart, BarKind, BarValue, Panel};
pub use curves::{Curve, CurveChart, CurvePanel, CurvePoint, CurveRow, Outcome, Sizes};
pub use histories::{HistoryChart, HistoryPanel, Level, MOST_PANELS, Mark, Step};
pub use mark::{Hue, Look};
pub use numbers::Numbers;
pub use palette::{ChartColor, chart_colors, chip_colors};
pub use ratios::{RatioChart, RatioRow};
pub use roofs::{Ceiling, DeviceRoofs, RoofChart, RoofMark, RoofPanel, RoofPoint, Roofs};

/// A chip as pictures name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Its id among the published figures, from which its colour follows.
    pub id: String,
    /// Its name for a reader.
    pub name: String,
}

impl Chip {
    /// A chip of an id and a name.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        let [id, name] = [id, name].map(str::to_owned);
        Self { id, name }
    }
}

/// A chart that has been laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing(Scene);

impl Drawing {
    /// Paints it as an SVG document that can also stand inside a page: it has a title and a description and no ids. The
    /// text stays text; a viewer without Inter shows it in its sans-serif.
    ///
    /// # Errors
    /// Only if the drawing library refuses the picture.
    pub fn to_svg(&self) -> Result<String> {
        canvas::svg(&self.0)
    }

    /// Paints it for the inside of a page that says title and notes itself: what lies between them, without a background,
    /// called by ids that begin with `id`. Places that tell more are rectangles of class `hint` with the attribute
    /// `data-tip`.
    ///
    /// # Errors
    /// Only if the drawing library refuses the picture.
    pub fn to_inline_svg(&self, id: &str) -> Result<String> {
        canvas::inline_svg(&self.0, id)
    }

    /// The notes below it, a paragraph each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// Paints it as a PNG file at twice the size of the SVG, for dense screens.
    ///
    /// # Errors
    /// Only if the drawing library or the encoder refuses the picture.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        canvas::png(&self.0)
    }
}
