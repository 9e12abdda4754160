//! `onpar compare`, `import` and `merge`: what they print, how they end, and what they leave. The whole program, on tables
//! and on sessions of a scripted device.

#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};

use onpar::record::{JOURNAL, Provenance, Seal, Session};
use serde_json::{Value, json};

use program::{AFTER, BEFORE, Ended, FAILING, FMA, MATMUL, Stage, finish, onpar};

/// A folder for tables.
struct Tables(tempfile::TempDir);

impl Tables {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), text).expect("writes");
        self.path(name).display().to_string()
    }

    /// Cases with runs that scatter by half a percent around `centre` times the case's own value.
    fn runs(&self, name: &str, quantity: &str, cases: &[(&str, f64)], runs: usize) -> String {
        let mut text = format!("case,run,{quantity}\n");
        for (case, centre) in cases {
            for run in 0..runs {
                let scatter = 1.0 + 0.005 * ((run * 7 % 11) as f64 / 5.0 - 1.0);
                text += &format!("{case},r{run},{}\n", centre * scatter);
            }
        }
        self.write(name, text)
    }
}

fn compare(arguments: &[&str]) -> Ended {
    finish(&mut onpar(&[&["compare"], arguments].concat()))
}

fn verdicts(document: &Value) -> Vec<&str> {
    let cases = document["cases"].as_array().expect("cases");
    cases
        .iter()
        .map(|case| case["verdict"].as_str().expect("a verdict"))
        .collect()
}

#[test]
fn each_verdict_has_its_exit_status() {
    let tables = Tables::new();
    let b = tables.runs("b.csv", "seconds", &[("x", 1.0), ("y", 2.0)], 10);
    for (name, x, y, runs, verdict, code) in [
        ("same", 1.0, 2.0, 10, "on_par", 0),
        ("fast", 0.8, 1.6, 10, "ahead", 0),
        ("mixed", 0.8, 2.0, 10, "ahead", 0),
        ("slow", 1.3, 2.6, 10, "behind", 1),
        ("one", 1.0, 2.6, 10, "behind", 1),
        ("both", 0.8, 2.6, 10, "inconclusive", 1),
        ("edge", 1.1, 2.2, 10, "inconclusive", 3),
        ("few", 1.0, 2.0, 4, "inconclusive", 3),
    ] {
        let a = tables.runs(name, "seconds", &[("x", x), ("y", y)], runs);
        let ended = compare(&[&a, &b, "--json"]);
        assert_eq!(ended.json()["overall"]["verdict"], verdict, "{name}");
        assert_eq!(ended.code, Some(code), "{name}");
        let text = compare(&[&a, &b]);
        assert_eq!(text.code, Some(code), "{name}");
        let word = verdict.replace('_', " ").to_uppercase();
        assert!(text.out.contains(&format!("all together: {word}")), "{}", text.out);
        let ends = "About these two devices, not the two chips; and about these two sessions: what\nanother session would \
                    give is not in the intervals.\n";
        assert!(text.out.ends_with(ends), "{}", text.out);
        assert!(text.out.lines().all(|line| line.chars().count() <= 80), "{}", text.out);
    }
}

#[test]
fn the_document_has_the_keys_that_are_promised() {
    let tables = Tables::new();
    let a = tables.runs("a.csv", "seconds", &[("x", 1.02), ("y", 2.0), ("mine", 1.0)], 10);
    let b = tables.runs("b.csv", "seconds", &[("x", 1.0), ("y", 2.0), ("yours", 1.0)], 5);
    let document = compare(&[&a, &b, "--json", "--margin", "5%"]).json();
    assert_eq!(document["margin"], 0.05);
    let case = &document["cases"][0];
    assert_eq!(case["case"], "x");
    assert_eq!(case["runs"], json!([10, 5]));
    assert_eq!((&case["next_look"], &case["verdict"]), (&json!(10), &json!("on_par")));
    let number = |key: &str| case[key].as_f64().expect("a number");
    assert!(number("low") <= number("ratio") && number("ratio") <= number("high"));
    assert!((number("ratio") - 1.0 / 1.02).abs() < 0.005);
    assert_eq!(document["suites"][0]["cases"], json!(["x", "y"]));
    for key in ["ratio", "low", "high", "verdict"] {
        assert!(!document["overall"][key].is_null(), "{key}");
    }
    assert_eq!(document["only_a"], json!(["mine"]));
    assert_eq!(document["only_b"], json!(["yours"]));
    assert_eq!(document["a"]["unproved"], true);
}

