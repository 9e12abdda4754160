//! Marks: each has a shape, a fill and a colour of its own, so that none of the three is needed alone.

use super::palette::{self, ALERT, BLUE, Color, GOLD, GREEN, MUTED, PAGE, WINE};
use super::scene::{FINE, Scene, Stroke};
use crate::audit::Verdict;
use crate::kernels::Precision;

/// Half the width of a mark.
pub(super) const RADIUS: i32 = 6;

/// How a mark, or the line of a series, looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    /// Corners in twelfths of the width, from the middle.
    outline: &'static [(i32, i32)],
    fill: Fill,
    pub(super) color: Color,
    pub(super) stroke: Stroke,
}

/// What the colour of a look says; shape is always the kernel, fill and dashes are always the precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    /// That it was measured on this device.
    Device,
    /// The precision.
    Precision,
    /// The kernel.
    Kernel,
}

/// What is inside an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fill {
    Full,
    Hollow,
    /// The lower half.
    Lower,
    /// The left half.
    Left,
    /// A core in a ring.
    Core,
    /// All but the core.
    Pierced,
}

impl Look {
    /// The look of what a kernel did at a precision. `kernel` is its place among those of the picture: the first ten have
    /// shapes of their own.
    #[must_use]
    pub const fn of(kernel: usize, precision: Precision, hue: Hue) -> Self {
        let color = match hue {
            Hue::Device => palette::DEVICE,
            Hue::Precision => palette::of_precision(precision),
            Hue::Kernel => palette::hue(kernel),
        };
        let (fill, stroke) = match precision {
            Precision::F32 => (Fill::Full, Stroke::Solid),
            Precision::F16 => (Fill::Hollow, Stroke::Dashed),
            Precision::Bf16 => (Fill::Lower, Stroke::DashDotted),
            Precision::F64 => (Fill::Pierced, Stroke::Solid),
            Precision::F8 => (Fill::Core, Stroke::Dotted),
            Precision::I8 => (Fill::Left, Stroke::Dashed),
            Precision::I32 => (Fill::Left, Stroke::Solid),
        };
        Self {
            outline: SHAPES[kernel % SHAPES.len()],
            fill,
            color,
            stroke,
        }
    }

    /// The same shape without a precision, for a key.
    #[must_use]
    pub const fn of_kernel(kernel: usize) -> Self {
        Self::of(kernel, Precision::F32, Hue::Device)
    }

    /// The mark of what is faster than it can be.
    pub(super) const IMPOSSIBLE: Self = Self::new(CROSS, ALERT, Fill::Full);

    /// The mark of what has no result.
    pub(super) const FAILED: Self = Self::new(CROSS, MUTED, Fill::Full);

    /// The mark of a verdict.
    pub(super) const fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ahead => Self::new(UP, BLUE, Fill::Full),
            Verdict::Behind => Self::new(DOWN, GOLD, Fill::Full),
            Verdict::OnPar => Self::new(SQUARE, GREEN, Fill::Full),
            Verdict::Open | Verdict::Mixed => Self::new(DIAMOND, WINE, Fill::Hollow),
            Verdict::NotDecidable => Self::new(SQUARE, MUTED, Fill::Hollow),
        }
    }

    const fn new(outline: &'static [(i32, i32)], color: Color, fill: Fill) -> Self {
        let stroke = Stroke::Solid;
        Self {
            outline,
            fill,
            color,
            stroke,
        }
    }

    /// Draws the mark around a point, on a light edge that sets it off from what lies below.
    pub(super) fn draw(self, scene: &mut Scene, (x, y): (i32, i32), radius: i32) {
        let (x, y) = (x * FINE, y * FINE);
        let outline = |size: i32| -> Vec<(i32, i32)> {
            let corner = |(dx, dy): &(i32, i32)| (x + rounded(dx * size * FINE, 12), y + rounded(dy * size * FINE, 12));
            self.outline.iter().map(corner).collect()
        };
        scene.fine_polygon(outline(2 * radius + 4), PAGE);
        scene.fine_polygon(outline(2 * radius), self.color);
        let inner = outline((2 * radius - 5).max(radius));
        match self.fill {
            Fill::Full => {}
            Fill::Hollow => scene.fine_polygon(inner, PAGE),
            // The empty half: what lies beyond the middle is pressed onto it.
            Fill::Lower => scene.fine_polygon(pressed(inner, |corner| (corner.0, corner.1.min(y))), PAGE),
            Fill::Left => scene.fine_polygon(pressed(inner, |corner| (corner.0.max(x), corner.1)), PAGE),
            Fill::Pierced => scene.fine_polygon(outline(radius), PAGE),
            Fill::Core => {
                scene.fine_polygon(inner, PAGE);
                scene.fine_polygon(outline(radius), self.color);
            }
        }
    }
}

fn pressed(outline: Vec<(i32, i32)>, press: impl Fn((i32, i32)) -> (i32, i32)) -> Vec<(i32, i32)> {
    outline.into_iter().map(press).collect()
}

/// The nearest whole number, the same distance on both sides of zero, so that marks are symmetric.
const fn rounded(numerator: i32, denominator: i32) -> i32 {
    (2 * numerator.abs() + denominator) / (2 * denominator) * numerator.signum()
}

const CIRCLE: &[(i32, i32)] = &[
    (6, 0),
    (5, 3),
    (3, 5),
    (0, 6),
    (-3, 5),
    (-5, 3),
    (-6, 0),
    (-5, -3),
    (-3, -5),
    (0, -6),
    (3, -5),
    (5, -3),
];
const UP: &[(i32, i32)] = &[(0, -6), (6, 5), (-6, 5)];
const DOWN: &[(i32, i32)] = &[(0, 6), (6, -5), (-6, -5)];
const RIGHT: &[(i32, i32)] = &[(6, 0), (-5, 6), (-5, -6)];
const LEFT: &[(i32, i32)] = &[(-6, 0), (5, 6), (5, -6)];
const SQUARE: &[(i32, i32)] = &[(-5, -5), (5, -5), (5, 5), (-5, 5)];
const DIAMOND: &[(i32, i32)] = &[(0, -6), (6, 0), (0, 6), (-6, 0)];
const TALL: &[(i32, i32)] = &[(-3, -6), (3, -6), (3, 6), (-3, 6)];
const WIDE: &[(i32, i32)] = &[(-6, -3), (6, -3), (6, 3), (-6, 3)];
const HEXAGON: &[(i32, i32)] = &[(-3, -6), (3, -6), (6, 0), (3, 6), (-3, 6), (-6, 0)];
const CROSS: &[(i32, i32)] = &[
    (-6, -4),
    (-4, -6),
    (0, -2),
    (4, -6),
    (6, -4),
    (2, 0),
    (6, 4),
    (4, 6),
    (0, 2),
    (-4, 6),
    (-6, 4),
    (-2, 0),
];

/// In the order in which kernels take them.
const SHAPES: [&[(i32, i32)]; 10] = [CIRCLE, SQUARE, UP, DIAMOND, DOWN, WIDE, RIGHT, TALL, LEFT, HEXAGON];
