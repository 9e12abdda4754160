//! One series over time: its values, their intervals, its levels, and where these change.

use super::free::{Free, Label};
use super::histories::{HistoryPanel, Level, Step};
use super::linear::LinearAxis;
use super::palette::{ALERT, AXIS, Color, DEVICE, GREEN, GRID, INK, MUTED, PAGE, tint};
use super::plane::Frame;
use super::scene::{Anchor, BODY, SMALL, Scene, Stroke};
use crate::track::Turn;

/// Left of the axis, for the labels of its ticks.
const LABELS: i32 = 50;
const TITLE_HEIGHT: i32 = 24;
/// Below the panel, for the times of its ends.
const FOOT: i32 = 16;
/// A tick needs as much room.
const TICK: i32 = 26;
/// Points further apart than this are drawn each for itself.
const APART: i32 = 4;
/// Around a point.
const RADIUS: i32 = 2;
/// Two boundaries nearer to each other than this are one line.
const NEAR: i32 = 3;

/// A panel made ready to be placed.
pub(super) struct HistoryPlot<'a> {
    panel: &'a HistoryPanel,
    frame: Frame,
    axis: LinearAxis,
    top: i32,
}

/// Points that share a column of pixels: the least and the greatest of their values, and of their intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Column {
    x: i32,
    values: (f64, f64),
    ranges: (f64, f64),
}

impl<'a> HistoryPlot<'a> {
    /// A series within a rectangle of the page.
    pub(super) fn new(panel: &'a HistoryPanel, room: Frame) -> Self {
        let frame = Frame {
            left: room.left + LABELS,
            top: room.top + TITLE_HEIGHT,
            width: room.width - LABELS,
            height: room.height - TITLE_HEIGHT - FOOT,
        };
        let axis = axis(panel);
        let top = room.top;
        Self {
            panel,
            frame,
            axis,
            top,
        }
    }

    pub(super) fn draw(&self, scene: &mut Scene) {
        self.draw_grid(scene);
        let columns = self.columns();
        for part in columns.split(Option::is_none) {
            let part: Vec<Column> = part.iter().flatten().copied().collect();
            self.draw_band(scene, &part);
        }
        self.draw_boundaries(scene);
        for part in columns.split(Option::is_none) {
            let part: Vec<Column> = part.iter().flatten().copied().collect();
            self.draw_line(scene, &part);
        }
        self.draw_points(scene);
        for level in &self.panel.levels {
            self.draw_level(scene, level);
        }
        self.draw_labels(scene);
        let frame = self.frame;
        scene.rectangle((frame.left, frame.top), (1, frame.height), AXIS);
        scene.rectangle((frame.left, frame.bottom()), (frame.width, 1), AXIS);
    }

    /// Title, ticks, and the times of the ends.
    fn draw_grid(&self, scene: &mut Scene) {
        let frame = self.frame;
        let ticks = self.axis.ticks(self.panel.unit, (frame.height / TICK) as usize);
        let (left, y) = (frame.left - LABELS, self.top + TITLE_HEIGHT / 2 - 2);
        let unit = match ticks.unit.as_str() {
            "" => "unit not given",
            unit => unit,
        };
        let room = frame.right() - left - SMALL.width(unit) - 12;
        scene.text((left, y), Anchor::Start, BODY, INK, &BODY.fit(&self.panel.title, room));
        scene.text((frame.right(), y), Anchor::End, SMALL, MUTED, unit);
        for (value, label) in ticks.labels {
            let y = self.y(value);
            scene.rectangle((frame.left - 3, y), (frame.width + 3, 1), GRID);
            let label = SMALL.fit(&label, LABELS - 6);
            scene.text((frame.left - 6, y), Anchor::End, SMALL, MUTED, &label);
        }
        let [first, last] = &self.panel.times;
        let count = format!("{} points", self.panel.values.len());
        let room = (frame.width - SMALL.width(&count)) / 2 - 8;
        let y = frame.bottom() + FOOT / 2 + 2;
        let (middle, right) = (frame.left + frame.width / 2, frame.right());
        scene.text((frame.left, y), Anchor::Start, SMALL, MUTED, &SMALL.fit(first, room));
        scene.text((middle, y), Anchor::Middle, SMALL, MUTED, &count);
        scene.text((right, y), Anchor::End, SMALL, MUTED, &SMALL.fit(last, room));
    }

