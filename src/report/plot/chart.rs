//! From a chart to its scene: heading, legend, panels and footer, from top to bottom.

use super::BarChart;
use super::axis::Scale;
use super::legend;
use super::page::{self, MARGIN, WIDTH};
use super::panel::{Columns, Plot};
use super::scene::Scene;

const MAX_LABEL: i32 = 340;
/// Half a tick label may stand beyond the end of the axis.
const TICK_ROOM: i32 = 24;
const MIN_LENGTH: i32 = 160;
/// Rows and panels of one picture; more belong in a table, and the picture says how many it leaves out.
const MAX_ROWS: usize = 240;

/// Places everything that a chart shows.
pub(super) fn lay_out(chart: &BarChart, scale: Scale) -> Scene {
    let plots = plots_of(chart, scale);
    let columns = columns_of(&plots);
    let rows = plots.iter().flat_map(|plot| &plot.rows);
    let bars: Vec<_> = rows.map(|row| (row.form, row.color)).collect();
    let titles: Vec<&str> = chart.panels.iter().map(|panel| panel.title.as_str()).collect();

    let (mut scene, mut y) = page::begin(&chart.title, &chart.subtitle, &titles);
    y = legend::draw(&mut scene, &bars, (columns.left, columns.right), y);
    for plot in &plots {
        y = plot.draw(&mut scene, columns, y + 16);
    }
    page::end(scene, omission(chart, &plots).iter().chain(&chart.footer), y + 14)
}

fn plots_of(chart: &BarChart, scale: Scale) -> Vec<Plot<'_>> {
    let mut room = MAX_ROWS;
    let mut plots = Vec::new();
    for panel in chart.panels.iter().take(MAX_ROWS) {
        if room == 0 {
            break;
        }
        let plot = Plot::new(panel, room, scale);
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
