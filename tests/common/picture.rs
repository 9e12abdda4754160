//! Draws pictures, leaves them in `target/tmp/plots` to be looked at after a change of the drawing code, and checks what
//! holds for every picture.
#![allow(dead_code, reason = "every test file compiles this module for itself")]

use std::path::Path;

use ab_glyph::{Font as _, FontRef};
use onpar::report::plot::Drawing;
use quick_xml::events::{BytesStart, Event};

const WIDTH: u32 = 960;
const REGULAR: &[u8] = include_bytes!("../../src/report/font/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../src/report/font/Inter-SemiBold.otf");

/// A text of a picture and the box around it, in pixels: left, upper, right and lower edge.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) words: String,
    pub(crate) edges: [f64; 4],
}

/// What an SVG document shows.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) svg: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) texts: Vec<Text>,
}

impl Seen {
    /// Whether a text is there, word for word.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.texts.iter().any(|text| text.words == words)
    }

    /// Whether a part of a text is there, across the ends of lines.
    pub(crate) fn tells(&self, words: &str) -> bool {
        let all: Vec<&str> = self.texts.iter().map(|text| text.words.as_str()).collect();
        all.join(" ").contains(words)
    }
}

/// Draws both files, checks them, and gives what they show.
#[track_caller]
pub(crate) fn draw(name: &str, drawing: &Drawing) -> (Seen, Vec<u8>) {
    let seen = see(name, drawing);
    let png = drawing.to_png().expect("a PNG");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    std::fs::write(folder.join(format!("{name}.svg")), &seen.svg).expect("the SVG is written");
    std::fs::write(folder.join(format!("{name}.png")), &png).expect("the PNG is written");

    let (width, height, pixels) = decode(&png);
    assert_eq!((width, height), (2 * seen.width, 2 * seen.height), "{name}");
    assert!(height < 16_000, "{name} is {height} pixels high");
    assert!(pixels.iter().any(|byte| *byte != 0xff), "{name} is blank");
    (seen, png)
}

/// Draws the SVG alone and checks it: an image with a title and a description, without ids and scripts, all of whose
/// texts are on the page and apart from each other.
#[track_caller]
pub(crate) fn see(name: &str, drawing: &Drawing) -> Seen {
    let seen = read(drawing.to_svg().expect("an SVG"));
    assert_eq!(seen.width, WIDTH, "{name}");
    assert!(
        !seen.title.is_empty() && !seen.description.is_empty(),
        "{name} is not described"
    );
    assert_eq!(seen.svg.matches(r#" role="img""#).count(), 1, "{name}");
    for foreign in [" id=", "<script", "<a ", "href", " on"] {
        let tags = seen.svg.lines().filter(|line| line.starts_with('<'));
        let mut tags = tags.filter(|line| !line.starts_with("<title") && !line.starts_with("<desc"));
        assert!(!tags.any(|tag| tag.contains(foreign)), "{name} has {foreign}");
    }
    assert_apart(name, &seen);
    seen
}

#[track_caller]
fn assert_apart(name: &str, seen: &Seen) {
    let (width, height) = (f64::from(seen.width), f64::from(seen.height));
    for (index, text) in seen.texts.iter().enumerate() {
        let [left, top, right, bottom] = text.edges;
        let inside = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
        assert!(inside, "{name} of {width} x {height} cuts {text:?}");
        for other in &seen.texts[index + 1..] {
            let [other_left, other_top, other_right, other_bottom] = other.edges;
            let apart = right <= other_left || other_right <= left || bottom <= other_top || other_bottom <= top;
            assert!(apart, "{name}: {text:?} and {other:?} overlap");
        }
    }
}

/// Reads a document, which has to be well-formed.
#[track_caller]
fn read(svg: String) -> Seen {
    let mut reader = quick_xml::Reader::from_str(&svg);
    let (mut title, mut description, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut width, mut height, mut scale) = (0, 0, 1.0);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) if tag.name().as_ref() == "svg" => {
                (width, height) = (number(&tag, "width") as u32, number(&tag, "height") as u32);
                let view = attribute(&tag, "viewBox");
                let across: f64 = view.split(' ').nth(2).expect("a width").parse().expect("a number");
                scale = across / f64::from(width);
            }
            Event::Start(tag) => {
                let mut content = || {
                    let raw = reader.read_text(tag.name()).expect("a closed element");
                    quick_xml::escape::unescape(raw.trim())
                        .expect("known entities")
                        .into_owned()
                };
                match tag.name().as_ref() {
                    "title" => title.push(content()),
                    "desc" => description.push(content()),
                    "text" => texts.push(text(&tag, content(), scale)),
                    other => panic!("an element {other}"),
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((title.len(), description.len()), (1, 1), "one title, one description");
    Seen {
        title: title.remove(0),
        description: description.remove(0),
        svg,
        width,
        height,
        texts,
    }
}

fn text(tag: &BytesStart<'_>, words: String, scale: f64) -> Text {
    let (x, y, size) = (
        number(tag, "x") / scale,
        number(tag, "y") / scale,
        number(tag, "font-size") / scale,
    );
    let bold = tag
        .attributes()
        .flatten()
        .any(|found| found.key.as_ref() == "font-weight");
    let width = width_of(&words, bold) * size;
    let left = match attribute(tag, "text-anchor").as_str() {
        "start" => x,
        "middle" => x - width / 2.0,
        "end" => x - width,
        other => panic!("an anchor {other}"),
    };
    let edges = [left, y - size / 2.0, left + width, y + size / 2.0];
    Text { words, edges }
}

/// The width of a text in the font of the pictures, in ems.
fn width_of(words: &str, bold: bool) -> f64 {
    let bytes = if bold { SEMI_BOLD } else { REGULAR };
    let font = FontRef::try_from_slice(bytes).expect("a font");
    let advance = |letter| f64::from(font.h_advance_unscaled(font.glyph_id(letter)));
    words.chars().map(advance).sum::<f64>() / f64::from(font.units_per_em().expect("a size"))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = tag.attributes().map(|found| found.expect("an attribute"));
    let found = attributes.find(|found| found.key.as_ref() == name);
    String::from(&*found.unwrap_or_else(|| panic!("no {name} in {tag:?}")).value)
}

fn number(tag: &BytesStart<'_>, name: &str) -> f64 {
    attribute(tag, name).parse().expect("a number")
}

/// Width, height and RGB bytes of a PNG file.
pub(crate) fn decode(file: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a PNG header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size that fits memory")];
    let frame = reader.next_frame(&mut pixels).expect("whole image data");
    (frame.width, frame.height, pixels)
}
