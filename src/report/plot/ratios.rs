//! Ratios with their intervals, a row each, against the margin within which they are on par.

use super::Drawing;
use super::key::Key;
use super::mark::{Look, RADIUS};
use super::page::{self, MARGIN, ROOM, WIDTH};
use super::palette::{AXIS, GREEN, GRID, INK, MUTED, tint};
use super::scene::{Anchor, BODY, SMALL, Scene};
use crate::judge::Verdict;
use crate::units::{Interval, significant};

const ROW_HEIGHT: i32 = 22;
const TICKS_HEIGHT: i32 = 26;
const AXIS_WORDS: &str = "ratio of speeds, log scale: the further to the right, the faster the first";
const AXIS_HEIGHT: i32 = 18;
/// Between a label, the axis and the words.
const GAP: i32 = 12;
const MAX_LABEL: i32 = 340;
const SWATCH: i32 = 28;
/// Rows of one picture; more belong in a table, and the picture says how many it leaves out.
const MAX_ROWS: usize = 240;
/// Ratios beyond these are drawn at the edge.
const DRAWABLE: (f64, f64) = (0.01, 100.0);

/// A titled picture of ratios on a log axis.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// Whose ratios these are; wrapped to at most three lines.
    pub subtitle: String,
    /// The ratios that are on par.
    pub band: Interval,
    /// From top to bottom.
    pub rows: Vec<RatioRow>,
    /// Notes below the rows, one paragraph each.
    pub footer: Vec<String>,
}

/// A ratio and what is made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioRow {
    /// Written left of the axis.
    pub label: String,
    /// The ratio.
    pub ratio: f64,
    /// Its interval, if there is one.
    pub interval: Option<(f64, f64)>,
    /// Written right of the axis.
    pub words: String,
    /// Which mark it gets.
    pub verdict: Verdict,
}

impl RatioRow {
    /// Both ends of its interval, if there is one.
    pub(super) fn interval_words(&self) -> String {
        let ends = |(low, high): (f64, f64)| format!("{}–{}", significant(low, 3), significant(high, 3));
        self.interval.map(ends).unwrap_or_default()
    }

    fn hint(&self) -> String {
        let interval = match self.interval_words() {
            none if none.is_empty() => none,
            ends => format!("; interval {ends}"),
        };
        format!("{}: {}{interval}", self.label, self.words)
    }
}

impl RatioChart {
    /// Lays the chart out.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        Drawing(lay_out(self))
    }
}

/// The axis: a range of ratios and where it lies on the page.
#[derive(Debug, Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    left: i32,
    width: i32,
}

impl Axis {
    /// As wide as labels and words leave it, over all that is to be seen.
    fn of(chart: &RatioChart, rows: &[RatioRow]) -> Self {
        // Where there is no text, none needs room.
        let widest = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| BODY.width(text)).max().unwrap_or(0);
        let labels = widest(&mut rows.iter().map(|row| &row.label)).min(MAX_LABEL);
        let words = widest(&mut rows.iter().map(|row| &row.words));
        let seen = rows.iter().flat_map(|row| {
            let (low, high) = row.interval.unwrap_or((row.ratio, row.ratio));
            [low, row.ratio, high]
        });
        let seen = seen.chain([chart.band.low, chart.band.high]);
        let (low, high) = seen.fold((1.0_f64, 1.0_f64), |(low, high), ratio| {
            (low.min(ratio), high.max(ratio))
        });
        let (low, high) = (low.max(DRAWABLE.0), high.min(DRAWABLE.1));
        // A little room beyond the last mark, and a width where all ratios are 1.
        let room = (high / low).powf(0.04).max(1.005);
        let left = MARGIN + labels + GAP;
        Self {
            low: low / room,
            high: high * room,
            left,
            width: MARGIN + ROOM - words - GAP - left,
        }
    }

    fn at(self, ratio: f64) -> i32 {
        let part = (ratio / self.low).ln() / (self.high / self.low).ln();
        self.left + (part.clamp(0.0, 1.0) * f64::from(self.width)).round() as i32
    }

    /// Ticks with their labels: 1 and the ends of the band first, then what does not touch them.
    fn ticks(self, band: Interval) -> Vec<(i32, String)> {
        const ROUND: [f64; 14] = [
            2.0, 0.5, 1.25, 0.8, 1.5, 5.0, 0.2, 10.0, 0.1, 1.05, 0.95, 0.02, 50.0, 0.7,
        ];
        let mut placed: Vec<(i32, String)> = Vec::new();
        let first = [1.0, band.low, band.high];
        for ratio in first.into_iter().chain(ROUND) {
            let (x, label) = (self.at(ratio), significant(ratio, 3));
            let is_clear =
                |(other, text): &(i32, String)| (x - other).abs() > (SMALL.width(text) + SMALL.width(&label)) / 2 + GAP;
            if (self.low..=self.high).contains(&ratio) && placed.iter().all(is_clear) {
                placed.push((x, label));
            }
        }
        placed
    }
}

