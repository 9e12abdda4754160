//! Bencher Metric Format: an object of benchmarks, each an object of measures with value and bounds. The built-in measures
//! are `latency` in nanoseconds and `throughput` in operations per second (Bencher's documentation, "Bencher Metric Format").

use serde_json::{Map, Value, json};

use super::Timed;

/// The document.
pub(super) fn document(timed: &[Timed]) -> String {
    let cases: Map<String, Value> = timed.iter().map(|timed| (timed.case(), measures(timed))).collect();
    format!("{:#}\n", Value::Object(cases))
}

fn measures(timed: &Timed) -> Value {
    let timing = timed.timing;
    let measure = |of: &dyn Fn(f64) -> f64| {
        let [a, b] = [of(timing.low), of(timing.high)];
        json!({ "value": of(timing.seconds), "lower_value": a.min(b), "upper_value": a.max(b) })
    };
    let mut measures = Map::new();
    measures.insert("latency".to_owned(), measure(&|seconds| seconds * 1e9));
    let mut rate = |name: &str, amount: u64| {
        if amount > 0 {
            measures.insert(name.to_owned(), measure(&|seconds| amount as f64 / seconds));
        }
    };
    rate("throughput", timed.score.work.operations);
    rate("bandwidth", timed.score.work.bytes());
    Value::Object(measures)
}