#[test]
fn exchanging_the_sides_mirrors_the_document() {
    let tables = Tables::new();
    let cases = [("x", 1.0), ("y", 0.97), ("z", 3.0), ("w", 1.1)];
    let a = tables.runs("a.csv", "rate", &cases, 10);
    let b = tables.runs("b.csv", "rate", &[("x", 1.0), ("y", 1.0), ("z", 2.0), ("w", 1.0)], 10);
    let (ab, ba) = (compare(&[&a, &b, "--json"]).json(), compare(&[&b, &a, "--json"]).json());
    let mirrored = |word: &str| match word {
        "ahead" => "behind".to_owned(),
        "behind" => "ahead".to_owned(),
        other => other.to_owned(),
    };
    assert_eq!(verdicts(&ab), ["on_par", "on_par", "ahead", "inconclusive"]);
    let back: Vec<_> = verdicts(&ba).into_iter().map(mirrored).collect();
    assert_eq!(verdicts(&ab), back);
    for (one, other) in [("ratio", "ratio"), ("low", "high"), ("high", "low")] {
        for index in 0..4 {
            let value = |document: &Value, key: &str| document["cases"][index][key].as_f64().expect("a number");
            let (inverse, other) = (1.0 / value(&ab, one), value(&ba, other));
            assert!(inverse.to_bits().abs_diff(other.to_bits()) <= 2, "{inverse} {other}");
        }
    }
}

#[test]
fn more_is_faster_of_a_rate_and_slower_of_a_time() {
    let tables = Tables::new();
    for (quantity, verdict) in [("rate", "ahead"), ("seconds", "behind")] {
        let a = tables.runs("a.csv", quantity, &[("x", 2.0)], 10);
        let b = tables.runs("b.csv", quantity, &[("x", 1.0)], 10);
        assert_eq!(verdicts(&compare(&[&a, &b, "--json"]).json()), [verdict], "{quantity}");
    }
    let ended = compare(&[
        &tables.runs("a.csv", "rate", &[("x", 2.0)], 10),
        &tables.runs("b.csv", "seconds", &[("x", 2.0)], 10),
    ]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("the first side has rate"), "{}", ended.err);
}

#[test]
fn a_geometric_mean_is_of_the_cases_that_every_run_has() {
    let tables = Tables::new();
    let text = |x: &str| format!("case,run,seconds,suite\n{x}x,1,1,s\nx,2,1,s\ny,1,4,s\n");
    let a = tables.write("a.csv", text(""));
    let b = tables.write("b.csv", text("").replace("y,1,4,s\n", "y,1,4,s\ny,2,4,s\n"));
    let document = compare(&[&a, &b, "--json"]).json();
    assert_eq!(document["suites"][0]["suite"], "s");
    assert_eq!(document["suites"][0]["cases"], json!(["x"]));
    assert_eq!(document["suites"][0]["left_out"], json!(["y"]));
    assert_eq!(document["overall"]["ratio"], 1.0);
}

#[test]
fn what_cannot_be_read_ends_with_2_and_its_place() {
    let tables = Tables::new();
    let good = tables.runs("good.csv", "seconds", &[("x", 1.0)], 5);
    let bad = tables.write("bad.csv", "case,run,seconds\nx,1,NaN\n");
    for arguments in [[&bad, &good], [&good, &bad]] {
        let ended = compare(&arguments.map(String::as_str));
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        assert!(
            ended.err.contains("bad.csv:2:5: seconds: `NaN` is not a number"),
            "{}",
            ended.err
        );
    }
    let other = tables.runs("other.csv", "seconds", &[("y", 1.0)], 5);
    let ended = compare(&[&good, &other]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("no case is on both sides"), "{}", ended.err);
    assert_eq!(compare(&[&good, "nowhere.csv"]).code, Some(2));
    assert_eq!(compare(&[&good, &good, "--margin", "-1%"]).code, Some(2));
    assert_eq!(compare(&[&good, &good, "--alpha", "2"]).code, Some(2));
}

