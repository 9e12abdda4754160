//! Curves over sizes: rates and times of cases that differ in one number.

use super::Drawing;
use super::axis::Scale;
use super::curve_panel::CurvePlot;
use super::key::Key;
use super::mark::{Look, RADIUS};
use super::page::{self, MARGIN, ROOM, WIDTH};
use super::palette::{CEILING, INK, MUTED};
use super::plane::{Frame, GUTTER, TITLE_HEIGHT, Ticks};
use super::scene::{Anchor, PANEL, SMALL, Scene, Stroke};
use crate::units::Unit;

/// Of panels that stand alone, and of panels beside each other.
const HEIGHTS: [i32; 2] = [430, 310];
const SWATCH: i32 = 34;
const NOTE_HEIGHT: i32 = 18;
/// Rows of one picture.
const MAX_ROWS: usize = 12;

/// A titled picture of curves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// The device; wrapped to at most three lines.
    pub subtitle: String,
    /// From top to bottom.
    pub rows: Vec<CurveRow>,
    /// Notes below the rows, one paragraph each.
    pub footer: Vec<String>,
}

/// Panels over the same sizes, whose curves look alike.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveRow {
    /// What was done.
    pub title: String,
    /// What is the same in all cases; may be empty.
    pub note: String,
    /// The name of the x axis.
    pub sizes_name: String,
    /// How sizes are written.
    pub sizes: Sizes,
    /// One or two, from left to right.
    pub panels: Vec<CurvePanel>,
}

/// How the sizes of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizes {
    /// As numbers.
    Counts,
    /// As bytes.
    Bytes,
}

/// Curves that share their axes.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePanel {
    /// What the y axis counts.
    pub title: String,
    /// The unit of every value.
    pub unit: Unit,
    /// One for each series; those of other panels of the row have the same names and looks.
    pub curves: Vec<Curve>,
}

/// What was measured over the sizes, and the most (or least) that was possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What the series is called.
    pub name: String,
    /// How it looks.
    pub look: Look,
    /// In ascending order of their sizes.
    pub points: Vec<CurvePoint>,
    /// Size and value where a ceiling is known, in ascending order of the sizes.
    pub ceiling: Vec<(f64, f64)>,
}

/// What a case came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Its size.
    pub size: f64,
    /// Its value.
    pub outcome: Outcome,
}

/// A value, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// A measured value with its interval.
    Measured {
        /// The value.
        value: f64,
        /// Lower end of its interval; the value itself where there is none.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A value that cannot be.
    Impossible(f64),
    /// None.
    Failed,
}

impl Sizes {
    pub(super) const fn ticks(self) -> Ticks {
        match self {
            Self::Counts => Ticks::Number,
            Self::Bytes => Ticks::Size,
        }
    }
}

impl CurveChart {
    /// Lays the chart out, on log axes.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        Drawing(lay_out(self, Scale::Log))
    }

    /// Lays it out with values that begin at zero; sizes stand by their logarithms all the same.
    #[must_use]
    pub fn draw_linear(&self) -> Drawing {
        Drawing(lay_out(self, Scale::Linear))
    }
}

fn lay_out(chart: &CurveChart, scale: Scale) -> Scene {
    let titles: Vec<&str> = chart.rows.iter().map(|row| row.title.as_str()).collect();
    let (mut scene, mut y) = page::begin(&chart.title, &chart.subtitle, &titles);
    for row in chart.rows.iter().take(MAX_ROWS) {
        y = draw_row(&mut scene, row, scale, y) + 16;
    }
    if chart.rows.is_empty() {
        y = page::paragraph(&mut scene, "There is nothing to draw.", SMALL, MUTED, y);
    }
    let left_out = (chart.rows.len() > MAX_ROWS).then(|| format!("{MAX_ROWS} of {} rows are drawn.", chart.rows.len()));
    page::end(scene, left_out.iter().chain(&chart.footer), y)
}

fn draw_row(scene: &mut Scene, row: &CurveRow, scale: Scale, top: i32) -> i32 {
    let title = PANEL.fit(&row.title, ROOM);
    scene.text((MARGIN, top + TITLE_HEIGHT / 2), Anchor::Start, PANEL, INK, &title);
    let mut y = top + TITLE_HEIGHT;
    if !row.note.is_empty() {
        let note = SMALL.fit(&row.note, ROOM);
        scene.text((MARGIN, y + NOTE_HEIGHT / 2 - 3), Anchor::Start, SMALL, MUTED, &note);
        y += NOTE_HEIGHT;
    }
    y = draw_key(scene, row, y) + 4;
    let across = row.panels.len().clamp(1, 2) as i32;
    let width = (ROOM - (across - 1) * GUTTER) / across;
    let height = HEIGHTS[across as usize - 1];
    for (column, panel) in (0..across).zip(&row.panels) {
        let room = Frame {
            left: MARGIN + column * (width + GUTTER),
            top: y,
            width,
            height,
        };
        CurvePlot::new(row, panel, scale, room).draw(scene);
    }
    y + height
}

/// The series of the row, and the other signs that occur in it.
fn draw_key(scene: &mut Scene, row: &CurveRow, top: i32) -> i32 {
    let curves = || row.panels.iter().flat_map(|panel| &panel.curves);
    let has = |test: fn(&Outcome) -> bool| {
        curves()
            .flat_map(|curve| &curve.points)
            .any(|point| test(&point.outcome))
    };
    let mut key = Key::new(scene, (MARGIN, WIDTH - MARGIN), top);
    for curve in row.panels.first().into_iter().flat_map(|panel| &panel.curves) {
        key.add(SWATCH, &curve.name, |scene, (x, y)| {
            let look = curve.look;
            scene.line([(x, y), (x + SWATCH, y)], 2, look.color, look.stroke);
            look.draw(scene, (x + SWATCH / 2, y), CurvePlot::RADIUS);
        });
    }
    if curves().any(|curve| !curve.ceiling.is_empty()) {
        key.add(SWATCH, "what this session's ceilings allow", |scene, (x, y)| {
            scene.line([(x, y), (x + SWATCH, y)], 2, CEILING, Stroke::Dotted);
        });
    }
    if has(|outcome| matches!(outcome, Outcome::Impossible(_))) {
        key.add(
            2 * RADIUS,
            "impossible: faster than the ceilings allow",
            |scene, (x, y)| {
                Look::IMPOSSIBLE.draw(scene, (x + RADIUS, y), RADIUS);
            },
        );
    }
    if has(|outcome| *outcome == Outcome::Failed) {
        key.add(2 * RADIUS, "no result", |scene, (x, y)| {
            Look::FAILED.draw(scene, (x + RADIUS, y), RADIUS);
        });
    }
    key.end()
}
