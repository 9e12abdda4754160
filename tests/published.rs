//! The data set of published figures: it is clean, its cells resolve as `published/README.md` says, and a user's own
//! rows can be laid over it. The rules, one by one, are in `published_rules.rs`.

use onpar::published::{
    ADAPTERS, Basis, Caveat, Cell, CellKey, Engine, Metric, Origin, Precision, Published, State, Table, embedded_files,
    load,
};
use onpar::units::Interval;

#[path = "common/own.rs"]
mod common;

use common::own_file;

#[test]
fn the_embedded_data_set_is_clean_and_complete() {
    let loaded = load(&embedded_files());
    assert_eq!(loaded.problems, []);
    let p = loaded.published;
    let counts = [p.chips.len(), p.sources.len(), p.figures.len(), p.support.len()];
    assert_eq!(counts, [152, 164, 1253, 84]);
    assert_eq!([p.unpublished.len(), p.claims.len(), p.measured.len()], [50, 42, 414]);
}

#[test]
fn the_readme_states_the_size_of_the_data_set() {
    let p = Published::embedded();
    let readme = include_str!("../published/README.md");
    let (_, size) = readme.split_once("\nSize: ").expect("a line of sizes");
    let size = size.split("\n\n").next().unwrap_or_default();
    for (count, thing) in [
        (p.chips.len(), "chips"),
        (p.sources.len(), "sources"),
        (p.figures.len(), "figures"),
        (p.support.len(), "support rows"),
        (p.unpublished.len(), "unpublished rows"),
        (p.claims.len(), "claims"),
        (p.measured.len(), "measurements"),
    ] {
        assert!(
            size.contains(&format!("{count} {thing}")),
            "{count} {thing} is not in: {size}"
        );
    }
}

#[test]
fn every_adapter_name_finds_its_chip() {
    for (adapter, want) in ADAPTERS {
        let got = Published::embedded().chip_for_adapter(adapter);
        assert_eq!(got.map(|chip| chip.id.as_str()), *want, "{adapter}");
    }
}

mod resolving {
    use super::*;

    const TERA: f64 = 1e12;

    #[track_caller]
    fn expect(cell: &Cell<'_>, state: State, shown: (f64, f64)) {
        assert_eq!(
            (cell.state, cell.interval()),
            (state, Interval::new(shown.0, shown.1)),
            "{}",
            cell.key
        );
    }

