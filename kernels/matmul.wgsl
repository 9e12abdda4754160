// C = A B with A of m x k, B of k x n. Bindings, accessors and entry points are generated: how operands are read, by layout,
// storage and whether their lines divide by four (src/kernels/operand.rs), and the loops over them (src/kernels/blocked.rs,
// src/kernels/dots.rs), written out for each size of tile (src/kernels/product.rs).
struct Params { first: u32, end: u32, m: u32, n: u32, k: u32 }
@group(0) @binding(0) var<uniform> p: Params;
