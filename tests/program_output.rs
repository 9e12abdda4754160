//! What the program prints: documents for programs, tables for people, and answers to mistakes.

mod common;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use onpar::report::columns::COLUMNS;
use serde_json::json;

use program::{AFTER, BEFORE, Ended, FAILING, FMA, MATMUL, Stage, assert_documented, finish, onpar};

fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md")
}

/// A session with a row of every kind: ceilings, workloads, impossible, refused and failed.
fn varied() -> Stage {
    Stage::new(&json!([
        { "match": "n=65/", "fault": "wrong" },
        { "match": "n=66/", "variant": "items4", "fault": "compile" },
        { "match": "k=9,", "fault": "unsupported" },
        { "match": "matmul/", "speedup": 500.0, "jitter": [1.0, 900.0] },
    ]))
}

const VARIED: [&str; 7] = [
    BEFORE,
    FMA,
    FAILING,
    AFTER,
    MATMUL,
    "matmul/f32/nn/k=9,m=9,n=9/hot",
    "matmul/f32/nn/k=10,m=10000,n=1/hot",
];

#[track_caller]
fn assert_fits(ended: &Ended) {
    // The last line names a folder, however long that is.
    let (table, _) = ended.out.split_once("\nwrote ").expect("says what it wrote");
    for line in table.lines() {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
        assert_eq!(line, line.trim_end());
    }
    assert!(!ended.out.contains('\x1b'), "no colours for a file");
}

#[test]
fn every_column_of_rows_csv_is_in_the_description_of_the_formats() {
    let mut table = String::from("| column | holds |\n|---|---|\n");
    for column in COLUMNS {
        let _ = writeln!(table, "| `{}` | {} |", column.name, column.meaning);
    }
    common::assert_spliced(&formats(), "columns", &table);
}

#[test]
fn rows_csv_has_these_columns_and_a_line_for_every_case() {
    let stage = varied();
    stage.measure(&VARIED, &[]);
    let text = stage.file("rows.csv");
    let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(text.lines().next(), Some(names.join(",").as_str()));
    let cases: Vec<String> = stage.rows().into_iter().map(|row| row["case"].clone()).collect();
    assert_eq!(cases, VARIED);
    assert!(!text.contains('\r') && text.ends_with('\n'));
}

#[test]
fn a_run_as_json_is_one_document_with_the_columns_as_keys() {
    let stage = varied();
    let document = stage.measure(&VARIED, &["--json"]).json();
    assert_documented(&document, "`onpar run --json`");
    assert_eq!(document["sealed"], true);
    assert_eq!(document["session"]["id"], stage.session().header.id.as_str());
    let names: BTreeSet<_> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), VARIED.len());
    for (row, line) in rows.iter().zip(stage.rows()) {
        let row = row.as_object().expect("an object");
        assert_eq!(row.keys().cloned().collect::<BTreeSet<_>>(), names);
        for (name, value) in row {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let text = if value.is_null() { String::new() } else { text };
            assert_eq!(line[name], text, "{name}");
        }
    }
}

#[test]
fn a_stored_session_is_reported_as_it_was_when_it_was_measured() {
    let stage = varied();
    let first = stage.measure(&VARIED, &["--json"]).json();
    let again = finish(onpar(&["report", "--json"]).arg(stage.folder()));
    assert_eq!(again.json(), first);
    assert_documented(&first, "`onpar report --json`");
    let compared = finish(onpar(&["compare", "--json"]).args([stage.folder(), stage.folder()]));
    assert_documented(&compared.json(), "`onpar compare A B --json`");
    let judged = finish(onpar(&["gate", "--json", "--baseline"]).args([stage.folder(), stage.folder()])).json();
    assert_documented(&judged, "`onpar gate --json`");
    let page = std::fs::read_to_string(formats()).expect("the page can be read");
    let case = judged["cases"][0].as_object().expect("a case");
    for key in case.keys() {
        assert!(page.contains(&format!("`{key}`")), "{key} of a judged case");
    }
}

#[test]
fn catalogue_and_description_as_json_are_one_document_each() {
    let catalogue = finish(&mut onpar(&["list", "--json"]));
    assert_eq!((catalogue.code, catalogue.err.as_str()), (Some(0), ""));
    assert_documented(&catalogue.json(), "`onpar list --json`");
    let description = finish(&mut onpar(&["list", "--describe", MATMUL, "--json"]));
    assert_eq!((description.code, description.err.as_str()), (Some(0), ""));
    assert_documented(&description.json(), "`onpar list --describe CASE --json`");
    assert_eq!(description.json()["operations"], 2 * 8 * 8 * 8);
}

