//! What several tests share.

use onpar::published::Table;

/// A small data set of the user's own that is clean when it is laid over the embedded one.
pub(crate) fn own_file(table: Table) -> String {
    let rows: &[&str] = match table {
        Table::Chips => &[
            "own-a,A,8 GB,Own,DE,shipping,2026-01,Own A$,First.",
            "own-b,B,,Own,DE,announced,,,Second.",
        ],
        Table::Sources => &["own-sheet,Own,A sheet,https://own.example/a,2026-01-02,en,datasheet"],
        Table::Figures => &[
            "own-a-bw-own-sheet,own-a,memory_bandwidth,,,,,1000,1000,byte/s,card,own-sheet,accepted,Printed.",
            "own-a-peak-acc16-x,own-a,peak_compute,fp16,matrix,fp16,dense,4,4,op/s,card,own-sheet,accepted,FP16 accumulate.",
            "own-a-peak-sparse-x,own-a,peak_compute,fp16,matrix,,sparse,4,4,op/s,card,own-sheet,accepted,Printed.",
            "own-b-bw-2-own-sheet,own-b,memory_bandwidth,,,,,1100,1100,byte/s,card,own-sheet,accepted,Printed.",
            "own-b-bw-3-own-sheet,own-b,memory_bandwidth,,,,,900,,byte/s,derived,own-sheet,accepted,Floor.",
            "own-b-bw-4-own-sheet,own-b,memory_bandwidth,,,,,,1200,byte/s,card,own-sheet,accepted,Ceiling.",
            "own-b-bw-own-sheet,own-b,memory_bandwidth,,,,,1000,1000,byte/s,card,own-sheet,accepted,Printed.",
            "own-b-peak-own-sheet,own-b,peak_compute,fp32,vector,,,50,50,op/s,card,own-sheet,accepted,Printed.",
        ],
        Table::Support => &[
            "own-a,fp8,matrix,no,own-sheet,Absent.",
            "own-b,fp8,matrix,yes,own-sheet,Present.",
        ],
        Table::Unpublished => &["own-a,tdp,,Searched.", "own-b,tdp,,Searched."],
        Table::Claims => &[
            "own-claim,own-a,own-b,multiple,2,3,training,no,Own,vendor,own-sheet,2026,It is faster.,No workload.,Ours.",
            "own-claim-2,own-a,own-b,on_par,,,training,yes,Own,vendor,own-sheet,2026,It is as fast.,,Ours.",
        ],
        Table::Measured => &[
            "own-m-rate,own-a,gemm,fp16,\"m=10,n=10,k=10\",throughput,1000,op/s,ours,own-sheet,2026,accepted,Ours.",
            "own-m-time,own-a,gemm,fp16,\"m=10,n=10,k=10\",time,2,s,ours,own-sheet,2026,accepted,Ours.",
        ],
    };
    format!("{}\n{}\n", table.columns().join(","), rows.join("\n"))
}
