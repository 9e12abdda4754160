//! Audits for a reader: as text, as JSON, as Markdown, with the arithmetic where it is asked for.

mod explain;
mod json;
mod lines;
mod markdown;
mod needs;
mod picture;
mod references;
mod text;
mod words;

pub use explain::explain;
pub use json::{claim_json, list_json, pair_json};
pub(super) use lines::{Line, lines};
pub use markdown::{claim_markdown, list_markdown, pair_markdown};
pub(super) use needs::{NeedLine, lines as needs};
pub use picture::picture;
pub(super) use references::References;
pub use text::{claim_text, list_text, pair_text};
pub(super) use words::{asked_region, claim_verdict, margin, name, named, own, relation};
