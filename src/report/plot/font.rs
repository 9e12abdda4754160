//! The embedded font: how wide a text is, how it is cut to a width, and its pixels.
//!
//! Glyphs are placed at fractions of a pixel. The text of the drawing library itself rounds every letter to a whole
//! pixel and drops the space to its left, which shows at the sizes of a chart.

use ab_glyph::{Font, FontRef, Glyph, PxScale, point};
use std::sync::LazyLock;

/// A weight of the embedded font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// For everything but titles.
    Regular,
    /// For titles.
    SemiBold,
}

/// A weight at a size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    /// The weight.
    pub(super) weight: Weight,
    /// Pixels per em.
    pub(super) size: f32,
}

/// Room for viewers of the SVG that have no Inter and show a wider font.
const FALLBACK: f32 = 1.1;
const ELLIPSIS: char = '…';

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| load(include_bytes!("../font/Inter-Regular.otf")));
static SEMI_BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| load(include_bytes!("../font/Inter-SemiBold.otf")));

fn load(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the embedded font is a font, as every test of a plot shows")
}

impl Face {
    fn font(self) -> &'static FontRef<'static> {
        match self.weight {
            Weight::Regular => &REGULAR,
            Weight::SemiBold => &SEMI_BOLD,
        }
    }

    fn units_per_em(self) -> f32 {
        self.font().units_per_em().unwrap_or(1000.0)
    }

    fn advance(self, letter: char) -> f32 {
        let font = self.font();
        font.h_advance_unscaled(font.glyph_id(letter)) * self.size / self.units_per_em()
    }

    /// How far the pen moves over a text, in pixels.
    pub(super) fn exact_width(self, text: &str) -> f32 {
        text.chars().map(|letter| self.advance(letter)).sum()
    }

    /// The width to keep free for a text, in pixels.
    pub(super) fn width(self, text: &str) -> i32 {
        (self.exact_width(text) * FALLBACK).ceil() as i32
    }

    /// The text, cut and ended with an ellipsis where it is wider than `room` pixels.
    pub(super) fn fit(self, text: &str, room: i32) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let room = room as f32 / FALLBACK - self.advance(ELLIPSIS);
        let mut used = 0.0;
        let kept: String = text
            .chars()
            .take_while(|&letter| {
                used += self.advance(letter);
                used <= room
            })
            .collect();
        format!("{}{ELLIPSIS}", kept.trim_end())
    }

    /// The text in lines of at most `room` pixels, broken between words; what the last line cannot hold is cut.
    pub(super) fn wrap(self, text: &str, room: i32, max_lines: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut used = 0;
        for word in text.split_whitespace() {
            let width = self.width(" ") + self.width(word);
            let is_last = lines.len() == max_lines;
            match lines.last_mut() {
                Some(line) if is_last || used + width <= room => {
                    line.push(' ');
                    line.push_str(word);
                    used = used.saturating_add(width);
                }
                _ => {
                    lines.push(word.to_owned());
                    used = width;
                }
            }
        }
        lines.iter().map(|line| self.fit(line, room)).collect()
    }

    /// Calls `paint` with every pixel that the text touches and how much of it is covered (0 to 1). The pen starts at
    /// 0; the y axis points down from the line through the middle of the small letters.
    pub(super) fn rasterise<E>(
        self,
        text: &str,
        mut paint: impl FnMut(i32, i32, f32) -> Result<(), E>,
    ) -> Result<(), E> {
        let font = self.font();
        // `PxScale` counts from the lowest descender to the highest ascender, not per em.
        let scale = PxScale::from(self.size * font.height_unscaled() / self.units_per_em());
        let mut pen = 0.0;
        for letter in text.chars() {
            let glyph: Glyph = font
                .glyph_id(letter)
                .with_scale_and_position(scale, point(pen, self.baseline()));
            pen += self.advance(letter);
            let Some(outline) = font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            let mut pixels = Vec::new();
            outline.draw(|x, y, cover| pixels.push((x, y, cover)));
            for (x, y, cover) in pixels {
                paint(corner.x as i32 + x as i32, corner.y as i32 + y as i32, cover.min(1.0))?;
            }
        }
        Ok(())
    }

    /// How far the baseline lies below the middle of the small letters; whole, so that stems end on a pixel.
    fn baseline(self) -> f32 {
        const X_HEIGHT: f32 = 0.546;
        (self.size * X_HEIGHT / 2.0).round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Face = Face {
        weight: Weight::Regular,
        size: 12.0,
    };

    #[test]
    fn a_cut_text_fits_and_says_so() {
        let cut = FACE.fit("matmul/f32/nn/k=1024,m=1024,n=1024/hot", 100);
        assert!(cut.ends_with(ELLIPSIS), "{cut}");
        assert!(FACE.width(&cut) <= 101, "{}", FACE.width(&cut));
        assert_eq!(FACE.fit("short", 100), "short");
    }

    #[test]
    fn lines_hold_their_words_and_the_last_is_cut() {
        assert_eq!(FACE.wrap("one two", 400, 2), ["one two"]);
        let lines = FACE.wrap(&"several words ".repeat(40), 200, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with(ELLIPSIS), "{lines:?}");
        assert!(FACE.wrap("", 100, 3).is_empty());
    }

    #[test]
    fn every_symbol_of_the_charts_has_a_glyph() {
        for letter in "0123456789 .,·–—…≥≤±×µ→AZaz%/()=_:;".chars() {
            assert_ne!(FACE.font().glyph_id(letter).0, 0, "{letter}");
        }
    }
}
