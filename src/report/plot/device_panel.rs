//! The large panel of a device's roofline: its ceilings, and every case as a mark.

use super::axis::Axis;
use super::free::{Free, Label};
use super::key::Key;
use super::mark::{Look, RADIUS};
use super::palette::{AXIS, CEILING, INK};
use super::plane::{FOOT, Frame, LABELS, Plane, TITLE_HEIGHT, Ticks};
use super::roof::Roof;
use super::scene::{Anchor, SMALL, Scene, Stroke};
use super::{Ceiling, DeviceRoofs, RoofMark};
use crate::units::{Unit, quantity};

/// Of a plane with roofs, and of one with marks only.
const HEIGHTS: [i32; 2] = [430, 230];
/// Right of the plane, at most, for the names of the compute roofs.
const MAX_NAMES: i32 = 220;
/// Between the plane and these names.
const LEADER: i32 = 16;
/// Between the names of two roofs.
const NAME_HEIGHT: i32 = 16;
const SWATCH: i32 = 24;
/// Cases that are named beside their marks.
const MAX_LABELS: usize = 12;
/// Of the memory roofs, in their order.
const STROKES: [Stroke; 2] = [Stroke::Solid, Stroke::Dashed];

/// A panel made ready to be placed.
pub(super) struct DevicePlot<'a> {
    panel: &'a DeviceRoofs,
    plane: Plane,
}

impl<'a> DevicePlot<'a> {
    fn new(panel: &'a DeviceRoofs, left: i32, top: i32, width: i32) -> Self {
        let (x, y) = axes(panel);
        let is_bare = panel.memory.is_empty() && panel.compute.is_empty();
        let frame = Frame {
            left: left + LABELS,
            top,
            width: width - LABELS - names_width(panel),
            height: HEIGHTS[usize::from(is_bare)],
        };
        let plane = Plane { frame, x, y };
        Self { panel, plane }
    }

    /// Draws title, key and plane from `top` on; returns where they end.
    pub(super) fn draw(panel: &'a DeviceRoofs, scene: &mut Scene, (left, width): (i32, i32), top: i32) -> i32 {
        let above = draw_key(panel, scene, (left, left + width), top + TITLE_HEIGHT);
        let plot = Self::new(panel, left, above + 10, width);
        plot.plane.draw_title(scene, top, &panel.title, "op/s, log scales");
        plot.draw_plane(scene);
        plot.plane.frame.bottom() + FOOT
    }

    fn draw_plane(&self, scene: &mut Scene) {
        let rates = Ticks::Quantity(Unit::OpPerSecond);
        self.plane.draw_grid(scene, "operations per byte", Ticks::Number, rates);
        let mut free = Free::new(self.plane.frame);
        for (points, stroke) in self.slopes().into_iter().chain(self.levels()) {
            free.take_line(0, &points);
            scene.line(points, 2, CEILING, stroke);
        }
        self.draw_level_names(scene);
        let places: Vec<_> = self
            .panel
            .points
            .iter()
            .map(|point| self.plane.place(point.intensity, point.rate.unwrap_or_default()))
            .collect();
        for (point, at) in self.panel.points.iter().zip(&places) {
            point.mark.look().draw(scene, *at, RADIUS);
            scene.hint_around(*at, RADIUS + 2, &point.hint());
            free.take_mark(*at, RADIUS + 1);
        }
        let labelled = self.panel.points.iter().zip(&places);
        let labels = labelled
            .filter(|(point, _)| point.is_named)
            .map(|(point, at)| (point.name.as_str(), *at));
        for (label, at) in labels.take(MAX_LABELS) {
            let place = Label {
                size: (SMALL.width(label), 14),
                owner: 0,
                clear: 0,
            };
            if let Some((at, anchor)) = free.beside(at, place) {
                scene.text(at, anchor, SMALL, INK, label);
            }
        }
        self.plane.draw_axes(scene);
    }

    /// The memory roofs, up to the highest compute roof.
    fn slopes(&self) -> Vec<(Vec<(i32, i32)>, Stroke)> {
        let (first, last) = self.plane.x.ends();
        let peak = highest(&self.panel.compute).unwrap_or(self.plane.y.ends().1);
        let slopes = self.panel.memory.iter().zip(STROKES.into_iter().cycle());
        slopes
            .map(|(memory, stroke)| {
                let bandwidth = memory.rate;
                let end = Roof { peak, bandwidth }.ridge().clamp(first, last);
                let points = [first, end].map(|x| self.plane.place(x, x * bandwidth));
                (points.to_vec(), stroke)
            })
            .collect()
    }

