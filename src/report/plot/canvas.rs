//! The only file that knows the drawing library: paints a scene as SVG or as PNG, through the same code.

use super::encode;
use super::font::{Face, Weight};
use super::scene::{Anchor, Color, PAGE, Scene, Shape, Text};
use crate::error::{Error, Result};
use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle,
};
use std::convert::Infallible;

/// Pixels of the PNG per pixel of the SVG.
const PNG_SCALE: i32 = 2;
/// Steps between paper and ink: enough for smooth letters, few enough for a palette.
const SHADES: f32 = 16.0;
const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Paints a scene as an SVG document.
pub(super) fn svg(scene: &Scene) -> Result<String> {
    let mut document = String::new();
    paint(scene, &mut SVGBackend::with_string(&mut document, size(scene, 1)), 1).map_err(refused)?;
    Ok(document)
}

/// Paints a scene as a PNG file.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>> {
    let (width, height) = size(scene, PNG_SCALE);
    let mut pixels = vec![0; 3 * width as usize * height as usize];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
    paint(scene, &mut backend, PNG_SCALE).map_err(refused)?;
    drop(backend);
    encode::png(&pixels, width, height).map_err(refused)
}

fn size(scene: &Scene, scale: i32) -> (u32, u32) {
    (
        (scene.width * scale).unsigned_abs(),
        (scene.height * scale).unsigned_abs(),
    )
}

fn refused(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::io("the plot", "cannot draw", std::io::Error::other(cause))
}

fn paint<B: DrawingBackend>(
    scene: &Scene,
    backend: &mut B,
    scale: i32,
) -> std::result::Result<(), DrawingErrorKind<B::ErrorType>> {
    let at = |x: i32, y: i32| (x * scale, y * scale);
    backend.ensure_prepared()?;
    backend.draw_rect((0, 0), at(scene.width, scene.height), &ink(PAGE), true)?;
    for shape in &scene.shapes {
        match shape {
            Shape::Rectangle {
                x,
                y,
                width,
                height,
                color,
            } => backend.draw_rect(at(*x, *y), at(x + width, y + height), &ink(*color), true)?,
            Shape::Polygon { corners, color } => {
                let corners = corners.iter().map(|(x, y)| at(*x, *y));
                backend.fill_polygon(corners, &ink(*color))?;
            }
            Shape::Line {
                points,
                width,
                color,
                dashed,
            } => {
                let points: Vec<_> = points.iter().map(|(x, y)| at(*x, *y)).collect();
                let style = Stroke {
                    color: ink(*color),
                    width: width * scale.unsigned_abs(),
                };
                if *dashed {
                    for dash in points.windows(2).flat_map(|ends| dashes(ends[0], ends[1], scale)) {
                        backend.draw_path(dash, &style)?;
                    }
                } else {
                    backend.draw_path(points, &style)?;
                }
            }
            Shape::Text(text) => backend.draw_text(&text.text, &Style { text, scale }, at(text.x, text.y))?,
        }
    }
    backend.present()
}

/// A line from one point to another in dashes with gaps of the same length. Made from pixels of the picture, so that a
/// larger picture has straighter ones.
fn dashes(from: BackendCoord, to: BackendCoord, scale: i32) -> impl Iterator<Item = [BackendCoord; 2]> {
    const DASH: i32 = 10;
    let length = f64::from(to.0 - from.0).hypot(f64::from(to.1 - from.1));
    let count = (length / f64::from(DASH * scale)).ceil().max(1.0);
    let at = move |step: f64| {
        let part = (step / count).min(1.0);
        let along = |from: i32, to: i32| from + (part * f64::from(to - from)).round() as i32;
        (along(from.0, to.0), along(from.1, to.1))
    };
    let steps = (0..count as u32).step_by(2).map(f64::from);
    steps.map(move |step| [at(step), at(step + 1.0)])
}

const fn ink(rgb: Color) -> BackendColor {
    BackendColor { alpha: 1.0, rgb }
}

/// How the library learns of a line.
struct Stroke {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// How the library learns of a text: SVG takes the attributes, the bitmap takes the pixels of [`Face::rasterise`].
struct Style<'a> {
    text: &'a Text,
    scale: i32,
}

impl Style<'_> {
    fn face(&self) -> Face {
        Face {
            size: self.text.face.size * self.scale as f32,
            ..self.text.face
        }
    }
}

impl BackendTextStyle for Style<'_> {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        ink(self.text.color)
    }

    /// The library counts a size that is 1.24 em.
    fn size(&self) -> f64 {
        f64::from(self.face().size) * 1.24
    }

    fn style(&self) -> FontStyle {
        match self.text.face.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::SemiBold => FontStyle::Bold,
        }
    }

    fn anchor(&self) -> Pos {
        let h_pos = match self.text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        Pos::new(h_pos, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(FAMILY)
    }

    /// Without height, because [`Face::rasterise`] already draws around the line that the text is centred on.
    fn layout_box(&self, text: &str) -> std::result::Result<((i32, i32), (i32, i32)), Infallible> {
        Ok(((0, 0), (self.face().exact_width(text).round() as i32, 0)))
    }

    fn draw<E, Paint: FnMut(i32, i32, BackendColor) -> std::result::Result<(), E>>(
        &self,
        text: &str,
        (left, top): BackendCoord,
        mut paint: Paint,
    ) -> std::result::Result<std::result::Result<(), E>, Infallible> {
        let rgb = self.text.color;
        Ok(self.face().rasterise(text, |x, y, cover| {
            let alpha = f64::from((cover * SHADES).round() / SHADES);
            paint(left + x, top + y, BackendColor { alpha, rgb })
        }))
    }
}
