//! Against what others measured: real rows of `measured.csv`, and what must never be compared.

mod common;

use onpar::kernels::{Case, Precision, work_of};
use onpar::measure::Status;
use onpar::normalise::{MeasuredRatio, Scores, measured_ratios};
use onpar::published::{Measured, Published, Standing};
use onpar::record::Session;
use onpar::report::columns::Context;
use onpar::report::{json, markdown};

use common::{block, candidate, header, row};

fn case(name: &str) -> Case {
    name.parse().expect("a case")
}

fn ratios(name: &str, seconds: f64) -> Vec<MeasuredRatio> {
    measured_ratios(&case(name), seconds, Published::embedded())
}

fn square(precision: Precision, n: u64) -> Case {
    Case::hot("matmul", precision, "nn", &[("m", n), ("n", n), ("k", n)])
}

/// The embedded set with one row changed.
fn with_row(id: &str, change: impl Fn(&mut Measured)) -> Published {
    let mut published = Published::embedded().clone();
    let row = published.measured.iter_mut().find(|row| row.id == id).expect("the row");
    change(row);
    published
}

fn of_source<'r>(ratios: &'r [MeasuredRatio], source: &str) -> Vec<&'r MeasuredRatio> {
    ratios.iter().filter(|ratio| ratio.source == source).collect()
}

#[track_caller]
fn assert_near(ratio: f64, expected: f64) {
    assert!((ratio / expected - 1.0).abs() < 1e-3, "{ratio} is not {expected}");
}

/// The vendor's tuning files give a time and, derived from it, a rate: the time counts, once.
#[test]
fn a_tuning_time_becomes_a_rate_by_our_work_model() {
    let there = 0.000_501_740_501_075_983;
    let all = ratios("matmul/i8/nt/k=8192,m=1024,n=7392/hot", 2.0 * there);
    let vendor = of_source(&all, "thead-tune-810e-qwen25vl");
    assert_eq!(vendor.len(), 1, "{all:?}");
    assert_eq!(
        vendor[0].measurement,
        "thead-zhenwu-810e-gemm-int8-thead-tune-810e-qwen25vl-002"
    );
    assert_eq!(
        (vendor[0].chip.as_str(), vendor[0].shape.as_str()),
        ("thead-zhenwu-810e", "m=1024,n=7392,k=8192")
    );
    assert_near(vendor[0].ratio, 0.5);
    assert!(!vendor[0].disputed);
}

#[test]
fn a_product_of_a_matrix_and_a_vector_finds_its_time_though_a_bandwidth_stands_beside_it() {
    let all = ratios("matmul/i8/nt/k=7168,m=1,n=36864/hot", 1e-3);
    let vendor = of_source(&all, "thead-tune-810e-dsr1");
    assert_eq!(vendor.len(), 1, "{all:?}");
    assert!(vendor[0].measurement.ends_with("-006"), "{}", vendor[0].measurement);
}

#[test]
fn a_rate_of_another_shape_is_compared_as_a_rate() {
    let (f16, seconds) = (square(Precision::F16, 4096), 1e-3);
    let all = measured_ratios(&f16, seconds, Published::embedded());
    let here = work_of(&f16).expect("a product").operations as f64 / seconds;
    let h20 = of_source(&all, "zzc0721-issue-77");
    assert_eq!(h20.len(), 1);
    assert_near(h20[0].ratio, here / 133.18e12);
    let m890 = of_source(&all, "thead-actlize"); // m=3456: within the class
    assert_eq!(m890.len(), 1);
    assert_near(m890[0].ratio, here / (2.0 * 3456.0 * 4096.0 * 4096.0 / 0.000_356_775));
    let bf16 = measured_ratios(&square(Precision::Bf16, 8192), 1.0, Published::embedded());
    let chips: Vec<_> = bf16.iter().map(|ratio| ratio.chip.as_str()).collect();
    for chip in ["nvidia-h20-96gb", "huawei-ascend-910b", "nvidia-a100-sxm-40gb"] {
        assert!(chips.contains(&chip), "{chips:?}");
    }
}

#[test]
fn a_shape_class_ends_at_the_square_root_of_two() {
    // 4,096 times the root is 5,792.6, over it 2,896.3.
    for (n, inside) in [(5792, true), (5793, false), (2897, true), (2896, false)] {
        let all = measured_ratios(&square(Precision::F32, n), 1.0, Published::embedded());
        let found = all.iter().any(|ratio| ratio.shape == "m=4096,n=4096,k=4096");
        assert_eq!(found, inside, "{n}");
    }
    let one_long = "matmul/f32/nn/k=5793,m=4096,n=4096/hot";
    assert!(
        ratios(one_long, 1.0)
            .iter()
            .all(|ratio| ratio.shape != "m=4096,n=4096,k=4096")
    );
}

#[test]
fn a_disputed_row_says_so_and_a_rejected_one_is_never_used() {
    let case = square(Precision::F32, 4096);
    let id = "kunlunxin-p800-gemm-fp32-flagrt-runtime-team-001";
    let p800 = |published: &Published| {
        let all = measured_ratios(&case, 1.0, published);
        all.into_iter().find(|ratio| ratio.measurement == id)
    };
    assert!(p800(Published::embedded()).expect("compared").disputed);
    assert_eq!(p800(&with_row(id, |row| row.standing = Standing::Rejected)), None);
}

