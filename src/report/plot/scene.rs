//! A picture as values: what is drawn where, before anything is painted.

use super::font::{Face, Weight};
use super::palette::Color;
use crate::report::text::inert;

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

/// Parts of a pixel in which the corners of polygons count, so that small ones are regular.
pub(super) const FINE: i32 = 4;

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
    /// Inert.
    pub(super) text: String,
}

/// The gaps of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stroke {
    /// None.
    Solid,
    /// As long as the dashes.
    Dashed,
    /// Between dashes and dots in turn.
    DashDotted,
    /// Between dots.
    Dotted,
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
        /// Its corners in order, in parts of a pixel: [`FINE`] to one.
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
        /// Where it has gaps.
        stroke: Stroke,
    },
    /// A line of text.
    Text(Text),
}

/// A place in a picture that tells more when it is pointed at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hint {
    /// Left and upper edge.
    pub(super) at: (i32, i32),
    /// Width and height.
    pub(super) size: (i32, i32),
    /// What it tells; inert.
    pub(super) text: String,
}

/// What lies between the heading of a picture and its notes, which a page writes itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Body {
    /// Places of its shapes.
    pub(super) shapes: std::ops::Range<usize>,
    /// Upper and lower edge.
    pub(super) edges: (i32, i32),
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
    /// What the picture is called where it cannot be seen.
    pub(super) title: String,
    /// What it shows, for those who cannot see it.
    pub(super) description: String,
    /// The picture without its heading and notes.
    pub(super) body: Body,
    /// The notes below it, a paragraph each.
    pub(super) notes: Vec<String>,
    /// What tells more.
    pub(super) hints: Vec<Hint>,
}

impl Scene {
    /// An empty page.
    pub(super) fn new(width: i32) -> Self {
        Self {
            width,
            height: 0,
            shapes: Vec::new(),
            title: String::new(),
            description: String::new(),
            body: Body::default(),
            notes: Vec::new(),
            hints: Vec::new(),
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
        let fine = corners.into().into_iter().map(|(x, y)| (x * FINE, y * FINE));
        self.fine_polygon(fine.collect(), color);
    }

    /// Adds a filled polygon whose corners count in parts of a pixel.
    pub(super) fn fine_polygon(&mut self, corners: Vec<(i32, i32)>, color: Color) {
        self.shapes.push(Shape::Polygon { corners, color });
    }

    /// Adds a line.
    pub(super) fn line(&mut self, points: impl Into<Vec<(i32, i32)>>, width: u32, color: Color, stroke: Stroke) {
        let points = points.into();
        self.shapes.push(Shape::Line {
            points,
            width,
            color,
            stroke,
        });
    }

    /// Has a place tell more when it is pointed at.
    pub(super) fn hint(&mut self, at: (i32, i32), size: (i32, i32), text: &str) {
        let text = inert(text);
        self.hints.push(Hint { at, size, text });
    }

    /// The same around a mark.
    pub(super) fn hint_around(&mut self, (x, y): (i32, i32), radius: i32, text: &str) {
        self.hint((x - radius, y - radius), (2 * radius, 2 * radius), text);
    }

    /// Adds a line of text, made inert.
    pub(super) fn text(&mut self, (x, y): (i32, i32), anchor: Anchor, face: Face, color: Color, text: &str) {
        let text = inert(text);
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
