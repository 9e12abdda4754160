//! Files that hold what a renderer has to make.

use std::path::Path;

/// Compares a text with a file below `tests/golden`. With `ONPAR_ACCEPT=1` in the environment it becomes that file.
#[track_caller]
pub(crate) fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("ONPAR_ACCEPT").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes the folder");
        std::fs::write(&path, text).expect("writes the file");
        return;
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        there == text,
        "{name} is stale; run the tests with ONPAR_ACCEPT=1 and look at the difference:\n{text}"
    );
}