    /// The compute roofs, from where the fastest memory reaches them.
    fn levels(&self) -> Vec<(Vec<(i32, i32)>, Stroke)> {
        let (first, last) = self.plane.x.ends();
        let bandwidth = highest(&self.panel.memory).unwrap_or(f64::INFINITY);
        let level = |peak: f64| {
            let begin = Roof { peak, bandwidth }.ridge().clamp(first, last);
            [begin, last].map(|x| self.plane.place(x, peak)).to_vec()
        };
        let levels = self.panel.compute.iter().map(|compute| level(compute.rate));
        levels.map(|points| (points, Stroke::Solid)).collect()
    }

    /// Right of the plane, pushed apart, each with a line to its roof.
    fn draw_level_names(&self, scene: &mut Scene) {
        let frame = self.plane.frame;
        let mut levels: Vec<(i32, &Ceiling)> = self
            .panel
            .compute
            .iter()
            .map(|compute| (self.plane.place(1.0, compute.rate).1, compute))
            .collect();
        levels.sort_by_key(|(y, _)| *y);
        let mut free = frame.top;
        for (y, compute) in levels {
            let at = y.max(free);
            free = at + NAME_HEIGHT;
            let end = frame.right() + LEADER;
            scene.line([(frame.right(), y), (end - 4, at)], 1, AXIS, Stroke::Solid);
            let name = SMALL.fit(&level_name(compute), MAX_NAMES - LEADER);
            scene.text((end, at), Anchor::Start, SMALL, INK, &name);
        }
    }
}

fn level_name(compute: &Ceiling) -> String {
    format!("{}: {}", compute.name, quantity(compute.rate, Unit::OpPerSecond))
}

fn names_width(panel: &DeviceRoofs) -> i32 {
    let names = panel
        .compute
        .iter()
        .map(|compute| SMALL.width(&level_name(compute)) + LEADER);
    names.max().unwrap_or_default().min(MAX_NAMES)
}

/// What the lines, shapes and fills mean.
fn draw_key(panel: &DeviceRoofs, scene: &mut Scene, edges: (i32, i32), top: i32) -> i32 {
    let mut key = Key::new(scene, edges, top);
    for (memory, stroke) in panel.memory.iter().zip(STROKES.into_iter().cycle()) {
        let words = format!("{}: {}", memory.name, quantity(memory.rate, Unit::BytePerSecond));
        key.add(SWATCH, &words, |scene, (x, y)| {
            scene.line([(x, y + 6), (x + SWATCH, y - 6)], 2, CEILING, stroke);
        });
    }
    key.end_line();
    for looks in [&panel.kernels, &panel.precisions] {
        for (words, look) in looks {
            key.add(2 * RADIUS, words, |scene, (x, y)| {
                look.draw(scene, (x + RADIUS, y), RADIUS);
            });
        }
        key.end_line();
    }
    if panel.points.iter().any(|point| point.mark == RoofMark::Impossible) {
        key.add(
            2 * RADIUS,
            "impossible: faster than the ceilings allow",
            |scene, (x, y)| {
                Look::IMPOSSIBLE.draw(scene, (x + RADIUS, y), RADIUS);
            },
        );
    }
    key.end()
}

/// The axes that show roofs and points, and the ridges with some of both sides.
fn axes(panel: &DeviceRoofs) -> (Axis, Axis) {
    let ridge = |(memory, compute): (f64, f64)| [compute / memory / 4.0, compute / memory * 4.0];
    let ridges = highest(&panel.memory).zip(highest(&panel.compute)).map(ridge);
    let intensities = panel.points.iter().map(|point| point.intensity);
    let x = Axis::around(intensities.chain(ridges.into_iter().flatten()));
    let rates = panel.points.iter().filter_map(|point| point.rate);
    let compute = panel.compute.iter().map(|compute| compute.rate);
    let slopes = panel.memory.iter().map(|memory| memory.rate * x.ends().0);
    let y = Axis::around(rates.chain(compute).chain(slopes));
    (x, y)
}

fn highest(ceilings: &[Ceiling]) -> Option<f64> {
    ceilings.iter().map(|ceiling| ceiling.rate).reduce(f64::max)
}
