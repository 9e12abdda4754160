//! The list of chips, one line each.

use super::{WIDTH, marks};
use crate::published::{Cell, CellKey, Chip, Metric, Precision, Published, State};
use crate::report::interval_in;
use crate::units::Interval;

/// A column of numbers: its head, what one of its units is in base units, and its cell.
struct Column {
    head: [&'static str; 2],
    one: f64,
    cell: for<'p> fn(&'p Published, &str) -> Cell<'p>,
}

static COLUMNS: [Column; 5] = [
    Column {
        head: ["fp32", "Top/s"],
        one: 1e12,
        cell: |published, chip| published.peak_compute(chip, Precision::Fp32),
    },
    Column {
        head: ["fp16", "Top/s"],
        one: 1e12,
        cell: half,
    },
    Column {
        head: ["fp8", "Top/s"],
        one: 1e12,
        cell: |published, chip| published.peak_compute(chip, Precision::Fp8),
    },
    Column {
        head: ["memory", "TB/s"],
        one: 1e12,
        cell: |published, chip| published.memory_bandwidth(chip),
    },
    Column {
        head: ["size", "GB"],
        one: 1e9,
        cell: |published, chip| published.cell(chip, CellKey::of(Metric::MemoryCapacity)),
    },
];

const LEGEND: &str = "\
Dense peaks; a range where sources differ. >= at least, <= at most, ? disputed,
* derived by arithmetic (decides nothing), b bf16 where fp16 has no figure,
none: the chip has no such path, -: unpublished. Sources: `onpar chips show ID`.
";

/// Ids are padded to this width; longer ones, a minority, take their room from the name.
const ID_WIDTH: usize = 16;

/// A name is left out where less of it would fit.
const SHORTEST_NAME: usize = 4;

/// fp16, or bf16 where only that has a figure.
fn half<'p>(published: &'p Published, chip: &str) -> Cell<'p> {
    let fp16 = published.peak_compute(chip, Precision::Fp16);
    if fp16.is_published() {
        return fp16;
    }
    Some(published.peak_compute(chip, Precision::Bf16))
        .filter(Cell::is_published)
        .unwrap_or(fp16)
}

/// Every chip with its resolved cells in one line, 80 columns wide, and a legend.
#[must_use]
pub fn list(published: &Published) -> String {
    let rows: Vec<_> = published.chips.iter().map(|chip| row(published, chip)).collect();
    let layout = Layout::of(&rows);
    let mut out = String::new();
    for (line, title) in ["", "chip"].into_iter().enumerate() {
        let heads = COLUMNS.each_ref().map(|column| column.head[line].to_owned());
        layout.push_line(&mut out, title, &heads);
    }
    for (chip, numbers) in published.chips.iter().zip(&rows) {
        layout.push_line(&mut out, &layout.title(chip), numbers);
    }
    out.push('\n');
    out.push_str(LEGEND);
    out
}

/// Where the columns end: numbers are set flush right, and what is left of the line is for id and name.
struct Layout {
    ends: [usize; 5],
    title: usize,
}

impl Layout {
    fn of(rows: &[[String; 5]]) -> Self {
        let widths: [usize; 5] = std::array::from_fn(|column| column_width(rows, column));
        let title = WIDTH.saturating_sub(widths.iter().map(|width| width + 1).sum());
        let mut end = title;
        let ends = widths.map(|width| {
            end += width + 1;
            end
        });
        Self { ends, title }
    }

    /// The whole id, and as much of the name as there is room for.
    fn title(&self, chip: &Chip) -> String {
        let id = format!("{:ID_WIDTH$} ", chip.id);
        match self.title.saturating_sub(id.chars().count()) {
            0..SHORTEST_NAME => chip.id.clone(),
            room => id + &fit(&chip.name, room),
        }
    }

    fn push_line(&self, out: &mut String, title: &str, numbers: &[String; 5]) {
        let mut line = title.to_owned();
        for (number, end) in numbers.iter().zip(self.ends) {
            let room = end.saturating_sub(line.chars().count() + 1);
            line.push_str(&format!(" {number:>room$}"));
        }
        out.push_str(&line);
        out.push('\n');
    }
}

fn row(published: &Published, chip: &Chip) -> [String; 5] {
    COLUMNS
        .each_ref()
        .map(|column| number(&(column.cell)(published, &chip.id), column.one))
}

/// One cell as a bare number with its marks.
fn number(cell: &Cell<'_>, one: f64) -> String {
    match cell.state {
        State::Unsupported => "none".to_owned(),
        State::Unpublished => "-".to_owned(),
        _ => {
            let bf16 = if cell.key.precision == Some(Precision::Bf16) {
                "b"
            } else {
                ""
            };
            format!(
                "{}{bf16}{}",
                interval_in(rounded(cell.interval(), one), 1.0),
                marks(cell)
            )
        }
    }
}

/// An interval in multiples of `one`, to two decimals, which keeps the columns narrow; small values stay as they are.
fn rounded(interval: Interval, one: f64) -> Interval {
    let end = |value: f64| match value / one {
        small if small < 0.05 => small,
        scaled => (scaled * 100.0).round() / 100.0,
    };
    Interval::new(end(interval.low), end(interval.high))
}

fn column_width(rows: &[[String; 5]], column: usize) -> usize {
    let heads = COLUMNS[column].head.iter().map(|head| head.len());
    let cells = rows.iter().map(|row| row[column].len());
    heads.chain(cells).max().unwrap_or_default()
}

/// Cuts a text that is too long, and says so.
fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}\u{2026}", kept.trim_end())
}
