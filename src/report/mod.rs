//! Renderers: results in, text or bytes out. Nothing here opens a file or prints.

pub mod columns;
pub mod csv;
pub mod doctor;
pub mod json;
pub mod list;
pub mod markdown;
pub mod plot;
pub mod terminal;
mod words;
