// Attention of one query to skv keys in each of b sequences, split over the keys: a workgroup takes one chunk of the keys
// of one kv head for all query heads that share it, so keys and values are read once; a second step joins the chunks. The
// first step is generated (src/kernels/attention_decode.rs).
//
// Queries and output are [b, hq, d], keys [b, hkv, skv, d], values [b, hkv, skv, dv]. A chunk's part of query head h is
// dv sums, the largest score, and the sum of exponentials, at part[(h * chunks + chunk) * (DV + 4)] in vectors of four.
struct Params { first: u32, end: u32, heads: u32, group: u32, skv: u32, chunk: u32, chunks: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(5) var<storage, read_write> part: array<vec4<f32>>;

// Lower than any score, and finite: the difference of two of them is no NaN.
const LOWEST = -3.0e38;

// One invocation a vector of the output.
@compute @workgroup_size(64)
fn join(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let i = group_index(group, groups) * 64u + lane;
    let head = i / DV4;
    if head >= p.heads { return; }
    let start = head * p.chunks * (DV4 + 1u);
    var largest = LOWEST;
    for (var c = 0u; c < p.chunks; c++) { largest = max(largest, part[start + c * (DV4 + 1u) + DV4].x); }
    var sum = 0.0;
    var value = vec4<f32>();
    for (var c = 0u; c < p.chunks; c++) {
        let of_chunk = start + c * (DV4 + 1u);
        let weight = exp(part[of_chunk + DV4].x - largest);
        sum += weight * part[of_chunk + DV4].y;
        value += weight * part[of_chunk + i % DV4];
    }
    store_o(i, value / sum);
}
