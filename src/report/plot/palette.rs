//! Every colour of every picture, in one table. A colour is never the only sign: marks have shapes and fills, lines have
//! dashes, bars have words.
//!
//! The hues begin with the palette of Okabe and Ito, "Color universal design" (2008). The rest were chosen so that any
//! two that share a picture are at least 15 apart in CIE L*a*b*, also as protanopes, deuteranopes and tritanopes see
//! them (Machado, Oliveira and Fernandes 2009, severity 1), and at least 3 to 1 against the page.

use crate::kernels::Precision;

/// Red, green, blue.
pub(super) type Color = (u8, u8, u8);

/// Text and error bars.
pub(super) const INK: Color = (0x1f, 0x23, 0x28);
/// Text of less weight.
pub(super) const MUTED: Color = (0x59, 0x63, 0x6e);
/// Grid lines.
pub(super) const GRID: Color = (0xe2, 0xe6, 0xea);
/// The line the bars start at, and lines that lead to a label.
pub(super) const AXIS: Color = (0x8c, 0x95, 0x9f);
/// The page.
pub(super) const PAGE: Color = (0xff, 0xff, 0xff);

/// The device that was measured.
pub(super) const DEVICE: Color = BLUE;
/// Its ceilings.
pub(super) const CEILING: Color = GREEN;
/// What failed or cannot be.
pub(super) const ALERT: Color = (0xa4, 0x00, 0x3a);

/// The first hue of a series, and a verdict.
pub(super) const BLUE: Color = (0x00, 0x72, 0xb2);
/// A verdict.
pub(super) const GREEN: Color = (0x00, 0x9e, 0x73);
/// The second hue of a series, and a verdict.
pub(super) const GOLD: Color = (0xa6, 0x7c, 0x00);
/// The third hue of a series, and a verdict.
pub(super) const WINE: Color = (0x8c, 0x1a, 0x66);

/// The chips that every picture knows, by their ids among the published figures.
const CHIPS: [(&str, Color); 3] = [
    ("nvidia-h20-96gb", (0xd5, 0x5e, 0x00)),
    ("thead-zhenwu-810e", (0x6c, 0x36, 0xd9)),
    ("kunlunxin-p800", (0x5c, 0x2a, 0x00)),
];

/// A chip without a colour of its own.
pub(super) const OTHER: Color = (0x84, 0x8d, 0x97);
const HUES: [Color; 4] = [BLUE, GOLD, WINE, INK];

/// The colour of a chip, the same in every picture; none for chips that have none of their own.
pub(super) fn chip(id: &str) -> Option<Color> {
    CHIPS.iter().find(|(known, _)| *known == id).map(|(_, color)| *color)
}

/// The colour of a series by its place.
pub(super) const fn hue(place: usize) -> Color {
    HUES[place % HUES.len()]
}

/// The colour of a precision where lines differ in nothing else.
pub(super) const fn of_precision(precision: Precision) -> Color {
    match precision {
        Precision::F32 | Precision::I32 => hue(0),
        Precision::F16 | Precision::I8 => hue(1),
        Precision::Bf16 | Precision::F8 => hue(2),
        Precision::F64 => hue(3),
    }
}

/// A colour at one sixth of its strength: inside an outline, or between the ends of a range.
pub(super) const fn tint((red, green, blue): Color) -> Color {
    const fn lighter(part: u8) -> u8 {
        0xff - (0xff - part) / 6
    }
    (lighter(red), lighter(green), lighter(blue))
}
