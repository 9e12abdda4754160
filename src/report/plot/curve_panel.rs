//! One panel of curves: axes, ceilings, lines, intervals, marks.

use super::axis::{Axis, Scale};
use super::free::{Free, Label};
use super::mark::{Look, RADIUS};
use super::palette::{CEILING, INK, MUTED};
use super::panel::draw_interval;
use super::plane::{FOOT, Frame, LABELS, Plane, Ticks};
use super::row::range;
use super::scene::{Anchor, BODY, SMALL, Scene, Stroke};
use super::{Curve, CurvePanel, CurvePoint, CurveRow, Outcome};
use crate::units::quantity;

const TITLE_HEIGHT: i32 = 32;

/// A panel made ready to be placed.
pub(super) struct CurvePlot<'a> {
    row: &'a CurveRow,
    panel: &'a CurvePanel,
    scale: Scale,
    plane: Plane,
    top: i32,
}

impl<'a> CurvePlot<'a> {
    /// Half the width of the marks on a curve.
    pub(super) const RADIUS: i32 = 5;

    /// A panel of a row within a rectangle of the page.
    pub(super) fn new(row: &'a CurveRow, panel: &'a CurvePanel, scale: Scale, room: Frame) -> Self {
        let frame = Frame {
            left: room.left + LABELS,
            top: room.top + TITLE_HEIGHT,
            width: room.width - LABELS - 8,
            height: room.height - TITLE_HEIGHT - FOOT,
        };
        let sizes = row
            .panels
            .iter()
            .flat_map(|panel| &panel.curves)
            .flat_map(|curve| &curve.points);
        let values = panel.curves.iter().flat_map(values);
        let plane = Plane {
            frame,
            x: Axis::binary(sizes.map(|point| point.size)),
            y: Axis::scaled_around(scale, values),
        };
        let top = room.top;
        Self {
            row,
            panel,
            scale,
            plane,
            top,
        }
    }

    pub(super) fn draw(&self, scene: &mut Scene) {
        self.draw_title(scene);
        let sizes = self.row.sizes.ticks();
        let values = Ticks::Quantity(self.panel.unit);
        self.plane.draw_grid(scene, &self.row.sizes_name, sizes, values);
        for ceiling in self.ceilings() {
            scene.line(ceiling.points, 2, CEILING, Stroke::Dotted);
        }
        for curve in &self.panel.curves {
            self.draw_line(scene, curve);
        }
        for curve in &self.panel.curves {
            self.draw_marks(scene, curve);
        }
        self.draw_ceiling_names(scene);
        self.plane.draw_axes(scene);
    }

