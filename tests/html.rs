//! Pages promise: one file that needs nothing else, complete without its script, in the order of a reader's questions,
//! small enough to send, and the same every time.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use onpar::audit::{Auditor, Question};
use onpar::kernels::{Case, find};
use onpar::measure::{Block, Event, Row, Status};
use onpar::normalise::Scores;
use onpar::published::{Published, Scope};
use onpar::record::{Session, journals};
use onpar::report::html::{Reported, claim_page, claims_page, pair_page, render, sessions_page};
use onpar::report::pictures;
use onpar::suites::{SUITES, Scale};

const MIB: usize = 1 << 20;

fn page_of(session: &Session) -> String {
    let published = Published::embedded();
    let scores = Scores::of(session, published);
    let pictures = pictures::all(session, &scores, published);
    let reported = Reported {
        session,
        scores: &scores,
        pictures: &pictures,
    };
    render(&sessions_page(&[reported], published).expect("a page")).expect("HTML")
}

/// The sessions of `results/`.
fn stored() -> Vec<Session> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let journals = journals(&[root]).expect("journals");
    journals
        .iter()
        .map(|journal| Session::read(journal).expect("a session"))
        .collect()
}

/// A session in which each case took as long as a chip of 10 Top/s and 1 TB/s would, give or take, in so many samples.
fn measured(plan: &[Case], samples: usize) -> Session {
    let mut header = common::header();
    header.plan = plan.to_vec();
    let mut session = Session::begun(header);
    for (place, case) in (0..).zip(plan) {
        let kernel = find(&case.kernel).expect("a kernel");
        let work = (kernel.work)(case);
        let seconds = (work.operations as f64 / 1e13)
            .max(work.bytes() as f64 / 1e12)
            .max(1e-6);
        let sample = |i: usize| seconds * (1.0 + 0.05 * ((i * 2_654_435_761) % 1000) as f64 / 1000.0);
        let Event::Row(row) = common::row(0, Status::Ok) else {
            unreachable!("a row");
        };
        session.events.push(Event::Block(Block {
            run: 1,
            place,
            case: case.clone(),
            repeats: 8,
            checks: false,
            device: (0..samples).map(sample).collect(),
            wall: (0..samples).map(sample).collect(),
        }));
        session.events.push(Event::Row(Row {
            place,
            case: case.clone(),
            operations: work.operations,
            read: work.read,
            written: work.written,
            ..row
        }));
    }
    session
}

/// Every value of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let open = format!(" {attribute}=\"");
    let after = page.split(&open).skip(1);
    after.map(|rest| rest.split('"').next().unwrap_or_default()).collect()
}

/// What holds for every page.
#[track_caller]
fn assert_whole(page: &str) {
    let ids = values(page, "id");
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    for link in values(page, "href") {
        match link.strip_prefix('#') {
            Some(place) => assert!(unique.contains(&place), "{link} leads nowhere"),
            None => assert!(link.starts_with("https://") || link.starts_with("http://"), "{link}"),
        }
    }
    for list in ["aria-labelledby", "aria-describedby"]
        .map(|name| values(page, name))
        .concat()
    {
        assert!(
            list.split(' ').all(|id| unique.contains(&id)),
            "nothing is called {list}"
        );
    }
    for foreign in [" src=", "<link", "<iframe", "@import", "url(", " style=", "<img"] {
        assert!(!page.contains(foreign), "{foreign} in a page");
    }
    assert!(page.starts_with("<!doctype html>") && page.contains("default-src 'none'"));
    assert!(page.matches("<svg class=\"chart\"").count() <= page.matches("<desc").count());
}