#[test]
fn every_malformed_table_ends_with_2_line_and_column() {
    let tables = Tables::new();
    let good = tables.runs("good.csv", "seconds", &[("x", 1.0)], 5);
    let rows = |rows: &str| format!("case,run,seconds\n{rows}").into_bytes();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (what, text, place) in [
        ("empty", Vec::new(), "1:1"),
        ("header only", rows(""), "2:1"),
        ("missing column", b"case,seconds\nx,1\n".to_vec(), "1:13"),
        ("NaN", rows("x,1,NaN\n"), "2:5"),
        ("infinity", rows("x,1,inf\n"), "2:5"),
        ("zero", rows("x,1,1\nx,2,0\n"), "3:5"),
        ("negative", rows("x,1,-1\n"), "2:5"),
        ("text", rows("x,1,fast\n"), "2:5"),
        ("duplicate run", rows("x,1,1\nx,1,1\n"), "3:3"),
        ("extra field", rows("x,1,1,1\n"), "2:7"),
        ("missing field", rows("x,1\n"), "2:4"),
        ("open quote", rows("\"x,1,1\nx,2,1\n"), "2:1"),
        ("NUL", rows("x,1,1\0\n"), "2:6"),
        ("UTF-16", utf_16("\u{feff}case,run,seconds\nx,1,1\n"), "1:1"),
        ("5 MB field", rows(&format!("x,{},1\n", "1".repeat(5_000_000))), "2:3"),
        ("1e999", rows("x,1,1e999\n"), "2:5"),
    ] {
        let bad = tables.write("bad.csv", text);
        let out = tables.path("out").display().to_string();
        for arguments in [
            &["compare", &bad, &good][..],
            &["compare", &good, &bad, "--json"],
            &["import", &bad, "--device", "X", "--out", &out],
        ] {
            let ended = finish(&mut onpar(arguments));
            assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{what}: {}", ended.err);
            assert!(
                ended.err.contains(&format!("bad.csv:{place}: ")),
                "{what}: {}",
                ended.err
            );
        }
        assert!(!tables.path("out").exists(), "{what}");
    }
}

