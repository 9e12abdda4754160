//! Rooflines: of a device with its cases, and of chips as bands with the work that is done under them.

use super::device_panel::DevicePlot;
use super::key::Key;
use super::mark::{Look, RADIUS};
use super::page::{self, MARGIN, ROOM, WIDTH};
use super::palette::MUTED;
use super::plane::{Frame, GUTTER};
use super::roof_panel::{self, RoofPlot};
use super::scene::{SMALL, Scene};
use super::{Chip, Drawing};
use crate::audit::Verdict;
use crate::units::{Interval, Unit, quantity, significant};

const PANEL_HEIGHT: i32 = 390;

/// A titled picture of rooflines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoofChart {
    /// What the picture shows, in one line.
    pub title: String,
    /// Whose roofs these are; wrapped to at most three lines.
    pub subtitle: String,
    /// A device that was measured, on axes of its own.
    pub device: Option<DeviceRoofs>,
    /// Chips, one panel for each number format.
    pub panels: Vec<RoofPanel>,
    /// Whether the panels have the same axes.
    pub same_axes: bool,
    /// Notes below the panels, one paragraph each.
    pub footer: Vec<String>,
}

/// The roofs that were measured on a device, and its cases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceRoofs {
    /// What the panel shows.
    pub title: String,
    /// Memory roofs in bytes per second, the fastest first.
    pub memory: Vec<Ceiling>,
    /// Compute roofs in operations per second.
    pub compute: Vec<Ceiling>,
    /// The cases.
    pub points: Vec<RoofPoint>,
    /// What the shapes mean.
    pub kernels: Vec<(String, Look)>,
    /// What the fills mean.
    pub precisions: Vec<(String, Look)>,
}

/// A ceiling that was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// What reached it.
    pub name: String,
    /// Bytes or operations per second.
    pub rate: f64,
}

/// Several roofs for one number format, and the work that is done in it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoofPanel {
    /// The format.
    pub title: String,
    /// Whose roofs are compared.
    pub roofs: Vec<Roofs>,
    /// The work.
    pub points: Vec<RoofPoint>,
}

/// What is known of the roof of one chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Roofs {
    /// The chip; none for the device that was measured.
    pub chip: Option<Chip>,
    /// Its name and what is known, in words.
    pub words: String,
    /// Operations per second; `None` where the chip has no path.
    pub peak: Option<Interval>,
    /// Bytes per second.
    pub bandwidth: Interval,
    /// Whether it rests on figures that decide nothing.
    pub derived: bool,
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct RoofPoint {
    /// Operations per byte.
    pub intensity: f64,
    /// Operations per second; none for work that was not done, which stands on the last roof.
    pub rate: Option<f64>,
    /// How it is marked.
    pub mark: RoofMark,
    /// What was done.
    pub name: String,
    /// Whether the name is written beside the mark if there is room; only in the panel of a device.
    pub is_named: bool,
}

/// How a piece of work is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoofMark {
    /// What figures say of it.
    Verdict(Verdict),
    /// Which kernel did it at which precision.
    Case(Look),
    /// That it cannot have been that fast.
    Impossible,
}

impl RoofPoint {
    /// What its mark tells when it is pointed at.
    pub(super) fn hint(&self) -> String {
        let rate = self.rate.map(|rate| format!(": {}", quantity(rate, Unit::OpPerSecond)));
        let rate = rate.unwrap_or_default();
        format!(
            "{}{rate}; {} operations per byte",
            self.name,
            significant(self.intensity, 3)
        )
    }
}

impl RoofMark {
    /// How it looks.
    pub(super) const fn look(self) -> Look {
        match self {
            Self::Verdict(verdict) => Look::of_verdict(verdict),
            Self::Case(look) => look,
            Self::Impossible => Look::IMPOSSIBLE,
        }
    }
}

impl RoofChart {
    /// Lays the chart out.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        Drawing(lay_out(self))
    }
}

fn lay_out(chart: &RoofChart) -> Scene {
    let titles: Vec<&str> = chart
        .device
        .iter()
        .map(|device| device.title.as_str())
        .chain(chart.panels.iter().map(|panel| panel.title.as_str()))
        .collect();
    let (mut scene, mut y) = page::begin(&chart.title, &chart.subtitle, &titles);
    if let Some(device) = &chart.device {
        y = DevicePlot::draw(device, &mut scene, (MARGIN, ROOM), y) + 14;
    }
    y = verdicts(&mut scene, chart, y);
    y = draw_panels(&mut scene, chart, y);
    if titles.is_empty() {
        y = page::paragraph(&mut scene, "There is nothing to draw.", SMALL, MUTED, y);
    }
    page::end(scene, chart.footer.iter(), y)
}

/// The panels of chips, two beside each other.
fn draw_panels(scene: &mut Scene, chart: &RoofChart, top: i32) -> i32 {
    let across = if chart.panels.len() == 1 { 1 } else { 2 };
    let width = (ROOM - (across - 1) * GUTTER) / across;
    let common = roof_panel::axes(&chart.panels.iter().collect::<Vec<_>>());
    let mut y = top;
    for row in chart.panels.chunks(across as usize) {
        for (column, panel) in (0..).zip(row) {
            let axes = if chart.same_axes {
                common
            } else {
                roof_panel::axes(&[panel])
            };
            let room = Frame {
                left: MARGIN + column * (width + GUTTER),
                top: y,
                width,
                height: PANEL_HEIGHT,
            };
            RoofPlot::new(panel, axes, room).draw(scene);
        }
        y += PANEL_HEIGHT + 14;
    }
    y
}

/// The marks of the verdicts that occur.
fn verdicts(scene: &mut Scene, chart: &RoofChart, top: i32) -> i32 {
    let mut key = Key::new(scene, (MARGIN, WIDTH - MARGIN), top);
    for (verdict, words) in VERDICTS {
        let mark = RoofMark::Verdict(verdict);
        let mut points = chart.panels.iter().flat_map(|panel| &panel.points);
        if points.any(|point| point.mark == mark) {
            key.add(2 * RADIUS, words, |scene, (x, y)| {
                mark.look().draw(scene, (x + RADIUS, y), RADIUS);
            });
        }
    }
    key.end()
}

const VERDICTS: [(Verdict, &str); 5] = [
    (Verdict::Ahead, "ahead"),
    (Verdict::OnPar, "on par"),
    (Verdict::Behind, "behind"),
    (Verdict::Open, "open: in dispute"),
    (Verdict::NotDecidable, "not decidable: a figure is missing"),
];
