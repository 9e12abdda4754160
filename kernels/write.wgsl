// y[i] = a number made from i, in vectors of four; access as in copy.wgsl. The binding comes with the precision, and so do
// BITS, the random bits of a number, and UNIT, the worth of the last of them.
struct Params { first: u32, end: u32, vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;

// The upper bits of i times 2^32 over the golden ratio: neighbours have little in common, so that nothing can be gained
// by compressing them.
fn pattern(j: u32) -> vec4<f32> {
    let hash = (vec4<u32>(4u * j) + vec4<u32>(0u, 1u, 2u, 3u)) * vec4<u32>(2654435769u);
    return vec4<f32>(hash >> vec4<u32>(32u - BITS)) * UNIT;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let g = group_index(group, groups);
    if g >= p.end { return; }
    let start = g * LANES * ITEMS;
    if start + LANES * ITEMS <= p.vectors {
        for (var i = 0u; i < ITEMS; i++) {
            let j = start + i * LANES + lane;
            store_y(j, pattern(j));
        }
        return;
    }
    for (var j = start + lane; j < p.vectors; j += LANES) { store_y(j, pattern(j)); }
}
