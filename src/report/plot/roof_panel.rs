//! One panel of a roofline chart: the roofs of several chips at one number format, and the work.

use super::axis::Axis;
use super::free::{Free, Label};
use super::key::{Key, LINE};
use super::palette::{self, Color, INK};
use super::plane::{FOOT, Frame, LABELS, Plane, TITLE_HEIGHT, Ticks};
use super::roof::{Roof, both, ends};
use super::scene::{SMALL, Scene, Stroke};
use super::{RoofPanel, Roofs};
use crate::units::{Interval, Unit};
use std::collections::BTreeSet;

/// Marks nearer than this are one.
const NEAR: i32 = 4;
const RADIUS: i32 = 5;
/// Of the names at the ends of the roofs.
const MAX_NAME: i32 = 150;

/// The axes that show these panels.
pub(super) fn axes(panels: &[&RoofPanel]) -> (Axis, Axis) {
    let roofs = || panels.iter().flat_map(|panel| &panel.roofs);
    let points = || panels.iter().flat_map(|panel| &panel.points);
    let ridges = roofs()
        .filter_map(|roofs| both(roofs.peak, roofs.bandwidth))
        .flat_map(|(lower, upper)| [lower.ridge(), upper.ridge()]);
    let around = ridges.flat_map(|ridge| [ridge / 4.0, ridge * 4.0]);
    let x = Axis::around(points().map(|point| point.intensity).chain(around));
    let with_path = roofs().filter(|roofs| roofs.peak.is_some());
    let rates = with_path.flat_map(|roofs| {
        let slopes = ends(roofs.bandwidth).map(|end| end * x.ends().0);
        slopes.chain(ends(roofs.peak.unwrap_or(Interval::UNKNOWN)))
    });
    // Above the highest roof there is room for names.
    let above = rates.clone().reduce(f64::max).map(|rate| rate * 3.0);
    let y = Axis::around(rates.chain(above).chain(points().filter_map(|point| point.rate)));
    (x, y)
}

/// A panel made ready to be placed.
pub(super) struct RoofPlot<'a> {
    panel: &'a RoofPanel,
    plane: Plane,
    top: i32,
}

impl<'a> RoofPlot<'a> {
    /// A panel with its axes within a rectangle of the page.
    pub(super) fn new(panel: &'a RoofPanel, (x, y): (Axis, Axis), room: Frame) -> Self {
        let head = TITLE_HEIGHT + LINE * panel.roofs.len() as i32 + 8;
        let frame = Frame {
            left: room.left + LABELS,
            top: room.top + head,
            width: room.width - LABELS,
            height: room.height - head - FOOT,
        };
        let plane = Plane { frame, x, y };
        let top = room.top;
        Self { panel, plane, top }
    }

    pub(super) fn draw(&self, scene: &mut Scene) {
        let plane = &self.plane;
        plane.draw_title(scene, self.top, &self.panel.title, "op/s, log scales");
        self.draw_names(scene);
        let rates = Ticks::Quantity(Unit::OpPerSecond);
        plane.draw_grid(scene, "operations per byte", Ticks::Number, rates);
        for (roofs, color) in self.colored() {
            self.draw_band(scene, roofs, palette::tint(color));
        }
        let mut free = Free::new(plane.frame);
        let mut lines: Vec<Line> = self.colored().enumerate().flat_map(|side| self.lines(side)).collect();
        // Through the gaps of a dashed line shows what lies below it.
        lines.sort_by_key(|line| line.stroke);
        for line in &lines {
            free.take_line(line.owner, &line.points);
            scene.line(line.points.clone(), 2, line.color, line.stroke);
        }
        self.draw_points(scene, &mut free);
        for (owner, roofs) in self.panel.roofs.iter().enumerate() {
            let own = lines.iter().filter(|line| line.owner == owner);
            if let Some(chip) = &roofs.chip {
                draw_name(scene, &mut free, (owner, &chip.name), own);
            }
        }
        plane.draw_axes(scene);
    }

    /// The roofs with their colours: the chip's own; else grey for the first and ink for those that follow.
    fn colored(&self) -> impl Iterator<Item = (&Roofs, Color)> {
        self.panel.roofs.iter().enumerate().map(|(place, roofs)| {
            let instead = if place == 0 { palette::OTHER } else { INK };
            let of_chip = |chip: &super::Chip| palette::chip(&chip.id).unwrap_or(instead);
            (roofs, roofs.chip.as_ref().map_or(palette::DEVICE, of_chip))
        })
    }

