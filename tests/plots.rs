//! The plots promise: a readable picture of any result, as SVG and as PNG, and no input that breaks one.
//!
//! The pictures of these tests are left in `target/tmp/plots`, to be looked at after a change of the drawing code.

#[path = "common/picture.rs"]
mod picture;

use onpar::report::plot::{
    Bar, BarChart, BarKind, BarValue, Chip, HistoryChart, HistoryPanel, Level, MOST_PANELS, Mark, Panel, Step,
};
use onpar::track::Turn;
use onpar::units::{Interval, Unit};

use picture::{decode, draw, see};

fn bar(label: &str, kind: BarKind, value: BarValue) -> Bar {
    let (label, source) = (label.to_owned(), String::new());
    Bar {
        label,
        kind,
        value,
        source,
    }
}

fn measured(label: &str, value: f64, spread: f64) -> Bar {
    bar(label, BarKind::Measured, around(value, spread))
}

fn around(value: f64, spread: f64) -> BarValue {
    BarValue::Measured {
        value,
        low: value * (1.0 - spread),
        high: value * (1.0 + spread),
    }
}

fn published(chip: &str, value: BarValue) -> Bar {
    let kind = BarKind::Published {
        chip: Chip::new("", chip),
    };
    bar(chip, kind, value)
}

fn settled(interval: Interval) -> BarValue {
    let disputed = false;
    BarValue::Published { interval, disputed }
}

fn disputed(low: f64, high: f64) -> BarValue {
    let (interval, disputed) = (Interval::new(low, high), true);
    BarValue::Published { interval, disputed }
}

fn memory_panel() -> Panel {
    let mut bars = vec![bar("copy 1 GiB", BarKind::Ceiling, around(10.1e9, 0.02))];
    for (kernel, rate, spread) in [("copy", 4.9e9, 0.02), ("read", 9.8e9, 0.3), ("triad", 6.1e9, 0.05)] {
        for (size, gain) in [("64 KiB", 2.1), ("4 MiB", 1.4), ("256 MiB", 1.0)] {
            bars.push(measured(&format!("{kernel} {size}"), rate * gain, spread));
        }
    }
    bars.push(published("NVIDIA H20", settled(Interval::point(4e12))));
    bars.push(published("Zhenwu 810E", settled(Interval::at_least(1.57e12))));
    bars.push(published("Kunlun P800", disputed(1.6e12, 2.4e12)));
    Panel {
        title: "Memory bandwidth".to_owned(),
        unit: Unit::BytePerSecond,
        bars,
    }
}

fn compute_panel() -> Panel {
    const MATMUL: &str = "matmul/f32/nn/k=1024,m=1024,n=1024/hot";
    let lost = BarValue::Failed("timeout".to_owned());
    let elsewhere = BarKind::Published {
        chip: Chip::new("nvidia-h20-96gb", "NVIDIA H20"),
    };
    Panel {
        title: "Arithmetic, fp32".to_owned(),
        unit: Unit::OpPerSecond,
        bars: vec![
            bar("fma/f32", BarKind::Ceiling, around(101e9, 0.01)),
            measured(MATMUL, 30.4e9, 0.04),
            measured("matmul/f32/nt/k=4096,m=16,n=4096/cold", 8.2e9, 0.1),
            bar("attention_prefill/f32/causal/d=128,s=2048/hot", BarKind::Measured, lost),
            bar(
                "matmul/bf16/nn/k=1024,m=1024,n=1024/hot",
                BarKind::Measured,
                BarValue::Unsupported,
            ),
            published("NVIDIA H20", settled(Interval::point(44e12))),
            published("Zhenwu 810E", BarValue::Unpublished),
            published("Kunlun P800", disputed(115e12, 128e12)),
            published("an older card", settled(Interval::at_most(19.5e12))),
            bar(MATMUL, elsewhere, around(38.6e12, 0.0)),
        ],
    }
}

fn realistic() -> BarChart {
    BarChart {
        title: "What this device does, beside what is published".to_owned(),
        subtitle: "llvmpipe (LLVM 15.0.6, 256 bits), Vulkan. Software adapter: two cores of a CPU stand in for a GPU."
            .to_owned(),
        panels: vec![memory_panel(), compute_panel()],
        footer: vec![
            "A value is the median of 5 runs and its error bar the 95 % interval. A figure that nobody has published is \
             a word here, never a bar."
                .to_owned(),
            "Sources: nvidia-h20-datasheet, alibaba-810e-launch, baidu-p800-talk, baidu-p800-server.".to_owned(),
        ],
    }
}

fn one_panel(bars: Vec<Bar>) -> BarChart {
    BarChart {
        title: "One panel".to_owned(),
        subtitle: String::new(),
        panels: vec![Panel {
            title: "Memory bandwidth".to_owned(),
            unit: Unit::BytePerSecond,
            bars,
        }],
        footer: Vec::new(),
    }
}

