//! Putting shader text together: the constants of a variant, the prelude, the kernel's file, and what is generated.

use std::fmt::Write as _;

/// What every kernel shares. A logical dispatch may be run in parts and its grid is folded into two dimensions, since a
/// dimension holds 65,535 workgroups at most: this is where a workgroup learns which one it is.
const PRELUDE: &str = "\
fn group_index(id: vec3<u32>, count: vec3<u32>) -> u32 { return p.first + id.x + id.y * count.x; }
";

/// Complete source: `constants` first (each becomes a WGSL `const` of type u32), then prelude, file and generated text.
/// What needs f16 says so in its first line, as WGSL wants it.
pub(super) fn source(constants: &[(&str, u32)], file: &str, generated: &str) -> String {
    let mut text = String::new();
    if says_f16(generated) {
        text += "enable f16;\n";
    }
    for (name, value) in constants {
        let _ = writeln!(text, "const {name} = {value}u;");
    }
    text + PRELUDE + file + generated
}

/// Whether the type f16 is named, and not only bf16.
fn says_f16(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word == "f16")
}

/// A number as a shader has it. The largest there is stands for all that are larger: such a case fits into no device.
pub(super) fn narrow(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Built-in values for entry points that use subgroups: which of the workgroup's subgroups, how many there are, which
/// lane of it, how many it has.
pub(super) const SUBGROUPS: &str = "
        @builtin(subgroup_id) subgroup: u32, @builtin(num_subgroups) subgroups: u32,
        @builtin(subgroup_invocation_id) subgroup_lane: u32, @builtin(subgroup_size) subgroup_lanes: u32,";

/// An entry point around a generated body that uses `g` (workgroup) and `lane`.
pub(super) fn entry(lanes: u32, body: &str) -> String {
    entry_with(lanes, "", body)
}

/// The same with more built-in values.
pub(super) fn entry_with(lanes: u32, builtins: &str, body: &str) -> String {
    format!(
        "\n@compute @workgroup_size({lanes})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,{builtins}
        @builtin(local_invocation_index) lane: u32) {{
    let g = group_index(group, groups);
    if g >= p.end {{ return; }}
{body}}}
"
    )
}
