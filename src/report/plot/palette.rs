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

/// A colour of the pictures as they are painted, and what a dark page shows in its place, as `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartColor {
    /// On a light page.
    pub light: String,
    /// On a dark page.
    pub dark: String,
}

/// Every colour on a light page and on a dark one, hues before the rest. Those of a dark page were found by a search for
/// the largest distance between any two that share a picture, as all four kinds of eyes see them.
const THEMES: [(Color, Color); 13] = [
    (BLUE, (0x81, 0xb4, 0xff)),
    (GREEN, (0x38, 0xdc, 0x70)),
    (GOLD, (0xb8, 0x69, 0x1a)),
    (WINE, (0xa0, 0x5a, 0x9e)),
    (ALERT, (0xff, 0x5d, 0x90)),
    (CHIPS[0].1, (0xdc, 0x9a, 0x1c)),
    (CHIPS[1].1, (0xa5, 0x4b, 0xff)),
    (CHIPS[2].1, (0x92, 0x70, 0x3c)),
    (OTHER, (0x7d, 0x85, 0x90)),
    (INK, (0xe6, 0xed, 0xf3)),
    (MUTED, (0xa3, 0xad, 0xb8)),
    (AXIS, (0x7d, 0x87, 0x92)),
    (GRID, (0x2c, 0x33, 0x3b)),
];

/// The page of [`THEMES`]' second colours.
const DARK_PAGE: Color = (0x14, 0x18, 0x1d);

/// Every colour that a picture can have, tints included.
#[must_use]
pub fn chart_colors() -> Vec<ChartColor> {
    let plain = THEMES.into_iter().chain([(PAGE, DARK_PAGE)]);
    let tints = THEMES
        .into_iter()
        .map(|(light, dark)| (tint(light), between(dark, DARK_PAGE)));
    let color = |(light, dark)| ChartColor {
        light: hex(light),
        dark: hex(dark),
    };
    plain.chain(tints).map(color).collect()
}

/// The colours of a chip and of its tint on a light page, by which a chart can be asked for what is that chip's.
#[must_use]
pub fn chip_colors(id: &str) -> Option<[String; 2]> {
    chip(id).map(|color| [hex(color), hex(tint(color))])
}

/// As the drawing library writes it.
fn hex((red, green, blue): Color) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// A colour at a quarter of its strength on a page.
const fn between(color: Color, page: Color) -> Color {
    const fn part(of: u8, page: u8) -> u8 {
        ((of as u16 + 3 * page as u16) / 4) as u8
    }
    (part(color.0, page.0), part(color.1, page.1), part(color.2, page.2))
}

/// A colour at one sixth of its strength: inside an outline, or between the ends of a range.
pub(super) const fn tint((red, green, blue): Color) -> Color {
    const fn lighter(part: u8) -> u8 {
        0xff - (0xff - part) / 6
    }
    (lighter(red), lighter(green), lighter(blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Matrix = [[f64; 3]; 3];

    /// How normal eyes, protanopes, deuteranopes and tritanopes see linear RGB (Machado, Oliveira and Fernandes 2009,
    /// table 1, severity 1).
    const EYES: [Matrix; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];
    /// From linear sRGB to XYZ over the white of D65 (IEC 61966-2-1).
    const XYZ: Matrix = [
        [0.433_953, 0.376_220, 0.189_828],
        [0.212_673, 0.715_152, 0.072_175],
        [0.017_757, 0.109_468, 0.872_766],
    ];

    fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
    }

    fn linear((red, green, blue): Color) -> [f64; 3] {
        [red, green, blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// CIE L*a*b* (1976).
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        let of_white = times(&XYZ, linear.map(|part| part.clamp(0.0, 1.0)));
        let [x, y, z] = of_white.map(|part| {
            if part > 0.008_856 {
                part.cbrt()
            } else {
                7.787 * part + 16.0 / 116.0
            }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// How far two colours are from each other to the eyes that see the least difference.
    fn distance(a: Color, b: Color) -> f64 {
        let seen = |eyes: &Matrix, color| lab(times(eyes, linear(color)));
        let apart = |eyes: &Matrix| {
            let (a, b) = (seen(eyes, a), seen(eyes, b));
            (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt()
        };
        EYES.iter().map(apart).fold(f64::INFINITY, f64::min)
    }

    /// Contrast as WCAG 2.2 defines it.
    fn contrast(a: Color, b: Color) -> f64 {
        let [a, b] = [a, b].map(|color| times(&XYZ, linear(color))[1] + 0.05);
        a.max(b) / a.min(b)
    }

    /// The hues that share a picture: bars and rooflines, sweeps, audits.
    const TOGETHER: [&[usize]; 3] = [&[0, 1, 4, 5, 6, 7], &[0, 1, 2, 3, 4], &[5, 6, 7, 8]];

    #[test]
    fn hues_that_share_a_picture_are_apart_to_all_eyes_on_both_pages() {
        for (is_dark, page) in [(false, PAGE), (true, DARK_PAGE)] {
            let color = |hue: usize| if is_dark { THEMES[hue].1 } else { THEMES[hue].0 };
            for hues in TOGETHER {
                for (place, one) in hues.iter().enumerate() {
                    let on_page = contrast(color(*one), page);
                    assert!(on_page >= 3.0, "{:?} on its page: {on_page}", color(*one));
                    for other in &hues[..place] {
                        let (one, other) = (color(*one), color(*other));
                        let apart = distance(one, other);
                        assert!(apart >= 15.0, "{one:?} and {other:?}: {apart}");
                    }
                }
            }
        }
    }

    #[test]
    fn words_can_be_read_on_both_pages() {
        for word in [INK, MUTED, ALERT] {
            let dark = THEMES
                .into_iter()
                .find(|(light, _)| *light == word)
                .map(|(_, dark)| dark);
            assert!(contrast(word, PAGE) >= 4.5);
            assert!(contrast(dark.expect("every colour has its dark one"), DARK_PAGE) >= 4.5);
        }
    }
}