    fn y(&self, value: f64) -> i32 {
        self.frame.bottom() - (self.axis.fraction(value) * f64::from(self.frame.height)).round() as i32
    }

    /// Where a point stands, or with halves the place between two.
    fn x(&self, index: f64) -> i32 {
        let count = self.panel.values.len().max(1) as f64;
        self.frame.left + ((index + 0.5) / count * f64::from(self.frame.width)).round() as i32
    }

    /// Where two levels, or what lies on either side of a boundary, part.
    fn between(&self, index: usize) -> i32 {
        self.x(index as f64 - 0.5)
    }

    /// What stands in each column of pixels that has points; none where they have no value.
    fn columns(&self) -> Vec<Option<Column>> {
        let mut columns: Vec<Option<Column>> = Vec::new();
        for (index, value) in self.panel.values.iter().enumerate() {
            let x = self.x(index as f64);
            if !value.is_finite() {
                columns.push(None);
                continue;
            }
            let range = self.panel.ranges.get(index).copied().unwrap_or((*value, *value));
            match columns.last_mut() {
                Some(Some(column)) if column.x == x => {
                    column.values = widest(column.values, (*value, *value));
                    column.ranges = widest(column.ranges, range);
                }
                _ => columns.push(Some(Column {
                    x,
                    values: (*value, *value),
                    ranges: range,
                })),
            }
        }
        columns
    }

    /// The intervals of neighbours, joined.
    fn draw_band(&self, scene: &mut Scene, part: &[Column]) {
        if self.panel.ranges.is_empty() || part.is_empty() {
            return;
        }
        let edge = |end: fn(&Column) -> f64| part.iter().map(move |column| (column.x, self.y(end(column))));
        let upper = edge(|column| column.ranges.1);
        let lower = edge(|column| column.ranges.0);
        if let [only] = part {
            let (top, bottom) = (self.y(only.ranges.1), self.y(only.ranges.0));
            scene.rectangle((only.x - 1, top), (3, bottom - top), tint(DEVICE));
        } else {
            scene.polygon(upper.chain(lower.rev()).collect::<Vec<_>>(), tint(DEVICE));
        }
    }

    fn draw_line(&self, scene: &mut Scene, part: &[Column]) {
        let ends = part.iter().flat_map(|column| {
            let (low, high) = (self.y(column.values.0), self.y(column.values.1));
            [(column.x, high), (column.x, low)]
        });
        let mut points: Vec<(i32, i32)> = ends.collect();
        points.dedup();
        if points.len() > 1 {
            scene.line(points, 1, DEVICE, Stroke::Solid);
        }
    }

    /// Points that stand apart, and what is no value or beyond the axis.
    fn draw_points(&self, scene: &mut Scene) {
        let stand_apart = self.frame.width >= APART * self.panel.values.len() as i32;
        for (index, value) in self.panel.values.iter().enumerate() {
            let at = (self.x(index as f64), self.y(*value));
            let alone = || {
                let is_gap = |other: Option<usize>| {
                    other
                        .and_then(|other| self.panel.values.get(other))
                        .is_none_or(|value| !value.is_finite())
                };
                is_gap(index.checked_sub(1)) && is_gap(Some(index + 1))
            };
            if !value.is_finite() {
                draw_gap(scene, (at.0, self.frame.bottom()));
            } else if !self.axis.shows(*value) {
                let is_above = self.axis.fraction(*value) > 0.5;
                draw_far(scene, at, is_above);
            } else if stand_apart || alone() {
                scene.rectangle((at.0 - 1, at.1 - 1), (3, 3), DEVICE);
            }
        }
    }

    /// A level, which tells what it is when it is pointed at.
    fn draw_level(&self, scene: &mut Scene, level: &Level) {
        let (from, to) = (self.between(level.points.0), self.between(level.points.1));
        let [title, points, value, change] = self.panel.level_words(level);
        let change = match change.as_str() {
            "" => String::new(),
            change => format!("; {change}"),
        };
        let words = format!("{title}; level {value}; points {points}{change}");
        scene.hint((from, self.frame.top), ((to - from).max(1), self.frame.height), &words);
        let (start, end) = (self.y(level.values.0), self.y(level.values.1));
        scene.line([(from, start), (to, end)], 2, INK, Stroke::Solid);
    }

