//! What stands on every picture: title and subtitle above, notes below.

use super::font::Face;
use super::palette::{Color, INK, MUTED};
use super::scene::{Anchor, SMALL, SUBTITLE, Scene, TITLE};

pub(super) const WIDTH: i32 = 960;
pub(super) const MARGIN: i32 = 32;
/// What text may fill.
pub(super) const ROOM: i32 = WIDTH - 2 * MARGIN;
const MAX_PARAGRAPHS: usize = 12;
const MAX_LINES: usize = 3;

/// A page with its heading, and where what follows begins.
pub(super) fn begin(title: &str, subtitle: &str, panels: &[&str]) -> (Scene, i32) {
    let mut scene = Scene::new(WIDTH);
    scene.title = title.to_owned();
    scene.description = [subtitle, &panels.join("; ")].join(". Panels: ");
    scene.text(
        (MARGIN, MARGIN + 10),
        Anchor::Start,
        TITLE,
        INK,
        &TITLE.fit(title, ROOM),
    );
    let y = paragraph(&mut scene, subtitle, SUBTITLE, MUTED, MARGIN + 28) + 10;
    scene.body.shapes.start = scene.shapes.len();
    scene.body.edges.0 = y;
    (scene, y)
}

/// Writes the notes from `y` on and ends the page below them.
pub(super) fn end<'n>(mut scene: Scene, notes: impl Iterator<Item = &'n String>, y: i32) -> Scene {
    scene.body.shapes.end = scene.shapes.len();
    scene.body.edges.1 = y;
    scene.notes = notes.take(MAX_PARAGRAPHS).cloned().collect();
    let mut y = y;
    for note in scene.notes.clone() {
        y = paragraph(&mut scene, &note, SMALL, MUTED, y) + 4;
    }
    scene.height = y + MARGIN - 8;
    scene
}

/// Writes wrapped text from `y` on; returns where it ends.
pub(super) fn paragraph(scene: &mut Scene, text: &str, face: Face, color: Color, y: i32) -> i32 {
    let line_height = (face.size * 1.5) as i32;
    let mut y = y;
    for line in face.wrap(text, ROOM, MAX_LINES) {
        scene.text((MARGIN, y + line_height / 2), Anchor::Start, face, color, &line);
        y += line_height;
    }
    y
}
