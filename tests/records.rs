//! What the on-disk format promises, one test a promise.

mod common;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use onpar::error::Error;
use onpar::measure::{Block, Event, Start, Status};
use onpar::record::{Birth, Header, JOURNAL, Journal, Seal, Session, SessionId, Warning};

use common::{block, candidate, events, facts, header, identity, plan, row};

/// A journal of these events in a fresh folder, and that folder.
fn journal(events: &[Event]) -> (tempfile::TempDir, Journal) {
    let out = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(out.path(), &header()).expect("a journal");
    for event in events {
        journal.append(event).expect("appends");
    }
    (out, journal)
}

/// The bytes of a small finished session.
fn sealed() -> Vec<u8> {
    let (_out, journal) = journal(&events());
    let path = journal.path().to_owned();
    journal.seal().expect("seals");
    fs::read(path).expect("reads")
}

/// What a journal has written. The journal goes first: some systems let nobody read a file that another has locked.
fn written(journal: Journal) -> Vec<u8> {
    let path = journal.path().to_owned();
    drop(journal);
    fs::read(path).expect("reads")
}

fn parse(bytes: &[u8]) -> onpar::error::Result<Session> {
    Session::parse(Path::new("session.jsonl"), bytes)
}

fn parse_error(bytes: &[u8]) -> String {
    match parse(bytes) {
        Err(error @ Error::Data { .. }) => error.to_string(),
        other => panic!("expected a data error, got {other:?}"),
    }
}

/// The lines of a journal with another one at `number`, counting from 1.
fn with_line(bytes: &[u8], number: usize, line: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    lines[number - 1] = line;
    lines.concat()
}

fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

#[test]
fn a_session_is_read_as_it_was_written() {
    let session = parse(&sealed()).expect("parses");
    assert_eq!(session.header, header());
    assert_eq!(session.events, events());
    assert_eq!(session.seal, Seal::Valid);
    assert_eq!(session.warnings, []);
}

#[test]
fn a_session_is_read_from_its_folder_or_its_file() {
    let (_out, journal) = journal(&events());
    let file = journal.path().to_owned();
    drop(journal);
    let folder = file.parent().expect("a folder");
    assert_eq!(
        Session::read(folder).expect("reads"),
        Session::read(&file).expect("reads")
    );
    assert_eq!(file.file_name().expect("a name"), JOURNAL);
}

#[test]
fn the_folder_says_device_date_and_id() {
    let (out, journal) = journal(&[]);
    let id = header().id;
    let expected = format!("llvmpipe-amd-epyc-7763/2026-01-02-{id}/session.jsonl");
    assert_eq!(journal.path(), out.path().join(expected));
}

#[test]
fn the_id_is_the_hash_of_the_rest_of_the_header() {
    let header = header();
    let value = serde_json::to_value(&header).expect("serialises");
    assert_eq!(SessionId::of(value), header.id);
    let another = Birth {
        nonce: [8; 16],
        started: header.started,
    };
    let another = Header::new(another, header.options.clone(), facts(), None, plan()).expect("a header");
    assert_ne!(another.id, header.id);
    let renamed = String::from_utf8(sealed())
        .expect("text")
        .replace("\"quick\"", "\"other\"");
    assert!(
        parse(renamed.as_bytes())
            .expect("parses")
            .warnings
            .contains(&Warning::ChangedHeader)
    );
}

#[test]
fn births_differ_and_are_kept_to_the_second() {
    let (a, b) = (Birth::now().expect("a birth"), Birth::now().expect("a birth"));
    assert_ne!(a.nonce, b.nonce);
    assert_eq!(header().started.to_string(), "2026-01-02T03:04:05Z");
}

#[test]
fn samples_are_those_of_the_row_over_all_its_blocks() {
    let session = parse(&sealed()).expect("parses");
    let rows: Vec<_> = session.rows().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].samples, [2e-5, 4e-5, 4e-5, 8e-5]);
    assert_eq!(rows[0].wall, [2.5e-5, 5e-5, 5e-5, 1e-4]);
    assert_eq!((rows[0].repeats, rows[0].candidates.len()), (8, 1));
    assert_eq!(rows[1].row.status, Status::Unsupported);
    assert!(rows[1].samples.is_empty());
    assert_eq!(rows[2].row.place, 2, "the same case at another place is another row");
    assert_eq!(rows[2].samples, [2e-5, 4e-5]);
}

