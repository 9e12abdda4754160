//! The plots promise: a readable picture of any result, as SVG and as PNG, and no input that breaks one.
//!
//! The pictures of these tests are left in `target/tmp/plots`, to be looked at after a change of the drawing code.

use onpar::report::plot::{Bar, BarChart, BarKind, BarValue, Panel};
use onpar::units::{Interval, Unit};
use std::path::Path;

const SVG_WIDTH: u32 = 960;

fn bar(label: &str, kind: BarKind, value: BarValue) -> Bar {
    let label = label.to_owned();
    Bar { label, kind, value }
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
    bar(chip, BarKind::Published { chip: chip.to_owned() }, value)
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
        chip: "NVIDIA H20".to_owned(),
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

/// Width, height and RGB bytes of a PNG file.
fn decode(file: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a PNG header");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size that fits memory")];
    let frame = reader.next_frame(&mut pixels).expect("whole image data");
    (frame.width, frame.height, pixels)
}

/// The texts of an SVG document, which has to be well-formed.
fn texts(svg: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut texts = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) if tag.name().as_ref() == "text" => {
                let text = reader.read_text(tag.name()).expect("a closed text element");
                texts.push(text.trim().to_owned());
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

/// Draws both pictures, leaves them in `target/tmp/plots`, and checks what holds for every picture.
fn draw(name: &str, chart: &BarChart) -> (String, Vec<u8>) {
    let svg = chart.to_svg().expect("an SVG");
    let png = chart.to_png().expect("a PNG");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    std::fs::write(folder.join(format!("{name}.svg")), &svg).expect("the SVG is written");
    std::fs::write(folder.join(format!("{name}.png")), &png).expect("the PNG is written");

    let (width, height, pixels) = decode(&png);
    assert_eq!(width, 2 * SVG_WIDTH, "{name}");
    assert!(height < 16_000, "{name} is {height} pixels high");
    let size = format!(r#"width="{SVG_WIDTH}" height="{}""#, height / 2);
    assert!(svg.contains(&size), "{name} has no {size}");
    assert!(pixels.iter().any(|byte| *byte != 0xff), "{name} is blank");
    texts(&svg);
    (svg, png)
}

#[test]
fn a_real_result_shows_every_word() {
    let (svg, png) = draw("realistic", &realistic());
    let texts = texts(&svg);
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
        assert!(texts.iter().any(|text| text == word), "no {word:?} in {texts:#?}");
    }
    assert!(png.len() < 200_000, "{} bytes", png.len());
}

#[test]
fn drawing_is_a_pure_function() {
    let once = || realistic().to_png().expect("a PNG");
    assert_eq!(once(), once());
}

#[test]
fn many_rows_grow_the_picture() {
    let heights = [1, 30, 200].map(|count| {
        let bars = (1..=count).map(|i| measured(&format!("read {i} MiB"), 1e9 * f64::from(i), 0.03));
        let (_, png) = draw(&format!("rows-{count}"), &one_panel(bars.collect()));
        decode(&png).1
    });
    assert!(heights.is_sorted() && heights[0] < heights[1], "{heights:?}");
}

#[test]
fn more_rows_than_a_picture_holds_are_counted() {
    let bars = (0..5000).map(|i| measured(&format!("case {i}"), 1e9, 0.0)).collect();
    let (svg, _) = draw("rows-5000", &one_panel(bars));
    assert!(texts(&svg).iter().any(|text| text == "240 of 5000 rows are drawn."));
}

#[test]
fn nothing_to_draw_is_still_a_picture() {
    draw("empty-chart", &BarChart::default());
    let (svg, _) = draw("no-bars", &one_panel(Vec::new()));
    assert!(texts(&svg).iter().any(|text| text == "no rows"));
    draw(
        "words-only",
        &one_panel(vec![published("Zhenwu 810E", BarValue::Unpublished)]),
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
    draw("odd-values", &one_panel(bars));
}

#[test]
fn long_and_hostile_texts_are_cut_and_escaped() {
    let long = "very-long-label/".repeat(2000);
    let hostile = "<b>&\"'\u{0}\u{1b}[31m\u{ffff}\n</text> 昆仑芯 🚀";
    let chip = BarKind::Published { chip: long.clone() };
    let mut chart = one_panel(vec![
        measured(&long, 5e9, 0.1),
        measured(hostile, 7e9, 0.1),
        bar("failed", BarKind::Measured, BarValue::Failed(long.clone())),
        bar("published", chip, settled(Interval::point(4e12))),
    ]);
    chart.title.clone_from(&long);
    chart.subtitle = "many words ".repeat(5000);
    chart.panels[0].title.clone_from(&long);
    chart.footer = vec!["a note ".repeat(5000); 100];
    let (svg, _) = draw("long-texts", &chart);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    assert!(!svg.contains("<b>"), "unescaped");
}
