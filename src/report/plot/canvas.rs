//! The only file that knows the drawing library: paints a scene as SVG or as PNG, through the same code.

use super::encode;
use super::font::{Face, Weight};
use super::palette::{Color, PAGE};
use super::scene::{Anchor, FINE, Hint, Scene, Shape, Stroke, Text};
use crate::error::{Error, Result};
use crate::report::text::inert;
use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle,
};
use std::convert::Infallible;

/// Units of the SVG per pixel: the library places everything at whole ones.
const SVG_SCALE: i32 = FINE;
/// Pixels of the PNG per pixel of the SVG.
const PNG_SCALE: i32 = 2;
/// Steps between paper and ink: enough for smooth edges, few enough for a palette.
const SHADES: f64 = 8.0;
const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Paints a scene as an SVG document: an image with a title and a description for those who cannot see it, without ids,
/// so that many fit into one page.
pub(super) fn svg(scene: &Scene) -> Result<String> {
    let (width, height) = size(scene, SVG_SCALE);
    let shapes = shapes(whole(scene, &background(scene)), (width, height))?;
    let (page_width, page_height) = size(scene, 1);
    let (title, description) = (content(&scene.title), content(&scene.description));
    Ok(format!(
        "<svg width=\"{page_width}\" height=\"{page_height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         xmlns=\"http://www.w3.org/2000/svg\">\n<title>{title}</title>\n<desc>{description}</desc>\n{shapes}"
    ))
}

/// Paints the body of a scene for the inside of an HTML page.
pub(super) fn inline_svg(scene: &Scene, id: &str) -> Result<String> {
    let (top, bottom) = scene.body.edges;
    let (width, height) = (scene.width, bottom - top);
    let body = &scene.shapes[scene.body.shapes.clone()];
    let drawn = shapes(body.iter(), size(scene, SVG_SCALE))?;
    let view = [0, top, width, height]
        .map(|edge| (edge * SVG_SCALE).to_string())
        .join(" ");
    let (title, description) = (content(&scene.title), content(&scene.description));
    Ok(format!(
        "<svg class=\"chart\" width=\"{width}\" height=\"{height}\" viewBox=\"{view}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n{}{}</svg>\n",
        slim(drawn.trim_end().trim_end_matches("</svg>")),
        hints(scene)
    ))
}

/// What is painted, and the closing tag. The library's own opening tag knows neither the size on the page nor what is
/// shown.
fn shapes<'s>(shapes: impl Iterator<Item = &'s Shape>, size: (u32, u32)) -> Result<String> {
    let mut drawn = String::new();
    paint(shapes, &mut SVGBackend::with_string(&mut drawn, size), SVG_SCALE).map_err(refused)?;
    Ok(drawn.split_once(">\n").map_or("", |(_, shapes)| shapes).to_owned())
}

/// The same without what a page says once for all its charts. A line that begins with a tag holds nothing else, and no
/// text begins with one.
fn slim(drawn: &str) -> String {
    let said_once = [
        " opacity=\"1\"".to_owned(),
        " stroke=\"none\"".to_owned(),
        format!(" font-family=\"{FAMILY}\""),
    ];
    let line = |line: &str| match line.starts_with('<') {
        true => said_once
            .iter()
            .fold(line.to_owned(), |line, said| line.replace(said, "")),
        false => line.to_owned(),
    };
    drawn.lines().map(|text| line(text) + "\n").collect()
}

fn hints(scene: &Scene) -> String {
    let hint = |hint: &Hint| {
        let [x, y, width, height] = [hint.at.0, hint.at.1, hint.size.0, hint.size.1].map(|length| length * SVG_SCALE);
        let tip = content(&hint.text).replace('"', "&quot;");
        format!("<rect class=\"hint\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" data-tip=\"{tip}\"/>\n")
    };
    scene.hints.iter().map(hint).collect()
}

/// A text as the content of an XML element, no longer than somebody would listen to.
fn content(text: &str) -> String {
    const LONGEST: usize = 600;
    let short: String = inert(text).chars().take(LONGEST).collect();
    short.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Paints a scene as a PNG file.
pub(super) fn png(scene: &Scene) -> Result<Vec<u8>> {
    let (width, height) = size(scene, PNG_SCALE);
    let mut pixels = vec![0; 3 * width as usize * height as usize];
    let mut backend = Bitmap(BitMapBackend::with_buffer(&mut pixels, (width, height)));
    paint(whole(scene, &background(scene)), &mut backend, PNG_SCALE).map_err(refused)?;
    drop(backend);
    encode::png(&pixels, width, height).map_err(refused)
}

/// A bitmap whose edges are shaded in few steps.
struct Bitmap<'p>(BitMapBackend<'p>);

