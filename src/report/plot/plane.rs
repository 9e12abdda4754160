//! The rectangle between two axes, with its grid and the labels of its ticks.

use super::axis::Axis;
use super::palette::{AXIS, GRID, INK, MUTED};
use super::scene::{Anchor, PANEL, SMALL, Scene};
use crate::units::{Unit, binary_size, quantity, significant};

/// Left of the y axis, for the labels of its ticks.
pub(super) const LABELS: i32 = 78;
/// Below the x axis, for the labels of its ticks and its name.
pub(super) const FOOT: i32 = 42;
/// For the title of a plane.
pub(super) const TITLE_HEIGHT: i32 = 30;
/// Between two planes that stand side by side.
pub(super) const GUTTER: i32 = 32;

/// A rectangle of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Frame {
    pub(super) const fn right(self) -> i32 {
        self.left + self.width
    }

    pub(super) const fn bottom(self) -> i32 {
        self.top + self.height
    }
}

/// How the ticks of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ticks {
    /// With a unit and its prefix.
    Quantity(Unit),
    /// As bare numbers.
    Number,
    /// As bytes in powers of 1024.
    Size,
}

impl Ticks {
    pub(super) fn label(self, value: f64) -> String {
        match self {
            Self::Quantity(unit) => quantity(value, unit),
            // Powers of two are written whole: 16384 is read faster than 16400.
            Self::Number if value >= 1.0 => value.to_string(),
            Self::Number => significant(value, 3),
            Self::Size => binary_size(value as u64),
        }
    }
}

/// Two axes and where they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    pub(super) frame: Frame,
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Plane {
    /// Where a pair of values stands; values beyond an end stand at the end.
    pub(super) fn place(&self, x: f64, y: f64) -> (i32, i32) {
        let along = |axis: Axis, value, length: i32| (axis.fraction(value) * f64::from(length)).round() as i32;
        (
            self.frame.left + along(self.x, x, self.frame.width),
            self.frame.bottom() - along(self.y, y, self.frame.height),
        )
    }

    /// Title on the left, what the y axis counts on the right, from `top` on.
    pub(super) fn draw_title(&self, scene: &mut Scene, top: i32, title: &str, counts: &str) {
        let (left, right) = (self.frame.left - LABELS, self.frame.right());
        let y = top + TITLE_HEIGHT / 2;
        let room = right - left - SMALL.width(counts) - 16;
        scene.text((left, y), Anchor::Start, PANEL, INK, &PANEL.fit(title, room));
        scene.text((right, y), Anchor::End, SMALL, MUTED, counts);
    }

    /// Grid lines, labels of the ticks, and the name of the x axis.
    pub(super) fn draw_grid(&self, scene: &mut Scene, x_name: &str, x_ticks: Ticks, y_ticks: Ticks) {
        let frame = self.frame;
        let at_x = |value: f64| self.place(value, 1.0).0;
        let widest = |ticks: &[f64]| ticks.iter().map(|tick| SMALL.width(&x_ticks.label(*tick))).max();
        let is_clear = |ticks: &[f64]| apart(ticks, widest(ticks).unwrap_or(0) + 10, at_x);
        for tick in self.x.ticks(is_clear) {
            let x = at_x(tick);
            scene.rectangle((x, frame.top), (1, frame.height + 4), GRID);
            let label = x_ticks.label(tick);
            scene.text((x, frame.bottom() + 14), Anchor::Middle, SMALL, MUTED, &label);
        }
        let at_y = |value: f64| self.place(1.0, value).1;
        for tick in self.y.ticks(|ticks| apart(ticks, 22, at_y)) {
            let y = at_y(tick);
            scene.rectangle((frame.left - 4, y), (frame.width + 4, 1), GRID);
            let label = y_ticks.label(tick);
            scene.text((frame.left - 8, y), Anchor::End, SMALL, MUTED, &label);
        }
        let middle = (frame.left + frame.width / 2, frame.bottom() + 31);
        let name = SMALL.fit(x_name, frame.width);
        scene.text(middle, Anchor::Middle, SMALL, MUTED, &name);
    }

    /// The two axes, over what was drawn before.
    pub(super) fn draw_axes(&self, scene: &mut Scene) {
        let frame = self.frame;
        scene.rectangle((frame.left, frame.top), (1, frame.height), AXIS);
        scene.rectangle((frame.left, frame.bottom()), (frame.width, 1), AXIS);
    }
}

/// Whether neighbours are at least so many pixels apart.
fn apart(ticks: &[f64], least: i32, place: impl Fn(f64) -> i32) -> bool {
    ticks
        .windows(2)
        .all(|pair| (place(pair[1]) - place(pair[0])).abs() >= least)
}
