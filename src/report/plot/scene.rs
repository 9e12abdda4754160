//! A picture as values: what is drawn where, before anything is painted.

use super::font::{Face, Weight};

/// Red, green, blue.
pub(super) type Color = (u8, u8, u8);

/// Text and error bars.
pub(super) const INK: Color = (0x1f, 0x23, 0x28);
/// Text of less weight.
pub(super) const MUTED: Color = (0x59, 0x63, 0x6e);
/// Grid lines.
pub(super) const GRID: Color = (0xe2, 0xe6, 0xea);
/// The line the bars start at.
pub(super) const AXIS: Color = (0x8c, 0x95, 0x9f);
/// The page.
pub(super) const PAGE: Color = (0xff, 0xff, 0xff);
// The palette of Okabe and Ito, "Color universal design" (2008): distinct under every common colour blindness.
/// Measured bars.
pub(super) const BLUE: Color = (0x00, 0x72, 0xb2);
/// Ceilings.
pub(super) const GREEN: Color = (0x00, 0x9e, 0x73);
/// Published figures, and the words of failed rows.
pub(super) const VERMILLION: Color = (0xd5, 0x5e, 0x00);
/// The roof of a subject, what lies within its range, and what lies within the range of a reference.
pub(super) const BAND: (Color, Color, Color) = ((0xb0, 0x6a, 0x00), (0xfd, 0xef, 0xd0), (0xec, 0xee, 0xf0));
/// The mark of what is in dispute.
pub(super) const PURPLE: Color = (0xcc, 0x79, 0xa7);
/// Inside published bars: vermillion at one eighth.
pub(super) const TINT: Color = (0xfa, 0xeb, 0xdf);

/// The title of the chart.
pub(super) const TITLE: Face = face(Weight::SemiBold, 20.0);
/// The line below the title.
pub(super) const SUBTITLE: Face = face(Weight::Regular, 13.0);
/// The title of a panel.
pub(super) const PANEL: Face = face(Weight::SemiBold, 14.0);
/// Labels and values.
pub(super) const BODY: Face = face(Weight::Regular, 12.0);
/// Ticks, legend and footer.
pub(super) const SMALL: Face = face(Weight::Regular, 11.0);

const fn face(weight: Weight, size: f32) -> Face {
    Face { weight, size }
}

/// Which end of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    /// Of the end that `anchor` names.
    pub(super) x: i32,
    /// Of the middle of the small letters.
    pub(super) y: i32,
    /// Weight and size.
    pub(super) face: Face,
    /// What `x` is.
    pub(super) anchor: Anchor,
    /// Its colour.
    pub(super) color: Color,
    /// No character of it is one that XML forbids.
    pub(super) text: String,
}

/// Something to paint, over what was painted before.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A filled rectangle.
    Rectangle {
        /// The left edge.
        x: i32,
        /// The upper edge.
        y: i32,
        /// To the right.
        width: i32,
        /// Downwards.
        height: i32,
        /// Its colour.
        color: Color,
    },
    /// A filled polygon.
    Polygon {
        /// Its corners in order.
        corners: Vec<(i32, i32)>,
        /// Its colour.
        color: Color,
    },
    /// A line through points.
    Line {
        /// The points in order.
        points: Vec<(i32, i32)>,
        /// How wide it is.
        width: u32,
        /// Its colour.
        color: Color,
        /// Whether it has gaps.
        dashed: bool,
    },
    /// A line of text.
    Text(Text),
}

/// Everything in a picture, in pixels of the SVG.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// From left to right.
    pub(super) width: i32,
    /// From top to bottom; grows while the scene is laid out.
    pub(super) height: i32,
    /// In the order of painting.
    pub(super) shapes: Vec<Shape>,
}

impl Scene {
    /// An empty page.
    pub(super) const fn new(width: i32) -> Self {
        Self {
            width,
            height: 0,
            shapes: Vec::new(),
        }
    }

    /// Adds a filled rectangle; one without area is left out.
    pub(super) fn rectangle(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), color: Color) {
        if width > 0 && height > 0 {
            self.shapes.push(Shape::Rectangle {
                x,
                y,
                width,
                height,
                color,
            });
        }
    }

    /// Adds a rectangle with a border of one pixel inside it. Two fills, because a stroked border straddles pixels.
    pub(super) fn outlined(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), border: Color, fill: Color) {
        self.rectangle((x, y), (width, height), border);
        self.rectangle((x + 1, y + 1), (width - 2, height - 2), fill);
    }

    /// Adds a filled polygon.
    pub(super) fn polygon(&mut self, corners: impl Into<Vec<(i32, i32)>>, color: Color) {
        let corners = corners.into();
        self.shapes.push(Shape::Polygon { corners, color });
    }

    /// Adds a line.
    pub(super) fn line(&mut self, points: impl Into<Vec<(i32, i32)>>, width: u32, color: Color) {
        let points = points.into();
        self.shapes.push(Shape::Line {
            points,
            width,
            color,
            dashed: false,
        });
    }

    /// Adds a dashed line.
    pub(super) fn dashes(&mut self, points: impl Into<Vec<(i32, i32)>>, width: u32, color: Color) {
        let points = points.into();
        self.shapes.push(Shape::Line {
            points,
            width,
            color,
            dashed: true,
        });
    }

    /// Adds a line of text; what XML forbids and line ends become spaces.
    pub(super) fn text(&mut self, (x, y): (i32, i32), anchor: Anchor, face: Face, color: Color, text: &str) {
        let text = text.replace(|c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'), " ");
        self.shapes.push(Shape::Text(Text {
            x,
            y,
            face,
            anchor,
            color,
            text,
        }));
    }
}