    /// Lines of the boundaries; of several in one place, one.
    fn draw_boundaries(&self, scene: &mut Scene) {
        let mut last = i32::MIN;
        for boundary in &self.panel.boundaries {
            let x = self.between(boundary.index);
            if x >= last.saturating_add(NEAR) {
                draw_boundary(scene, x, (self.frame.top, self.frame.bottom()));
                last = x;
            }
        }
    }

    /// Where no value and no level is.
    fn free(&self) -> Free {
        let mut free = Free::new(self.frame);
        for part in self.columns().split(Option::is_none) {
            let ends = part.iter().flatten().flat_map(|column| {
                let (low, high) = column.values;
                [(column.x, self.y(high) - RADIUS), (column.x, self.y(low) + RADIUS)]
            });
            free.take_line(0, &ends.collect::<Vec<_>>());
        }
        free
    }

    /// Change points with what they come to, then the numbers of the boundaries, each where there is room for it.
    fn draw_labels(&self, scene: &mut Scene) {
        let mut free = self.free();
        let (top, bottom) = (self.frame.top, self.frame.bottom());
        for Step { index, turn, .. } in &self.panel.steps {
            draw_step(scene, *turn, self.between(*index), (top, bottom));
        }
        for step in &self.panel.steps {
            let x = self.between(step.index);
            // As near to the head of the line as there is room.
            let mut places = (top + 9..bottom - 20).step_by(15);
            places.find(|y| write(scene, &mut free, (x, *y), &step.words, color(step.turn)));
        }
        for boundary in &self.panel.boundaries {
            let x = self.between(boundary.index);
            write(scene, &mut free, (x, bottom - 8), &boundary.words, INK);
        }
    }
}

/// Over the values and levels; intervals count as far as they do not press these into a line.
fn axis(panel: &HistoryPanel) -> LinearAxis {
    let levels = panel.levels.iter().flat_map(|level| [level.values.0, level.values.1]);
    let ranges = panel.ranges.iter().flat_map(|(low, high)| [*low, *high]);
    LinearAxis::over(panel.values.iter().copied().chain(levels).chain(ranges))
}

/// Whether some value is beyond its axis.
pub(super) fn has_far(panel: &HistoryPanel) -> bool {
    let axis = axis(panel);
    panel
        .values
        .iter()
        .any(|value| value.is_finite() && !axis.shows(*value))
}

fn widest(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

/// A text beside a line, on a light ground; whether there was room for it.
fn write(scene: &mut Scene, free: &mut Free, at: (i32, i32), words: &str, color: Color) -> bool {
    let size = (SMALL.width(words), 13);
    let label = Label {
        size,
        owner: 0,
        clear: 0,
    };
    if words.is_empty() {
        return true;
    }
    let Some(((x, y), anchor)) = free.beside(at, label) else {
        return false;
    };
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - size.0 / 2,
        Anchor::End => x - size.0,
    };
    scene.rectangle((left - 2, y - 7), (size.0 + 4, 14), PAGE);
    scene.text((x, y), anchor, SMALL, color, words);
    true
}

const fn color(turn: Turn) -> Color {
    match turn {
        Turn::Worse => ALERT,
        Turn::Better => GREEN,
    }
}

/// The line of a change point: whole for the worse, broken for the better.
pub(super) fn draw_step(scene: &mut Scene, turn: Turn, x: i32, (top, bottom): (i32, i32)) {
    let stroke = match turn {
        Turn::Worse => Stroke::Solid,
        Turn::Better => Stroke::Dashed,
    };
    scene.line([(x, top), (x, bottom)], 2, color(turn), stroke);
}

/// The line of a boundary.
pub(super) fn draw_boundary(scene: &mut Scene, x: i32, (top, bottom): (i32, i32)) {
    scene.line([(x, top), (x, bottom)], 1, MUTED, Stroke::Dotted);
}

/// A point without a value: a tick at the foot.
pub(super) fn draw_gap(scene: &mut Scene, (x, bottom): (i32, i32)) {
    scene.rectangle((x, bottom - 6), (1, 6), MUTED);
}

/// A value beyond an end of the axis: an arrowhead at that end.
pub(super) fn draw_far(scene: &mut Scene, (x, y): (i32, i32), is_above: bool) {
    let way = if is_above { 1 } else { -1 };
    scene.polygon([(x, y), (x - 4, y + 6 * way), (x + 4, y + 6 * way)], DEVICE);
}
