//! Renderers: results in, text or bytes out. Nothing here opens a file or prints.

pub mod audit;
pub mod chips;
pub mod columns;
pub mod compare;
pub mod csv;
pub mod doctor;
pub mod export;
mod flags;
pub mod gate;
pub mod history;
pub mod html;
mod interval;
pub mod json;
pub mod list;
mod look;
pub mod markdown;
pub mod noise;
mod openmetrics;
pub mod pictures;
pub mod plot;
pub mod splice;
pub mod terminal;
mod text;
pub mod tuned;
mod words;

pub use interval::{interval, interval_in};
pub use look::Look;
pub use text::{in_columns, paragraph, wrap};
