//! From a chart to its scene: heading, legend, panels and footer, from top to bottom.

use super::BarChart;
use super::font::Face;
use super::legend;
use super::panel::{Columns, Plot};
use super::row::Form;
use super::scene::{Anchor, Color, INK, MUTED, SMALL, SUBTITLE, Scene, TITLE};

pub(super) const WIDTH: i32 = 960;
pub(super) const MARGIN: i32 = 32;
const MAX_LABEL: i32 = 320;
/// Half a tick label may stand beyond the end of the axis.
const TICK_ROOM: i32 = 24;
const MIN_LENGTH: i32 = 160;
/// Rows and panels of one picture; more belong in a table, and the picture says how many it leaves out.
const MAX_ROWS: usize = 240;
const MAX_PARAGRAPHS: usize = 12;
const MAX_LINES: usize = 3;

/// Places everything that a chart shows.
pub(super) fn lay_out(chart: &BarChart) -> Scene {
    let plots = plots_of(chart);
    let columns = columns_of(&plots);
    let forms: Vec<Form> = plots.iter().flat_map(|plot| &plot.rows).map(|row| row.form).collect();

    let mut scene = Scene::new(WIDTH);
    let title = TITLE.fit(&chart.title, WIDTH - 2 * MARGIN);
    scene.text((MARGIN, MARGIN + 10), Anchor::Start, TITLE, INK, &title);
    let mut y = paragraph(&mut scene, &chart.subtitle, SUBTITLE, MUTED, MARGIN + 28);
    y = legend::draw(&mut scene, &forms, columns.left, columns.right, y + 10);
    for plot in &plots {
        y = plot.draw(&mut scene, columns, y + 16);
    }
    y += 14;
    for note in omission(chart, &plots).iter().chain(&chart.footer).take(MAX_PARAGRAPHS) {
        y = paragraph(&mut scene, note, SMALL, MUTED, y) + 4;
    }
    scene.height = y + MARGIN - 8;
    scene
}

fn plots_of(chart: &BarChart) -> Vec<Plot<'_>> {
    let mut room = MAX_ROWS;
    let mut plots = Vec::new();
    for panel in chart.panels.iter().take(MAX_ROWS) {
        if room == 0 {
            break;
        }
        let plot = Plot::new(panel, room);
        room = room.saturating_sub(plot.rows.len().max(1));
        plots.push(plot);
    }
    plots
}

/// A note where the picture does not hold what a reader expects in it.
fn omission(chart: &BarChart, plots: &[Plot<'_>]) -> Option<String> {
    let all: usize = chart.panels.iter().map(|panel| panel.bars.len()).sum();
    let drawn: usize = plots.iter().map(|plot| plot.rows.len()).sum();
    if chart.panels.is_empty() {
        return Some("There is nothing to draw.".to_owned());
    }
    (drawn < all).then(|| format!("{drawn} of {all} rows are drawn."))
}

fn columns_of(plots: &[Plot<'_>]) -> Columns {
    let labels = plots.iter().map(Plot::label_width).max().unwrap_or(0);
    let (left, right) = (MARGIN, WIDTH - MARGIN);
    let axis = left + labels.min(MAX_LABEL);
    let room = right - axis - 1;
    let length = plots.iter().map(|plot| plot.length_within(room)).min().unwrap_or(room);
    Columns {
        left,
        right,
        axis,
        length: length.clamp(MIN_LENGTH, room - TICK_ROOM),
    }
}

/// Writes wrapped text from `y` on; returns where it ends.
pub(super) fn paragraph(scene: &mut Scene, text: &str, face: Face, color: Color, y: i32) -> i32 {
    let line_height = (face.size * 1.5) as i32;
    let mut y = y;
    for line in face.wrap(text, WIDTH - 2 * MARGIN, MAX_LINES) {
        scene.text((MARGIN, y + line_height / 2), Anchor::Start, face, color, &line);
        y += line_height;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Shape, Text};
    use super::super::{Bar, BarKind, BarValue, Panel};
    use super::*;
    use crate::units::{Interval, Unit};

    /// Left, upper, right and lower edge.
    type Edges = [i32; 4];

    fn edges(text: &Text) -> Edges {
        let (width, half) = (text.face.width(&text.text), text.face.size as i32 / 2);
        let left = match text.anchor {
            Anchor::Start => text.x,
            Anchor::Middle => text.x - width / 2,
            Anchor::End => text.x - width,
        };
        [left, text.y - half, left + width, text.y + half]
    }

    fn are_apart(a: Edges, b: Edges) -> bool {
        a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
    }

    fn crowded(label: &str, spread: f64) -> BarChart {
        let bar = |kind, value| Bar {
            label: label.to_owned(),
            kind,
            value,
        };
        let chip = || BarKind::Published {
            chip: "a chip".to_owned(),
        };
        let value = 5e9;
        let panel = Panel {
            title: "A panel with a title of many words ".repeat(5),
            unit: Unit::TokenPerSecond,
            bars: vec![
                bar(
                    BarKind::Measured,
                    BarValue::Measured {
                        value,
                        low: value / 1.3,
                        high: value * 1.3,
                    },
                ),
                bar(
                    BarKind::Ceiling,
                    BarValue::Measured {
                        value,
                        low: value,
                        high: value,
                    },
                ),
                bar(
                    chip(),
                    BarValue::Published {
                        interval: Interval::point(value * spread),
                        disputed: true,
                    },
                ),
                bar(
                    chip(),
                    BarValue::Published {
                        interval: Interval::at_least(value * spread),
                        disputed: true,
                    },
                ),
                bar(
                    chip(),
                    BarValue::Published {
                        interval: Interval::new(value, value * spread),
                        disputed: true,
                    },
                ),
                bar(
                    chip(),
                    BarValue::Published {
                        interval: Interval::at_most(value),
                        disputed: true,
                    },
                ),
                bar(chip(), BarValue::Unpublished),
                bar(
                    BarKind::Measured,
                    BarValue::Failed("a status of many words ".repeat(20)),
                ),
            ],
        };
        BarChart {
            title: "A title of many words ".repeat(20),
            subtitle: "A subtitle of many words ".repeat(20),
            panels: vec![panel.clone(), panel],
            footer: vec!["A note of many words ".repeat(20); 2],
        }
    }

    #[test]
    fn no_text_overlaps_another_or_leaves_the_page() {
        for (label, spread) in [("copy", 1.0), ("copy", 1e3), (&*"label".repeat(30), 1e12), ("", 1.5)] {
            let scene = lay_out(&crowded(label, spread));
            let texts: Vec<&Text> = scene
                .shapes
                .iter()
                .filter_map(|shape| {
                    if let Shape::Text(text) = shape {
                        Some(text)
                    } else {
                        None
                    }
                })
                .collect();
            for (index, text) in texts.iter().enumerate() {
                let own = edges(text);
                assert!(
                    own[0] >= 0 && own[2] <= scene.width && own[3] <= scene.height,
                    "{text:?}"
                );
                for other in &texts[index + 1..] {
                    assert!(are_apart(own, edges(other)), "{text:?} and {other:?}");
                }
            }
        }
    }
}
