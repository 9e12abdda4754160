// C = A B s with B in 8 bits, four in a word, and a factor for each of its columns, which the sums are multiplied with at
// the end; all else as in kernels/matmul.wgsl.
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;
