//! One panel of a roofline chart: axes, the roofs of both chips, the work.

use super::axis::Axis;
use super::mark;
use super::roofs::{FILLS, LINES};
use super::scene::{AXIS, Anchor, Color, GRID, INK, MUTED, PAGE, PANEL, SMALL, Scene};
use super::{RoofPanel, Roofs};
use crate::units::{Interval, Unit, quantity, significant};
use std::collections::BTreeSet;

const TITLE_HEIGHT: i32 = 32;
const TICKS_HEIGHT: i32 = 40;
/// Left of the y axis, for its labels.
const LABELS: i32 = 66;
/// Marks nearer than this are one.
const NEAR: i32 = 5;

/// A panel made ready to be placed.
pub(super) struct RoofPlot<'a> {
    panel: &'a RoofPanel,
    x: Axis,
    y: Axis,
    /// Ends of the x axis.
    intensities: (f64, f64),
}

/// The rectangle between the axes.
#[derive(Debug, Clone, Copy)]
struct Frame {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

impl<'a> RoofPlot<'a> {
    pub(super) fn new(panel: &'a RoofPanel) -> Self {
        let ridges = panel.roofs.iter().flat_map(ridges);
        let around = ridges.flat_map(|ridge| [ridge / 4.0, ridge * 4.0]);
        let x = Axis::over(panel.points.iter().map(|point| point.intensity).chain(around));
        let intensities = x.ends();
        let with_path = panel.roofs.iter().filter(|roofs| roofs.peak.is_some());
        let rates = with_path.flat_map(|roofs| {
            let slopes = ends(roofs.bandwidth).map(|end| end * intensities.0);
            slopes.chain(ends(roofs.peak.unwrap_or(Interval::UNKNOWN)))
        });
        // Room for the names.
        let highest = rates.clone().fold(0.0, f64::max) * 8.0;
        let y = Axis::over(rates.chain([highest]));
        Self {
            panel,
            x,
            y,
            intensities,
        }
    }

    pub(super) fn draw(&self, scene: &mut Scene, (left, top): (i32, i32), (width, height): (i32, i32)) {
        scene.text(
            (left, top + TITLE_HEIGHT / 2),
            Anchor::Start,
            PANEL,
            INK,
            &PANEL.fit(&self.panel.title, width),
        );
        let frame = Frame {
            left: left + LABELS,
            top: top + TITLE_HEIGHT,
            width: width - LABELS,
            height: height - TITLE_HEIGHT - TICKS_HEIGHT,
        };
        self.draw_grid(scene, frame);
        for ((roofs, line), fill) in self.panel.roofs.iter().zip(LINES).zip(FILLS) {
            self.draw_band(scene, frame, roofs, fill);
            self.draw_lines(scene, frame, roofs, line);
        }
        self.draw_names(scene, frame);
        self.draw_points(scene, frame);
        scene.rectangle((frame.left, frame.top), (1, frame.height), AXIS);
        scene.rectangle((frame.left, frame.top + frame.height), (frame.width, 1), AXIS);
    }

    fn place(&self, frame: Frame, intensity: f64, rate: f64) -> (i32, i32) {
        let along = |axis: Axis, value, length: i32| (axis.fraction(value) * f64::from(length)).round() as i32;
        (
            frame.left + along(self.x, intensity, frame.width),
            frame.top + frame.height - along(self.y, rate, frame.height),
        )
    }

    fn draw_grid(&self, scene: &mut Scene, frame: Frame) {
        let bottom = frame.top + frame.height;
        let apart = |ticks: &[f64], least: i32, place: &dyn Fn(f64) -> i32| {
            ticks
                .windows(2)
                .all(|pair| (place(pair[1]) - place(pair[0])).abs() >= least)
        };
        let x = |value| self.place(frame, value, 1.0).0;
        for tick in self.x.ticks(|ticks| apart(ticks, 46, &x)) {
            scene.rectangle((x(tick), frame.top), (1, frame.height + 4), GRID);
            scene.text(
                (x(tick), bottom + 13),
                Anchor::Middle,
                SMALL,
                MUTED,
                &significant(tick, 3),
            );
        }
        let y = |value| self.place(frame, 1.0, value).1;
        for tick in self.y.ticks(|ticks| apart(ticks, 22, &y)) {
            scene.rectangle((frame.left - 4, y(tick)), (frame.width + 4, 1), GRID);
            let label = quantity(tick, Unit::OpPerSecond);
            scene.text((frame.left - 8, y(tick)), Anchor::End, SMALL, MUTED, &label);
        }
        let middle = frame.left + frame.width / 2;
        scene.text(
            (middle, bottom + 30),
            Anchor::Middle,
            SMALL,
            MUTED,
            "operations per byte",
        );
    }

