// Column sums of blocks of 128 rows by 32 columns: every element is read once and 1/128 as much is written, so the sums
// prove that all was read. An invocation owns four columns of STREAMS blocks that follow each other, which it reads side by
// side; eight neighbours read one row. The binding of the elements, x, comes with their precision; sums are f32.
struct Params { first: u32, end: u32, elements: u32, blocks: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

const ROWS = 128u;
const ROW = 8u; // vectors
const BLOCK = ROWS * ROW;

// The vector at `j`, with zeros for what lies beyond the last element.
fn masked(j: u32) -> vec4<f32> {
    if 4u * j >= p.elements { return vec4<f32>(); }
    return select(vec4<f32>(), load_x(j), vec4<u32>(4u * j) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(p.elements));
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let owner = group_index(group, groups) * LANES + lane;
    let first = owner / ROW * STREAMS;
    let column = owner % ROW;
    if first >= p.blocks { return; }
    var sums: array<vec4<f32>, STREAMS>;
    if (first + STREAMS) * BLOCK * 4u <= p.elements {
        let start = first * BLOCK + column;
        for (var r = 0u; r < ROWS; r += ITEMS) {
            for (var i = 0u; i < ITEMS; i++) {
                for (var s = 0u; s < STREAMS; s++) { sums[s] += load_x(start + s * BLOCK + (r + i) * ROW); }
            }
        }
    } else {
        for (var s = 0u; s < STREAMS; s++) {
            for (var r = 0u; r < ROWS; r++) { sums[s] += masked((first + s) * BLOCK + column + r * ROW); }
        }
    }
    for (var s = 0u; s < STREAMS; s++) {
        if first + s < p.blocks { y[(first + s) * ROW + column] = sums[s]; }
    }
}
