//! The picture of a comparison: every ratio with its interval against the margin, whatever the ratios are.
//!
//! The pictures of these tests are left in `target/tmp/plots`, to be looked at after a change of the drawing code.

#[path = "common/picture.rs"]
mod picture;

use onpar::judge::Verdict;
use onpar::report::plot::{RatioChart, RatioRow};
use onpar::units::Interval;

use picture::{draw, see};

fn row(label: &str, ratio: f64, spread: f64, verdict: Verdict) -> RatioRow {
    RatioRow {
        label: label.to_owned(),
        ratio,
        interval: (spread > 0.0).then_some((ratio / spread, ratio * spread)),
        words: format!("{ratio:.2e}  {verdict:?}"),
        verdict,
    }
}

fn chart(rows: Vec<RatioRow>) -> RatioChart {
    RatioChart {
        title: "Speed of A over that of B".to_owned(),
        subtitle: "A: a device. B: another".to_owned(),
        band: Interval::new(1.0 / 1.1, 1.1),
        rows,
        footer: vec!["About these two devices, not the two chips.".to_owned()],
    }
}

#[test]
fn every_verdict_has_its_row_and_its_place_in_the_key() {
    let rows = vec![
        row("matmul/f32/nn/k=1024,m=1024,n=1024/hot", 1.8, 1.02, Verdict::Ahead),
        row("copy/f32/-/n=16384/hot", 1.01, 1.03, Verdict::OnPar),
        row("read/f32/-/n=16384/hot", 0.93, 1.06, Verdict::Inconclusive),
        row("triad/f32/-/n=16384/hot", 0.9, 0.0, Verdict::Inconclusive),
        row("fma/f32/affine/n=131072,steps=1024/hot", 0.4, 1.1, Verdict::Behind),
    ];
    let (seen, _) = draw("ratios", &chart(rows).draw());
    for words in [
        "margin: 0.909 to 1.1",
        "interval",
        "ahead",
        "on par",
        "behind",
        "inconclusive",
        "1",
        "0.5",
    ] {
        assert!(seen.says(words), "{words}");
    }
    assert!(seen.says("copy/f32/-/n=16384/hot") && seen.tells("not the two chips"));
}

#[test]
fn no_ratio_does_harm() {
    let all_one = vec![row("a", 1.0, 1.0, Verdict::OnPar); 3];
    let narrow = vec![row("a", 1.000_01, 1.000_001, Verdict::OnPar)];
    let wide = vec![
        row("a", 1e-90, 1e5, Verdict::Behind),
        row("b", 1e90, 1e5, Verdict::Ahead),
        row(&"long ".repeat(100), f64::NAN, 2.0, Verdict::Inconclusive),
        row("<&\u{1b}\u{202e}>", f64::INFINITY, 2.0, Verdict::Inconclusive),
    ];
    for (name, rows) in [
        ("none", vec![]),
        ("all one", all_one),
        ("narrow", narrow),
        ("wide", wide),
    ] {
        see(&format!("ratios {name}"), &chart(rows).draw());
    }
    let point = RatioChart {
        band: Interval::point(1.0),
        ..chart(vec![row("a", 1.0, 0.0, Verdict::OnPar)])
    };
    see("ratios without a margin", &point.draw());
}

#[test]
fn more_rows_than_a_picture_holds_are_counted() {
    let rows = vec![row("a", 1.0, 1.01, Verdict::OnPar); 300];
    assert!(see("ratios many", &chart(rows).draw()).says("240 of 300 rows are drawn."));
}
