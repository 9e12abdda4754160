//! The JSON of `onpar history`; `docs/formats.md` describes it.

use serde_json::{Value, json};

use super::Context;
use crate::track::{Analysis, Boundary, Change, Drift, History, Series, Turn};

/// The document.
#[must_use]
pub fn document(context: Context) -> Value {
    let Context {
        history,
        analyses,
        settings,
        notes,
    } = context;
    let all = history.series.iter().zip(analyses);
    json!({
        "better": history.better.word(),
        "method": {
            "name": settings.method.word(),
            "p": settings.p,
            "min_change": settings.least,
            "window": settings.window,
        },
        "machines": history.machines.iter().map(|machine| json!({
            "hard_key": machine.key,
            "identity": machine.identity,
        })).collect::<Vec<_>>(),
        "series": all.map(|(series, analysis)| one(history, series, analysis)).collect::<Vec<_>>(),
        "warnings": notes,
    })
}

fn one(history: &History, series: &Series, analysis: &Analysis) -> Value {
    let changes = analysis
        .changes
        .iter()
        .map(|change| change_point(history, series, change));
    let boundaries = series.boundaries.iter().map(|place| boundary(history, series, place));
    json!({
        "name": series.name,
        "hard_key": history.machine(series).map(|machine| &machine.key),
        "points": series.values.len(),
        "missing": analysis.missing,
        "change_points": changes.collect::<Vec<_>>(),
        "drift": analysis.drift.map(|found| drift(history, series, found)),
        "boundaries": boundaries.collect::<Vec<_>>(),
    })
}

/// Numbers that are not finite are null: JSON has no words for them.
fn change_point(history: &History, series: &Series, change: &Change) -> Value {
    let point = change.point;
    let moment = history.moment(series, point.index);
    let beside = change
        .beside
        .iter()
        .map(|place| boundary(history, series, &series.boundaries[*place]));
    json!({
        "index": point.index,
        "time": moment.time,
        "session": moment.session,
        "before": point.before,
        "after": point.after,
        "change": point.change(),
        "p": point.p,
        "worse": change.turn == Turn::Worse,
        "beside": beside.collect::<Vec<_>>(),
    })
}

fn boundary(history: &History, series: &Series, boundary: &Boundary) -> Value {
    json!({
        "index": boundary.index,
        "time": history.moment(series, boundary.index).time,
        "changed": boundary.changed,
    })
}

fn drift(history: &History, series: &Series, drift: Drift) -> Value {
    json!({
        "index": drift.index,
        "time": history.moment(series, drift.index).time,
        "points": drift.points,
        "change": drift.change,
        "p": drift.p,
        "worse": Turn::of(drift.change, history.better) == Turn::Worse,
    })
}
