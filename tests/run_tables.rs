//! Tables of runs that other programs wrote: what is read of them, and what a malformed one is told.

use std::io::Read as _;
use std::path::Path;

use onpar::record::{Quantity, RunTable, RunValue, TableCase};

fn read(text: &[u8]) -> Result<RunTable, String> {
    RunTable::parse(Path::new("runs.csv"), text).map_err(|error| error.to_string())
}

fn values(table: &RunTable) -> Vec<(&str, &str, f64)> {
    let run = |value: &RunValue| table.runs[value.run as usize].as_str();
    let of_case = |case| {
        let TableCase { name, values, .. }: &TableCase = case;
        values.iter().map(move |value| (name.as_str(), run(value), value.value))
    };
    table.cases.iter().flat_map(of_case).collect()
}

#[test]
fn columns_may_stand_in_any_order_and_runs_be_any_words() {
    let table = read(b"run,seconds,case\nmonday,0.5,b\ntuesday,2e-3,a\nmonday,1.25,a\n").expect("a table");
    assert_eq!(table.quantity, Quantity::Seconds);
    assert_eq!(table.runs, ["monday", "tuesday"]);
    let expected = [("b", "monday", 0.5), ("a", "tuesday", 2e-3), ("a", "monday", 1.25)];
    assert_eq!(values(&table), expected);
}

#[test]
fn marks_line_ends_blanks_and_quotes_do_not_matter() {
    let plain = read(b"case,run,rate\na,1,2.5\n\"b, c\",1,3\n").expect("a table");
    assert_eq!(plain.quantity, Quantity::Rate);
    for other in [
        &b"\xef\xbb\xbfcase,run,rate\r\na,1,2.5\r\n\"b, c\",1,3\r\n"[..],
        b"case, run, rate\n a ,1, 2.5\n\n\"b, c\",\"1\",3",
        b"\"case\",\"run\",\"rate\"\na,1,+2.50e0\n   \n\"b, c\",1,3\r\n\r\n",
    ] {
        assert_eq!(values(&read(other).expect("a table")), values(&plain));
    }
}

#[test]
fn a_case_of_the_grammar_has_one_spelling() {
    let text = "case,run,seconds\n\"matmul/f32/nn/n=3,m=2,k=1/hot\",1,1\n\"matmul/f32/nn/k=1,m=2,n=3/hot\",2,1\n";
    let table = read(text.as_bytes()).expect("a table");
    assert_eq!(table.cases.len(), 1);
    assert_eq!(table.cases[0].name, "matmul/f32/nn/k=1,m=2,n=3/hot");
}

#[test]
fn other_columns_say_what_was_measured_or_are_named() {
    let text =
        b"case,run,seconds,device,software,suite,clock\na,1,1,A chip,torch 2,s,wall\nb,1,1,A chip,torch 2,,wall\n";
    let table = read(text).expect("a table");
    assert_eq!(table.device.as_deref(), Some("A chip"));
    assert_eq!(table.software.as_deref(), Some("torch 2"));
    assert_eq!(table.cases[0].suite.as_deref(), Some("s"));
    assert_eq!(table.cases[1].suite, None);
    assert_eq!(table.unknown_columns, ["clock"]);
}

const HEAD: &str = "case,run,seconds\n";