#[test]
fn the_start_of_a_case_is_not_stored() {
    let case = plan()[0].clone();
    let (_out, journal) = journal(&[Event::Start(Start { run: 1, place: 0, case })]);
    assert_eq!(whole_lines(&written(journal)), 1);
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    let (_out, mut journal) = journal(&events());
    let Event::Block(block) = block(0, 1.0) else {
        unreachable!()
    };
    let undefined = Event::Block(Block {
        wall: vec![f64::NAN],
        ..block
    });
    let error = journal.append(&undefined).expect_err("not a number").to_string();
    assert!(error.contains("are all its numbers finite?"), "{error}");
    assert_eq!(parse(&written(journal)).expect("parses").events, events());
}

#[test]
fn a_torn_last_line_is_passed_over_with_a_warning() {
    let bytes = sealed();
    let session = parse(&bytes[..bytes.len() - 1]).expect("parses");
    assert_eq!(session.events, events());
    assert_eq!(session.seal, Seal::Absent);
    assert!(
        matches!(session.warnings[..], [Warning::TornLine { line: 9, .. }]),
        "{:?}",
        session.warnings
    );
}

#[test]
fn a_journal_cut_at_any_byte_keeps_its_whole_lines() {
    let bytes = sealed();
    let header_end = bytes.iter().position(|b| *b == b'\n').expect("a line");
    for end in 0..bytes.len() {
        let part = &bytes[..end];
        if end <= header_end {
            assert!(parse_error(part).contains("no whole header"), "{end}");
            continue;
        }
        let session = parse(part).expect("parses");
        let whole = whole_lines(part) - 1;
        assert_eq!(session.events, events()[..whole.min(events().len())], "{end}");
        assert_eq!(session.warnings.is_empty(), part.ends_with(b"\n"), "{end}");
        assert_eq!(session.seal, Seal::Absent, "{end}");
    }
}

#[test]
fn a_malformed_line_in_the_middle_is_named_by_line_and_column() {
    let bytes = sealed();
    for (line, place) in [
        (
            &b"{\"kind\":\"row\",\"run\":\"one\"}\n"[..],
            "session.jsonl:4:25: invalid type: string \"one\"",
        ),
        (b"{\"kind\":\"r\xc3\xb6w\",,}\n", "session.jsonl:4:15: "),
        (b"\n", "session.jsonl:4:1: EOF"),
        (b"{\"kind\":\"row\0\"}\n", "session.jsonl:4:13: control character"),
        (b"{\"kind\":\"block\xff\"}\n", "session.jsonl:4:15: is not UTF-8"),
        (b"\0\0\0\0\n", "session.jsonl:4:1: expected value"),
    ] {
        let error = parse_error(&with_line(&bytes, 4, line));
        assert!(error.starts_with(place), "{error}");
        assert!(!error.contains("at line 1"), "{error}");
    }
}

#[test]
fn what_contradicts_the_plan_or_is_there_twice_is_refused() {
    let bytes = sealed();
    let text = String::from_utf8(bytes.clone()).expect("text");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let elsewhere = lines[3].replace("\"place\":0", "\"place\":9");
    let error = parse_error(&with_line(&bytes, 4, elsewhere.as_bytes()));
    assert!(error.contains("at place 9, where the plan has nothing"), "{error}");
    let error = parse_error(&with_line(&bytes, 6, lines[4].as_bytes()));
    assert!(error.contains("session.jsonl:6:1: a second row"), "{error}");
    let error = parse_error(&with_line(&bytes, 4, lines[0].as_bytes()));
    assert!(error.contains("a second header"), "{error}");
}

#[test]
fn files_that_are_no_journals_are_errors() {
    let endless = vec![b'x'; 100 << 20];
    for (bytes, part) in [
        (&b""[..], "no whole header"),
        (b"\n", "EOF"),
        (b"\x7fELF\x02\x01\x01\0\n\n\xff\xfe", "expected value"),
        (b"{\"kind\":\"row\"}\n", "missing field"),
        (
            b"{\"kind\":\"resume\",\"at\":\"2026-01-02T03:04:05Z\"}\n",
            "expected a header first",
        ),
        (b"a,b,c\n1,2,3\n", "expected value"),
        (b"[[[[[[[[[[[[[[[[[[[[[[[[[[[", "no whole header"),
        (&endless, "has more than 16777216 bytes"),
    ] {
        let error = parse_error(bytes);
        assert!(error.contains(part), "{error}");
        assert!(error.len() < 1000, "{}", error.len());
    }
}

