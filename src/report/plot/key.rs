//! What the signs of a picture mean: swatches and words, in lines.

use super::palette::INK;
use super::scene::{Anchor, SMALL, Scene};

/// Height of a line.
pub(super) const LINE: i32 = 20;
/// Between a swatch and its words.
const GAP: i32 = 7;
const BETWEEN: i32 = 18;

/// A key while it is written, from the left to the right and on in the next line.
pub(super) struct Key<'s> {
    scene: &'s mut Scene,
    left: i32,
    right: i32,
    x: i32,
    y: i32,
}

impl<'s> Key<'s> {
    /// A key between two edges of the page.
    pub(super) const fn new(scene: &'s mut Scene, (left, right): (i32, i32), top: i32) -> Self {
        Self {
            scene,
            left,
            right,
            x: left,
            y: top + LINE / 2,
        }
    }

    /// Adds a swatch of this width, which `draw` puts right of a point, and its words.
    pub(super) fn add(&mut self, width: i32, words: &str, draw: impl FnOnce(&mut Scene, (i32, i32))) {
        let words = SMALL.fit(words, self.right - self.left - width - GAP);
        let total = width + GAP + SMALL.width(&words);
        if self.x + total > self.right {
            self.end_line();
        }
        draw(self.scene, (self.x, self.y));
        let start = (self.x + width + GAP, self.y);
        self.scene.text(start, Anchor::Start, SMALL, INK, &words);
        self.x += total + BETWEEN;
    }

    /// Goes on in a new line, if anything is in this one.
    pub(super) const fn end_line(&mut self) {
        if self.x > self.left {
            self.x = self.left;
            self.y += LINE;
        }
    }

    /// Where the key ends.
    pub(super) const fn end(mut self) -> i32 {
        self.end_line();
        self.y - LINE / 2
    }
}