#[test]
fn a_maximum_over_shapes_is_never_compared_with_one_shape() {
    // Exactly the shape that a search found best.
    let all = ratios("matmul/bf16/nn/k=8192,m=10240,n=15360/hot", 1.0);
    assert!(of_source(&all, "stas00-ml-engineering").is_empty());
    let id = "nvidia-h20-96gb-gemm-fp32-zzc0721-issue-77-004";
    let swept = with_row(id, |row| row.shape = "m=4096,n=4096,k=4096,sweep=max".to_owned());
    let all = measured_ratios(&square(Precision::F32, 4096), 1.0, &swept);
    assert!(all.iter().all(|ratio| ratio.measurement != id));
}

#[test]
fn precisions_do_not_mix() {
    let all = measured_ratios(&square(Precision::F32, 4096), 1.0, Published::embedded());
    assert!(
        !all.is_empty() && all.iter().all(|ratio| ratio.measurement.contains("-fp32-")),
        "{all:?}"
    );
    assert!(measured_ratios(&square(Precision::F64, 4096), 1.0, Published::embedded()).is_empty());
}

/// FlashMLA's test counts every pair of a query and a latent, the masked ones too: at 3 queries a part in 8,000.
#[test]
fn latent_decoding_is_counted_without_its_mask_there() {
    let name = "latent_decode/bf16/causal/b=128,d=576,dv=512,hq=64,skv=8192,sq=3/hot";
    let counted = 2.0 * 128.0 * 64.0 * 3.0 * 8192.0 * (576.0 + 512.0);
    let all = ratios(name, counted / 129e12);
    let shapes: Vec<_> = all.iter().map(|ratio| ratio.shape.as_str()).collect();
    assert!(shapes.iter().all(|shape| shape.contains("varlen=0")), "{shapes:?}");
    let same: Vec<_> = all.iter().filter(|ratio| ratio.shape.contains("sq=3")).collect();
    assert_eq!(
        same.len(),
        1,
        "the rate, without the bandwidth of the same run: {all:?}"
    );
    assert!((same[0].ratio - 1.0).abs() < 1e-12, "{}", same[0].ratio);
}

/// FlashAttention's benchmark halves all pairs; the exact count is a part in 2,048 more.
#[test]
fn causal_attention_is_counted_by_halves_there() {
    let id = "nvidia-h20-96gb-attention-prefill-fp16-flash-attention-issue-1310-005";
    let known = with_row(id, |row| {
        row.shape = "b=2,hq=16,hkv=16,sq=2048,skv=2048,d=128,causal=1".to_owned();
    });
    let find = |name: &str, seconds| {
        let all = measured_ratios(&case(name), seconds, &known);
        all.into_iter().find(|ratio| ratio.measurement == id)
    };
    let counted = 4.0 * 2.0 * 16.0 * 2048.0 * 2048.0 * 128.0 / 2.0;
    let same = "attention_prefill/f16/causal/b=2,d=128,dv=128,hkv=16,hq=16,skv=2048,sq=2048/hot";
    let ratio = find(same, counted / 65.9e12).expect("compared").ratio;
    assert!((ratio - 1.0).abs() < 1e-12, "{ratio}");
    for other in [
        same.replace("causal", "full"),
        same.replace("d=128,dv=128", "d=96,dv=96"),
        same.replace("f16", "bf16"),
        same.replace("hkv=16", "hkv=8"),
    ] {
        assert_eq!(find(&other, 1.0), None, "{other}");
    }
}

#[test]
fn what_a_source_does_not_state_is_not_alike() {
    // The heads of these rows are not stated.
    assert!(
        ratios(
            "attention_prefill/f16/causal/b=2,d=128,dv=128,hkv=16,hq=16,skv=2048,sq=2048/hot",
            1.0
        )
        .is_empty()
    );
    assert!(ratios("copy/f32/-/n=67108864/hot", 1.0).is_empty());
}

#[test]
fn groups_are_compared_with_groups() {
    let all = ratios(
        "grouped_matmul/i8/nt/g=16,k=7168,m=7,n=4096/hot",
        0.000_223_980_803_489_685_06,
    );
    let vendor = of_source(&all, "thead-tune-810e-masked");
    assert_eq!(vendor.len(), 1, "{all:?}");
    assert_near(vendor[0].ratio, 1.0);
}

/// From a session to the report and to JSON.
#[test]
fn a_session_shows_them_and_one_without_any_has_no_section() {
    let mut session = Session::begun(header());
    session.events = vec![candidate(1), block(1, 2e-5), row(1, Status::Ok)];
    let known = with_row("kunlunxin-p800-gemm-fp32-flagrt-runtime-team-001", |row| {
        row.shape = "m=64,n=64,k=64".to_owned();
    });
    let shown = Scores::of(&session, &known);
    let text = markdown::report(&session, &shown, &[]);
    assert!(text.contains("## Against what others measured"), "{text}");
    assert!(
        text.contains("| kunlunxin-p800 |") && text.contains("(disputed)"),
        "{text}"
    );
    let document = json::document(Context {
        session: &session,
        scores: &shown,
    });
    assert_eq!(document["measured"][0]["case"], "matmul/f32/nn/k=64,m=64,n=64/hot");
    let none = Scores::of(&session, Published::embedded());
    assert!(!markdown::report(&session, &none, &[]).contains("others measured"));
}
