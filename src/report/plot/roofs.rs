//! Rooflines of two chips as bands, and the work that both do, marked by verdict.

use super::chart::{MARGIN, WIDTH, paragraph};
use super::mark::{self, RADIUS};
use super::roof_panel::RoofPlot;
use super::scene::{Anchor, BAND, Color, INK, MUTED, SMALL, SUBTITLE, Scene, TITLE};
use super::{RoofChart, canvas};
use crate::audit::Verdict;
use crate::error::Result;

/// Between two panels.
const GUTTER: i32 = 32;
const PANEL_HEIGHT: i32 = 350;
const LINE: i32 = 22;
const SWATCH: i32 = 26;
const BETWEEN: i32 = 20;

/// The lines of the two chips, in the order of [`super::Roofs`].
pub(super) const LINES: [Color; 2] = [BAND.0, INK];
/// What lies between the ends of a range.
pub(super) const FILLS: [Color; 2] = [BAND.1, BAND.2];

impl RoofChart {
    /// Draws the chart as an SVG document.
    ///
    /// # Errors
    /// Only if the drawing library refuses the picture.
    pub fn to_svg(&self) -> Result<String> {
        canvas::svg(&lay_out(self))
    }

    /// Draws the chart as a PNG file at twice the size of the SVG, for dense screens.
    ///
    /// # Errors
    /// Only if the drawing library or the encoder refuses the picture.
    pub fn to_png(&self) -> Result<Vec<u8>> {
        canvas::png(&lay_out(self))
    }
}

fn lay_out(chart: &RoofChart) -> Scene {
    let mut scene = Scene::new(WIDTH);
    let room = WIDTH - 2 * MARGIN;
    scene.text(
        (MARGIN, MARGIN + 10),
        Anchor::Start,
        TITLE,
        INK,
        &TITLE.fit(&chart.title, room),
    );
    let mut y = paragraph(&mut scene, &chart.subtitle, SUBTITLE, MUTED, MARGIN + 28) + 10;
    y = legend(&mut scene, chart, y);
    let across = if chart.panels.len() == 1 { 1 } else { 2 };
    let width = (room - (across - 1) * GUTTER) / across;
    for (index, panel) in (0..).zip(&chart.panels) {
        let column = index % across;
        let left = MARGIN + column * (width + GUTTER);
        RoofPlot::new(panel).draw(&mut scene, (left, y), (width, PANEL_HEIGHT));
        if column == across - 1 || index + 1 == chart.panels.len() as i32 {
            y += PANEL_HEIGHT + 14;
        }
    }
    if chart.panels.is_empty() {
        y = paragraph(&mut scene, "There is nothing to draw.", SMALL, MUTED, y);
    }
    for note in &chart.footer {
        y = paragraph(&mut scene, note, SMALL, MUTED, y) + 4;
    }
    scene.height = y + MARGIN - 8;
    scene
}

/// The chips, and the marks of the verdicts that occur.
fn legend(scene: &mut Scene, chart: &RoofChart, top: i32) -> i32 {
    let (mut x, mut y) = (MARGIN, top + LINE / 2);
    let mut place = |scene: &mut Scene, words: &str, draw: &dyn Fn(&mut Scene, i32, i32)| {
        let width = SWATCH + SMALL.width(words);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        draw(scene, x, y);
        scene.text((x + SWATCH, y), Anchor::Start, SMALL, INK, words);
        x += width + BETWEEN;
        y
    };
    let mut last = top;
    for ((name, line), fill) in chart.chips.iter().zip(LINES).zip(FILLS) {
        last = place(scene, name, &|scene, x, y| {
            scene.rectangle((x, y - 6), (20, 12), fill);
            scene.rectangle((x, y - 6), (20, 2), line);
        });
    }
    for (verdict, words) in VERDICTS {
        let occurs = chart.panels.iter().flat_map(|panel| &panel.points);
        if occurs.clone().any(|point| point.verdict == verdict) {
            last = place(scene, words, &|scene, x, y| {
                mark::draw(scene, verdict, (x + 2 * RADIUS, y));
            });
        }
    }
    last + LINE
}

const VERDICTS: [(Verdict, &str); 5] = [
    (Verdict::Ahead, "ahead"),
    (Verdict::OnPar, "on par"),
    (Verdict::Behind, "behind"),
    (Verdict::Open, "open: in dispute"),
    (Verdict::NotDecidable, "not decidable: a figure is missing"),
];
