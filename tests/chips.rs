//! `onpar chips`, driven as a program.

use std::path::Path;

use onpar::published::{Published, Table};
use serde_json::Value;

#[path = "common/own.rs"]
mod own;
#[path = "common/program.rs"]
mod program;

use own::own_file;
use program::Verb;

const CHIPS: Verb = Verb("chips");

fn folder(tables: &[Table]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for table in tables {
        std::fs::write(folder.path().join(table.file_name()), own_file(*table)).expect("written");
    }
    folder
}

fn name(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn the_list_fits_eighty_columns_and_says_how_each_number_stands() {
    let list = CHIPS.prints(&[]);
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    let line = |id: &str| {
        let line = list.lines().find(|line| line.split(' ').next() == Some(id));
        line.expect(id).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("nvidia-h20-96gb"), "nvidia-h20-96gb H20 44 148 296 4 96");
    assert_eq!(
        line("thead-zhenwu-810e"),
        "thead-zhenwu-810e Zhenwu 810E - - none >=1.57* 96-103"
    );
    assert_eq!(
        line("kunlunxin-p800"),
        "kunlunxin-p800 Kunlun P800 125? 250-345? - 1.6-2.4? 96-103"
    );
    assert_eq!(line("google-tpu-v5e"), "google-tpu-v5e TPU v5e none 197b none 0.82 16");
    assert!(list.ends_with("Sources: `onpar chips show ID`.\n"));
}

#[test]
fn show_prints_every_figure_with_its_source_and_why_it_is_rejected() {
    let text = CHIPS.prints(&["show", "nvidia-h20-96gb"]);
    for part in [
        "memory bandwidth        4 TB/s",
        "400-550 W?",
        "LMSYS / Ant Group; operator_statement",
        "https://lmsys.org/",
        "Rejected figures",
        "132: rejected, per card",
        "H100 value; an NVIDIA repository and Geekbench both say 78.",
        "article-zhenwu-vs-h20: thead-zhenwu-ppu on par nvidia-h20-96gb (training)",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let text = CHIPS.prints(&["show", "thead-zhenwu-810e"]);
    for part in [
        "fp8 matrix: absent.",
        "Searched for and not found",
        "peak compute bf16: No vendor figure.",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

#[test]
fn show_holds_every_figure_of_the_chip() {
    let published = Published::embedded();
    for chip in published.chips.iter().step_by(19) {
        let shown = CHIPS.json(&["show", &chip.id, "--json"]);
        let shown = shown["figures"].as_array().expect("figures");
        let ids = shown.iter().map(|figure| figure["id"].as_str().expect("an id"));
        assert!(
            ids.eq(published.figures_of(&chip.id).map(|figure| figure.id.as_str())),
            "{}",
            chip.id
        );
    }
}

#[test]
fn an_unknown_chip_is_a_usage_error_that_names_near_ones() {
    for args in [
        &["show", "nvidia-h2O-96gb"][..],
        &["diff", "nvidia-h20-96gb", "h20-141gb"],
    ] {
        let ended = CHIPS.run(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        let error = ended.err;
        assert!(
            error.contains("unknown chip") && error.contains("did you mean nvidia-h20-"),
            "{error}"
        );
    }
}

#[test]
fn json_keeps_unknown_apart_from_zero() {
    let shown = CHIPS.json(&["show", "thead-zhenwu-810e", "--json"]);
    let cells = shown["cells"].as_array().expect("cells");
    let find = |metric: &str, precision: &str| {
        let is =
            |cell: &&Value| cell["metric"] == metric && cell["precision"].as_str().unwrap_or_default() == precision;
        cells.iter().find(is).expect("the cell")
    };
    let bandwidth = find("memory_bandwidth", "");
    assert_eq!(bandwidth["state"], "at_least");
    assert_eq!(bandwidth["shown"]["low"], 1_569_800_000_000.0);
    assert_eq!(bandwidth["shown"]["high"], Value::Null);
    assert_eq!(bandwidth["deciding"]["low"], Value::Null);
    assert_eq!(find("peak_compute", "fp8")["state"], "unsupported");
    assert_eq!(find("peak_compute", "bf16")["state"], "unpublished");
    let source = bandwidth["sources"][0].as_str().expect("a source");
    assert!(
        shown["sources"][source]["url"]
            .as_str()
            .expect("an address")
            .starts_with("https://")
    );
}

#[test]
fn csv_has_units_in_its_columns_and_nothing_for_unknown() {
    let text = CHIPS.prints(&["--csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|column| column == name).expect(name);
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 152);
    let zhenwu = rows.iter().find(|row| &row[0] == "thead-zhenwu-810e").expect("the row");
    assert_eq!(&zhenwu[column("memory_bandwidth_low_byte_per_s")], "1569800000000");
    assert_eq!(&zhenwu[column("memory_bandwidth_high_byte_per_s")], "");
    assert_eq!(&zhenwu[column("fp8_state")], "unsupported");
    assert_eq!(&zhenwu[column("fp16_low_op_per_s")], "");
}

#[test]
fn diff_sets_two_chips_side_by_side_with_numbered_sources() {
    let text = CHIPS.prints(&["diff", "nvidia-h20-96gb", "kunlunxin-p800"]);
    assert!(
        text.contains("4 TB/s [3,4,10]") && text.contains("1.6-2.4 TB/s? ["),
        "{text}"
    );
    assert!(text.contains("\n[3] flash-attention-peak-table: Dao-AILab"), "{text}");
    let value = CHIPS.json(&["diff", "nvidia-h20-96gb", "kunlunxin-p800", "--json"]);
    let pairs = value["cells"].as_array().expect("cells");
    assert!(pairs.iter().all(|pair| pair["a"]["metric"] == pair["b"]["metric"]));
    let rows = CHIPS.prints(&["diff", "nvidia-h20-96gb", "kunlunxin-p800", "--csv"]);
    assert_eq!(rows.lines().count(), pairs.len() + 1);
}

#[test]
fn a_chip_against_itself_differs_nowhere() {
    let value = CHIPS.json(&["diff", "nvidia-h20-96gb", "nvidia-h20-96gb", "--json"]);
    assert!(
        value["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .all(|pair| pair["a"] == pair["b"])
    );
}

#[test]
fn check_counts_the_rows_and_says_clean() {
    let text = CHIPS.prints(&["check"]);
    assert!(text.starts_with("chips 152, sources 164, figures 1253, "), "{text}");
    assert!(text.ends_with("\nclean\n"), "{text}");
    assert_eq!(CHIPS.prints(&["check", "published"]), text);
    assert_eq!(CHIPS.json(&["check", "--json"])["clean"], true);
}

#[test]
fn check_lists_every_problem_with_its_place() {
    let folder = folder(&[Table::Chips, Table::Support]);
    let figures = own_file(Table::Chips)
        .replace("shipping", "sold")
        .replace("DE,announced", "D,announced");
    std::fs::write(folder.path().join("chips.csv"), figures).expect("written");
    let ended = CHIPS.run(&["check", name(folder.path())]);
    assert_eq!(ended.code, Some(2));
    let text = ended.out;
    let places: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix(name(folder.path()))?[1..].split(": ").next())
        .collect();
    let expected = [
        "chips.csv:2:21",
        "chips.csv:3:14",
        "support.csv:2:21",
        "support.csv:3:22",
    ];
    assert_eq!(places, expected, "{text}");
    assert!(text.ends_with("\n4 problems\n"), "{text}");
    let value = CHIPS.run(&["check", name(folder.path()), "--json"]).json();
    assert_eq!(value["problems"][1]["column"], 14);
}

#[test]
fn data_of_ones_own_is_laid_over_and_marked() {
    let folder = folder(&[Table::Chips, Table::Sources, Table::Figures]);
    let text = CHIPS.prints(&["show", "own-b", "--published", name(folder.path())]);
    assert!(
        text.contains("from your own data") && text.contains("1-1.1 kB/s"),
        "{text}"
    );
    let list = CHIPS.prints(&["--published", name(folder.path())]);
    assert!(list.contains("nvidia-h20-96gb") && list.contains("\nown-a "), "{list}");
}

#[test]
fn a_missing_folder_is_named() {
    let ended = CHIPS.run(&["--published", "no-such-folder"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("no-such-folder: cannot read the folder"),
        "{}",
        ended.err
    );
}
