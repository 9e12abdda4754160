// C = A B, row-major, A of m x k, B of k x n. The entry points are generated (src/kernels/matmul.rs): the textbook kernel,
// which reads both operands from memory for every product, and the blocked ones with every inner loop written out
// (src/kernels/tile.rs). So are the bindings, by storage precision and by whether the rows of an operand divide by four.
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;