#[test]
fn the_page_of_a_stored_session_is_whole_and_in_order() {
    let sessions = stored();
    assert!(!sessions.is_empty());
    for session in sessions {
        let page = page_of(&session);
        assert_whole(&page);
        assert!(page == page_of(&session), "the same every time");
        let order = [
            "class=\"banner\"",
            "class=\"lead\"",
            "id=\"s1-measured\"",
            "id=\"s1-rates\"",
            "id=\"s1-roofline\"",
            "id=\"s1-working-set\"",
            "id=\"s1-sweeps\"",
            "id=\"s1-rows\"",
            "id=\"s1-samples\"",
            "id=\"s1-claims\"",
            "id=\"s1-trouble\"",
            "id=\"s1-method\"",
            "id=\"s1-sources\"",
        ];
        let places: Vec<usize> = order
            .iter()
            .map(|mark| page.find(mark).unwrap_or_else(|| panic!("no {mark}")))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        for case in &session.header.plan {
            assert!(page.contains(&case.to_string()), "{case} has no samples");
        }
    }
}

#[test]
fn every_sample_is_a_dot() {
    let plan = ["matmul/f32/nn/k=64,m=64,n=64/hot".parse().expect("a case")];
    let page = page_of(&measured(&plan, 321));
    let dots = page
        .split("class=\"dots\" d=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    assert_eq!(dots.expect("dots").matches("h0").count(), 321);
}

#[test]
fn a_page_is_small_enough_to_send() {
    for suite in SUITES {
        let plan: BTreeSet<Case> = suite.plan(Scale::Full).into_iter().collect();
        let page = page_of(&measured(&plan.into_iter().collect::<Vec<_>>(), 300));
        assert!(page.len() < 3 * MIB / 2, "{}: {} bytes", suite.name, page.len());
        assert_whole(&page);
    }
    // Sweeps of as many points as nobody has, so that pictures are at their largest too.
    let many = (1..=500).flat_map(|n| {
        [
            format!("matmul/f32/nn/k={n},m=64,n=64/hot"),
            format!("matmul/bf16/nn/k={n},m=64,n=64/hot"),
            format!("read/f32/-/n={n}/hot"),
            format!("attention_decode/f32/-/b=1,d=64,dv=64,hkv=8,hq=32,skv={n}/hot"),
        ]
    });
    let many: Vec<Case> = many.map(|case| case.parse().expect("a case")).collect();
    let page = page_of(&measured(&many, 400));
    assert!(page.len() < 6 * MIB, "{} bytes", page.len());
    assert_whole(&page);
}

#[test]
fn several_sessions_share_a_page() {
    let session = measured(&common::plan(), 60);
    let published = Published::embedded();
    let scores = Scores::of(&session, published);
    let pictures = pictures::all(&session, &scores, published);
    let reported = Reported {
        session: &session,
        scores: &scores,
        pictures: &pictures,
    };
    let page = render(&sessions_page(&[reported, reported], published).expect("a page")).expect("HTML");
    assert_whole(&page);
    assert_eq!(page.matches("<article").count(), 2);
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn audits_are_pages_too() {
    let published = Published::embedded();
    let auditor = Auditor::new(published);
    let all = auditor.claims(0.1);
    let page = render(&claims_page(published, &all, 0.1)).expect("HTML");
    assert_whole(&page);
    for audited in &all {
        assert!(page.contains(&audited.claim.id), "{}", audited.claim.id);
    }
    for audited in all.iter().take(3) {
        assert_whole(&render(&claim_page(published, audited, true).expect("a page")).expect("HTML"));
    }
    let chip = |id: &str| published.require_chip(id).expect("a chip");
    let question = Question::parity(Scope::Unspecified, 0.1);
    let audit = auditor.pair(chip("nvidia-a100-sxm-80gb"), chip("nvidia-h20-96gb"), question);
    let page = render(&pair_page(published, &audit, false).expect("a page")).expect("HTML");
    assert_whole(&page);
    for words in [
        "A100 against H20",
        "memory-bound on both",
        "What would have to be true",
        "The numbers of the chart",
    ] {
        assert!(page.contains(words), "no {words}");
    }
}
