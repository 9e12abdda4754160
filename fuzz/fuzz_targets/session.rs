//! Journals: whatever is in one, reading ends in a session or in an error with a place.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use onpar::record::Session;

fuzz_target!(|data: &[u8]| {
    match Session::parse(Path::new("session.jsonl"), data) {
        Ok(session) => {
            let _ = session.attempts();
            for warning in &session.warnings {
                let _ = warning.to_string();
            }
        }
        Err(error) => assert!(error.to_string().starts_with("session.jsonl")),
    }
});
