//! Tables of runs: whatever is in one, reading ends in a table that can be compared with itself, or in an error with a
//! place that can be printed.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use onpar::compare::{Side, compare};
use onpar::judge::Rule;
use onpar::record::RunTable;

fuzz_target!(|data: &[u8]| {
    match RunTable::parse(Path::new("runs.csv"), data) {
        Ok(table) => {
            let rows = table.cases.iter().map(|case| case.values.len()).sum::<usize>();
            let lines = data.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            assert_eq!(rows + 1, lines.count(), "a line was dropped");
            let sides = [Side::of_table(table.clone()), Side::of_table(table)];
            let rule = Rule {
                margin: 0.1,
                alpha: 0.05,
            };
            let comparison = compare(sides, rule).expect("a table has cases");
            let _ = onpar::report::compare::text(&comparison);
            let _ = onpar::report::compare::document(&comparison);
            let _ = onpar::report::compare::picture(&comparison).draw();
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("runs.csv:"));
            assert!(!message.contains(char::is_control) && message.len() < 5000);
        }
    }
});