#[test]
fn published_figures_as_json_are_one_document_each() {
    let chip = "nvidia-h20-96gb";
    for (arguments, heading) in [
        (&[][..], "`onpar chips --json`"),
        (&["show", chip], "`onpar chips show ID --json`"),
        (&["diff", chip, chip], "`onpar chips diff A B --json`"),
        (&["check"], "`onpar chips check --json`"),
    ] {
        let ended = finish(onpar(&["chips"]).args(arguments).arg("--json"));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert_documented(&ended.json(), heading);
    }
}

/// With the devices of this machine, whichever they are.
#[test]
fn the_doctor_as_json_is_one_document_or_finds_no_device() {
    let ended = finish(&mut onpar(&["doctor", "--json"]));
    if ended.code == Some(6) {
        assert_eq!(ended.out, "");
        return;
    }
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let devices = ended.json();
    let devices = devices.as_array().expect("a list");
    assert!(!devices.is_empty());
    for device in devices {
        assert_documented(device, "`onpar doctor --json`");
    }
}

#[test]
fn a_table_fits_eighty_columns() {
    for arguments in [&[][..], &["--runs", "3"], &["--all-variants"]] {
        let ended = varied().measure(&VARIED, arguments);
        for part in ["impossible", "wrong", "unsupported"] {
            assert!(ended.out.contains(part), "{part} is not in {}", ended.out);
        }
        assert_fits(&ended);
    }
}

#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let stage = varied();
    let commands = [
        onpar(&["list"]),
        onpar(&["list", "--json"]),
        onpar(&["chips"]),
        onpar(&["chips", "--json"]),
        stage.command(&["--case", BEFORE]),
        stage.command(&["--case", BEFORE, "--json"]),
    ];
    for mut command in commands {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{command:?}: {said}");
    }
}

#[test]
fn a_mistake_in_the_arguments_is_answered_with_what_there_is() {
    let stage = Stage::new(&json!([]));
    let long = "9".repeat(400);
    for (arguments, parts) in [
        (
            &["--suite", "nosuch"][..],
            &["--suite nosuch: the suites are smoke, standard, inference, training, ceilings"][..],
        ),
        (
            &["--filter", "nosuch", "--filter", "other"],
            &[
                "--filter 'nosuch', 'other': no case of suite standard",
                "its cases are like empty/-/-/-/hot, ",
            ],
        ),
        (
            &["--case", "matmul/f32"],
            &["has 2 parts; expected kernel/precision/layout/shape/cache, as matmul/"],
        ),
        (
            &["--case", "nosuch/f32/-/n=1/hot"],
            &["there is no kernel nosuch; the kernels are empty, submit, copy, "],
        ),
        (&["--case", "copy/f64/-/n=1/hot"], &["copy takes f32"]),
        (&["--case", "copy/f32/-/m=1/hot"], &["the extents of copy are n"]),
        (
            &["--case", "matmul/f32/tt/k=1,m=1,n=1/hot"],
            &["the layouts of matmul are nn"],
        ),
        (
            &["--case", &format!("copy/f32/-/n={long}/hot")],
            &["is not a whole number from 1 on"],
        ),
        (&["--scale", "1/3"], &["expected 1, 1/2, 1/4 or 1/8"]),
        (&["--runs", "0"], &["0 is not in 1..=1000"]),
        (
            &["--timeout", "-1"],
            &["expected seconds, more than 0 and at most 86400"],
        ),
        (
            &["--timeout", "0"],
            &["expected seconds, more than 0 and at most 86400"],
        ),
        (&["--case", BEFORE, "--suite", "smoke"], &["cannot be used with"]),
        (&["--resume", "out", "--timeout", "5"], &["cannot be used with"]),
        (&["--resume", "nosuch"], &["nosuch: cannot open for writing: "]),
        (&["--nosuch"], &["unexpected argument '--nosuch'"]),
    ] {
        let ended = stage.run(arguments);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (Some(2), ""),
            "{arguments:?}: {}",
            ended.err
        );
        for part in parts {
            assert!(ended.err.contains(part), "{arguments:?}: {}", ended.err);
        }
    }
    assert!(stage.sessions().is_empty(), "a mistake leaves no session");
}

#[test]
fn a_mistake_in_a_description_is_answered_with_what_there_is() {
    for (arguments, part) in [
        (
            &["--describe", "nosuch/f32/-/n=1/hot"][..],
            "the kernels are empty, submit, copy, ",
        ),
        (
            &["--describe", MATMUL, "--source", "nosuch"],
            "the variants of this case are shuffled-1x8-32x8, shuffled-1x8-16x8, ",
        ),
    ] {
        let ended = finish(onpar(&["list"]).args(arguments));
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        assert!(ended.err.contains(part), "{}", ended.err);
    }
}

