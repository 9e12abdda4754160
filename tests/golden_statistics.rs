//! The statistics of one run against vectors that SciPy made (`scripts/golden/make`).

use std::path::Path;

use onpar::stats::{
    SampleMedian, distinct, inflation_of_median, inflation_of_trend, mann_kendall, median, median_absolute_deviation,
    median_interval, outliers, quartiles, rank_autocorrelation, theil_sen,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn golden<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = std::fs::read_to_string(path).expect("a file of vectors");
    serde_json::from_str(&text).expect("vectors")
}

/// Equal to 1 in 10^9.
#[track_caller]
fn assert_near(found: f64, expected: f64, what: &str) {
    let apart = (found - expected).abs();
    assert!(apart <= 1e-9 * expected.abs(), "{what}: {found}, expected {expected}");
}

#[derive(Deserialize)]
struct Order {
    values: Vec<f64>,
    median: f64,
    interval_95: Option<(f64, f64)>,
    interval_99: Option<(f64, f64)>,
    quartiles: (f64, f64),
    deviation: f64,
    distinct: usize,
    outliers: usize,
}

#[test]
fn order_statistics_are_those_of_scipy() {
    for vector in golden::<Vec<Order>>("order.json") {
        let (values, what) = (&vector.values, format!("{:?}", vector.values));
        assert_near(median(values).expect("a median"), vector.median, &what);
        assert_eq!(median_interval(values, 0.95), vector.interval_95, "{what}");
        assert_eq!(median_interval(values, 0.99), vector.interval_99, "{what}");
        let (first, third) = quartiles(values).expect("quartiles");
        assert_near(first, vector.quartiles.0, &what);
        assert_near(third, vector.quartiles.1, &what);
        let deviation = median_absolute_deviation(values).expect("a deviation");
        assert_near(deviation, vector.deviation, &what);
        assert_eq!(
            (distinct(values), outliers(values)),
            (vector.distinct, vector.outliers),
            "{what}"
        );
    }
}

#[derive(Deserialize)]
struct Serial {
    inflation: Vec<(f64, f64)>,
    series: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    values: Vec<f64>,
    autocorrelation: f64,
    ends: (f64, f64),
    holds: bool,
}

#[test]
fn serial_correlation_and_the_interval_that_allows_for_it_are_those_of_scipy() {
    let vectors: Serial = golden("serial.json");
    for (r, inflation) in vectors.inflation {
        assert_near(inflation_of_median(r), inflation, &format!("r {r}"));
    }
    for vector in vectors.series {
        let what = format!("{:?}", vector.values);
        assert_near(rank_autocorrelation(&vector.values), vector.autocorrelation, &what);
        let found = SampleMedian::of(&vector.values).expect("samples");
        assert_eq!(
            ((found.low, found.high), found.holds),
            (vector.ends, vector.holds),
            "{what}"
        );
    }
}

#[derive(Deserialize)]
struct Trends {
    inflation: Vec<(usize, f64, f64)>,
    series: Vec<Trend>,
}

#[derive(Deserialize)]
struct Trend {
    values: Vec<f64>,
    slope: f64,
    s: f64,
    p: f64,
}

#[test]
fn trends_are_those_of_scipy() {
    let vectors: Trends = golden("trend.json");
    for (count, r, inflation) in vectors.inflation {
        assert_near(
            inflation_of_trend(count, r),
            inflation,
            &format!("{count} values, r {r}"),
        );
    }
    for vector in vectors.series {
        let what = format!("{:?}", vector.values);
        assert_near(theil_sen(&vector.values).expect("a slope"), vector.slope, &what);
        let test = mann_kendall(&vector.values);
        assert_eq!(test.s, vector.s, "{what}");
        assert_near(test.p(1.0), vector.p, &what);
    }
}