#[test]
fn another_schema_is_refused_with_the_versions_that_are_known() {
    let bytes = sealed();
    let error = parse_error(&with_line(
        &bytes,
        1,
        b"{\"kind\":\"header\",\"schema\":2,\"new\":[]}\n",
    ));
    assert!(
        error.contains("schema 2 is not known; this program reads schema 1"),
        "{error}"
    );
}

#[test]
fn what_a_newer_version_adds_is_passed_over_with_a_warning() {
    let (_out, journal) = journal(&events());
    let mut bytes = written(journal);
    bytes.extend(b"{\"kind\":\"power\",\"watt\":[1,2]}\n{\"kind\":\"power\",\"watt\":[3]}\n");
    let text = String::from_utf8(bytes).expect("text");
    let text = text.replace("{\"kind\":\"block\",", "{\"kind\":\"block\",\"new\":{\"field\":1},");
    let session = parse(text.as_bytes()).expect("parses");
    assert_eq!(session.events, events());
    let kind = "power".to_owned();
    assert_eq!(
        session.warnings,
        [Warning::UnknownKind {
            kind,
            line: 9,
            count: 2
        }]
    );
}

#[test]
fn a_change_after_the_seal_is_seen() {
    let bytes = sealed();
    let text = String::from_utf8(bytes.clone()).expect("text");
    for changed in [
        text.replacen("0.25", "0.24", 1),
        format!("{text}{{\"kind\":\"later\"}}\n"),
        format!("{text}torn"),
        format!("{text}{}", text.lines().last().expect("a seal")),
    ] {
        let session = parse(changed.as_bytes()).expect("parses");
        assert_eq!(session.seal, Seal::Broken);
        let broken = Warning::BrokenSeal {
            carriage_returns: false,
        };
        assert!(session.warnings.contains(&broken), "{:?}", session.warnings);
    }
    let converted = parse(text.replace('\n', "\r\n").as_bytes()).expect("parses");
    assert_eq!(converted.events, events());
    assert_eq!(converted.warnings, [Warning::BrokenSeal { carriage_returns: true }]);
}

#[test]
fn no_changed_byte_goes_unnoticed() {
    let bytes = sealed();
    for at in 0..bytes.len() {
        for other in [b'\0', b'\n', b'"', b'7', b' ', 0xff] {
            let mut changed = bytes.clone();
            changed[at] = other;
            let noticed = parse(&changed).map_or(true, |session| session.seal != Seal::Valid);
            assert!(noticed || other == bytes[at], "{other} at {at}");
        }
    }
}

#[test]
fn resuming_skips_what_is_finished_and_begins_the_rest_anew() {
    let (_out, first) = journal(&[candidate(0), block(0, 2e-5), row(0, Status::Ok), block(1, 5e-5)]);
    let path = first.path().to_owned();
    drop(first);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("opens");
    file.write_all(b"{\"kind\":\"row\",\"run\":1,\"pl").expect("writes");
    drop(file);

    let (mut second, before) = Journal::resume(&path, &facts()).expect("resumes");
    assert_eq!(before.header, header());
    assert!(before.is_finished(1, 0));
    assert!(!before.is_finished(1, 1) && !before.is_finished(1, 2) && !before.is_finished(2, 0));
    for event in [block(1, 7e-5), row(1, Status::Ok), row(2, Status::Skipped)] {
        second.append(&event).expect("appends");
    }
    second.seal().expect("seals");

    let session = Session::read(&path).expect("reads");
    assert_eq!((session.seal, session.warnings.as_slice()), (Seal::Valid, &[][..]));
    let rows: Vec<_> = session.rows().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[1].samples,
        [7e-5, 14e-5],
        "samples of the attempt that was killed are not mixed in"
    );
    let unfinished: Vec<_> = session.unfinished().collect();
    assert_eq!(unfinished.len(), 1);
    assert_eq!((unfinished[0].place, unfinished[0].blocks.len()), (1, 1));
}

