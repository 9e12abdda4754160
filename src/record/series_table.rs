//! A plain table of values over time, `time,value` or `series,time,value`, as other programs write it. `docs/formats.md`
//! describes it.

use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

use super::lines::{self, Lines, Malformed};
use super::moment::nanoseconds;
use crate::error::Result;
use crate::fields::{Field, split};

/// Series of values over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeriesTable {
    /// The times, as they are written, in their order.
    pub times: Vec<String>,
    /// The series, in the order of their first lines.
    pub series: Vec<TableSeries>,
    /// Lines whose value is empty, not a number or not finite.
    pub missing: u64,
    /// Whether some line is of an earlier time than the one before it in its series.
    pub disordered: bool,
}

/// One series, in the order of time; of equal times in the order of its lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableSeries {
    /// Its name.
    pub name: String,
    /// The times of its points, by their places among the table's.
    pub times: Vec<u32>,
    /// Their values; not a number where there is none.
    pub values: Vec<f64>,
}

/// Longest name or time in characters, so that it can be shown.
const LONGEST: usize = 200;
const WANTED: &str = "expected the header time,value or series,time,value";

impl SeriesTable {
    /// Reads a table from a file. A series without a name has that of the file.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, else as [`SeriesTable::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(path, lines::open(path)?)
    }

    /// Reads a table from its text; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Data`] with line and column of the first thing that is malformed, and how to mend it. No line is passed
    /// over but empty ones.
    pub fn parse(name: &Path, text: impl BufRead) -> Result<Self> {
        let mut lines = Lines::new(name);
        let stem = name.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let of_header = |header: &str| Reader::new(header, stem);
        let reader = lines.table(text, WANTED, of_header, |reader, line, _| reader.line(line))?;
        if reader.table.series.is_empty() {
            return Err(lines.error(1, "no line follows the header; expected a line for each point"));
        }
        Ok(reader.finish())
    }
}

/// What is known after some lines.
struct Reader {
    table: SeriesTable,
    /// Name of the series where the lines have none.
    unnamed: Option<String>,
    /// When the table's times are.
    instants: Vec<i128>,
    known_times: HashMap<String, u32>,
    known_series: HashMap<String, usize>,
    /// Series and time of the last line: most tables go on with the same or the next.
    last: (usize, u32),
}

impl Reader {
    fn new(header: &str, stem: String) -> std::result::Result<Self, Malformed> {
        let fields = split(header).map_err(|(column, message)| (column, message.to_owned()))?;
        let names: Vec<&str> = fields.iter().map(|field| field.text.trim()).collect();
        let unnamed = match names[..] {
            ["time", "value"] => Some(stem),
            ["series", "time", "value"] => None,
            _ => return Err((1, format!("{WANTED}, not `{header}`"))),
        };
        Ok(Self {
            table: SeriesTable::default(),
            unnamed,
            instants: Vec::new(),
            known_times: HashMap::new(),
            known_series: HashMap::new(),
            last: (0, 0),
        })
    }

