//! One panel: its title, its axis, its rows.

use super::Panel;
use super::axis::{Axis, Scale};
use super::palette::{AXIS, Color, GRID, INK, MUTED, PAGE, tint};
use super::row::{Form, Row};
use super::scene::{Anchor, BODY, PANEL, SMALL, Scene};
use crate::units::{Unit, quantity};

/// How far an arrow reaches.
pub(super) const ARROW: i32 = 18;

const TITLE_HEIGHT: i32 = 28;
const ROW_HEIGHT: i32 = 24;
const BAR_HEIGHT: i32 = 13;
const TICKS_HEIGHT: i32 = 22;
/// How far a tick label may stand out of the page's text.
const TICK_MARGIN: i32 = 24;
/// Between a bar and its words, and between a label and the axis.
const GAP: i32 = 8;
/// A shorter interval could not be read.
const SHORTEST_INTERVAL: i32 = 3;
/// Longer words do not narrow the bars: they are cut where the page ends.
const MAX_WORDS: i32 = 320;

/// The columns that all panels of a chart share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    /// Where the page's text starts.
    pub(super) left: i32,
    /// Where the page's text ends.
    pub(super) right: i32,
    /// Where the bars start.
    pub(super) axis: i32,
    /// How long the longest bar may be.
    pub(super) length: i32,
}

/// A panel made ready to be placed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plot<'a> {
    title: &'a str,
    unit: Unit,
    scale: Scale,
    axis: Axis,
    /// From top to bottom.
    pub(super) rows: Vec<Row<'a>>,
}

impl<'a> Plot<'a> {
    /// The first `rows` bars of a panel.
    pub(super) fn new(panel: &'a Panel, rows: usize, scale: Scale) -> Self {
        let rows: Vec<Row<'a>> = panel
            .bars
            .iter()
            .take(rows)
            .map(|bar| Row::new(bar, panel.unit))
            .collect();
        let shown = rows.iter().flat_map(|row| row.form.extent()).flatten();
        Self {
            title: &panel.title,
            unit: panel.unit,
            scale,
            axis: Axis::scaled(scale, shown),
            rows,
        }
    }

    /// The width that the labels ask for.
    pub(super) fn label_width(&self) -> i32 {
        self.rows
            .iter()
            .map(|row| BODY.width(row.label) + GAP)
            .max()
            .unwrap_or(0)
    }

    /// The longest that the axis may be, so that every bar and its words fit into `room`.
    pub(super) fn length_within(&self, room: i32) -> i32 {
        let lengths = self.rows.iter().filter_map(|row| {
            let tail = GAP + arrow_length(row.form) + BODY.width(&row.words).min(MAX_WORDS);
            let fraction = self.axis.fraction(row.form.end()?);
            Some((f64::from(room - tail) / fraction) as i32)
        });
        lengths.min().unwrap_or(room).min(room)
    }

    /// Draws the panel from `top` on; returns where it ends.
    pub(super) fn draw(&self, scene: &mut Scene, columns: Columns, top: i32) -> i32 {
        self.draw_title(scene, columns, top + TITLE_HEIGHT / 2 - 3);
        let top = top + TITLE_HEIGHT;
        let bottom = top + ROW_HEIGHT * self.rows.len().max(1) as i32;
        self.draw_ticks(scene, columns, top, bottom);
        scene.rectangle((columns.axis, top), (1, bottom - top), AXIS);
        if self.rows.is_empty() {
            let middle = (columns.axis + GAP, top + ROW_HEIGHT / 2);
            scene.text(middle, Anchor::Start, BODY, MUTED, "no rows");
        }
        for (row, y) in self
            .rows
            .iter()
            .zip((top + ROW_HEIGHT / 2..).step_by(ROW_HEIGHT as usize))
        {
            self.draw_row(scene, columns, row, y);
        }
        bottom + TICKS_HEIGHT
    }

    fn draw_title(&self, scene: &mut Scene, columns: Columns, y: i32) {
        let scale = match self.unit.symbol() {
            "" => self.scale.words().to_owned(),
            symbol => format!("{symbol}, {}", self.scale.words()),
        };
        let room = columns.right - columns.left - SMALL.width(&scale) - 3 * GAP;
        let title = PANEL.fit(self.title, room);
        scene.text((columns.left, y), Anchor::Start, PANEL, INK, &title);
        scene.text((columns.right, y), Anchor::End, SMALL, MUTED, &scale);
    }