    fn of(chip: &str, metric: Metric) -> Cell<'static> {
        Published::embedded().cell(chip, CellKey::of(metric))
    }

    fn peak(chip: &str, precision: Precision) -> Cell<'static> {
        Published::embedded().peak_compute(chip, precision)
    }

    #[test]
    fn the_h20() {
        let h20 = "nvidia-h20-96gb";
        for (precision, tera, engine) in [
            (Precision::Bf16, 148.0, Engine::Matrix),
            (Precision::Fp16, 148.0, Engine::Matrix),
            (Precision::Fp8, 296.0, Engine::Matrix),
            (Precision::Int8, 296.0, Engine::Matrix),
            (Precision::Tf32, 74.0, Engine::Matrix),
            (Precision::Fp32, 44.0, Engine::Vector),
            (Precision::Fp64, 1.0, Engine::Vector),
        ] {
            let cell = peak(h20, precision);
            expect(&cell, State::Settled, (tera * TERA, tera * TERA));
            assert_eq!(cell.deciding, cell.shown);
            assert_eq!(cell.engine(), Some(engine));
        }
        let sparse = CellKey {
            sparse: true,
            ..CellKey::matrix(Precision::Fp16)
        };
        assert_eq!(Published::embedded().cell(h20, sparse).state, State::Unpublished);
        expect(&of(h20, Metric::MemoryBandwidth), State::Settled, (4e12, 4e12));
        expect(&of(h20, Metric::MemoryCapacity), State::Settled, (96e9, 96e9));
        expect(&of(h20, Metric::InterconnectBandwidth), State::Settled, (900e9, 900e9));
        expect(&of(h20, Metric::ComputeUnits), State::Settled, (78.0, 78.0));
        expect(&of(h20, Metric::L2Cache), State::Settled, (60e6, 60e6));
        expect(&of(h20, Metric::Tdp), State::Disputed, (400.0, 550.0));
    }

    #[test]
    fn the_zhenwu_810e() {
        let zhenwu = "thead-zhenwu-810e";
        for precision in [Precision::Bf16, Precision::Fp16, Precision::Tf32] {
            let cell = peak(zhenwu, precision);
            assert_eq!(cell.state, State::Unpublished, "{precision}");
            assert!(cell.interval().is_unknown() && cell.sought.is_some(), "{precision}");
        }
        let int8 = peak(zhenwu, Precision::Int8);
        expect(&int8, State::AtLeast, (247.2 * TERA, f64::INFINITY));
        assert!(int8.deciding.is_unknown(), "a derived floor decides nothing");
        for precision in [Precision::Fp8, Precision::Fp4] {
            let cell = peak(zhenwu, precision);
            assert_eq!(cell.state, State::Unsupported, "{precision}");
            assert!(cell.interval().is_unknown());
            assert_eq!(cell.support.map(|row| row.source.as_str()), Some("thead-actlize"));
        }
        let bandwidth = Published::embedded().memory_bandwidth(zhenwu);
        expect(&bandwidth, State::AtLeast, (1569.8e9, f64::INFINITY));
        assert!(bandwidth.deciding.is_unknown());
        assert_eq!(bandwidth.caveats(), [Caveat::Derived]);
        expect(
            &of(zhenwu, Metric::MemoryCapacity),
            State::Settled,
            (96e9, 103_079_215_104.0),
        );
        expect(
            &of(zhenwu, Metric::InterconnectBandwidth),
            State::Settled,
            (700e9, 700e9),
        );
        expect(&of(zhenwu, Metric::ComputeUnits), State::Settled, (64.0, 64.0));
        expect(&of(zhenwu, Metric::Tdp), State::Settled, (400.0, 400.0));
        let of_2025 = peak("thead-zhenwu-ppu", Precision::Fp16);
        expect(&of_2025, State::Disputed, (118.7 * TERA, 118.7 * TERA));
        assert!(of_2025.deciding.is_unknown());
    }

    #[test]
    fn the_p800() {
        let p800 = "kunlunxin-p800";
        let fp16 = peak(p800, Precision::Fp16);
        expect(&fp16, State::Disputed, (250.0 * TERA, 345.0 * TERA));
        assert_eq!(fp16.deciding, fp16.shown, "a derived value may widen what decides");
        assert_eq!(fp16.engine(), Some(Engine::Unstated));
        assert_eq!(fp16.caveats(), [Caveat::EngineUnstated]);
        expect(
            &peak(p800, Precision::Bf16),
            State::Disputed,
            (250.0 * TERA, 250.0 * TERA),
        );
        expect(
            &peak(p800, Precision::Int8),
            State::Disputed,
            (256.0 * TERA, 820.0 * TERA),
        );
        expect(
            &peak(p800, Precision::Fp32),
            State::Disputed,
            (125.0 * TERA, 125.0 * TERA),
        );
        assert_eq!(peak(p800, Precision::Fp8).state, State::Unpublished);
        expect(&of(p800, Metric::MemoryBandwidth), State::Disputed, (1600e9, 2400e9));
        expect(
            &of(p800, Metric::MemoryCapacity),
            State::Settled,
            (96e9, 103_079_215_104.0),
        );
        expect(&of(p800, Metric::Tdp), State::Disputed, (150.0, 400.0));
        assert_eq!(of(p800, Metric::InterconnectBandwidth).state, State::Unpublished);
    }

    #[test]
    fn a_ceiling_alone_bounds_from_above() {
        let cell = of("nvidia-rtx-pro-6000d", Metric::MemoryBandwidth);
        assert_eq!(cell.state, State::AtMost);
        assert_eq!(cell.deciding, Interval::at_most(1.4e12));
    }

    #[test]
    fn a_floor_never_widens_and_never_decides() {
        let cell = peak("thead-zhenwu-m890", Precision::Fp16);
        expect(&cell, State::Disputed, (600.0 * TERA, 600.0 * TERA));
        assert_eq!(cell.figures.len(), 3);
    }

    #[test]
    fn fp16_accumulate_is_a_cell_of_its_own() {
        let acc16 = CellKey {
            acc16: true,
            ..CellKey::matrix(Precision::Fp16)
        };
        let chip = "nvidia-rtx-4090";
        let fast = Published::embedded().cell(chip, acc16).interval();
        assert!(fast.low > 1.9 * peak(chip, Precision::Fp16).interval().high);
    }

    #[test]
    fn a_derived_matrix_peak_decides_only_what_the_published_vector_peak_does() {
        let published = Published::embedded();
        let decided = |chip: &str| {
            let cell = published.peak_compute(chip, Precision::Fp16);
            let matrix = published.cell(chip, CellKey::matrix(Precision::Fp16));
            let vector = published.cell(chip, CellKey::vector(Precision::Fp16));
            let derived = matrix.is_published() && matrix.figures.iter().all(|f| f.basis == Basis::Derived);
            (derived && vector.deciding.low > 0.0).then_some((cell.deciding, vector.deciding.low))
        };
        let all: Vec<_> = published.chips.iter().filter_map(|chip| decided(&chip.id)).collect();
        assert!(!all.is_empty());
        for (peak, vector) in all {
            assert_eq!(peak, Interval::at_least(vector));
        }
    }

    #[test]
    fn every_cell_rests_on_figures_with_known_sources() {
        let published = Published::embedded();
        for chip in &published.chips {
            for cell in published.cells(&chip.id) {
                assert!(
                    cell.figures
                        .iter()
                        .all(|figure| published.source(&figure.source).is_some())
                );
            }
        }
    }
}

