//! The numbers of a chart as a table, for those who cannot see it or want to read it off exactly.

use super::row::{Row, range};
use super::{
    BarChart, CurveChart, CurvePoint, CurveRow, DeviceRoofs, HistoryChart, HistoryPanel, Level, Outcome, RatioChart,
    RoofChart, RoofPoint,
};
use crate::units::{Unit, quantity, significant};

/// A table of what a chart shows; every row has a cell for each column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// What the columns hold.
    pub columns: Vec<&'static str>,
    /// From top to bottom.
    pub rows: Vec<Vec<String>>,
}

impl BarChart {
    /// Every bar, those that the picture has no room for included.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let rows = self.panels.iter().flat_map(|panel| {
            panel.bars.iter().map(|bar| {
                let row = Row::new(bar, panel.unit);
                let texts = [&panel.title, row.label, &row.words, &row.interval, row.source];
                texts.map(str::to_owned).to_vec()
            })
        });
        Numbers {
            columns: vec!["panel", "what", "value", "interval", "from"],
            rows: rows.collect(),
        }
    }
}

impl CurveChart {
    /// Every point with what the ceilings allow there.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        Numbers {
            columns: vec!["what", "series", "at", "value", "interval", "ceilings allow"],
            rows: self.rows.iter().flat_map(of_curves).collect(),
        }
    }
}

fn of_curves(row: &CurveRow) -> Vec<Vec<String>> {
    let sizes = row.sizes.ticks();
    let mut rows = Vec::new();
    for panel in &row.panels {
        for curve in &panel.curves {
            rows.extend(curve.points.iter().map(|point| {
                let [value, interval] = outcome(point, panel.unit);
                let ceiling = curve.ceiling.iter().find(|(size, _)| *size == point.size);
                vec![
                    format!("{}: {}", row.title, panel.title),
                    curve.name.clone(),
                    sizes.label(point.size),
                    value,
                    interval,
                    ceiling.map_or_else(String::new, |(_, value)| quantity(*value, panel.unit)),
                ]
            }));
        }
    }
    rows
}

/// A value and its interval, in words.
fn outcome(point: &CurvePoint, unit: Unit) -> [String; 2] {
    match point.outcome {
        Outcome::Measured { value, low, high } => [quantity(value, unit), range(low, high, unit)],
        Outcome::Impossible(value) => [format!("{}: impossible", quantity(value, unit)), String::new()],
        Outcome::Failed => ["no result".to_owned(), String::new()],
    }
}

impl RoofChart {
    /// Every roof, and every piece of work with its intensity and rate.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let mut rows: Vec<Vec<String>> = self.device.iter().flat_map(of_device).collect();
        for panel in &self.panels {
            let roofs = panel.roofs.iter();
            rows.extend(roofs.map(|roofs| cells(&panel.title, &roofs.words, String::new(), String::new())));
            // The panels show the work of the device's own once more.
            let points = panel.points.iter().filter(|_| self.device.is_none());
            rows.extend(points.map(|point| of_point(&panel.title, point)));
        }
        Numbers {
            columns: vec!["panel", "what", "operations per byte", "rate"],
            rows,
        }
    }
}

fn of_device(device: &DeviceRoofs) -> Vec<Vec<String>> {
    let title = &device.title;
    let units = [
        (&device.memory, Unit::BytePerSecond),
        (&device.compute, Unit::OpPerSecond),
    ];
    let ceilings = units.into_iter().flat_map(|(ceilings, unit)| {
        ceilings.iter().map(move |ceiling| {
            let rate = quantity(ceiling.rate, unit);
            cells(title, &format!("ceiling: {}", ceiling.name), String::new(), rate)
        })
    });
    ceilings
        .chain(device.points.iter().map(|point| of_point(title, point)))
        .collect()
}

fn of_point(title: &str, point: &RoofPoint) -> Vec<String> {
    let rate = point.rate.map(|rate| quantity(rate, Unit::OpPerSecond));
    let intensity = significant(point.intensity, 3);
    cells(title, &point.name, intensity, rate.unwrap_or_default())
}

fn cells(title: &str, what: &str, intensity: String, rate: String) -> Vec<String> {
    vec![title.to_owned(), what.to_owned(), intensity, rate]
}

impl HistoryChart {
    /// Every level of every series that has some.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        Numbers {
            columns: vec!["series", "points", "level", "change before it"],
            rows: self.panels.iter().flat_map(of_series).collect(),
        }
    }
}

fn of_series(panel: &HistoryPanel) -> Vec<Vec<String>> {
    let levels = panel.levels.iter();
    levels.map(|level| panel.level_words(level).to_vec()).collect()
}

impl HistoryPanel {
    /// Of a level: the series, its points, its value, and the change before it.
    pub(super) fn level_words(&self, level: &Level) -> [String; 4] {
        let value = |value: f64| {
            self.unit
                .map_or_else(|| significant(value, 4), |unit| quantity(value, unit))
        };
        let (from, to) = level.points;
        let (first, last) = level.values;
        let step = self.steps.iter().find(|step| step.index == from);
        [
            self.title.clone(),
            format!("{from} to {}", to.saturating_sub(1)),
            if first == last {
                value(first)
            } else {
                format!("{} to {}", value(first), value(last))
            },
            step.map_or_else(String::new, |step| format!("{}, {}", step.words, step.turn.word())),
        ]
    }
}

impl RatioChart {
    /// Every row.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let row = |row: &super::RatioRow| vec![row.label.clone(), row.words.clone(), row.interval_words()];
        Numbers {
            columns: vec!["what", "ratio", "interval"],
            rows: self.rows.iter().map(row).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Curve, CurvePanel, Hue, Look, Sizes};
    use super::*;
    use crate::kernels::Precision;

    #[test]
    fn a_curve_is_a_row_for_each_point() {
        let point = |size, outcome| CurvePoint { size, outcome };
        let curve = Curve {
            name: "f32".to_owned(),
            look: Look::of(0, Precision::F32, Hue::Device),
            points: vec![
                point(64.0, Outcome::Failed),
                point(
                    128.0,
                    Outcome::Measured {
                        value: 2e9,
                        low: 1e9,
                        high: 3e9,
                    },
                ),
            ],
            ceiling: vec![(128.0, 4e9)],
        };
        let chart = CurveChart {
            rows: vec![CurveRow {
                title: "matmul by n".to_owned(),
                note: String::new(),
                sizes_name: "n".to_owned(),
                sizes: Sizes::Counts,
                panels: vec![CurvePanel {
                    title: "rate".to_owned(),
                    unit: Unit::OpPerSecond,
                    curves: vec![curve],
                }],
            }],
            ..CurveChart::default()
        };
        let rows = chart.numbers().rows;
        assert_eq!(rows[0][1..], ["f32", "64", "no result", "", ""]);
        assert_eq!(rows[1][2..], ["128", "2 Gop/s", "1–3 Gop/s", "4 Gop/s"]);
    }
}
