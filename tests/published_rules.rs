//! Every rule of the data files: broken once, it is told once, with file, line, column and the remedy.
//!
//! A small data set of the user's own is laid over the embedded one, and each test breaks one thing in it. The expected
//! place is given as the line and the text that stands at the column, so that the test finds the column by itself.

use onpar::published::Table::{Chips, Claims, Figures, Measured, Sources, Support};
use onpar::published::{DataFile, Origin, Table, embedded_files, load};

#[path = "common/own.rs"]
mod common;

use common::own_file;

fn problems_of(broken: Table, bytes: &[u8]) -> Vec<String> {
    let mut files = embedded_files();
    files.extend(Table::ALL.map(|table| DataFile {
        table,
        name: table.file_name(),
        origin: Origin::User,
        bytes: if table == broken {
            bytes.to_vec()
        } else {
            own_file(table).into_bytes()
        },
    }));
    load(&files).problems.iter().map(ToString::to_string).collect()
}

/// Replaces `from` by `to` in one file and holds that exactly one problem comes of it: in that line, at the column
/// where `field` stands at the start of a field, and with `part` in its message.
#[track_caller]
fn breaks(table: Table, from: &str, to: &str, line: usize, field: &str, part: &str) {
    let text = own_file(table);
    assert!(text.contains(from), "{from:?} is not in {text}");
    let text = text.replacen(from, to, 1);
    let problems = problems_of(table, text.as_bytes());
    let [problem] = problems.as_slice() else {
        panic!("expected one problem, got {problems:#?}");
    };
    let place = format!("{}:{line}:{}: ", table.file_name(), column_of(&text, line, field));
    let told = problem
        .strip_prefix(&place)
        .is_some_and(|message| message.contains(part));
    assert!(told, "expected {place}... {part}\ngot {problem}");
}

/// Breaks one file after the other in the ways of a table: file, from, to, line, field, part of the message. `\n` and
/// `\t` are what they are in Rust, `\s` is a space at an end.
#[track_caller]
fn each_breaks(ways: &str) {
    for way in ways.lines().map(str::trim).filter(|way| !way.is_empty()) {
        let cells: Vec<_> = way.split('|').map(|cell| unescape(cell.trim())).collect();
        let [file, from, to, line, field, part] = cells.as_slice() else {
            panic!("six columns are needed: {way}");
        };
        let table = Table::ALL
            .into_iter()
            .find(|table| table.name() == file)
            .expect("a table");
        breaks(table, from, to, line.parse().expect("a line number"), field, part);
    }
}

fn unescape(cell: &str) -> String {
    cell.replace("\\n", "\n").replace("\\t", "\t").replace("\\s", " ")
}

/// The column, in characters from 1, of the last place in a line where a field starts with `field`.
fn column_of(text: &str, line: usize, field: &str) -> usize {
    let line = text.lines().nth(line - 1).expect("the line is there");
    let starts = |at: &usize| *at == 0 || line[..*at].ends_with([',', '"']);
    let found = line.match_indices(field).map(|(at, _)| at).filter(starts).last();
    line[..found.expect("the field is there")].chars().count() + 1
}

#[track_caller]
fn tells(table: Table, bytes: &[u8], expected: &str) {
    let problems = problems_of(table, bytes);
    assert!(
        matches!(problems.as_slice(), [only] if only.contains(expected)),
        "expected {expected}\ngot {problems:#?}"
    );
}

#[test]
fn unbroken_files_have_no_problem() {
    let chips = own_file(Table::Chips);
    assert_eq!(problems_of(Table::Chips, chips.as_bytes()), [""; 0]);
}

mod form {
    use super::*;

    #[test]
    fn carriage_return() {
        let text = own_file(Support).replace('\n', "\r\n");
        tells(Support, text.as_bytes(), "support.csv:1:50: carriage return");
    }

    #[test]
    fn byte_order_mark() {
        let text = format!("\u{feff}{}", own_file(Support));
        tells(Support, text.as_bytes(), "support.csv:1:1: byte order mark");
    }

    #[test]
    fn final_newline() {
        let text = own_file(Support);
        let expected = "support.csv:3:40: no newline at the end";
        tells(Support, text.trim_end().as_bytes(), expected);
    }

    #[test]
    fn utf8() {
        let mut bytes = own_file(Support).into_bytes();
        let at = bytes.len() - 3;
        bytes[at] = 0xff;
        tells(Support, &bytes, "support.csv:3:38: not UTF-8");
    }

