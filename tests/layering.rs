//! The architecture, held: imports run one way, only one file says `wgpu` and one `plotters`, nothing below `cli` prints,
//! and every kernel has both of its files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The line of modules: each may use those to its left. Those that share an entry do not see each other.
const ORDER: &[&[&str]] = &[
    &["units", "error", "fields", "parallel"],
    &["stats"],
    &["published"],
    &["kernels"],
    &["suites"],
    &["device"],
    &["measure"],
    &["tune"],
    &["record"],
    &["normalise"],
    &["judge"],
    &["audit", "compare", "track"],
    &["gate"],
    &["report"],
    &["cli"],
];

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            found.extend(files(&entry, extension));
        } else if entry.extension().is_some_and(|e| e == extension) {
            found.push(entry);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("readable");
        let relative = path.strip_prefix(root().join("src")).expect("below src").to_owned();
        (relative, code(&text))
    };
    files(&root().join("src"), "rs").into_iter().map(read).collect()
}

/// The text without comments: they may speak of anything.
fn code(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn module(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .expect("a first part")
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|entry| entry.contains(&module))
}

/// The modules that a text names by `crate::`, the lists in braces included; and whether a `super::` path of a file at
/// this depth leaves its module.
fn imports(text: &str, depth: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let end = list.find(';').unwrap_or(list.len());
            found.extend(
                list[..end]
                    .split([',', '{', '}'])
                    .map(|part| name(part.trim()))
                    .filter(|n| rank(n).is_some()),
            );
        } else {
            found.insert(name(rest));
        }
    }
    // `super::` once for each level up, and the module itself is the last level that is still inside.
    let up = "super::".repeat(depth);
    for (at, _) in text.match_indices(&up).filter(|_| depth > 0) {
        found.insert(name(&text[at + up.len()..]));
    }
    found
}

/// Levels of `super` that lead out of the top module of a file: `a.rs` and `a/mod.rs` one, `a/b.rs` two.
fn depth(path: &Path) -> usize {
    let parts = path.components().count();
    if path.ends_with("mod.rs") { parts - 1 } else { parts }
}

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let from = module(&path);
        if ["lib", "main"].contains(&from.as_str()) {
            continue;
        }
        let own = rank(&from).unwrap_or_else(|| panic!("{from} is not in the line of modules"));
        seen.insert(from.clone());
        for to in imports(&text, depth(&path)) {
            if to != from && rank(&to).is_some_and(|other| other >= own) {
                wrong.push(format!("{} uses {to}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the line:\n{}", wrong.join("\n"));
    assert!(seen.len() >= 10, "only {} modules were read", seen.len());
}

#[test]
fn the_reader_of_imports_reads_every_form() {
    let text = "use crate::{units::Unit, stats, error::{self, Error}};\nlet x = crate::report::wrap();";
    let found = imports(text, 2);
    for name in ["units", "stats", "error", "report"] {
        assert!(found.contains(name), "{name} in {found:?}");
    }
    assert!(imports("use super::super::cli::print;", 2).contains("cli"));
    assert!(!imports("use super::super::cli::print;", 3).contains("cli"));
}

fn files_that_say(word: &str) -> Vec<String> {
    let says = |(_, text): &(PathBuf, String)| text.contains(word);
    sources()
        .into_iter()
        .filter(says)
        .map(|(path, _)| path.display().to_string().replace('\\', "/"))
        .collect()
}

#[test]
fn one_file_drives_the_gpu_and_one_draws() {
    assert_eq!(files_that_say("wgpu::"), ["device/gpu.rs"]);
    assert_eq!(files_that_say("plotters::"), ["report/plot/canvas.rs"]);
}

/// The scripted device plays a driver, and some drivers print.
#[test]
fn nothing_below_the_command_line_prints() {
    for word in ["println!", "eprintln!", "print!(", "io::stdout", "io::stderr"] {
        let outside: Vec<_> = files_that_say(word)
            .into_iter()
            .filter(|path| !path.starts_with("cli/") && path != "device/scripted.rs")
            .collect();
        assert!(outside.is_empty(), "{word} in {outside:?}");
    }
}

#[test]
fn every_kernel_has_its_two_files_and_its_line_in_the_registry() {
    let stems = |folder: &str, extension: &str| -> BTreeSet<String> {
        let stem = |path: PathBuf| path.file_stem().expect("a stem").to_string_lossy().into_owned();
        files(&root().join(folder), extension).into_iter().map(stem).collect()
    };
    let registered: BTreeSet<String> = onpar::kernels::REGISTRY
        .iter()
        .map(|kernel| kernel.name.to_owned())
        .collect();
    assert_eq!(registered.len(), onpar::kernels::REGISTRY.len(), "a name stands twice");
    let shaders = stems("kernels", "wgsl");
    let orphans: Vec<_> = shaders.difference(&registered).collect();
    assert!(orphans.is_empty(), "no kernel runs {orphans:?}");
    let without: Vec<_> = registered.difference(&shaders).map(String::as_str).collect();
    assert_eq!(
        without,
        ["submit", "transfer"],
        "only what has no shader of its own has no WGSL file"
    );
    let missing: Vec<_> = registered.difference(&stems("src/kernels", "rs")).cloned().collect();
    assert!(missing.is_empty(), "no file in src/kernels for {missing:?}");
}
