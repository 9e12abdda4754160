//! The outcome as JUnit XML: a test for each case, and one for the whole.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::words;
use crate::gate::{Judged, Outcome, Overall, Verdict};
use crate::report::text::inert;

/// What a test came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Passed,
    Failed,
    InError,
    Skipped,
}

/// A test.
struct Test {
    class: String,
    name: String,
    seconds: f64,
    state: State,
    /// The verdict, in a word.
    kind: &'static str,
    words: String,
}

/// The whole file.
#[must_use]
pub fn junit(outcome: &Outcome) -> String {
    let mut tests = vec![whole(outcome)];
    tests.extend(words::worst_first(&outcome.cases).into_iter().map(test));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declared = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    // Writing to memory cannot fail.
    let written = declared.and_then(|()| suites(&mut writer, outcome, &tests));
    debug_assert!(written.is_ok());
    String::from_utf8(writer.into_inner()).unwrap_or_default() + "\n"
}

/// The test of all cases together, so that an outcome which no single case shows is seen as well.
fn whole(outcome: &Outcome) -> Test {
    let overall = outcome.overall();
    let notes = words::notes(outcome).into_iter().map(|note| format!("\n{note}"));
    Test {
        class: "onpar gate".to_owned(),
        name: format!("suite {}", inert(outcome.suite())),
        seconds: 0.0,
        state: match overall {
            Overall::Regressed => State::Failed,
            Overall::Wrong | Overall::Failed => State::InError,
            Overall::NoBaseline | Overall::MachineShift | Overall::Inconclusive => State::Skipped,
            Overall::Improved | Overall::Unchanged => State::Passed,
        },
        kind: overall.word(),
        words: format!("{}, {}", words::counts(outcome), words::against(outcome)) + &notes.collect::<String>(),
    }
}

fn test(case: &Judged) -> Test {
    Test {
        class: inert(case.case.split('/').next().unwrap_or_default()),
        name: inert(&case.case),
        // Not what the test took, but what it is of: then the trend that a reader of reports draws is that of the case.
        seconds: case.seconds.unwrap_or_default(),
        state: match case.verdict {
            Verdict::Regressed => State::Failed,
            Verdict::Failed => State::InError,
            Verdict::Inconclusive | Verdict::Shifted => State::Skipped,
            Verdict::Improved | Verdict::Unchanged => State::Passed,
        },
        kind: case.verdict.word(),
        words: words::sentence(case),
    }
}

type Xml = Writer<Vec<u8>>;

fn suites(writer: &mut Xml, outcome: &Outcome, tests: &[Test]) -> io::Result<()> {
    let count = |state: State| tests.iter().filter(|test| test.state == state).count().to_string();
    let counts = [
        ("tests", tests.len().to_string()),
        ("failures", count(State::Failed)),
        ("errors", count(State::InError)),
        ("skipped", count(State::Skipped)),
    ];
    let of_suites = counts[..3].iter().map(|(name, value)| (*name, value.as_str()));
    let header = &outcome.session;
    let started = header.started.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let of_suite = counts.iter().map(|(name, value)| (*name, value.as_str()));
    let of_suite = [("name", "onpar gate"), ("timestamp", &started)]
        .into_iter()
        .chain(of_suite);
    writer
        .create_element("testsuites")
        .with_attributes(std::iter::once(("name", "onpar")).chain(of_suites))
        .write_inner_content(|writer| {
            let suite = writer.create_element("testsuite").with_attributes(of_suite);
            suite.write_inner_content(|writer| {
                properties(writer, outcome)?;
                tests.iter().try_for_each(|test| case(writer, test))
            })?;
            Ok(())
        })?;
    Ok(())
}

fn properties(writer: &mut Xml, outcome: &Outcome) -> io::Result<()> {
    let header = &outcome.session;
    let adapter = inert(&header.facts.identity.adapter);
    let all = [
        ("session", header.id.as_str()),
        ("device", &adapter),
        ("machine", &header.keys.hard),
    ];
    writer.create_element("properties").write_inner_content(|writer| {
        all.iter().try_for_each(|(name, value)| {
            let property = writer.create_element("property");
            property
                .with_attributes([("name", *name), ("value", *value)])
                .write_empty()?;
            Ok(())
        })
    })?;
    Ok(())
}

fn case(writer: &mut Xml, test: &Test) -> io::Result<()> {
    let seconds = format!("{:.9}", test.seconds);
    let attributes = [
        ("classname", test.class.as_str()),
        ("name", &test.name),
        ("time", &seconds),
    ];
    let words: Vec<String> = test.words.lines().map(inert).collect();
    let element = match test.state {
        State::Passed => "system-out",
        State::Failed => "failure",
        State::InError => "error",
        State::Skipped => "skipped",
    };
    let message = format!("{}: {}", test.kind, words.first().map_or("", String::as_str));
    writer
        .create_element("testcase")
        .with_attributes(attributes)
        .write_inner_content(|writer| {
            let mut inner = writer.create_element(element);
            if test.state != State::Passed {
                inner = inner.with_attributes([("type", test.kind), ("message", message.as_str())]);
            }
            inner.write_text_content(BytesText::new(&words.join("\n")))?;
            Ok(())
        })?;
    Ok(())
}
