// z[i] = x[i] + s * y[i] in f32, in vectors of four; access as in copy.wgsl. The bindings come with the precision.
struct Params { first: u32, end: u32, vectors: u32, scalar: f32 }
@group(0) @binding(0) var<uniform> p: Params;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let g = group_index(group, groups);
    if g >= p.end { return; }
    let start = g * LANES * ITEMS;
    if start + LANES * ITEMS <= p.vectors {
        for (var i = 0u; i < ITEMS; i++) {
            let j = start + i * LANES + lane;
            store_z(j, load_x(j) + p.scalar * load_y(j));
        }
        return;
    }
    for (var j = start + lane; j < p.vectors; j += LANES) { store_z(j, load_x(j) + p.scalar * load_y(j)); }
}
