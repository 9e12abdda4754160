//! The marks of verdicts: each has a shape and a colour of its own, so that either alone is enough.

use super::scene::{BLUE, Color, GREEN, MUTED, PAGE, PURPLE, Scene, VERMILLION};
use crate::audit::Verdict;

/// Half the width of a mark.
pub(super) const RADIUS: i32 = 6;

/// Draws the mark of a verdict around a point, on a light edge that sets it off from what lies below.
pub(super) fn draw(scene: &mut Scene, verdict: Verdict, (x, y): (i32, i32)) {
    let Look { outline, color, hollow } = look(verdict);
    let at = |size: i32| -> Vec<(i32, i32)> {
        outline
            .iter()
            .map(|(dx, dy)| (x + dx * size / 12, y + dy * size / 12))
            .collect()
    };
    scene.polygon(at(2 * RADIUS + 4), PAGE);
    scene.polygon(at(2 * RADIUS), color);
    if hollow {
        scene.polygon(at(RADIUS), PAGE);
    }
}

struct Look {
    /// Corners in twelfths of the width, from the middle.
    outline: &'static [(i32, i32)],
    color: Color,
    hollow: bool,
}

const UP: &[(i32, i32)] = &[(0, -6), (6, 5), (-6, 5)];
const DOWN: &[(i32, i32)] = &[(0, 6), (6, -5), (-6, -5)];
const SQUARE: &[(i32, i32)] = &[(-5, -5), (5, -5), (5, 5), (-5, 5)];
const DIAMOND: &[(i32, i32)] = &[(0, -6), (6, 0), (0, 6), (-6, 0)];

const fn look(verdict: Verdict) -> Look {
    let (outline, color, hollow) = match verdict {
        Verdict::Ahead => (UP, BLUE, false),
        Verdict::Behind => (DOWN, VERMILLION, false),
        Verdict::OnPar => (SQUARE, GREEN, false),
        Verdict::Open | Verdict::Mixed => (DIAMOND, PURPLE, true),
        Verdict::NotDecidable => (SQUARE, MUTED, true),
    };
    Look { outline, color, hollow }
}
