//! Chains of steps, each of which waits for the one before: loops that are written out so far that they cost nothing.

/// Steps written out in the body of a loop.
pub(super) const UNROLL: u64 = 16;
/// Where measuring the ceiling of an engine, and racing chains for it, is from.
pub(super) const LITERATURE: &[&str] = &[
    "Williams, Waterman and Patterson, Roofline, Communications of the ACM 52(4), 2009",
    "clpeak, github.com/krrishnarraj/clpeak: chains of several shapes, the fastest counts",
];

/// `count` times `step`, sixteen to a trip of the loop.
pub(super) fn counted(count: &str, step: &str) -> String {
    format!(
        "    for (var i = 0u; i < {count} / {UNROLL}u; i++) {{
{}    }}
    for (var i = 0u; i < {count} % {UNROLL}u; i++) {{
{step}    }}
",
        step.repeat(UNROLL as usize)
    )
}

/// A line for each of the chains that an invocation has side by side.
pub(super) fn each(chains: u32, line: impl Fn(u32) -> String) -> String {
    (0..chains).map(|chain| format!("        {}\n", line(chain))).collect()
}