#[test]
fn a_real_result_shows_every_word() {
    let (seen, png) = draw("realistic", &realistic().draw());
    for word in [
        "What this device does, beside what is published",
        "NVIDIA H20",
        "4 TB/s · published",
        "≥ 1.57 TB/s · published",
        "1.6–2.4 TB/s · disputed · published",
        "unpublished",
        "no such path",
        "timeout",
        "38.6 Top/s · measured elsewhere · NVIDIA H20",
        "measured here",
        "10 GB/s",
    ] {
        assert!(seen.says(word), "no {word:?} in {seen:#?}");
    }
    assert!(png.len() < 200_000, "{} bytes", png.len());
}

#[test]
fn drawing_is_a_pure_function() {
    let once = || realistic().draw().to_png().expect("a PNG");
    assert_eq!(once(), once());
}

#[test]
fn many_rows_grow_the_picture() {
    let heights = [1, 30, 200].map(|count| {
        let bars = (1..=count).map(|i| measured(&format!("read {i} MiB"), 1e9 * f64::from(i), 0.03));
        let (_, png) = draw(&format!("rows-{count}"), &one_panel(bars.collect()).draw());
        decode(&png).1
    });
    assert!(heights.is_sorted() && heights[0] < heights[1], "{heights:?}");
}

#[test]
fn more_rows_than_a_picture_holds_are_counted() {
    let bars = (0..5000).map(|i| measured(&format!("case {i}"), 1e9, 0.0)).collect();
    let (seen, _) = draw("rows-5000", &one_panel(bars).draw());
    assert!(seen.says("240 of 5000 rows are drawn."));
}

#[test]
fn nothing_to_draw_is_still_a_picture() {
    let title = "Nothing".to_owned();
    let empty = BarChart {
        title,
        ..BarChart::default()
    };
    draw("empty-chart", &empty.draw());
    let (seen, _) = draw("no-bars", &one_panel(Vec::new()).draw());
    assert!(seen.says("no rows"));
    draw(
        "words-only",
        &one_panel(vec![published("Zhenwu 810E", BarValue::Unpublished)]).draw(),
    );
}

#[test]
fn values_that_no_axis_holds_do_no_harm() {
    let odd = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX, 1.0];
    let mut bars = Vec::new();
    for (value, end) in odd.iter().flat_map(|value| odd.map(|end| (*value, end))) {
        let (low, high) = (end, value);
        bars.push(bar(
            "measured",
            BarKind::Measured,
            BarValue::Measured { value, low, high },
        ));
        bars.push(published("a chip", disputed(low, high)));
    }
    draw("odd-values", &one_panel(bars).draw());
}

#[test]
fn long_and_hostile_texts_are_cut_and_escaped() {
    let long = "very-long-label/".repeat(2000);
    let hostile = "<b>&\"'\u{0}\u{1b}[31m\u{ffff}\u{202e}\n</text></desc> 昆仑芯 🚀";
    let chip = BarKind::Published {
        chip: Chip::new("", &long),
    };
    let mut chart = one_panel(vec![
        measured(&long, 5e9, 0.1),
        measured(hostile, 7e9, 0.1),
        bar("failed", BarKind::Measured, BarValue::Failed(long.clone())),
        bar("published", chip, settled(Interval::point(4e12))),
    ]);
    chart.title.clone_from(&long);
    chart.subtitle = format!("{hostile} {}", "many words ".repeat(5000));
    chart.panels[0].title.clone_from(&long);
    chart.footer = vec!["a note ".repeat(5000); 100];
    let (seen, _) = draw("long-texts", &chart.draw());
    assert!(seen.svg.len() < 100_000, "{} bytes", seen.svg.len());
    assert!(!seen.svg.contains("<b>") && !seen.svg.contains('\u{202e}'), "not inert");
    assert!(seen.description.starts_with("<b>&\"'"), "{}", seen.description);
}

/// Every kind of bar, each with words too long for it.
fn crowded(label: &str, spread: f64) -> BarChart {
    let value = 5e9;
    let chip = |value| published("a chip", value);
    let disputed = |interval| BarValue::Published {
        interval,
        disputed: true,
    };
    let mut bars = vec![
        measured(label, value, 0.3),
        bar(label, BarKind::Ceiling, around(value, 0.0)),
        chip(disputed(Interval::point(value * spread))),
        chip(disputed(Interval::at_least(value * spread))),
        chip(disputed(Interval::new(value, value * spread))),
        chip(disputed(Interval::at_most(value))),
        chip(BarValue::Unpublished),
        bar(
            label,
            BarKind::Measured,
            BarValue::Failed("a status of many words ".repeat(20)),
        ),
    ];
    for bar in &mut bars {
        label.clone_into(&mut bar.label);
    }
    let panel = Panel {
        title: "A panel with a title of many words ".repeat(5),
        unit: Unit::TokenPerSecond,
        bars,
    };
    BarChart {
        title: "A title of many words ".repeat(20),
        subtitle: "A subtitle of many words ".repeat(20),
        panels: vec![panel.clone(), panel],
        footer: vec!["A note of many words ".repeat(20); 2],
    }
}