/// With the devices of this machine; where there are none, that is what is said.
#[test]
fn an_unknown_device_is_answered_with_those_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = finish(onpar(&["run", "--device", "no such device"]).current_dir(&folder));
    if ended.code == Some(6) {
        return;
    }
    assert_eq!(ended.code, Some(2));
    let part = "--device: no device has 'no such device' in its name. There are:\n  0  ";
    assert!(ended.err.contains(part), "{}", ended.err);
}

#[test]
fn a_malformed_script_is_named_by_file_line_and_column() {
    let stage = Stage::new(&json!([]));
    let script = stage.path("script.json");
    for (text, place) in [
        (
            "{\"adapter\": \"x\",\n \"nosuch\": 1}",
            ":2:9: not a script for a device: unknown field `nosuch`, expected one of",
        ),
        (
            "{\n  \"adapter\": 7}",
            ":2:14: not a script for a device: invalid type: integer `7`, expected a string\n",
        ),
        ("", ":1:0: not a script for a device: EOF while parsing a value\n"),
    ] {
        std::fs::write(&script, text).expect("writes");
        let ended = stage.measure(&[BEFORE], &[]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        let expected = format!("onpar: {}{place}", script.display());
        assert!(ended.err.starts_with(&expected), "{}", ended.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_driver_the_package_to_install_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["doctor"][..],
        &["doctor", "--json"],
        &["run"],
        &["run", "--device", "0"],
    ] {
        let mut command = onpar(arguments);
        command
            .env("VK_DRIVER_FILES", "")
            .env("VK_ICD_FILENAMES", "")
            .current_dir(&folder);
        let ended = finish(&mut command);
        assert_eq!((ended.code, ended.out.as_str()), (Some(6), ""), "{ended:?}");
        assert!(
            ended.err.contains("apt install libvulkan1 mesa-vulkan-drivers"),
            "{}",
            ended.err
        );
        assert!(ended.err.contains("VK_DRIVER_FILES"), "{}", ended.err);
    }
}

#[test]
fn the_locale_changes_nothing() {
    let said = |locale: &str| {
        let stage = varied();
        let mut command = stage.command(&VARIED.map(|case| ["--case", case]).concat());
        let ended = finish(
            command
                .env("LANG", locale)
                .env("LC_ALL", locale)
                .env("LANGUAGE", locale),
        );
        let (table, _) = ended.out.split_once("\ntime: ").expect("says where the time went");
        let values: Vec<String> = stage.rows().iter().map(|row| row["seconds"].clone()).collect();
        (table.to_owned(), values)
    };
    let plain = said("C");
    for locale in ["de_DE.UTF-8", "zh_CN.UTF-8", "tr_TR.UTF-8", "nosuch"] {
        assert_eq!(said(locale), plain, "{locale}");
    }
}

/// Names of the files in a folder, sorted.
fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_package_gets_its_completions_and_manual_pages_as_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let [completions, man] = ["completions", "man"].map(|what| {
        let out = folder.path().join("share").join(what);
        let ended = finish(onpar(&[what, "--out"]).arg(&out));
        assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "{ended:?}");
        out
    });
    let expected = ["_onpar", "_onpar.ps1", "onpar.bash", "onpar.elv", "onpar.fish"];
    assert_eq!(files(&completions), expected);
    let pages = files(&man);
    for page in ["onpar.1", "onpar-run.1", "onpar-chips-show.1"] {
        assert!(pages.iter().any(|name| name == page), "{page} in {pages:?}");
    }
    assert!(pages.iter().all(|name| !name.contains("worker")), "{pages:?}");
    let run = std::fs::read_to_string(man.join("onpar-run.1")).expect("a page");
    assert!(run.contains("\\-\\-suite"), "the options of `onpar run`");
    let one = finish(&mut onpar(&["completions", "bash"]));
    let file = std::fs::read_to_string(completions.join("onpar.bash")).expect("a script");
    assert_eq!(one.out.trim_end(), file.trim_end());
}

#[test]
fn a_case_is_explained_before_it_is_measured() {
    let [run, list] = ["run", "list"].map(|command| finish(&mut onpar(&[command, "--describe", MATMUL])));
    assert_eq!((run.code, &run.out), (Some(0), &list.out));
    for part in ["operations", "reference", "tolerance", "literature", "variants"] {
        assert!(run.out.contains(&format!("\n  {part}")), "{part}: {}", run.out);
    }
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
}
