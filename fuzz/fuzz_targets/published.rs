//! Data files of the user's own: whatever is in them, reading ends in rows or in problems that can be printed.
//!
//! The first byte says which table the rest is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onpar::published::{DataFile, Origin, Table, fail_on, load};

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let table = Table::ALL[usize::from(*first) % Table::ALL.len()];
    let loaded = load(&[DataFile {
        table,
        name: table.file_name(),
        origin: Origin::User,
        bytes: bytes.to_vec(),
    }]);
    if let Err(error) = fail_on(&loaded.problems) {
        let message = error.to_string();
        assert!(!message.contains(|letter: char| letter.is_control() && letter != '\n'));
        assert!(message.len() < 20_000);
    }
    for chip in &loaded.published.chips {
        let _ = loaded.published.cells(&chip.id);
    }
    for figure in &loaded.published.figures {
        let _ = loaded.published.memory_bandwidth(&figure.chip);
    }
});
