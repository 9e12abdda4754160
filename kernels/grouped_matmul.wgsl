// C = A B for groups of rows that lie one after the other. Which matrix of weights a group has is in a table, as a router
// leaves it: of B, or of C where that is the gradient of the weights. All else as in kernels/matmul.wgsl.
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;
