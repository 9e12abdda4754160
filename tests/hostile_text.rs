//! Texts from outside do nothing, whatever they are: a device's name, a reason, a note, the title of a source or the name
//! of a case may hold markup, quotes, formulas, control characters, marks that turn the direction of writing, or be ten
//! thousand characters long. One test for each format; `scripts/test-browser` opens such a page in a browser.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use onpar::audit::Auditor;
use onpar::compare::{Refusal, Side, compare};
use onpar::gate::{Against, Judged, LeftOut, Outcome, Reason, Verdict};
use onpar::judge::Rule;
use onpar::measure::{Event, Status};
use onpar::normalise::Scores;
use onpar::published::Published;
use onpar::record::{RunTable, SeriesTable, Session};
use onpar::report::columns::Context;
use onpar::report::gate::Format;
use onpar::report::html::{Reported, claim_page, claims_page, comparison_page, history_page, render, sessions_page};
use onpar::report::{Look, compare as comparison, csv, history, markdown, pictures, terminal};
use onpar::stats::{Method, Settings};
use onpar::track::{Better, History, analyse};

/// What must never stand anywhere as it is.
const MARKUP: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>]]>&{{7*7}}`|[a](javascript:alert(3))";
const DOES_SOMETHING: [char; 6] = ['\u{1b}', '\u{7}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{0}'];

/// One for each way to do harm.
fn hostile() -> Vec<String> {
    let direction: String = DOES_SOMETHING.iter().collect();
    vec![
        MARKUP.to_owned(),
        format!("{direction}[31m\r\n{MARKUP}"),
        "=HYPERLINK(\"http://x\")".to_owned(),
        "+1+1".to_owned(),
        "-2+3".to_owned(),
        "@SUM(A1)".to_owned(),
        "\t=1".to_owned(),
        MARKUP.repeat(100),
        "x".repeat(10_000),
    ]
}

/// A session whose device, driver, host, reason and variant have this name.
fn session(name: &str) -> Session {
    let mut header = common::header();
    let identity = &mut header.facts.identity;
    for field in [
        &mut identity.adapter,
        &mut identity.driver,
        &mut identity.driver_version,
        &mut identity.cpu_model,
    ] {
        name.clone_into(field);
    }
    let mut events = common::events();
    for event in &mut events {
        match event {
            Event::Row(row) if row.status == Status::Ok => name.clone_into(&mut row.variant),
            Event::Row(row) => name.clone_into(&mut row.reason),
            _ => {}
        }
    }
    let mut session = Session::begun(header);
    session.events = events;
    session
}

/// The figures with sources of which title, publisher and address are this.
fn published(name: &str) -> Published {
    let mut published = Published::embedded().clone();
    for source in &mut published.sources {
        for field in [&mut source.title, &mut source.publisher, &mut source.url] {
            name.clone_into(field);
        }
    }
    for claim in &mut published.claims {
        for field in [&mut claim.paraphrase, &mut claim.why_not_testable, &mut claim.claimant] {
            name.clone_into(field);
        }
    }
    published
}

/// What a format makes of a session of each name.
fn written(write: impl Fn(&Session, &Scores, &Published) -> String) -> Vec<(String, String)> {
    let one = |name: String| {
        let (session, published) = (session(&name), published(&name));
        let scores = Scores::of(&session, &published);
        let text = write(&session, &scores, &published);
        (name, text)
    };
    hostile().into_iter().map(one).collect()
}

#[track_caller]
fn assert_no_marks(text: &str) {
    for mark in DOES_SOMETHING {
        assert!(!text.contains(mark), "{mark:?} is still there");
    }
}

/// Tags and attributes are only those of the template.
#[track_caller]
fn assert_inert_html(page: &str) {
    assert_no_marks(page);
    assert_eq!(
        page.matches("<script").count(),
        1,
        "one script, which is the page's own"
    );
    for harm in [
        "<img",
        "onerror=alert(2)>",
        "\"'>",
        "href=\"javascript:",
        "href=\"data:",
    ] {
        assert!(!page.contains(harm), "{harm} in the page");
    }
    let nonce = page
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("a nonce");
    assert!(page.contains(&format!("<script nonce=\"{nonce}\">")));
    assert_eq!(
        page.matches(nonce).count(),
        4,
        "in the policy twice, at the style and at the script"
    );
}

#[test]
fn a_page_is_inert() {
    for (name, page) in written(|session, scores, published| {
        let pictures = pictures::all(session, scores, published);
        let reported = Reported {
            session,
            scores,
            pictures: &pictures,
        };
        render(&sessions_page(&[reported], published).expect("a page")).expect("HTML")
    }) {
        assert_inert_html(&page);
        if name == MARKUP {
            assert!(
                page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"),
                "the name is on the page"
            );
        }
    }
}

#[test]
fn a_page_of_a_comparison_is_inert_whatever_a_table_calls_its_cases() {
    for name in hostile() {
        let quoted = name.replace('"', "\"\"").replace('\0', "");
        let lines: String = (1..=5).map(|run| format!("\"{quoted}\",{run},1.5\n")).collect();
        let table = |lines: &str| RunTable::parse(Path::new("t.csv"), format!("case,run,seconds\n{lines}").as_bytes());
        let Ok(table) = table(&lines) else {
            continue; // refused is inert too
        };
        let rule = Rule {
            margin: 0.1,
            alpha: 0.05,
        };
        let compared = compare([Side::of_table(table.clone()), Side::of_table(table)], rule).expect("a comparison");
        assert_inert_html(&render(&comparison_page(&compared).expect("a page")).expect("HTML"));
        assert_no_marks(&comparison::text(&compared));
    }
}

#[test]
fn an_svg_is_inert() {
    for (_, svg) in written(|session, scores, published| {
        let all = pictures::all(session, scores, published);
        all.iter()
            .map(|picture| picture.drawing.to_svg().expect("an SVG"))
            .collect()
    }) {
        assert_no_marks(&svg);
        assert!(!svg.contains("<script") && !svg.contains("<img"), "markup in an SVG");
    }
}

/// The names of all elements of an XML document, each attribute of which can be read.
#[track_caller]
fn elements(xml: &str) -> BTreeSet<String> {
    use quick_xml::events::Event as Xml;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut names = BTreeSet::new();
    loop {
        match reader.read_event().expect("XML that can be read") {
            Xml::Start(tag) | Xml::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.expect("an attribute");
                }
                names.insert(tag.name().as_ref().to_owned());
            }
            Xml::Eof => return names,
            _ => {}
        }
    }
}

/// What a gate may have to say where every name is this.
fn outcome(name: &str) -> Outcome {
    let refusal = || Refusal::Failed {
        status: Status::Wrong,
        reason: name.to_owned(),
    };
    let case = |verdict, reason| Judged {
        case: name.to_owned(),
        variant: name.to_owned(),
        variant_before: name.to_owned(),
        verdict,
        reason,
        seconds: Some(1.5),
        before: Some(1.0),
        ratio: Some(1.5),
        interval: Some((1.4, 1.6)),
        p: Some(1e-4),
        smallest: Some(0.02),
        points: 12,
        runs: 1,
        enough: None,
        confirmed: None,
    };
    Outcome {
        session: Box::new(session(name).header),
        against: Against::History {
            all: 12,
            used: 12,
            others: 1,
            differs: vec![format!("adapter '{name}' -> '{name}'")],
        },
        rule: onpar::gate::Rule::default(),
        cases: vec![
            case(Verdict::Regressed, None),
            case(Verdict::Failed, Some(Reason::Refused(refusal()))),
            case(Verdict::Unchanged, None),
        ],
        left_out: vec![LeftOut {
            case: name.to_owned(),
            refusal: refusal(),
        }],
        gone: vec![name.to_owned()],
        soft: vec![format!("driver_version '{name}' -> '{name}'")],
        movement: None,
    }
}

#[test]
fn junit_holds_nothing_but_its_own_elements() {
    let own = [
        "error",
        "failure",
        "properties",
        "property",
        "system-out",
        "testcase",
        "testsuite",
        "testsuites",
    ];
    for name in hostile() {
        let xml = Format::Junit.render(&outcome(&name));
        assert_no_marks(&xml);
        assert_eq!(elements(&xml), own.map(str::to_owned).into());
    }
}

#[test]
fn every_form_of_the_gate_is_inert() {
    let lines = |format: Format, name: &str| format.render(&outcome(name)).lines().count();
    for name in hostile() {
        for format in Format::ALL {
            let text = format.render(&outcome(&name));
            if format != Format::Json {
                assert_no_marks(&text);
            }
            match format {
                // Lines that a name could add would be commands to the runner, or samples of another series.
                Format::GithubAnnotations | Format::Openmetrics | Format::Markdown | Format::GithubSummary => {
                    assert_eq!(text.lines().count(), lines(format, "plain"), "{format:?}");
                }
                Format::Json => drop(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")),
                _ => {}
            }
        }
        assert_no_formula(&Format::Csv.render(&outcome(&name)));
        assert_markdown_is_text(&Format::Markdown.render(&outcome(&name)));
    }
}

#[test]
fn pages_of_audits_are_inert() {
    for name in [hostile().remove(0), hostile().remove(1), "x".repeat(10_000)] {
        let published = published(&name);
        let claims = Auditor::new(&published).claims(0.1);
        assert_inert_html(&render(&claims_page(&published, &claims, 0.1)).expect("HTML"));
        let page = claim_page(&published, &claims[0], true).expect("a page");
        assert_inert_html(&render(&page).expect("HTML"));
    }
}

#[test]
fn a_history_is_inert_whatever_a_table_calls_its_series() {
    for name in hostile() {
        let quoted = name.replace('"', "\"\"").replace('\0', "");
        let value = |day: usize| if day < 15 { 10 } else { 14 };
        let line = |day: usize| {
            format!(
                "\"{quoted}\",2026-01-{:02}T00:00:00Z,{}.{}\n",
                day + 1,
                value(day),
                day % 3
            )
        };
        let lines: String = (0..30).map(line).collect();
        let table = SeriesTable::parse(Path::new("t.csv"), format!("series,time,value\n{lines}").as_bytes());
        let Ok(table) = table else {
            continue; // refused is inert too
        };
        let history = History::of_table(table, Better::Lower);
        let settings = Settings::of(Method::Robust);
        let analyses = analyse(&history, settings);
        let context = history::Context {
            history: &history,
            analyses: &analyses,
            settings,
            notes: &[],
        };
        assert_inert_html(&render(&history_page(context).expect("a page")).expect("HTML"));
        assert_no_marks(&history::text(context));
        let svg = history::picture(context).draw().to_svg().expect("an SVG");
        assert_no_marks(&svg);
        assert!(elements(&svg).contains("text") && !elements(&svg).contains("script"));
        assert_no_formula(&history::changes(context));
    }
}

#[test]
fn a_csv_has_no_formula_and_keeps_its_numbers() {
    for (_, file) in written(|session, scores, _| csv::rows(&[Context { session, scores }])) {
        assert_no_marks(&file);
        let numbers = assert_no_formula(&file);
        assert!(numbers > 20, "{numbers} numbers");
    }
}

/// No text of a file is a formula; gives how many numbers there are.
#[track_caller]
fn assert_no_formula(file: &str) -> usize {
    let mut reader = ::csv::Reader::from_reader(file.as_bytes());
    let mut numbers = 0;
    for record in reader.records() {
        for cell in &record.expect("a row as wide as its header") {
            let is_number = cell.parse::<f64>().is_ok();
            numbers += usize::from(is_number);
            let formula = cell.trim_start().starts_with(['=', '+', '@', '-']);
            assert!(is_number || cell == "-" || !formula, "{cell:?} could be a formula");
        }
    }
    numbers
}

#[test]
fn markdown_is_inert_and_stays_in_its_cells() {
    let plain = session("plain");
    let scores = Scores::of(&plain, Published::embedded());
    let lines = markdown::report(&plain, &scores, &[]).lines().count();
    for (_, text) in written(|session, scores, _| markdown::report(session, scores, &[])) {
        assert_no_marks(&text);
        assert_eq!(text.lines().count(), lines, "a name breaks no line");
        for harm in HARM {
            for (at, _) in text.match_indices(harm) {
                assert_eq!(text.as_bytes()[at - 1], b'\\', "{harm} is not escaped");
            }
        }
    }
}

/// What must not stand in Markdown unless it is escaped or code.
const HARM: [&str; 3] = ["<script", "<img", "](javascript"];

/// What looks like markup is escaped or stands in code.
#[track_caller]
fn assert_markdown_is_text(page: &str) {
    for line in page.lines() {
        for harm in HARM {
            for (at, _) in line.match_indices(harm) {
                let quotes = line[..at].matches('`').count() - line[..at].matches("\\`").count();
                let is_code = quotes % 2 == 1;
                assert!(is_code || line.as_bytes()[at - 1] == b'\\', "{harm} is not escaped");
            }
        }
    }
}

#[test]
fn a_terminal_is_left_alone() {
    for (_, text) in written(|session, scores, _| terminal::table(session, scores, Look::PLAIN)) {
        assert_no_marks(&text);
        assert!(
            text.chars().all(|c| c == '\n' || !c.is_control()),
            "a control character"
        );
    }
}