impl<'p> DrawingBackend for Bitmap<'p> {
    type ErrorType = <BitMapBackend<'p> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn<Self> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Drawn<Self> {
        self.0.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn<Self> {
        let alpha = (color.alpha * SHADES).round() / SHADES;
        self.0.draw_pixel(at, BackendColor { alpha, ..color })
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn<Self> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }
}

/// What drawing on a backend comes to.
type Drawn<B> = std::result::Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

fn size(scene: &Scene, scale: i32) -> (u32, u32) {
    (
        (scene.width * scale).unsigned_abs(),
        (scene.height * scale).unsigned_abs(),
    )
}

fn refused(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::io("the plot", "cannot draw", std::io::Error::other(cause))
}

/// The page below everything.
fn background(scene: &Scene) -> Shape {
    Shape::Rectangle {
        x: 0,
        y: 0,
        width: scene.width,
        height: scene.height,
        color: PAGE,
    }
}

fn whole<'s>(scene: &'s Scene, background: &'s Shape) -> impl Iterator<Item = &'s Shape> {
    std::iter::once(background).chain(&scene.shapes)
}

fn paint<'s, B: DrawingBackend>(shapes: impl Iterator<Item = &'s Shape>, backend: &mut B, scale: i32) -> Drawn<B> {
    let at = |x: i32, y: i32| (x * scale, y * scale);
    backend.ensure_prepared()?;
    for shape in shapes {
        match shape {
            Shape::Rectangle {
                x,
                y,
                width,
                height,
                color,
            } => backend.draw_rect(at(*x, *y), at(x + width, y + height), &ink(*color), true)?,
            Shape::Polygon { corners, color } => {
                let corners = corners
                    .iter()
                    .map(|(x, y)| at(*x, *y))
                    .map(|(x, y)| (x / FINE, y / FINE));
                backend.fill_polygon(corners, &ink(*color))?;
            }
            Shape::Line {
                points,
                width,
                color,
                stroke,
            } => {
                let points: Vec<_> = points.iter().map(|(x, y)| at(*x, *y)).collect();
                let style = Pen {
                    color: ink(*color),
                    width: width * scale.unsigned_abs(),
                };
                for part in dashes(&points, pattern(*stroke), scale) {
                    backend.draw_path(part, &style)?;
                }
            }
            Shape::Text(text) => backend.draw_text(&text.text, &Style { text, scale }, at(text.x, text.y))?,
        }
    }
    backend.present()
}

/// Lengths of a dash and the gap after it, and so on, in pixels of the SVG; empty without gaps.
const fn pattern(stroke: Stroke) -> &'static [i32] {
    match stroke {
        Stroke::Solid => &[],
        Stroke::Dashed => &[9, 6],
        Stroke::DashDotted => &[10, 4, 3, 4],
        Stroke::Dotted => &[3, 4],
    }
}

/// A line in dashes, which go on around its corners. Made from pixels of the picture, so that a larger picture has
/// straighter ones.
fn dashes(points: &[BackendCoord], pattern: &[i32], scale: i32) -> Vec<Vec<BackendCoord>> {
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut lengths = pattern.iter().map(|length| f64::from(length * scale)).cycle();
    let mut left = lengths.next().unwrap_or_default();
    let mut inked = true;
    let mut parts = Vec::new();
    let mut part: Vec<BackendCoord> = points.first().copied().into_iter().collect();
    for ends in points.windows(2) {
        let length = distance(ends[0], ends[1]);
        let mut walked = 0.0;
        while walked + left < length {
            walked += left;
            let here = between(ends[0], ends[1], walked / length);
            part.push(here);
            if inked {
                parts.push(std::mem::take(&mut part));
            }
            part = vec![here];
            inked = !inked;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= length - walked;
        part.push(ends[1]);
    }
    if inked {
        parts.push(part);
    }
    parts
}

fn distance(from: BackendCoord, to: BackendCoord) -> f64 {
    f64::from(to.0 - from.0).hypot(f64::from(to.1 - from.1))
}

/// A point of a line, `part` of the way along it.
fn between(from: BackendCoord, to: BackendCoord, part: f64) -> BackendCoord {
    let along = |from: i32, to: i32| from + (part * f64::from(to - from)).round() as i32;
    (along(from.0, to.0), along(from.1, to.1))
}

const fn ink(rgb: Color) -> BackendColor {
    BackendColor { alpha: 1.0, rgb }
}

/// How the library learns of a line.
struct Pen {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Pen {
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
            let alpha = f64::from(cover);
            paint(left + x, top + y, BackendColor { alpha, rgb })
        }))
    }
}