    /// What lies between the lower and the upper roof, where there are both.
    fn draw_band(&self, scene: &mut Scene, frame: Frame, roofs: &Roofs, fill: Color) {
        let Some((lower, upper)) = both(roofs).filter(|(lower, upper)| lower != upper) else {
            return;
        };
        let mut corners = self.corners(frame, upper);
        corners.extend(self.corners(frame, lower).into_iter().rev());
        scene.polygon(corners, fill);
    }

    /// Solid where the whole roof is known; dashed for each rate of which only some end is.
    fn draw_lines(&self, scene: &mut Scene, frame: Frame, roofs: &Roofs, color: Color) {
        if let Some((lower, upper)) = both(roofs) {
            for roof in [lower, upper] {
                let corners = self.corners(frame, roof);
                if roofs.derived {
                    scene.dashes(corners, 2, color);
                } else {
                    scene.line(corners, 2, color);
                }
            }
            return;
        }
        let Some(peak) = roofs.peak else {
            return;
        };
        let (first, last) = self.intensities;
        for bandwidth in ends(roofs.bandwidth) {
            // The ray leaves the panel at its top or at its right.
            let end = last.min(self.y.ends().1 / bandwidth);
            let points = [first, end].map(|x| self.place(frame, x, x * bandwidth));
            scene.dashes(points, 2, color);
        }
        for peak in ends(peak) {
            let points = [first, last].map(|x| self.place(frame, x, peak));
            scene.dashes(points, 2, color);
        }
    }

    fn corners(&self, frame: Frame, roof: Roof) -> Vec<(i32, i32)> {
        let (first, last) = self.intensities;
        let ridge = (roof.peak / roof.bandwidth).clamp(first, last);
        [first, ridge, last].map(|x| self.place(frame, x, roof.at(x))).to_vec()
    }

    /// In the corner above the slopes, where no roof comes.
    fn draw_names(&self, scene: &mut Scene, frame: Frame) {
        for ((index, roofs), color) in (0..).zip(&self.panel.roofs).zip(LINES) {
            let (x, y) = (frame.left + 12, frame.top + 14 + 18 * index);
            let name = SMALL.fit(&roofs.name, frame.width - 24);
            scene.rectangle((x - 4, y - 8), (SMALL.width(&name) + 8, 17), PAGE);
            scene.text((x, y), Anchor::Start, SMALL, color, &name);
        }
    }

    /// On the roof of the reference, or of the subject where the reference has none, else along the bottom.
    fn draw_points(&self, scene: &mut Scene, frame: Frame) {
        let roof = self.panel.roofs.iter().rev().find_map(both).map(|(lower, _)| lower);
        let bottom = self.y.ends().0;
        let mut drawn = BTreeSet::new();
        for point in &self.panel.points {
            let rate = roof.map_or(bottom, |roof| roof.at(point.intensity));
            let (x, y) = self.place(frame, point.intensity, rate);
            if drawn.insert((point.verdict, x / NEAR, y / NEAR)) {
                mark::draw(scene, point.verdict, (x, y));
            }
        }
    }
}

/// One roof: min(P, x W).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Roof {
    peak: f64,
    bandwidth: f64,
}

impl Roof {
    fn at(self, intensity: f64) -> f64 {
        self.peak.min(intensity * self.bandwidth)
    }
}

/// The lower and the upper roof of a chip of which all four ends are known.
fn both(roofs: &Roofs) -> Option<(Roof, Roof)> {
    let peak = roofs.peak?;
    let known = |interval: Interval| interval.low > 0.0 && interval.high.is_finite();
    let roof = |peak, bandwidth| Roof { peak, bandwidth };
    (known(peak) && known(roofs.bandwidth)).then(|| {
        (
            roof(peak.low, roofs.bandwidth.low),
            roof(peak.high, roofs.bandwidth.high),
        )
    })
}

fn ridges(roofs: &Roofs) -> Vec<f64> {
    both(roofs).map_or_else(Vec::new, |(lower, upper)| {
        [lower, upper].map(|roof| roof.peak / roof.bandwidth).to_vec()
    })
}

/// The ends that are known.
fn ends(interval: Interval) -> impl Iterator<Item = f64> + Clone {
    let known = |end: &f64| end.is_finite() && *end > 0.0;
    [interval.low, interval.high].into_iter().filter(known)
}
