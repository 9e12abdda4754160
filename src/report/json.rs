//! A session as one JSON document, for programs.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::columns::{COLUMNS, Context};
use crate::record::Seal;

/// `{"session": header, "sealed": bool, "time": {...}, "rows": [...], "runs": [...], "measured": [...], "refused": [...]}`;
/// the rows have the fields of `rows.csv`, with null for unknown. `time` tells where the time went, `runs` what each case
/// came to in each run, and `measured`, for each case and each published measurement of work that is alike, the rate here
/// over the rate there. `docs/formats.md` describes it.
#[must_use]
pub fn document(context: Context) -> Value {
    let Context { session, scores } = context;
    let row = |score| {
        let field = |column: &super::columns::Column| (column.name.to_owned(), (column.value)(context, score));
        Value::Object(COLUMNS.iter().map(field).collect::<Map<_, _>>())
    };
    let runs = scores.rows.iter().flat_map(|score| {
        score.runs.iter().map(|run| {
            json!({
                "case": score.case,
                "run": run.run,
                "samples": run.samples,
                "stop": run.stop,
                "seconds": run.median.median,
                "seconds_low": run.median.low,
                "seconds_high": run.median.high,
                "interval": if run.median.holds { "within_run" } else { "range_of_samples" },
                "flags": run.flags,
            })
        })
    });
    let refused = scores.refused.iter().map(|refused| {
        json!({
            "case": refused.case,
            "variant": refused.variant,
            "status": refused.status,
            "reason": refused.reason,
        })
    });
    let measured = scores.rows.iter().flat_map(|score| {
        score.measured.iter().map(|there| {
            json!({
                "case": score.case,
                "chip": there.chip,
                "ratio": there.ratio,
                "measurement": there.measurement,
                "source": there.source,
                "shape": there.shape,
                "disputed": there.disputed,
            })
        })
    });
    json!({
        "session": session.header,
        "sealed": session.seal == Seal::Valid,
        "time": scores.time.map(|time| time.parts().into_iter().collect::<BTreeMap<_, _>>()),
        "rows": scores.rows.iter().map(row).collect::<Vec<_>>(),
        "runs": runs.collect::<Vec<_>>(),
        "measured": measured.collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
    })
}
