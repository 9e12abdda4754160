// Column sums of blocks of 128 rows by 32 columns: every element is read once and 1/128 as much is written, so the sums
// prove that all was read. An invocation owns a few columns of a few blocks that follow each other, which it reads side by
// side. The binding of the elements, x, comes with their precision, the entry point with the numbers of columns and blocks
// (src/kernels/read.rs); sums are f32.
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

fn store(block: u32, column: u32, sum: vec4<f32>) {
    if block < p.blocks { y[block * ROW + column] = sum; }
}
