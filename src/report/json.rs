//! A session as one JSON document, for programs.

use serde_json::{Map, Value, json};

use super::columns::{COLUMNS, Context};
use crate::record::Seal;

/// `{"session": header, "sealed": bool, "rows": [...], "refused": [...]}`; the rows have the fields of `rows.csv`, with
/// null for unknown. `docs/formats.md` describes it.
#[must_use]
pub fn document(context: Context) -> Value {
    let Context { session, scores } = context;
    let row = |score| {
        let field = |column: &super::columns::Column| (column.name.to_owned(), (column.value)(context, score));
        Value::Object(COLUMNS.iter().map(field).collect::<Map<_, _>>())
    };
    let refused = scores.refused.iter().map(|refused| {
        json!({
            "case": refused.case,
            "variant": refused.variant,
            "status": refused.status,
            "reason": refused.reason,
        })
    });
    json!({
        "session": session.header,
        "sealed": session.seal == Seal::Valid,
        "rows": scores.rows.iter().map(row).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
    })
}