#[test]
fn no_text_overlaps_another_or_leaves_the_page() {
    for (label, spread) in [("copy", 1.0), ("copy", 1e3), (&*"label".repeat(30), 1e12), ("", 1.5)] {
        see("crowded", &crowded(label, spread).draw());
    }
}

/// A series that rises by a tenth two thirds of the way along, with intervals and gaps.
fn history(name: &str, points: usize) -> HistoryPanel {
    let step = points * 2 / 3;
    let value = |i: usize| {
        let level = if i < step { 1e-5 } else { 1.1e-5 };
        if i % 97 == 13 {
            f64::NAN
        } else {
            level * (1.0 + (i * 7919 % 101) as f64 * 1e-4)
        }
    };
    let values: Vec<f64> = (0..points).map(value).collect();
    HistoryPanel {
        title: name.to_owned(),
        unit: Some(Unit::Second),
        times: ["2026-01-01T00:00:00Z", "2026-11-28T00:00:00Z"].map(str::to_owned),
        ranges: values.iter().map(|value| (value * 0.99, value * 1.02)).collect(),
        values,
        levels: vec![
            Level {
                points: (0, step),
                values: (1e-5, 1e-5),
            },
            Level {
                points: (step, points),
                values: (1.1e-5, 1.12e-5),
            },
        ],
        steps: vec![Step {
            index: step,
            turn: Turn::Worse,
            words: "+10%".to_owned(),
        }],
        boundaries: vec![Mark {
            index: step + 1,
            words: "1".to_owned(),
        }],
    }
}

fn histories(panels: Vec<HistoryPanel>) -> HistoryChart {
    HistoryChart {
        title: "Values over time".to_owned(),
        subtitle: "A device".to_owned(),
        panels,
        boundaries: vec!["driver_version 'a' -> 'b'".to_owned()],
        footer: vec!["A note.".to_owned()],
    }
}

#[test]
fn a_history_says_what_changed_by_how_much_and_beside_what() {
    let (seen, _) = draw("history", &histories(vec![history("matmul nn, f32", 60)]).draw());
    for word in [
        "matmul nn, f32",
        "us",
        "+10%",
        "1",
        "1: driver_version 'a' -> 'b'",
        "60 points",
        "2026-11-28T00:00:00Z",
        "no value",
        "change for the worse",
    ] {
        assert!(seen.says(word), "no {word:?} in {seen:#?}");
    }
    assert!(
        !seen.says("for the better") && !seen.says("beyond the axis"),
        "the key has what there is"
    );
}

#[test]
fn fifty_series_of_a_thousand_points_are_a_picture() {
    let panels = (0..50)
        .map(|number| history(&format!("matmul nn k={number}, f32"), 1000))
        .collect();
    let (seen, png) = draw("history-50", &histories(panels).draw());
    assert!((0..50).all(|number| seen.says(&format!("matmul nn k={number}, f32"))));
    assert_eq!(seen.texts.iter().filter(|text| text.words == "+10%").count(), 50);
    assert!(
        seen.svg.len() < 1_500_000 && png.len() < 1_500_000,
        "{} and {} bytes",
        seen.svg.len(),
        png.len()
    );
    let more = vec![history("one of many", 20); MOST_PANELS + 5];
    let (seen, _) = draw("history-65", &histories(more).draw());
    assert!(seen.says("60 of 65 series are drawn."));
}

#[test]
fn a_crowded_or_odd_history_is_still_a_picture() {
    let words = "many words ".repeat(30);
    let crowded = |points: usize| HistoryPanel {
        steps: (0..points)
            .map(|index| Step {
                index,
                turn: if index % 2 == 0 { Turn::Worse } else { Turn::Better },
                words: format!("+{index}.{index}%"),
            })
            .collect(),
        boundaries: (0..points)
            .map(|index| Mark {
                index,
                words: words.clone(),
            })
            .collect(),
        times: [words.clone(), words.clone()],
        ..history(&words, points)
    };
    see(
        "history-crowded",
        &histories(vec![crowded(300), crowded(20), crowded(1)]).draw(),
    );
    let odd = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN, f64::MAX, 1.0];
    let of = |values: &[f64], unit| HistoryPanel {
        unit,
        values: values.to_vec(),
        ranges: Vec::new(),
        levels: vec![Level {
            points: (0, values.len()),
            values: (values[0], f64::NAN),
        }],
        ..history("odd", 10)
    };
    let mut panels: Vec<HistoryPanel> = odd.iter().map(|value| of(&[*value; 3], Some(Unit::Second))).collect();
    panels.extend(odd.iter().map(|value| of(&[*value, 1.0, 2.0], None)));
    panels.push(of(&odd, None));
    draw("history-odd", &histories(panels).draw());
    draw(
        "history-empty",
        &HistoryChart {
            title: "Nothing".to_owned(),
            ..HistoryChart::default()
        }
        .draw(),
    );
}