fn lay_out(chart: &RatioChart) -> Scene {
    let rows = &chart.rows[..chart.rows.len().min(MAX_ROWS)];
    let (mut scene, y) = page::begin(&chart.title, &chart.subtitle, &["ratios with their intervals"]);
    let top = key(&mut scene, chart, y) + 12;
    let axis = Axis::of(chart, rows);
    let height = ROW_HEIGHT * rows.len() as i32;
    let (left, right) = (axis.at(chart.band.low), axis.at(chart.band.high));
    scene.rectangle((left, top), ((right - left).max(1), height), tint(GREEN));
    for (x, label) in axis.ticks(chart.band) {
        scene.rectangle((x, top), (1, height + 4), GRID);
        scene.text((x, top + height + 13), Anchor::Middle, SMALL, MUTED, &label);
    }
    let foot = top + height + TICKS_HEIGHT + 4;
    scene.text(
        (axis.left + axis.width / 2, foot),
        Anchor::Middle,
        SMALL,
        MUTED,
        AXIS_WORDS,
    );
    scene.rectangle((axis.at(1.0), top), (1, height), AXIS);
    for (row, y) in rows.iter().zip((top + ROW_HEIGHT / 2..).step_by(ROW_HEIGHT as usize)) {
        draw(&mut scene, axis, row, y);
    }
    let omission =
        (rows.len() < chart.rows.len()).then(|| format!("{} of {} rows are drawn.", rows.len(), chart.rows.len()));
    page::end(
        scene,
        omission.iter().chain(&chart.footer),
        top + height + TICKS_HEIGHT + AXIS_HEIGHT,
    )
}

fn key(scene: &mut Scene, chart: &RatioChart, top: i32) -> i32 {
    let mut key = Key::new(scene, (MARGIN, WIDTH - MARGIN), top);
    let band = format!(
        "{} to {}",
        significant(chart.band.low, 3),
        significant(chart.band.high, 3)
    );
    key.add(SWATCH, &format!("margin: {band}"), |scene, (x, y)| {
        scene.rectangle((x, y - 6), (SWATCH, 12), tint(GREEN));
    });
    key.add(SWATCH, "interval", |scene, (x, y)| whisker(scene, x, x + SWATCH, y));
    for (verdict, words) in [
        (Verdict::Ahead, "ahead"),
        (Verdict::OnPar, "on par"),
        (Verdict::Behind, "behind"),
        (Verdict::Inconclusive, "inconclusive"),
    ] {
        if chart.rows.iter().any(|row| row.verdict == verdict) {
            key.add(2 * RADIUS, words, |scene, (x, y)| {
                look(verdict).draw(scene, (x + RADIUS, y), RADIUS);
            });
        }
    }
    key.end()
}

fn draw(scene: &mut Scene, axis: Axis, row: &RatioRow, y: i32) {
    let label = BODY.fit(&row.label, axis.left - GAP - MARGIN);
    scene.text((axis.left - GAP, y), Anchor::End, BODY, INK, &label);
    if let Some((low, high)) = row.interval {
        whisker(scene, axis.at(low), axis.at(high), y);
    }
    look(row.verdict).draw(scene, (axis.at(row.ratio), y), RADIUS - 1);
    scene.text((axis.left + axis.width + GAP, y), Anchor::Start, BODY, INK, &row.words);
    scene.hint((MARGIN, y - ROW_HEIGHT / 2), (ROOM, ROW_HEIGHT), &row.hint());
}

/// A line with two stops.
fn whisker(scene: &mut Scene, low: i32, high: i32, y: i32) {
    scene.rectangle((low, y), ((high - low).max(1), 1), INK);
    for x in [low, high] {
        scene.rectangle((x, y - 4), (1, 9), INK);
    }
}

/// The mark that an audit has for the same.
const fn look(verdict: Verdict) -> Look {
    use crate::audit::Verdict as Audited;
    Look::of_verdict(match verdict {
        Verdict::Ahead => Audited::Ahead,
        Verdict::OnPar => Audited::OnPar,
        Verdict::Behind => Audited::Behind,
        Verdict::Inconclusive => Audited::Open,
    })
}
