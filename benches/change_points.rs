//! The time of one call that looks for change points as apache-otava does, for `scripts/measure-history`: on one thread,
//! without reading and printing.
//!
//! ```sh
//! cargo bench --bench change_points -- FILE.csv
//! ```
#![expect(clippy::print_stderr, clippy::print_stdout, reason = "a person or a script reads it")]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use onpar::record::SeriesTable;
use onpar::stats::{Detector, Method, Settings};

/// Prints the median over the series of a table as JSON.
fn main() {
    let Some(file) = std::env::args().skip(1).find(|word| word.ends_with(".csv")) else {
        return eprintln!("name a table with the columns series,time,value");
    };
    let table = SeriesTable::read(Path::new(&file)).expect("a table");
    let mut seconds: Vec<f64> = table.series.iter().map(|series| seconds(&series.values)).collect();
    seconds.sort_by(f64::total_cmp);
    println!("{{\"seconds_per_series\":{}}}", seconds[seconds.len() / 2]);
}

fn seconds(values: &[f64]) -> f64 {
    let began = Instant::now();
    black_box(Detector::new(Settings::of(Method::Otava)).find(black_box(values)));
    began.elapsed().as_secs_f64()
}
