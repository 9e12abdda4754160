//! Series of values over time, as small multiples: where their levels change, and what else changed there.

use super::Drawing;
use super::history_panel::{self as panel, HistoryPlot};
use super::key::Key;
use super::page::{self, MARGIN, ROOM, WIDTH};
use super::palette::{DEVICE, INK, MUTED, tint};
use super::plane::{Frame, GUTTER};
use super::scene::{SMALL, Scene, Stroke};
use crate::track::Turn;
use crate::units::Unit;

/// Of a panel that stands alone, and of panels beside each other.
const HEIGHTS: [i32; 2] = [324, 156];
const SWATCH: i32 = 24;
/// Panels of one picture; more belong in a table, and the picture says how many it leaves out.
pub const MOST_PANELS: usize = 60;

/// A titled picture of series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HistoryChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// What was measured; wrapped to at most three lines.
    pub subtitle: String,
    /// In the order of reading.
    pub panels: Vec<HistoryPanel>,
    /// What the numbers of the boundaries stand for, from 1 on.
    pub boundaries: Vec<String>,
    /// Notes below the panels, one paragraph each.
    pub footer: Vec<String>,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPanel {
    /// Its name.
    pub title: String,
    /// The unit of every value, if it is known.
    pub unit: Option<Unit>,
    /// When its first and its last point are.
    pub times: [String; 2],
    /// In the order of time; not a number where there is none.
    pub values: Vec<f64>,
    /// The interval of each value; empty where nothing is known of them.
    pub ranges: Vec<(f64, f64)>,
    /// From the first point to the last, without the places that have none.
    pub levels: Vec<Level>,
    /// Where one level gives way to the next.
    pub steps: Vec<Step>,
    /// Where something else than the value changed, ascending.
    pub boundaries: Vec<Mark>,
}

/// Points that scatter around one line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Index of the first point and of that after the last.
    pub points: (usize, usize),
    /// Where the line begins and ends: at the same value, unless the level drifts.
    pub values: (f64, f64),
}

/// A change point.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index of the first point of the new level.
    pub index: usize,
    /// For better or worse.
    pub turn: Turn,
    /// By how much, in a few characters.
    pub words: String,
}

/// A boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Index of the first point after it.
    pub index: usize,
    /// The numbers of what changed there; empty if they are not among those of the picture.
    pub words: String,
}

impl HistoryChart {
    /// Lays the chart out.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        Drawing(lay_out(self))
    }
}

fn lay_out(chart: &HistoryChart) -> Scene {
    let shown = &chart.panels[..chart.panels.len().min(MOST_PANELS)];
    let titles: Vec<&str> = shown.iter().map(|panel| panel.title.as_str()).collect();
    let (mut scene, y) = page::begin(&chart.title, &chart.subtitle, &titles);
    let mut y = draw_key(&mut scene, shown, y) + 10;
    let columns = shown.len().clamp(1, 2);
    let width = (ROOM - (columns as i32 - 1) * GUTTER) / columns as i32;
    let height = HEIGHTS[columns - 1];
    for row in shown.chunks(columns) {
        for (column, series) in (0..).zip(row) {
            let left = MARGIN + column * (width + GUTTER);
            let room = Frame {
                left,
                top: y,
                width,
                height,
            };
            HistoryPlot::new(series, room).draw(&mut scene);
        }
        y += height + 14;
    }
    if shown.is_empty() {
        y = page::paragraph(&mut scene, "There is nothing to draw.", SMALL, MUTED, y);
    }
    for (number, boundary) in (1..).zip(&chart.boundaries) {
        let line = SMALL.fit(&format!("{number}: {boundary}"), ROOM);
        y = page::paragraph(&mut scene, &line, SMALL, INK, y);
    }
    let left_out = (shown.len() < chart.panels.len())
        .then(|| format!("{} of {} series are drawn.", shown.len(), chart.panels.len()));
    page::end(scene, left_out.iter().chain(&chart.footer), y + 4)
}

/// The signs that occur.
fn draw_key(scene: &mut Scene, panels: &[HistoryPanel], top: i32) -> i32 {
    let any = |test: fn(&HistoryPanel) -> bool| panels.iter().any(test);
    let turns = |turn| {
        panels
            .iter()
            .flat_map(|panel| &panel.steps)
            .any(|step| step.turn == turn)
    };
    let mut key = Key::new(scene, (MARGIN, WIDTH - MARGIN), top);
    key.add(SWATCH, "value", |scene, (x, y)| {
        scene.line([(x, y), (x + SWATCH, y)], 1, DEVICE, Stroke::Solid);
    });
    if any(|panel| !panel.ranges.is_empty()) {
        key.add(SWATCH, "its interval over the runs", |scene, (x, y)| {
            scene.rectangle((x, y - 5), (SWATCH, 10), tint(DEVICE));
        });
    }
    key.add(SWATCH, "level", |scene, (x, y)| {
        scene.line([(x, y), (x + SWATCH, y)], 2, INK, Stroke::Solid);
    });
    for (turn, words) in [(Turn::Worse, "change for the worse"), (Turn::Better, "for the better")] {
        if turns(turn) {
            key.add(SWATCH, words, |scene, (x, y)| {
                panel::draw_step(scene, turn, x + SWATCH / 2, (y - 8, y + 8));
            });
        }
    }
    if any(|panel| !panel.boundaries.is_empty()) {
        key.add(
            SWATCH,
            "something else changed, named below by its number",
            |scene, (x, y)| {
                panel::draw_boundary(scene, x + SWATCH / 2, (y - 8, y + 8));
            },
        );
    }
    if any(|panel| panel.values.iter().any(|value| !value.is_finite())) {
        key.add(SWATCH, "no value", |scene, (x, y)| {
            panel::draw_gap(scene, (x + SWATCH / 2, y + 4));
        });
    }
    if panels.iter().any(panel::has_far) {
        key.add(SWATCH, "beyond the axis", |scene, (x, y)| {
            panel::draw_far(scene, (x + SWATCH / 2, y - 3), true);
        });
    }
    key.end()
}
