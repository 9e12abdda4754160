// y[i] = x[i], in vectors of four elements. LANES and ITEMS come with the variant: ITEMS vectors an invocation, LANES apart,
// so that neighbours touch neighbouring vectors. Element is how the vectors are stored.
struct Params { first: u32, end: u32, vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<Element>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<Element>>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let g = group_index(group, groups);
    if g >= p.end { return; }
    let start = g * LANES * ITEMS;
    if start + LANES * ITEMS <= p.vectors {
        for (var i = 0u; i < ITEMS; i++) { y[start + i * LANES + lane] = x[start + i * LANES + lane]; }
        return;
    }
    for (var j = start + lane; j < p.vectors; j += LANES) { y[j] = x[j]; }
}