    fn line(&mut self, line: &str) -> std::result::Result<(), Malformed> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let fields = split(line).map_err(|(column, message)| (column, message.to_owned()))?;
        let (series, time, number) = match (&self.unnamed, &fields[..]) {
            (Some(_), [time, number]) => (None, time, number),
            (None, [series, time, number]) => (Some(series), time, number),
            (unnamed, _) => {
                let wanted = 3 - usize::from(unnamed.is_some());
                let column = fields
                    .get(wanted)
                    .map_or(line.chars().count() as u64 + 1, |field| field.column);
                let message = format!(
                    "{} fields where the header has {wanted}; quote a field that holds a comma",
                    fields.len()
                );
                return Err((column, message));
            }
        };
        let series = self.series(series)?;
        let time = self.time(time)?;
        let value = value(number)?;
        self.last = (series, time);
        self.table.missing += u64::from(value.is_nan());
        let series = &mut self.table.series[series];
        let before = series.times.last().map(|before| self.instants[*before as usize]);
        self.table.disordered |= before.is_some_and(|before| before > self.instants[time as usize]);
        series.times.push(time);
        series.values.push(value);
        Ok(())
    }

    fn series(&mut self, field: Option<&Field<'_>>) -> std::result::Result<usize, Malformed> {
        let name = match (field, &self.unnamed) {
            (Some(field), _) => named("series", field)?,
            (None, Some(unnamed)) => unnamed,
            (None, None) => "",
        };
        if self.table.series.get(self.last.0).is_some_and(|last| last.name == name) {
            return Ok(self.last.0);
        }
        if let Some(known) = self.known_series.get(name) {
            return Ok(*known);
        }
        let number = self.table.series.len();
        self.known_series.insert(name.to_owned(), number);
        // Most are as long as the one before.
        let points = self.table.series.last().map_or(0, |last| last.values.len());
        self.table.series.push(TableSeries {
            name: name.to_owned(),
            times: Vec::with_capacity(points),
            values: Vec::with_capacity(points),
        });
        Ok(number)
    }

    fn time(&mut self, field: &Field<'_>) -> std::result::Result<u32, Malformed> {
        let text = named("time", field)?;
        let next = self.last.1 + 1;
        if self.table.times.get(next as usize).is_some_and(|time| time == text) {
            return Ok(next);
        }
        if let Some(known) = self.known_times.get(text) {
            return Ok(*known);
        }
        let instant = nanoseconds(text).ok_or_else(|| {
            let message = format!(
                "time `{text}` is none; write it as 2026-01-02T03:04:05Z, 2026-01-02 03:04:05, 2026-01-02, or as a number"
            );
            (field.column, message)
        })?;
        let number = u32::try_from(self.instants.len()).map_err(|_| {
            (
                field.column,
                "more than 4 billion different times; split the file".to_owned(),
            )
        })?;
        self.known_times.insert(text.to_owned(), number);
        self.table.times.push(text.to_owned());
        self.instants.push(instant);
        Ok(number)
    }

    fn finish(mut self) -> SeriesTable {
        if self.table.disordered {
            for series in &mut self.table.series {
                let mut points: Vec<_> = series
                    .times
                    .iter()
                    .copied()
                    .zip(series.values.iter().copied())
                    .collect();
                points.sort_by_key(|(time, _)| self.instants[*time as usize]);
                (series.times, series.values) = points.into_iter().unzip();
            }
        }
        if !self.instants.is_sorted() {
            self.sort_times();
        }
        self.table
    }

    /// Brings the times into their order; until now they are in that of their first lines.
    fn sort_times(&mut self) {
        let times = &mut self.table.times;
        let mut order: Vec<usize> = (0..times.len()).collect();
        order.sort_by_key(|time| self.instants[*time]);
        let mut places = vec![0; times.len()];
        for (place, time) in (0..).zip(&order) {
            places[*time] = place;
        }
        *times = order.iter().map(|time| std::mem::take(&mut times[*time])).collect();
        for time in self.table.series.iter_mut().flat_map(|series| &mut series.times) {
            *time = places[*time as usize];
        }
    }
}

fn named<'a>(what: &str, field: &'a Field<'_>) -> std::result::Result<&'a str, Malformed> {
    let text = field.text.trim();
    if text.is_empty() {
        return Err((field.column, format!("no {what}; every line needs one")));
    }
    if text.len() > LONGEST && text.chars().count() > LONGEST {
        let message = format!("{what} `{text}` has more than {LONGEST} characters; shorten it");
        return Err((field.column, message));
    }
    Ok(text)
}

/// A finite value; not a number where there is none.
fn value(field: &Field<'_>) -> std::result::Result<f64, Malformed> {
    let text = field.text.trim();
    if text.is_empty() {
        return Ok(f64::NAN);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Ok(f64::NAN),
        Err(_) => {
            let message =
                format!("value `{text}` is no number; write it as 12.5 or 1.25e1, and leave out what is missing");
            Err((field.column, message))
        }
    }
}
