// Circular sums over tiles of 256 vectors in workgroup memory: y[i] = sum over s < steps of x[(i + s) mod 256]. PARTS
// elements of type T make a vector. The tile stands there twice and a little more, so that only the start of a group of
// reads has to be wrapped around, and is the same for all.
struct Params { first: u32, end: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;

const TILE = 256u * PARTS;
const ROOM = 2u * TILE + 16u * PARTS;
var<workgroup> tile: array<T, ROOM>;

fn fill(g: u32, lane: u32) {
    for (var i = lane; i < ROOM; i += LANES) { tile[i] = x[g * TILE + i % TILE]; }
    workgroupBarrier();
}