    fn draw_ticks(&self, scene: &mut Scene, columns: Columns, top: i32, bottom: i32) {
        if self.rows.iter().all(|row| row.form == Form::Absent) {
            return;
        }
        let longest = |ticks: &[f64]| ticks.iter().map(|t| SMALL.width(&quantity(*t, self.unit))).max();
        for tick in self.axis.ticks(|ticks| {
            let room = longest(ticks).unwrap_or(0) + GAP;
            ticks
                .windows(2)
                .all(|pair| self.place(columns, pair[1]) - self.place(columns, pair[0]) >= room)
        }) {
            let x = self.place(columns, tick);
            scene.rectangle((x, top), (1, bottom - top + 4), GRID);
            let label = quantity(tick, self.unit);
            let half = SMALL.width(&label) / 2 - TICK_MARGIN;
            let x = x.max(columns.left + half).min(columns.right - half);
            scene.text((x, bottom + TICKS_HEIGHT / 2 + 3), Anchor::Middle, SMALL, MUTED, &label);
        }
    }

    fn draw_row(&self, scene: &mut Scene, columns: Columns, row: &Row<'_>, y: i32) {
        let label = BODY.fit(row.label, columns.axis - GAP - columns.left);
        scene.text((columns.axis - GAP, y), Anchor::End, BODY, INK, &label);
        let start = columns.axis + 1;
        draw_bar(scene, (row.form, row.color), start, y, |value| {
            self.place(columns, value)
        });
        let end = row.form.end().map_or(start, |value| self.place(columns, value));
        let x = end + arrow_length(row.form) + GAP;
        let words = BODY.fit(&row.words, columns.right - x);
        // Grid lines stop around the words.
        scene.rectangle((x - 3, y - 8), (BODY.width(&words) + 6, 16), PAGE);
        scene.text((x, y), Anchor::Start, BODY, row.ink, &words);
        let size = (columns.right - columns.left, ROW_HEIGHT);
        scene.hint((columns.left, y - ROW_HEIGHT / 2), size, &row.hint());
    }

    fn place(&self, columns: Columns, value: f64) -> i32 {
        columns.axis + 1 + (self.axis.fraction(value) * f64::from(columns.length)).round() as i32
    }
}

fn arrow_length(form: Form) -> i32 {
    if matches!(form, Form::AtLeast { .. }) { ARROW } else { 0 }
}

/// Draws a bar from `start` around the line `y`; `at` places a value.
pub(super) fn draw_bar(scene: &mut Scene, (form, color): (Form, Color), start: i32, y: i32, at: impl Fn(f64) -> i32) {
    let top = y - BAR_HEIGHT / 2;
    let outlined = |scene: &mut Scene, end: i32, fill| {
        scene.outlined((start, top), (end - start, BAR_HEIGHT), color, fill);
    };
    match form {
        Form::Absent => {}
        Form::Solid { to, interval, filled } => {
            if filled {
                scene.rectangle((start, top), (at(to) - start, BAR_HEIGHT), color);
            } else {
                outlined(scene, at(to), tint(color));
            }
            let (low, high) = (at(interval.0), at(interval.1));
            if high - low >= SHORTEST_INTERVAL {
                draw_interval(scene, (low, y), (high, y));
            }
        }
        Form::Range { low, high } => {
            outlined(scene, at(high), PAGE);
            for x in (at(low)..at(high)).step_by(4) {
                scene.rectangle((x, top), (2, BAR_HEIGHT), color);
            }
            outlined(scene, at(low), tint(color));
        }
        Form::AtLeast { low } => {
            outlined(scene, at(low), tint(color));
            let tip = at(low) + ARROW;
            scene.rectangle((at(low), y), (ARROW - 2, 1), color);
            scene.polygon([(tip, y), (tip - 8, y - 4), (tip - 8, y + 5)], color);
        }
        Form::AtMost { high } => {
            let tip = (at(high) - ARROW).max(start);
            scene.rectangle((at(high) - 2, top), (2, BAR_HEIGHT), color);
            scene.rectangle((tip, y), (at(high) - tip, 1), color);
            scene.polygon([(tip, y), (tip + 8, y - 4), (tip + 8, y + 5)], color);
        }
    }
}

/// An interval: a line with a stop at each end, upright or level, on a light edge that sets it off from what it lies on.
pub(super) fn draw_interval(scene: &mut Scene, (left, top): (i32, i32), (right, bottom): (i32, i32)) {
    let is_level = top == bottom;
    for (edge, color) in [(1, PAGE), (0, INK)] {
        let (wide, tall) = (1 + 2 * edge, 7 + 2 * edge);
        if is_level {
            scene.rectangle((left, top - edge), (right - left, wide), color);
            for x in [left, right - 1] {
                scene.rectangle((x - edge, top - 3 - edge), (wide, tall), color);
            }
        } else {
            scene.rectangle((left - edge, top), (wide, bottom - top), color);
            for y in [top, bottom - 1] {
                scene.rectangle((left - 3 - edge, y - edge), (tall, wide), color);
            }
        }
    }
}