    #[test]
    fn header() {
        each_breaks(
            r"
            support | engine | motor | 1 | motor | the header differs here
            support | chip_id, | | 1 | precision | the header differs here
            support | ,note\n | ,note,more\n | 1 | more | the header differs here
            ",
        );
        tells(
            Support,
            b"\n",
            "support.csv:1:1: the header differs here; expected `chip_id,precision,",
        );
        tells(Support, b"chip_id\n", "support.csv:1:8: the header differs here");
    }

    #[test]
    fn column_count() {
        let text = own_file(Support).replace("own-a,fp8,", "own-a,");
        tells(Support, text.as_bytes(), "support.csv:2:34: 5 columns instead of 6");
        breaks(Support, "Absent.", "Absent,yes.", 2, "yes.", "7 columns instead of 6");
        let text = own_file(Support).replace("\nown-b", "\n\nown-b");
        tells(Support, text.as_bytes(), "support.csv:3:1: 1 columns instead of 6");
    }

    #[test]
    fn quotes() {
        each_breaks(
            r#"
            support | Absent. | "Absent. | 2 | "Absent. | this quote is never closed
            support | Absent. | "Ab"sent. | 2 | sent. | text after a closing quote
            support | Absent. | Ab"sent. | 2 | Ab"sent. | a quote inside an unquoted field
        "#,
        );
    }

    #[test]
    fn stray_white_space() {
        each_breaks(
            r"
            support | Absent. | Absent.\s | 2 | Absent.\s | stray white space or control character in note
            support | Absent. | Ab\tsent. | 2 | Ab\tsent. | stray white space or control character in note
        ",
        );
    }
}

mod keys {
    use super::*;

    #[test]
    fn sort_order() {
        each_breaks(
            r"
            claims | own-claim, | own-claim-3, | 3 | own-claim-2 | `own-claim-2` belongs further up
            support | own-a,fp8 | own-b,int8 | 3 | own-b | `own-b, fp8, matrix` belongs further up
        ",
        );
    }

    #[test]
    fn duplicate_keys() {
        each_breaks(
            r"
            unpublished | own-b,tdp,,Searched. | own-b,tdp,,Searched.\nown-b,tdp,,Searched. | 4 | own-b | duplicate key `own-b, tdp, , Searched.`, first in line 3
            support | own-b,fp8 | own-a,fp8 | 3 | own-a | duplicate key `own-a, fp8, matrix`
        ",
        );
    }

    #[test]
    fn malformed_ids() {
        each_breaks(
            r"
            claims | own-claim, | Own-claim, | 2 | Own-claim | malformed id `Own-claim`
            measured | own-m-rate | own--m-rate | 2 | own--m | malformed id
            figures | own-a-bw-own-sheet | own-a- | 2 | own-a-, | malformed id
        ",
        );
    }

    #[test]
    fn unknown_chips() {
        each_breaks(
            r"
            figures | ,own-a, | ,own-c, | 2 | own-c | chip_id: `own-c` is not in chips.csv (did you mean `own-a`?)
            support | \nown-b | \nown-c | 3 | own-c | chip_id: `own-c` is not in chips.csv (did you mean `own-a`?)
            unpublished | \nown-b | \nown-c | 3 | own-c | chip_id: `own-c` is not in chips.csv (did you mean `own-a`?)
            measured | ,own-a, | ,own-c, | 2 | own-c | chip_id: `own-c` is not in chips.csv (did you mean `own-a`?)
            claims | ,own-a, | ,own-c, | 2 | own-c | subject_chip_id: `own-c` is not in
            claims | ,own-b, | ,own-c, | 2 | own-c | reference_chip_id: `own-c` is not in
        ",
        );
    }

    #[test]
    fn unknown_sources() {
        for table in [Figures, Support, Claims, Measured] {
            let message = "source_id: `gone` is not in sources.csv";
            breaks(table, ",own-sheet,", ",gone,", 2, "gone", message);
        }
    }

    #[test]
    fn a_bad_word_does_not_make_its_id_unknown() {
        each_breaks(
            r"
            chips | shipping | sold | 2 | sold | `sold` is not one of shipping, announced, rumoured
        ",
        );
    }
}

mod vocabularies {
    use super::*;