#[test]
fn samples_of_a_case_that_never_ended_are_kept_apart() {
    let (_out, journal) = journal(&[row(0, Status::Ok), candidate(1), block(1, 5e-5)]);
    let path = journal.path().to_owned();
    drop(journal);
    let session = Session::read(&path).expect("reads");
    assert_eq!(session.rows().count(), 1);
    let unfinished: Vec<_> = session.unfinished().collect();
    assert_eq!(unfinished[0].blocks[0].device, [5e-5, 10e-5]);
    assert_eq!(unfinished[0].candidates.len(), 1);
}

#[test]
fn a_complete_session_is_not_resumed() {
    let (_out, journal) = journal(&events());
    let path = journal.path().to_owned();
    journal.seal().expect("seals");
    let before = fs::read(&path).expect("reads");
    let error = Journal::resume(&path, &facts()).expect_err("complete");
    assert!(matches!(error, Error::Usage(_)), "{error:?}");
    assert!(error.to_string().contains("is complete"), "{error}");
    assert_eq!(fs::read(&path).expect("reads"), before);
}

#[test]
fn a_session_is_not_resumed_on_another_device_or_driver() {
    let (_out, journal) = journal(&[row(0, Status::Ok)]);
    let path = journal.path().to_owned();
    drop(journal);
    let before = fs::read(&path).expect("reads");
    let mut updated = facts();
    updated.identity.driver_version = "Mesa 26.2.1 (LLVM 15.0.6)".to_owned();
    let error = Journal::resume(&path, &updated)
        .expect_err("another driver")
        .to_string();
    assert!(
        error.contains("driver_version 'Mesa 22.3.6 (LLVM 15.0.6)' -> 'Mesa 26.2.1"),
        "{error}"
    );
    assert_eq!(fs::read(&path).expect("reads"), before);
}

#[test]
fn two_processes_do_not_write_one_session() {
    let (_out, journal) = journal(&[]);
    let error = Journal::resume(journal.path(), &facts()).expect_err("locked");
    assert!(error.to_string().contains("another process is writing"), "{error}");
    let path = journal.path().to_owned();
    drop(journal);
    Journal::resume(&path, &facts()).expect("the lock went with the journal");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("results");
    fs::write(&file, "a file where a folder should be").expect("writes");
    let error = Journal::create(&file, &header()).expect_err("no folder");
    assert!(
        matches!(&error, Error::Io { path, .. } if path.starts_with(&file)),
        "{error:?}"
    );
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn a_session_is_never_overwritten() {
    let (out, journal) = journal(&events());
    let error = Journal::create(out.path(), &header()).expect_err("it is there");
    assert!(matches!(error, Error::Io { .. }), "{error:?}");
    assert_eq!(parse(&written(journal)).expect("parses").events, events());
}

#[test]
fn a_device_without_a_name_is_not_recorded() {
    let mut nameless = facts();
    nameless.identity.adapter = "  ".to_owned();
    let error =
        Header::new(Birth::now().expect("a birth"), header().options, nameless, None, plan()).expect_err("no name");
    assert!(error.to_string().contains("cannot be identified"), "{error}");
}

/// Whoever adds a fact decides here that it is fit to be published, and in `record::keys` whether it is in a key.
#[test]
fn nothing_that_names_a_machine_or_a_person_is_stored() {
    let names = |value: serde_json::Value| value.as_object().expect("fields").keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(serde_json::to_value(identity()).expect("serialises")),
        [
            "adapter",
            "arch",
            "backend",
            "cpu_model",
            "device_id",
            "device_type",
            "driver",
            "driver_version",
            "kernel_release",
            "logical_cores",
            "onpar",
            "os",
            "vendor_id",
            "wgpu"
        ]
    );
    assert_eq!(
        names(serde_json::to_value(header()).expect("serialises")),
        [
            "facts",
            "id",
            "keys",
            "nonce",
            "options",
            "plan",
            "provenance",
            "schema",
            "started",
            "timer"
        ]
    );
    let script = onpar::device::Selection::from(Some("scripted:/somewhere/script.json"));
    assert_eq!(
        onpar::record::Options::device_word(&script).as_deref(),
        Some("scripted")
    );
}

#[test]
fn the_example_in_the_description_of_the_formats_is_this_one() {
    let (_out, journal) = journal(&[
        candidate(0),
        block(0, 2e-5),
        row(0, Status::Ok),
        row(1, Status::Unsupported),
    ]);
    let path = journal.path().to_owned();
    journal.seal().expect("seals");
    let text = fs::read_to_string(path).expect("reads");
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    common::assert_spliced(&page, "session", &format!("```json\n{text}```\n"));
}