#[test]
fn a_picture_names_cases_by_what_differs_and_counts_what_has_no_row() {
    let tables = Tables::new();
    let decode = |context: u32| format!("\"attention_decode/bf16/-/b=1,d=128,dv=128,hkv=8,hq=32,skv={context}/hot\"");
    let (short, long) = (decode(512), decode(1024));
    let runs = |name: &str, own: &str| {
        let cases = [
            (short.as_str(), 1.0),
            (&long, 2.0),
            ("copy/f32/-/n=64/cold", 1.0),
            (own, 1.0),
        ];
        tables.runs(name, "seconds", &cases, 5)
    };
    let picture = tables.path("ratios.svg");
    let ended = compare(&[
        &runs("a.csv", "mine"),
        &runs("b.csv", "yours"),
        "--plot",
        &picture.display().to_string(),
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("\ncopy f32 cold\n"), "{}", ended.out);
    let svg = std::fs::read_to_string(picture).expect("a picture");
    for words in [
        "attention_decode skv=512, bf16",
        "attention_decode skv=1024, bf16",
        "b=1, d=dv=128",
        "Only in B: 1, as yours.",
    ] {
        assert!(svg.contains(words), "{words}");
    }
}

/// The only session of a stage that measured these cases.
fn measured(cases: &Value, arguments: &[&str]) -> (Stage, String) {
    let stage = Stage::new(cases);
    stage.measure(&[BEFORE, FAILING, FMA, AFTER], arguments);
    let folder = stage.folder().display().to_string();
    (stage, folder)
}

#[test]
fn sessions_are_compared_run_by_run() {
    let (_a, first) = measured(&json!([]), &["--runs", "5"]);
    let (_b, second) = measured(&json!([{ "match": "f32", "speedup": 1e-4 }]), &["--runs", "5"]);
    let ended = compare(&[&first, &second, "--json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let document = ended.json();
    assert_eq!(verdicts(&document), ["ahead"; 4]);
    assert_eq!(document["cases"][0]["runs"], json!([5, 5]));
    assert_eq!(document["a"]["device"], "Scripted");
    assert_eq!(document["suites"][0]["suite"], "cases");
    assert_eq!(compare(&[&second, &first]).code, Some(1));
    let journal = format!("{first}/{JOURNAL}");
    let text = compare(&[&first, &journal]).out;
    assert!(text.contains("same session"), "{text}");
}

#[test]
fn one_run_is_never_enough() {
    let (_a, first) = measured(&json!([]), &[]);
    let (_b, second) = measured(&json!([{ "match": "f32", "speedup": 1e-4 }]), &[]);
    let document = compare(&[&first, &second, "--json"]).json();
    assert_eq!(verdicts(&document), ["inconclusive"; 4]);
    assert_eq!(document["cases"][0]["next_look"], 5);
    assert_eq!(document["cases"][0]["low"], Value::Null);
}

#[test]
fn rows_that_are_wrong_or_impossible_are_refused_with_the_reason() {
    let [first, second] = [
        json!([{ "match": "n=65/", "fault": "wrong" }, { "match": "matmul", "speedup": 1000.0 }]),
        json!([{ "match": "matmul", "speedup": 1000.0 }]),
    ]
    .map(|cases| {
        let stage = Stage::new(&cases);
        stage.measure(&[BEFORE, FAILING, FMA, MATMUL], &["--runs", "5"]);
        stage
    });
    let [first, second] = [&first, &second].map(|stage| stage.folder().display().to_string());
    let ended = compare(&[&first, &second, "--json"]);
    let document = ended.json();
    let refused = document["refused"].as_array().expect("a list");
    let why = |row: &Value| ["case", "side", "why"].map(|key| row[key].as_str().map(str::to_owned));
    let expected = [
        [FAILING, "a", "wrong"],
        [MATMUL, "a", "impossible"],
        [MATMUL, "b", "impossible"],
    ];
    assert_eq!(
        refused.iter().map(why).collect::<Vec<_>>(),
        expected.map(|row| row.map(|word| Some(word.to_owned())))
    );
    assert_eq!(document["overall"]["verdict"], "inconclusive");
    assert_eq!(ended.code, Some(3));
    let text = compare(&[&first, &second]).out;
    assert!(text.contains("refused"), "{text}");
}

#[test]
fn what_a_device_lacks_keeps_no_verdict_open() {
    let (_a, first) = measured(&json!([{ "match": "n=65/", "fault": "unsupported" }]), &["--runs", "5"]);
    let (_b, second) = measured(&json!([]), &["--runs", "5"]);
    let ended = compare(&[&first, &second, "--json"]);
    assert_eq!(ended.json()["refused"][0]["why"], "unsupported");
    assert_eq!(ended.code, Some(0));
}

#[test]
fn odd_rows_are_compared_only_on_request() {
    let stage = Stage::new(&json!([{ "match": "copy", "speedup": 1e-3, "jitter": [1.0, 1.2] }]));
    assert_eq!(stage.measure(&[BEFORE], &["--runs", "5"]).code, Some(0));
    let folder = stage.folder().display().to_string();
    let refused = compare(&[&folder, &folder, "--json"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert_eq!(refused.json()["refused"][0]["why"], "flagged");
    assert_eq!(refused.json()["overall"]["verdict"], "inconclusive");
    let told = compare(&[&folder, &folder]);
    assert!(
        told.out.contains("INCONCLUSIVE") && told.out.contains("flagged: bimodal"),
        "{}",
        told.out
    );
    let asked = compare(&[&folder, &folder, "--json", "--allow-flagged"]);
    assert_eq!(asked.code, Some(0), "{asked:?}");
}

fn import(arguments: &[&str]) -> Ended {
    finish(&mut onpar(&[&["import"], arguments].concat()))
}

/// The folders of the sessions below a folder.
fn sessions(below: &Path) -> Vec<PathBuf> {
    let found = onpar::record::journals(&[below.to_owned()]).expect("a folder");
    found
        .iter()
        .filter_map(|journal| journal.parent().map(Path::to_owned))
        .collect()
}

#[test]
fn an_imported_table_is_a_session_whose_rows_are_unproved() {
    let tables = Tables::new();
    let table = tables.runs(
        "a.csv",
        "seconds",
        &[(BEFORE, 1e-3), (AFTER, 2e-3), ("own/f32/-/n=1/hot", 1.0)],
        6,
    );
    let out = tables.path("out").display().to_string();
    let ended = import(&[&table, "--out", &out]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("--device NAME"), "{}", ended.err);

    let ended = import(&[&table, "--out", &out, "--device", "NVIDIA H20"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("imported, UNPROVED"), "{}", ended.out);
    assert!(!ended.out.contains("failed its self-test"), "{}", ended.out);
    let folder = &sessions(&tables.path("out"))[0];
    let session = Session::read(folder).expect("a session");
    assert_eq!(
        (session.header.provenance, session.seal),
        (Provenance::External, Seal::Valid)
    );
    assert_eq!(session.rows().count(), 18);
    for name in ["report.md", "rows.csv"] {
        let text = std::fs::read_to_string(folder.join(name)).expect("a file");
        assert!(text.contains("UNPROVED") || text.contains(",none,"), "{name}");
    }

    let folder = folder.display().to_string();
    let refused = compare(&[&folder, &table]);
    assert_eq!(refused.code, Some(3));
    assert!(refused.out.contains("--allow-unproved"), "{}", refused.out);
    assert!(refused.out.contains("INCONCLUSIVE (3 refused)"), "{}", refused.out);
    assert!(
        refused.out.contains("\nrefused of A (3), unproved: "),
        "{}",
        refused.out
    );
    let allowed = compare(&[&folder, &table, "--allow-unproved", "--json"]);
    assert_eq!(allowed.code, Some(0), "{allowed:?}");
    assert_eq!(allowed.json()["overall"]["ratio"], 1.0);
}

#[test]
fn a_table_that_makes_no_session_is_refused() {
    let tables = Tables::new();
    let out = tables.path("out").display().to_string();
    let rates = tables.runs("rates.csv", "rate", &[(BEFORE, 1.0)], 5);
    let ended = import(&[&rates, "--out", &out, "--device", "X"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("a session holds times"), "{}", ended.err);
    let named = tables.runs("named.csv", "seconds", &[(BEFORE, 1.0), ("my case", 1.0)], 5);
    let ended = import(&[&named, "--out", &out, "--device", "X"]);
    assert!(
        ended.err.contains("named.csv:7:1: case 'my case' has 1 parts"),
        "{}",
        ended.err
    );
    let other = tables.write("other.csv", format!("case,run,seconds,device\n{BEFORE},1,1,Y\n"));
    assert_eq!(import(&[&other, "--out", &out, "--device", "X"]).code, Some(2));
    assert!(!tables.path("out").exists());
    assert_eq!(import(&[&other, "--out", &out]).code, Some(0));
}

fn merge(from: &[&Path], out: &Path) -> Ended {
    let out = out.display().to_string();
    let from: Vec<String> = from.iter().map(|path| path.display().to_string()).collect();
    let mut arguments = vec!["merge", "--out", &out];
    arguments.extend(from.iter().map(String::as_str));
    finish(&mut onpar(&arguments))
}

#[test]
fn merging_is_a_union_that_can_be_done_again() {
    let (first, _) = measured(&json!([]), &[]);
    let (second, _) = measured(&json!([]), &[]);
    let target = tempfile::tempdir().expect("a folder");
    let from = [first.path("out"), second.path("out")];
    let from = [from[0].as_path(), from[1].as_path()];
    let ended = merge(&from, target.path());
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (Some(0), "2 added, 0 grown, 0 known, 0 in conflict, 0 left out\n")
    );
    let again = merge(&from, target.path());
    assert_eq!(again.out, "0 added, 0 grown, 2 known, 0 in conflict, 0 left out\n");
    let itself = merge(&[target.path()], target.path());
    assert_eq!(itself.out, again.out);
    for (stage, name) in [(&first, JOURNAL), (&second, "rows.csv")] {
        let folder = stage.folder();
        let there = sessions(target.path())
            .into_iter()
            .find(|there| there.file_name() == folder.file_name());
        let read = |folder: &Path| std::fs::read(folder.join(name)).expect("a file");
        assert_eq!(read(&there.expect("merged")), read(&folder));
    }
}

#[test]
fn a_beginning_gives_way_and_a_contradiction_stays_beside() {
    let (stage, folder) = measured(&json!([]), &[]);
    let whole = std::fs::read_to_string(Path::new(&folder).join(JOURNAL)).expect("a journal");
    let lines: Vec<&str> = whole.lines().collect();
    let tables = Tables::new();
    let part = |name: &str, text: String| {
        std::fs::create_dir(tables.path(name)).expect("a folder");
        std::fs::write(tables.path(name).join(JOURNAL), text).expect("writes");
        tables.path(name)
    };
    let beginning = part("beginning", lines[..3].join("\n") + "\n{\"kind\":\"row\",\"torn");
    let other = part("other", lines[..3].join("\n") + "\n" + lines[4] + "\n");
    let broken = part("broken", "{\"kind\":\"header\"}\n".to_owned());
    let target = tables.path("target");

    assert_eq!(
        merge(&[&beginning], &target).out,
        "1 added, 0 grown, 0 known, 0 in conflict, 0 left out\n"
    );
    let grown = merge(&[&stage.path("out"), &beginning], &target);
    assert_eq!(grown.out, "0 added, 1 grown, 1 known, 0 in conflict, 0 left out\n");
    for _ in 0..2 {
        let conflict = merge(&[&other], &target);
        assert_eq!(
            conflict.out, "0 added, 0 grown, 0 known, 1 in conflict, 0 left out\n",
            "{}",
            conflict.err
        );
        assert_eq!(conflict.code, Some(3));
        assert!(conflict.err.contains("goes on differently"), "{}", conflict.err);
        assert_eq!(sessions(&target).len(), 2);
    }
    let failed = merge(&[&broken, &stage.path("out")], &target);
    assert_eq!(
        (failed.code, failed.out.as_str()),
        (Some(2), "0 added, 0 grown, 1 known, 0 in conflict, 1 left out\n")
    );
    assert_eq!(merge(&[&tables.path("nowhere")], &target).code, Some(2));
}
