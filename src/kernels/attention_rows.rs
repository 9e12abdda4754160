//! Attention with a query row to an invocation: the query, and the output so far, stay in its registers.

use std::fmt::Write as _;

use super::attention::Sizes;

/// The query row in registers, scaled, and an empty accumulator.
fn begin(Sizes { d4, dv4 }: Sizes) -> String {
    let mut text = String::new();
    for i in 0..d4 {
        let _ = writeln!(
            text,
            "    let q{i} = p.scale * load_q((head * p.sq + row) * {d4}u + {i}u);"
        );
    }
    for i in 0..dv4 {
        let _ = writeln!(text, "    var o{i} = vec4<f32>();");
    }
    text + "    var largest = LOWEST;\n    var sum = 0.0;\n"
}

/// Takes `count` keys from `j` on into the softmax: scores, the largest so far, what that does to what is already summed,
/// the weighted values. `k` and `v` name vector `i` of key `t`; `seen` is the number of keys that the row sees.
fn take(
    Sizes { d4, dv4 }: Sizes,
    count: u32,
    k: impl Fn(u32, u32) -> String,
    v: impl Fn(u32, u32) -> String,
) -> String {
    let mut text = String::new();
    for t in 0..count {
        let _ = writeln!(text, "        var a{t} = q0 * {};", k(t, 0));
    }
    for i in 1..d4 {
        for t in 0..count {
            let _ = writeln!(text, "        a{t} = fma(q{i}, {}, a{t});", k(t, i));
        }
    }
    for t in 0..count {
        let score = format!("(a{t}.x + a{t}.y) + (a{t}.z + a{t}.w)");
        let _ = writeln!(text, "        let s{t} = select(LOWEST, {score}, j + {t}u < seen);");
    }
    let largest = (0..count).fold("largest".to_owned(), |text, t| format!("max({text}, s{t})"));
    let _ = writeln!(
        text,
        "        let next = {largest};\n        let shrink = exp(largest - next);\n        largest = next;"
    );
    for t in 0..count {
        let _ = writeln!(
            text,
            "        let w{t} = select(0.0, exp(s{t} - next), j + {t}u < seen);"
        );
    }
    let weights: Vec<_> = (0..count).map(|t| format!("w{t}")).collect();
    let _ = writeln!(text, "        sum = sum * shrink + ({});", weights.join(" + "));
    for i in 0..dv4 {
        let mut value = format!("o{i} * shrink");
        for t in 0..count {
            value = format!("fma(vec4<f32>(w{t}), {}, {value})", v(t, i));
        }
        let _ = writeln!(text, "        o{i} = {value};");
    }
    text
}

fn store(Sizes { dv4, .. }: Sizes) -> String {
    let mut text = String::new();
    for i in 0..dv4 {
        let _ = writeln!(
            text,
            "        store_o((head * p.sq + row) * {dv4}u + {i}u, o{i} / sum);"
        );
    }
    text
}

/// The row of an invocation. The text around it has defined `first_row`, and `last`, the end of the loop over the keys,
/// which is the workgroup's and not the row's, so that all lanes read the same keys.
fn begin_row(sizes: Sizes) -> String {
    "    let row = min(first_row + lane, p.sq - 1u);\n    let seen = visible(row);\n".to_owned() + &begin(sizes)
}

/// Its end: rows beyond the last were computed from the last and are not stored.
fn end_row(sizes: Sizes) -> String {
    format!("    if first_row + lane < p.sq {{\n{}    }}\n", store(sizes))
}

/// Keys and values from memory, `keys` at a time.
pub(super) fn row(sizes: Sizes, keys: u32) -> String {
    let Sizes { d4, dv4 } = sizes;
    let mut text = begin_row(sizes);
    let _ = writeln!(text, "    for (var j = 0u; j < last; j += {keys}u) {{");
    for t in 0..keys {
        // The last keys are read again rather than read beyond: a key that does not exist is not seen either.
        let _ = writeln!(text, "        let key{t} = keys + min(j + {t}u, p.skv - 1u);");
    }
    text += &take(
        sizes,
        keys,
        |t, i| format!("load_k(key{t} * {d4}u + {i}u)"),
        |t, i| format!("load_v(key{t} * {dv4}u + {i}u)"),
    );
    text + "    }\n" + &end_row(sizes)
}

/// Keys and values from workgroup memory, filled with `block` of them at a time by `lanes` lanes.
pub(super) fn shared(sizes: Sizes, lanes: u32, keys: u32, block: u32) -> String {
    let Sizes { d4, dv4 } = sizes;
    let fill = |name: &str, vectors: u32| {
        format!(
            "        for (var i = lane; i < {}u; i += {lanes}u) {{
            {name}_block[i] = load_{name}((keys + min(j0 + i / {vectors}u, p.skv - 1u)) * {vectors}u + i % {vectors}u);
        }}
",
            block * vectors
        )
    };
    let mut text = begin_row(sizes);
    let _ = write!(
        text,
        "    for (var j0 = 0u; j0 < last; j0 += {block}u) {{\n{}{}        workgroupBarrier();
        for (var t = 0u; t < {block}u; t += {keys}u) {{\n        let j = j0 + t;\n",
        fill("k", d4),
        fill("v", dv4)
    );
    text += &take(
        sizes,
        keys,
        |t, i| format!("k_block[(t + {t}u) * {d4}u + {i}u]"),
        |t, i| format!("v_block[(t + {t}u) * {dv4}u + {i}u]"),
    );
    text + "        }\n        workgroupBarrier();\n    }\n" + &end_row(sizes)
}

/// That workgroup memory.
pub(super) fn blocks(Sizes { d4, dv4 }: Sizes, block: u32) -> String {
    format!(
        "var<workgroup> k_block: array<vec4<f32>, {}>;\nvar<workgroup> v_block: array<vec4<f32>, {}>;\n",
        block * d4,
        block * dv4
    )
}