    fn ceilings(&self) -> impl Iterator<Item = CeilingLine<'a>> {
        let line = |(owner, curve): (usize, &'a Curve)| CeilingLine {
            owner,
            name: &curve.name,
            points: curve.ceiling.iter().map(|(x, y)| self.plane.place(*x, *y)).collect(),
        };
        self.panel
            .curves
            .iter()
            .enumerate()
            .map(line)
            .filter(|line| line.points.len() > 1)
    }

    /// Whose each is, where there are several.
    fn draw_ceiling_names(&self, scene: &mut Scene) {
        let ceilings: Vec<CeilingLine<'_>> = self.ceilings().collect();
        if ceilings.len() < 2 {
            return;
        }
        let mut free = Free::new(self.plane.frame);
        for ceiling in &ceilings {
            free.take_line(ceiling.owner, &ceiling.points);
        }
        for curve in &self.panel.curves {
            // No ceiling's own: a name keeps away from all of them.
            free.take_line(usize::MAX, &self.points(&curve.points));
        }
        for ceiling in &ceilings {
            let label = Label {
                size: (SMALL.width(ceiling.name), 13),
                owner: ceiling.owner,
                clear: 7,
            };
            let mut places = ceiling.points.iter().rev();
            if let Some((at, anchor)) = places.find_map(|at| free.beside(*at, label)) {
                scene.text(at, anchor, SMALL, INK, ceiling.name);
            }
        }
    }

    fn draw_title(&self, scene: &mut Scene) {
        let (left, right) = (self.plane.frame.left - LABELS, self.plane.frame.right());
        let y = self.top + TITLE_HEIGHT / 2 - 4;
        let scale = format!("{}, {}", self.panel.unit.symbol(), self.scale.words());
        let room = right - left - SMALL.width(&scale) - 16;
        let title = BODY.fit(&self.panel.title, room);
        scene.text((left, y), Anchor::Start, BODY, INK, &title);
        scene.text((right, y), Anchor::End, SMALL, MUTED, &scale);
    }

    /// Between neighbours that both have a value that can be.
    fn draw_line(&self, scene: &mut Scene, curve: &Curve) {
        let is_measured = |outcome: &Outcome| matches!(outcome, Outcome::Measured { .. });
        for part in curve.points.split(|point| !is_measured(&point.outcome)) {
            let points = self.points(part);
            if points.len() > 1 {
                scene.line(points, 2, curve.look.color, curve.look.stroke);
            }
        }
    }

    /// Where the values that can be stand.
    fn points(&self, points: &[CurvePoint]) -> Vec<(i32, i32)> {
        let place = |point: &CurvePoint| match point.outcome {
            Outcome::Measured { value, .. } => Some(self.plane.place(point.size, value)),
            Outcome::Impossible(_) | Outcome::Failed => None,
        };
        points.iter().filter_map(place).collect()
    }

    /// A case without a value has its mark at the foot of the panel.
    fn draw_marks(&self, scene: &mut Scene, curve: &Curve) {
        for point in &curve.points {
            let hint = self.hint(curve, point);
            match point.outcome {
                Outcome::Measured { value, low, high } => {
                    let at = |value| self.plane.place(point.size, value);
                    curve.look.draw(scene, at(value), Self::RADIUS);
                    let (top, bottom) = (at(high), at(low));
                    if bottom.1 - top.1 > 2 * Self::RADIUS {
                        draw_interval(scene, top, bottom);
                    }
                    scene.hint_around(at(value), 2 * RADIUS, &hint);
                }
                Outcome::Impossible(value) => {
                    let at = self.plane.place(point.size, value);
                    Look::IMPOSSIBLE.draw(scene, at, RADIUS);
                    scene.hint_around(at, 2 * RADIUS, &hint);
                }
                Outcome::Failed => {
                    let (x, _) = self.plane.place(point.size, 1.0);
                    let at = (x, self.plane.frame.bottom() - RADIUS - 2);
                    Look::FAILED.draw(scene, at, RADIUS);
                    scene.hint_around(at, 2 * RADIUS, &hint);
                }
            }
        }
    }
}

impl CurvePlot<'_> {
    /// What a mark tells when it is pointed at.
    fn hint(&self, curve: &Curve, point: &CurvePoint) -> String {
        let size = self.row.sizes.ticks().label(point.size);
        let unit = self.panel.unit;
        let value = match point.outcome {
            Outcome::Measured { value, low, high } if low < high => {
                format!("{}; interval {}", quantity(value, unit), range(low, high, unit))
            }
            Outcome::Measured { value, .. } => quantity(value, unit),
            Outcome::Impossible(value) => format!("{}, which is impossible", quantity(value, unit)),
            Outcome::Failed => "no result".to_owned(),
        };
        format!("{} at {size}: {value}", curve.name)
    }
}

/// A ceiling in the plane.
struct CeilingLine<'a> {
    /// The place of its curve.
    owner: usize,
    name: &'a str,
    points: Vec<(i32, i32)>,
}

/// The values that the y axis has to show.
fn values(curve: &Curve) -> impl Iterator<Item = f64> {
    let of_points = curve.points.iter().flat_map(|point| match point.outcome {
        Outcome::Measured { value, low, high } => vec![value, low, high],
        Outcome::Impossible(value) => vec![value],
        Outcome::Failed => Vec::new(),
    });
    of_points.chain(curve.ceiling.iter().map(|(_, value)| *value))
}