    /// The chips with what is known of each, a line each.
    fn draw_names(&self, scene: &mut Scene) {
        let edges = (self.plane.frame.left - LABELS, self.plane.frame.right());
        let mut key = Key::new(scene, edges, self.top + TITLE_HEIGHT);
        for (roofs, color) in self.colored() {
            key.add(20, &roofs.words, |scene, (x, y)| {
                scene.rectangle((x, y - 6), (20, 12), palette::tint(color));
                scene.rectangle((x, y - 1), (20, 2), color);
            });
            key.end_line();
        }
    }

    /// What lies between the lower and the upper roof, where there are both.
    fn draw_band(&self, scene: &mut Scene, roofs: &Roofs, fill: Color) {
        let ends = both(roofs.peak, roofs.bandwidth).filter(|(lower, upper)| lower != upper);
        if let Some((lower, upper)) = ends {
            let mut corners = self.corners(upper);
            corners.extend(self.corners(lower).into_iter().rev());
            scene.polygon(corners, fill);
        }
    }

    /// Solid where the whole roof is known and published; dashed for each rate of which only some end is.
    fn lines(&self, (owner, (roofs, color)): (usize, (&Roofs, Color))) -> Vec<Line> {
        let line = |points, stroke| Line {
            owner,
            points,
            color,
            stroke,
        };
        let (first, last) = self.plane.x.ends();
        let (_, top) = self.plane.y.ends();
        if let Some((lower, upper)) = both(roofs.peak, roofs.bandwidth) {
            let stroke = if roofs.derived { Stroke::Dashed } else { Stroke::Solid };
            let mut lines = vec![line(self.corners(upper), stroke)];
            if lower != upper {
                lines.push(line(self.corners(lower), stroke));
            }
            return lines;
        }
        let Some(peak) = roofs.peak else {
            return Vec::new();
        };
        // A ray leaves the panel at its top or at its right.
        let ray = |bandwidth: f64| [first, last.min(top / bandwidth)].map(|x| self.plane.place(x, x * bandwidth));
        let level = |peak: f64| [first, last].map(|x| self.plane.place(x, peak));
        let lines = ends(roofs.bandwidth).map(ray).chain(ends(peak).map(level));
        lines.map(|points| line(points.to_vec(), Stroke::Dashed)).collect()
    }

    fn corners(&self, roof: Roof) -> Vec<(i32, i32)> {
        let (first, last) = self.plane.x.ends();
        [first, roof.ridge().clamp(first, last), last]
            .map(|x| self.plane.place(x, roof.at(x)))
            .to_vec()
    }

    /// At its rate, where it has one; else on the last roof that is known, or along the bottom.
    fn draw_points(&self, scene: &mut Scene, free: &mut Free) {
        let known = |roofs: &Roofs| both(roofs.peak, roofs.bandwidth);
        let roof = self.panel.roofs.iter().rev().find_map(known).map(|(lower, _)| lower);
        let bottom = self.plane.y.ends().0;
        let mut drawn = BTreeSet::new();
        for point in &self.panel.points {
            let on_roof = || roof.map_or(bottom, |roof| roof.at(point.intensity));
            let (x, y) = self.plane.place(point.intensity, point.rate.unwrap_or_else(on_roof));
            if drawn.insert((point.mark, x / NEAR, y / NEAR)) {
                point.mark.look().draw(scene, (x, y), RADIUS);
                scene.hint_around((x, y), RADIUS + 2, &point.hint());
                free.take_mark((x, y), RADIUS);
            }
        }
    }
}

/// A line of a roof.
struct Line {
    /// The place of the roof's chip.
    owner: usize,
    points: Vec<(i32, i32)>,
    color: Color,
    stroke: Stroke,
}

/// Writes the name of a chip beside one of its lines, as far to the right as there is room; nowhere if it could be taken
/// for the name of another.
fn draw_name<'l>(
    scene: &mut Scene,
    free: &mut Free,
    (owner, name): (usize, &str),
    lines: impl Iterator<Item = &'l Line>,
) {
    let name = SMALL.fit(name, MAX_NAME);
    let label = Label {
        size: (SMALL.width(&name), 13),
        owner,
        clear: 9,
    };
    let mut places = lines.flat_map(|line| along(&line.points));
    if let Some((at, anchor)) = places.find_map(|at| free.beside(at, label)) {
        scene.text(at, anchor, SMALL, INK, &name);
    }
}

/// Points of a line from its end on, some pixels apart.
fn along(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    const STEPS: i32 = 12;
    let step = |[from, to]: [(i32, i32); 2], step: i32| {
        let part = |from: i32, to: i32| to + (from - to) * step / STEPS;
        (part(from.0, to.0), part(from.1, to.1))
    };
    let parts = points.windows(2).rev().map(|ends| [ends[0], ends[1]]);
    parts
        .flat_map(|ends| (0..STEPS).map(move |at| step(ends, at)))
        .collect()
}