    #[test]
    fn every_closed_column_lists_its_words() {
        each_breaks(
            r"
            sources | datasheet | sheet | 2 | sheet | class: `sheet` is not one of datasheet,\s
            figures | memory_bandwidth | speed | 2 | speed | metric: `speed` is not one of peak_compute,\s
            figures | fp16,matrix | half,matrix | 3 | half | precision: `half` is not one of fp64,\s
            figures | fp16,matrix | fp16,core | 3 | core | engine: `core` is not one of matrix,\s
            figures | matrix,fp16 | matrix,fp32 | 3 | fp32 | `fp32` is not one of fp16, or empty
            figures | dense | thick | 3 | thick | sparsity: `thick` is not one of dense,\s
            figures | card | box | 2 | box | basis: `box` is not one of card,\s
            figures | accepted | sure | 2 | sure | standing: `sure` is not one of accepted,\s
            support | fp8 | eight | 2 | eight | precision: `eight` is not one of fp64,\s
            support | matrix | core | 2 | core | engine: `core` is not one of matrix,\s
            support | ,no, | ,nein, | 2 | nein | supported: `nein` is not one of yes, no
            unpublished | tdp | price | 2 | price | metric: `price` is not one of peak_compute,\s
            unpublished | tdp,, | tdp,half, | 2 | half | precision: `half` is not one of fp64,\s
            claims | multiple | better | 2 | better | relation: `better` is not one of on_par,\s
            claims | training | games | 2 | games | scope: `games` is not one of overall,\s
            claims | ,no, | ,nein, | 2 | nein | testable_as_worded: `nein` is not one of yes, no
            claims | vendor | fan | 2 | fan | claimant_class: `fan` is not one of vendor,\s
            measured | gemm | mm | 2 | mm | kernel: `mm` is not one of gemm,\s
            measured | fp16 | half | 2 | half | precision: `half` is not one of fp64,\s
            measured | throughput | speed | 2 | speed | metric: `speed` is not one of throughput,\s
            measured | accepted | sure | 2 | sure | standing: `sure` is not one of accepted,\s
        ",
        );
    }

    #[test]
    fn every_problem_of_a_row_is_told_at_once() {
        let text = own_file(Figures).replacen("1000,1000,byte/s,card", "1000,1e3,byte/s,box", 1);
        let problems = problems_of(Figures, text.as_bytes());
        let [number, word] = problems.as_slice() else {
            panic!("expected two problems, got {problems:#?}");
        };
        assert!(number.contains("high: `1e3` is not a plain number"), "{number}");
        assert!(word.contains("basis: `box` is not one of card"), "{word}");
    }
}

mod chips {
    use super::*;

    #[test]
    fn month_and_country() {
        each_breaks(
            r"
            chips | 2026-01 | 2026 | 2 | 2026 | announced: `2026` is not YYYY-MM
            chips | DE | Germany | 2 | Germany | maker_country: `Germany` is not a two-letter code
        ",
        );
    }