fn in_row(row: &str) -> Vec<u8> {
    [HEAD, row].concat().into_bytes()
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Holds each text to be refused at a place and for a reason; every message begins with file, line and column.
fn assert_told(cases: Vec<(Vec<u8>, &str, &str)>) {
    for (text, place, message) in cases {
        let shown = String::from_utf8_lossy(&text[..text.len().min(60)]).into_owned();
        let Err(error) = read(&text) else {
            panic!("{shown:?} is read")
        };
        assert!(error.starts_with(&format!("runs.csv:{place}: ")), "{shown:?}: {error}");
        assert!(error.contains(message), "{shown:?}: {error}");
        assert!(
            error.chars().count() < 700 && !error.contains(char::is_control),
            "{error:?}"
        );
    }
}

#[test]
fn a_malformed_header_is_told_by_line_and_column() {
    assert_told(vec![
        (b"".to_vec(), "1:1", "the file is empty"),
        (b"\n".to_vec(), "1:1", "no column `case`"),
        (HEAD.as_bytes().to_vec(), "2:1", "no line follows the header"),
        (b"case,run,seconds".to_vec(), "2:1", "no line follows the header"),
        (b"case,seconds\na,1\n".to_vec(), "1:13", "no column `run`"),
        (b"run,seconds\n1,1\n".to_vec(), "1:12", "no column `case`"),
        (b"case,run\na,1\n".to_vec(), "1:9", "no column `seconds` or `rate`"),
        (b"case;run;seconds\na;1;1\n".to_vec(), "1:17", "separated by commas"),
        (b"a,1,0.5\n".to_vec(), "1:8", "no column `case`"),
        (
            b"case,run,seconds,rate\na,1,1,1\n".to_vec(),
            "1:18",
            "both `seconds` and `rate`",
        ),
        (b"case,run,run,seconds\n".to_vec(), "1:10", "a second column `run`"),
    ]);
}

#[test]
fn a_malformed_line_is_told_by_line_and_column() {
    assert_told(vec![
        (in_row("a,1,NaN\n"), "2:5", "is not a number"),
        (in_row("a,1,inf\n"), "2:5", "is too large"),
        (in_row("a,1,-inf\n"), "2:5", "is not positive"),
        (in_row("a,1,1e999\n"), "2:5", "is too large"),
        (in_row("a,1,1e-999\n"), "2:5", "is not positive"),
        (in_row("a,1,1e-200\n"), "2:5", "is too small"),
        (in_row("a,1,0\n"), "2:5", "is not positive"),
        (in_row("a,1,-0.5\n"), "2:5", "is not positive"),
        (in_row("a,1,fast\n"), "2:5", "is not a number"),
        (in_row("a,1,\n"), "2:5", "is not a number"),
        (in_row("a,1,1 ms\n"), "2:5", "is not a number"),
        (in_row("a,1,0x1p3\n"), "2:5", "is not a number"),
        (in_row("a,1,0,5\n"), "2:7", "with a decimal point"),
        (in_row("a,1\n"), "2:4", "expected `seconds` here"),
        (in_row("a,1,1,\n"), "2:7", "4 fields where the header has 3"),
        (in_row(",1,1\n"), "2:1", "case is empty"),
        (in_row("a, ,1\n"), "2:3", "run is empty"),
        (in_row("a,1,1\nb,1,1\na,1,2\n"), "4:3", "a second value for run `1`"),
        (in_row("\u{e9},1,1\n\u{e9}, 1 ,2\n"), "3:3", "after that in line 2"),
        (
            b"case,run,seconds,device\na,1,1,A\nb,1,1,B\n".to_vec(),
            "3:7",
            "another device than in the lines above",
        ),
        (
            b"case,run,seconds,suite\na,1,1,s\na,2,1,t\n".to_vec(),
            "3:7",
            "another suite than in line 2",
        ),
    ]);
}

#[test]
fn what_is_no_text_of_a_table_is_told_by_line_and_column() {
    assert_told(vec![
        (b"case,run,\"seconds\n".to_vec(), "1:10", "never closed"),
        (in_row("\"a,1,1\n"), "2:1", "never closed"),
        (in_row("\"a\nb\",1,1\n"), "2:1", "never closed"),
        (in_row("a\"b,1,1\n"), "2:1", "a quote inside an unquoted field"),
        (in_row("\"a\"b,1,1\n"), "2:4", "text after a closing quote"),
        (in_row("a,1\0,1\n"), "2:4", "a NUL byte"),
        (in_row("a\u{1b}[2J,1,1\n"), "2:1", "a control character in case"),
        (in_row("a,1,1\rb,1,1\n"), "2:6", "a carriage return inside a line"),
        (
            b"case,run,seconds\ra,1,1\r".to_vec(),
            "1:17",
            "end lines with a line feed",
        ),
        (
            utf_16("case,run,seconds\na,1,1\n"),
            "1:2",
            "a NUL byte: the file is UTF-16",
        ),
        (utf_16("\u{feff}case,run,seconds\na,1,1\n"), "1:1", "the file is UTF-16"),
        ([HEAD.as_bytes(), b"\xe9\xff,1,1\n"].concat(), "2:1", "not UTF-8"),
        (
            in_row(&format!("{},1,1\n", "x".repeat(5_000_000))),
            "2:1",
            "more than 1048576 bytes",
        ),
        (
            in_row(&format!("a,{},1\n", "x".repeat(5_000_000))),
            "2:3",
            "more than 1048576 bytes",
        ),
        (
            in_row(&format!("a,{},1\n", "x".repeat(500))),
            "2:3",
            "more than 200 characters",
        ),
    ]);
}

#[test]
fn nothing_is_dropped_from_a_large_table() {
    let lines = (0..50_000).map(|i| format!("case-{},run {},{}\n", i / 20, i % 20, 1 + i));
    let text: String = std::iter::once("case,run,seconds\n".to_owned()).chain(lines).collect();
    // In pieces, as a file comes.
    let pieces = std::io::BufReader::with_capacity(7, text.as_bytes().take(u64::MAX));
    let table = RunTable::parse(Path::new("runs.csv"), pieces).expect("a table");
    assert_eq!((table.cases.len(), table.runs.len()), (2500, 20));
    let sum: f64 = values(&table).iter().map(|(.., value)| value).sum();
    assert_eq!(sum, 50_000.0 * 50_001.0 / 2.0);
}
