//! Putting shader text together: the constants of a variant, the prelude, the kernel's file, and what is generated.

use std::fmt::Write as _;

/// What every kernel shares. A logical dispatch may be run in parts and its grid is folded into two dimensions, since a
/// dimension holds 65,535 workgroups at most: this is where a workgroup learns which one it is.
const PRELUDE: &str = "\
fn group_index(id: vec3<u32>, count: vec3<u32>) -> u32 { return p.first + id.x + id.y * count.x; }
";

/// Complete source: `constants` first (each becomes a WGSL `const` of type u32), then prelude, file and generated text.
pub(super) fn source(constants: &[(&str, u32)], file: &str, generated: &str) -> String {
    let mut text = String::new();
    for (name, value) in constants {
        let _ = writeln!(text, "const {name} = {value}u;");
    }
    text + PRELUDE + file + generated
}

/// The entry point's head, for generated bodies that use `g` (workgroup) and `lane`.
pub(super) fn entry(lanes: u32, body: &str) -> String {
    format!(
        "\n@compute @workgroup_size({lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {{
    let g = group_index(group, groups);
    if g >= p.end {{ return; }}
{body}}}
"
    )
}