mod folders {
    use super::*;

    fn folder(tables: &[Table]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for table in tables {
            std::fs::write(folder.path().join(table.file_name()), own_file(*table)).expect("written");
        }
        folder
    }

    #[test]
    fn some_files_are_laid_over_the_embedded_ones() {
        let folder = folder(&[Table::Chips, Table::Sources, Table::Figures]);
        let published = Published::from_dir(folder.path()).expect("clean");
        assert_eq!(published.chips.len(), 154);
        let own = published.chip("own-a").expect("laid over");
        assert_eq!(own.location.origin(), Origin::User);
        let embedded = published.chip("nvidia-h20-96gb").expect("still there");
        assert_eq!(embedded.location.origin(), Origin::Embedded);
        let cell = published.memory_bandwidth("own-b");
        assert_eq!(
            (cell.state, cell.interval()),
            (State::Settled, Interval::new(1000.0, 1100.0))
        );
        assert_eq!(
            published.chip_for_adapter("Own A").map(|chip| chip.id.as_str()),
            Some("own-a")
        );
    }

    #[test]
    fn a_row_with_the_key_of_an_embedded_one_replaces_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let embedded = Published::embedded();
        let old = &embedded
            .figures_of("nvidia-h20-96gb")
            .find(|f| f.metric == Metric::L2Cache)
            .expect("there")
            .id;
        let text = format!(
            "{}\n{old},nvidia-h20-96gb,l2_cache,,,,,50000000,50000000,byte,card,ke60-h20,accepted,Corrected.\n",
            Table::Figures.columns().join(",")
        );
        std::fs::write(folder.path().join("figures.csv"), text).expect("written");
        let published = Published::from_dir(folder.path()).expect("clean");
        assert_eq!(published.figures.len(), embedded.figures.len());
        let cell = published.cell("nvidia-h20-96gb", CellKey::of(Metric::L2Cache));
        assert_eq!(cell.interval(), Interval::point(50e6));
    }

    #[test]
    fn all_seven_files_stand_alone() {
        let folder = folder(&Table::ALL);
        let error = Published::from_dir(folder.path()).expect_err("the adapters of the embedded chips are missing");
        assert!(error.to_string().contains("no row for `nvidia-h20-96gb`"), "{error}");
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn a_folder_without_data_and_a_file_of_an_unknown_name_are_told() {
        let empty = folder(&[]);
        let error = Published::from_dir(empty.path())
            .expect_err("nothing there")
            .to_string();
        assert!(error.contains("chips.csv, sources.csv, figures.csv"), "{error}");
        let odd = folder(&[Table::Support]);
        std::fs::write(odd.path().join("figure.csv"), "").expect("written");
        let error = Published::from_dir(odd.path()).expect_err("a stranger").to_string();
        assert!(error.contains("figure.csv: not a data file"), "{error}");
    }

    #[test]
    fn an_unknown_chip_id_suggests_the_near_ones() {
        let error = Published::embedded()
            .require_chip("h20")
            .expect_err("no such id")
            .to_string();
        assert!(
            error.contains("nvidia-h20-96gb") && error.contains("nvidia-h20-141gb"),
            "{error}"
        );
    }
}

#[test]
fn the_csv_crate_reads_the_same_fields() {
    for file in embedded_files() {
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let theirs = reader.records().map(|record| record.expect("well formed"));
        for (line, record) in text.lines().zip(theirs) {
            let ours = onpar::fields::split(line).expect("well formed");
            assert!(ours.iter().map(|field| field.text.as_ref()).eq(record.iter()), "{line}");
        }
    }
}