    #[test]
    fn patterns_are_plain_and_compile() {
        each_breaks(
            r"
            chips | Own A$ | Own (?!B) | 2 | Own ( | `(?` starts a look-around
            chips | Own A$ | Own (A | 2 | Own ( | not a regular expression
        ",
        );
    }

    #[test]
    fn a_pattern_may_not_take_the_adapter_of_another_chip() {
        each_breaks(
            r"
            chips | Own A$ | nvidia h20$ | 2 | nvidia h20$ | also matches `NVIDIA H20`, which is nvidia-h20-96gb
            chips | Own A$ | tegra | 2 | tegra | also matches `NVIDIA Tegra Orin (nvgpu)`, which is no chip
        ",
        );
    }

    /// The problems of the complete embedded set with another `chips.csv`.
    fn problems_with(change: impl FnOnce(&str) -> String) -> Vec<String> {
        let mut files = embedded_files();
        let chips = files.iter_mut().find(|file| file.table == Chips).expect("chips.csv");
        let text = std::str::from_utf8(&chips.bytes).expect("UTF-8");
        chips.bytes = change(text).into_bytes();
        load(&files).problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_pattern_matches_the_names_of_its_chip() {
        let problems = problems_with(|text| text.replace(",MI300X,", ",MI300X OAM,"));
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(
            problems[0].contains("adapter_match does not match `AMD Instinct MI300X`"),
            "{problems:#?}"
        );
    }

    #[test]
    fn every_pattern_of_a_complete_set_has_a_name_that_tests_it() {
        let untested = "zz-own,Own,,Own,DE,shipping,,Own,Untested.\n";
        let problems = problems_with(|text| format!("{text}{untested}"));
        assert_eq!(problems.len(), 1, "{problems:#?}");
        let expected = "published/chips.csv:154:30: adapter_match has no name in the self-test table ADAPTERS";
        assert!(problems[0].starts_with(expected), "{problems:#?}");
    }

    #[test]
    fn an_adapter_whose_chip_is_gone_is_told_at_the_header() {
        let gone = |line: &&str| !line.starts_with("moore-threads-s4000,");
        let problems = problems_with(|text| text.lines().filter(gone).map(|line| format!("{line}\n")).collect());
        let expected =
            "published/chips.csv:1:60: no row for `moore-threads-s4000`, the chip of the adapter `MTT S4000`";
        assert!(problems[0].starts_with(expected), "{problems:#?}");
        assert!(
            problems[1].contains("`moore-threads-s4000` is not in chips.csv"),
            "{problems:#?}"
        );
    }
}

mod sources {
    use super::*;

    #[test]
    fn addresses() {
        each_breaks(
            r"
            sources | https://own.example/a | ftp://own.example | 2 | ftp: | bad url `ftp://own.example`
            sources | https://own.example/a | https://own example | 2 | https: | bad url
        ",
        );
    }

    #[test]
    fn an_address_is_listed_once_and_a_source_is_cited() {
        let second = "own-sheet-2,Own,B,https://own.example/a,,en,press\n";
        let problems = problems_of(Sources, format!("{}{second}", own_file(Sources)).as_bytes());
        let [uncited, twice] = problems.as_slice() else {
            panic!("expected two problems, got {problems:#?}");
        };
        assert!(
            uncited.starts_with("sources.csv:3:1: source `own-sheet-2` is never cited"),
            "{uncited}"
        );
        assert!(
            twice.starts_with("sources.csv:3:19: url is listed twice; cite `own-sheet` instead"),
            "{twice}"
        );
    }

    #[test]
    fn a_source_says_who_printed_it_and_in_which_language() {
        each_breaks(
            r"
            sources | ,Own,A | ,,A | 2 | ,A sheet | publisher is missing
            sources | A sheet |  | 2 | ,https | title is missing
            sources | ,en, | ,eng, | 2 | eng | language: `eng` is not a two-letter code
        ",
        );
    }

    #[test]
    fn dates() {
        each_breaks(
            r"
            sources | 2026-01-02 | 2.1.2026 | 2 | 2.1.2026 | bad date `2.1.2026`
            claims | ,2026, | ,2026-1, | 2 | 2026-1 | bad date `2026-1`
            measured | ,2026, | ,26, | 2 | 26 | bad date `26`
        ",
        );
    }

    #[test]
    fn notes_are_plain_english() {
        each_breaks(
            r"
            chips | First. | Größe. | 2 | Größe. | non-English character in notes: `öß`
            figures | Printed. | ≥ 1. | 2 | ≥ | non-English character in note
            claims | It is faster. | Très. | 2 | Très. | non-English character in paraphrase
            claims | No workload. | Très. | 2 | Très. | non-English character in why_not_testable
        ",
        );
    }
}

mod claims {
    use super::*;

    #[test]
    fn an_empty_side_needs_an_explanation() {
        each_breaks(
            r"
            claims | own-b,on_par,,,training,yes,Own,vendor,own-sheet,2026,It is as fast.,,Ours. | ,on_par,,,training,yes,Own,vendor,own-sheet,2026,It is as fast.,, | 3 | ,on_par | reference_chip_id is empty without an explanation
        ",
        );
    }

    #[test]
    fn factors() {
        each_breaks(
            r"
            claims | multiple,2,3 | multiple,4,3 | 2 | 4,3 | factor_low > factor_high
            claims | multiple,2,3 | multiple,, | 2 | ,,training | a multiple needs a factor
            claims | multiple,2,3 | multiple,2x,3 | 2 | 2x | factor_low: `2x` is not a plain number
        ",
        );
    }

    #[test]
    fn testability_and_its_reason_go_together() {
        each_breaks(
            r"
            claims | No workload. |  | 2 | ,Ours. | why_not_testable must be given exactly where testable_as_worded is no
            claims | fast.,, | fast.,No metric., | 3 | No metric. | why_not_testable must be given exactly where testable_as_worded is no
        ",
        );
    }

    #[test]
    fn a_paraphrase_is_a_sentence() {
        each_breaks(
            r"
            claims | faster. | faster | 2 | It is | paraphrase is not a sentence
        ",
        );
    }
}

mod figures {
    use super::*;

    #[test]
    fn units_follow_metrics() {
        each_breaks(
            r"
            figures | byte/s | GB/s | 2 | GB/s | `GB/s` does not fit memory_bandwidth; write `byte/s`
            measured | ,op/s | ,s | 2 | s, | `s` does not fit throughput; write `op/s`
        ",
        );
    }

    #[test]
    fn ends() {
        each_breaks(
            r"
            figures | 1000,1000 | 1e3,1000 | 2 | 1e3 | low: `1e3` is not a plain number
            figures | 1000,1000 | , | 2 | ,,byte/s | neither low nor high
            figures | 1000,1000 | 1000.1,1000 | 2 | 1000.1 | low > high
            figures | 1000,1000 | 10000000000000000000001,10000000000000000000000 | 2 | 10000000000000000000001 | low > high
            figures | 1000,1000,byte/s,card | 0,,byte/s,card | 2 | 0,, | value is not positive
        ",
        );
    }

    #[test]
    fn engine_precision_and_sparsity_belong_to_peak_compute() {
        each_breaks(
            r"
            figures | bandwidth,,,, | bandwidth,,matrix,, | 2 | matrix | engine must be given exactly for peak_compute
            figures | fp32,vector,,,50 | fp32,,,dense,50 | 9 | ,,dense | engine must be given exactly for peak_compute
            figures | bandwidth,,,,, | bandwidth,fp16,,,, | 2 | fp16 | on a metric other than peak_compute
            figures | bandwidth,,,,, | bandwidth,,,,dense, | 2 | dense | on a metric other than peak_compute
            figures | fp32,vector | fp32,matrix | 9 | ,50,50 | sparsity missing
        ",
        );
    }

    #[test]
    fn notes_and_ids() {
        each_breaks(
            r"
            figures | accepted,Printed. | accepted, | 2 |  | note is empty
            figures | matrix,fp16,dense | matrix,,dense | 3 | ,dense | accumulator and the id disagree
            figures | matrix,,sparse | matrix,fp16,sparse | 4 | fp16,sparse | accumulator and the id disagree
            figures | fp16,matrix,fp16 | fp16,vector,fp16 | 3 | vector | an acc16 row must be a matrix rate
            figures | FP16 accumulate. | Fast. | 3 | Fast. | must say `FP16 accumulate`
            figures | own-a-peak-sparse- | own-a-peak- | 4 | own-a-peak- | a sparse row needs the part `-sparse-` in its id
        ",
        );
    }

    #[test]
    fn a_geforce_rate_names_its_accumulator() {
        each_breaks(
            r"
            figures | own-b-peak-own-sheet,own-b,peak_compute,fp32,vector,, | own-b-peak-own-sheet,nvidia-rtx-3090,peak_compute,fp8,matrix,,dense | 9 | Printed. | must name the accumulator, as `FP32 accumulate`
        ",
        );
    }
}

mod cells {
    use super::*;

    #[test]
    fn one_standing_per_cell() {
        each_breaks(
            r"
            figures | own-sheet,accepted,Printed.\nown-b-peak | own-sheet,disputed,Printed.\nown-b-peak | 8 | disputed | accepted and disputed rows in one cell: `own-b-bw-2-own-sheet` is accepted
        ",
        );
    }

    #[test]
    fn accepted_rows_agree_within_ten_percent() {
        each_breaks(
            r"
            figures | 1100,1100 | 1100,1101 | 8 | 1000,1000 | accepted rows differ by more than 10 percent: 1000 to 1101
            figures | 1100,1100 | 909,909 | 8 | 1000,byte/s | accepted rows differ by more than 10 percent: 909 to 1000
        ",
        );
    }

    #[test]
    fn values_keep_to_floors_and_ceilings() {
        each_breaks(
            r"
            figures | ,900,, | ,1150,, | 6 | 1150 | lies below the floor: 1100 < 1150
            figures | ,,1200, | ,,999, | 8 | 1000,1000 | lies above the ceiling: 1000 > 999
        ",
        );
    }
}

mod measured {
    use super::*;

    #[test]
    fn values_and_shapes() {
        each_breaks(
            r#"
            measured | time,2, | time,0, | 3 | 0,s | value is not positive
            measured | "m=10,n=10,k=10" | "m=10, n=10,k=10" | 2 | "m=10, n=10,k=10" | shape `m=10, n=10,k=10` is not canonical
            measured | accepted,Ours. | rejected, | 2 |  | rejected without a reason
        "#,
        );
    }

    #[test]
    fn a_rate_follows_from_the_time_of_its_run() {
        let message = "rate 1006 does not follow from the time of `own-m-time`, which gives 1000";
        breaks(Measured, "throughput,1000", "throughput,1006", 2, "1006", message);
        let rounded = own_file(Measured).replace("throughput,1000", "throughput,1004");
        assert_eq!(problems_of(Measured, rounded.as_bytes()), [""; 0]);
    }
}
