//! `onpar audit`, driven as a program: what it must say of the claims that this project is about.

use onpar::audit::{Audit, Auditor, ClaimVerdict, Question, ScopeAudit, Verdict};
use onpar::published::{Precision, Published, Scope, Table};
use onpar::units::Interval;
use serde_json::Value;

mod common;
#[path = "common/own.rs"]
mod own;
#[path = "common/program.rs"]
mod program;

use own::own_file;
use program::Verb;

const PPU: &str = "thead-zhenwu-ppu";
const H20: &str = "nvidia-h20-96gb";
const P800: &str = "kunlunxin-p800";
const A100: &str = "nvidia-a100-sxm-80gb";

const AUDIT: Verb = Verb("audit");

fn pair(subject: &str, reference: &str) -> Audit<'static> {
    let published = Published::embedded();
    let chip = |id| published.chip(id).expect(id);
    let question = Question::parity(Scope::Unspecified, 0.1);
    Auditor::new(published).pair(chip(subject), chip(reference), question)
}

/// The scopes of that name, at one number format where they have some.
fn scopes<'a>(audit: &'a Audit<'static>, name: &str, precision: Option<Precision>) -> Vec<&'a ScopeAudit<'static>> {
    let of_name = |scope: &&ScopeAudit<'_>| scope.axis.scope() == name;
    let of_format = |scope: &&ScopeAudit<'_>| precision.is_none() || scope.axis.precision() == precision;
    let found: Vec<_> = audit.scopes.iter().filter(of_name).filter(of_format).collect();
    assert!(!found.is_empty(), "no {name} at {precision:?}");
    found
}

#[track_caller]
fn assert_all(audit: &Audit<'static>, name: &str, precisions: &[Precision], verdict: Verdict) {
    for precision in precisions {
        for scope in scopes(audit, name, Some(*precision)) {
            assert_eq!(scope.verdict, Some(verdict), "{name} {precision}");
        }
    }
}

#[track_caller]
fn assert_near(ratio: Option<Interval>, low: f64, high: f64) {
    let ratio = ratio.expect("a ratio");
    assert!(
        (ratio.low - low).abs() < 0.005 && (ratio.high - high).abs() < 0.005,
        "{ratio:?}"
    );
}

const HALF: [Precision; 2] = [Precision::Bf16, Precision::Fp16];

#[test]
fn the_claim_that_the_project_started_from() {
    let text = AUDIT.prints(&["article-zhenwu-vs-h20"]);
    assert!(
        text.lines()
            .all(|line| line.chars().count() <= 80 || line.contains("://")),
        "{text}"
    );
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "NOT TESTABLE AS WORDED: No metric, workload or method given.",
        "[dunya-2025-09-11]",
        "memory capacity on par 1 96 GB against 96 GB",
        "interconnect behind 0.778 700 GB/s against 900 GB/s",
        "prefill fp8 behind no path Zhenwu PPU has no fp8 path",
        "decode (1 user) bf16 fp16 int8 not decidable - needs memory bandwidth: at least 3.64 TB/s; unpublished",
        "119 Top/s?* against 148 Top/s; needs at least 135 Top/s; 119 Top/s is derived and decides nothing",
        "bf16 peak of Zhenwu PPU: at least 135 Top/s; unpublished.",
        "memory bandwidth of Zhenwu PPU: at least 3.64 TB/s; unpublished.",
        "Another part, which decides nothing here: thead-zhenwu-810e >=1.57 TB/s*",
        "hxjkbz-2025-09-ppu: hxjkbz.com",
    ] {
        assert!(words.contains(part), "{part:?} is not in {text}");
    }
    let verdict = words.find("NOT TESTABLE").expect("a verdict");
    assert!(
        verdict < words.find("scope precisions").expect("a table"),
        "the verdict stands above the table"
    );
}

#[test]
fn zhenwu_against_h20_is_decided_only_where_figures_are_published() {
    let audit = pair(PPU, H20);
    let undecidable = [Precision::Bf16, Precision::Fp16, Precision::Int8];
    for name in ["prefill", "decode", "compute"] {
        assert_all(&audit, name, &undecidable, Verdict::NotDecidable);
        assert_all(&audit, name, &[Precision::Fp8], Verdict::Behind);
    }
    assert_all(&audit, "training", &HALF, Verdict::NotDecidable);
    let verdict = |name| scopes(&audit, name, None)[0].verdict;
    assert_eq!(verdict("memory_capacity"), Some(Verdict::OnPar));
    assert_eq!(verdict("interconnect"), Some(Verdict::Behind));
    assert_eq!(
        verdict("power"),
        Some(Verdict::Open),
        "the power of the H20 is in dispute"
    );
    assert_near(scopes(&audit, "interconnect", None)[0].shown, 0.778, 0.778);
    assert_near(scopes(&audit, "compute", Some(Precision::Fp16))[0].shown, 0.802, 0.802);
}

#[test]
fn the_floor_of_the_810e_is_shown_and_decides_nothing() {
    let document = AUDIT.json(&[
        "--subject",
        "thead-zhenwu-810e",
        "--reference",
        H20,
        "--scope",
        "decode",
        "--json",
    ]);
    let scopes = document["scopes"].as_array().expect("scopes");
    for scope in scopes.iter().filter(|scope| scope["precision"] == "bf16") {
        assert_eq!(scope["verdict"], "not_decidable");
        let needs = scope["needs"].as_array().expect("needs");
        let bandwidth = needs
            .iter()
            .find(|need| need["metric"] == "memory_bandwidth")
            .expect("needed");
        assert_eq!(
            (&bandwidth["at_least"], &bandwidth["precision"]),
            (&Value::from(3.64e12), &Value::Null)
        );
    }
    let memory = AUDIT.json(&[
        "--subject",
        "thead-zhenwu-810e",
        "--reference",
        H20,
        "--scope",
        "memory",
        "--json",
    ]);
    let bandwidth = &memory["scopes"][0];
    assert_eq!(bandwidth["verdict"], "not_decidable");
    assert!(
        (bandwidth["ratio"][0].as_f64().expect("a floor") - 0.392).abs() < 0.001,
        "{bandwidth}"
    );
    assert_eq!(bandwidth["ratio"][1], Value::Null);
    assert!(
        bandwidth["sources"]
            .as_array()
            .expect("sources")
            .contains(&Value::from("thead-tune-810e-dsr1"))
    );
}

#[test]
fn p800_against_h20() {
    let audit = pair(P800, H20);
    assert_near(scopes(&audit, "compute", Some(Precision::Fp16))[0].shown, 1.69, 2.33);
    assert_all(&audit, "prefill", &HALF, Verdict::Ahead);
    assert_all(&audit, "decode", &HALF, Verdict::Behind);
    let compute_bound = scopes(&audit, "prefill", Some(Precision::Fp16))[0].workloads.iter();
    let mut products = compute_bound.filter(|found| found.workload.case.kernel == "matmul");
    assert_near(products.next().expect("a product").finding.shown, 1.69, 2.33);
    for scope in scopes(&audit, "decode", Some(Precision::Fp16)) {
        let memory_bound = scope
            .workloads
            .iter()
            .find(|found| found.workload.case.kernel == "rms_norm");
        assert_near(memory_bound.expect("a norm").finding.shown, 0.40, 0.60);
    }
}

#[test]
fn claims_about_p800() {
    let document = AUDIT.json(&["pc23-p800-over-h20-fp16", "--json"]);
    assert_eq!(document["verdict"], "open");
    assert_eq!(
        document["scopes"].as_array().expect("scopes").len(),
        1,
        "only the format it names"
    );
    assert_eq!(
        AUDIT.json(&["pc24-p800-ahead-h20-fp16", "--json"])["verdict"],
        "supported"
    );
}

#[test]
fn a100_against_h20() {
    let audit = pair(A100, H20);
    assert_all(&audit, "prefill", &HALF, Verdict::Ahead);
    assert_all(&audit, "decode", &HALF, Verdict::Behind);
    assert_all(&audit, "prefill", &[Precision::Fp8], Verdict::Behind);
}

#[test]
fn a_chip_against_itself_is_one_in_every_cell() {
    for chip in [PPU, H20, P800] {
        let audit = pair(chip, chip);
        assert_eq!(audit.verdict, ClaimVerdict::Supported);
        for scope in &audit.scopes {
            assert_eq!(
                (scope.verdict, scope.shown),
                (Some(Verdict::OnPar), Some(Interval::point(1.0)))
            );
        }
    }
}

#[test]
fn exchanging_any_two_chips_mirrors_every_scope() {
    let published = Published::embedded();
    let auditor = Auditor::new(published);
    let question = || Question::parity(Scope::Unspecified, 0.1);
    for (index, a) in published.chips.iter().enumerate().step_by(7) {
        let b = &published.chips[(index * 31 + 11) % published.chips.len()];
        let (there, back) = (auditor.pair(a, b, question()), auditor.pair(b, a, question()));
        let verdicts = |audit: &Audit<'_>| audit.scopes.iter().map(|scope| scope.verdict).collect::<Vec<_>>();
        let mirrored: Vec<_> = verdicts(&back)
            .into_iter()
            .map(|verdict| verdict.map(Verdict::mirrored))
            .collect();
        assert_eq!(verdicts(&there), mirrored, "{} and {}", a.id, b.id);
    }
}

#[test]
fn every_claim_has_a_line_and_all_take_less_than_a_second() {
    let start = std::time::Instant::now();
    let text = AUDIT.prints(&[]);
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for claim in &Published::embedded().claims {
        let lines = text
            .lines()
            .filter(|line| line.split_whitespace().next() == Some(&claim.id));
        assert_eq!(lines.count(), 1, "{}", claim.id);
    }
}

#[test]
fn every_number_leads_to_a_source() {
    let published = Published::embedded();
    for audited in Auditor::new(published).claims(0.1) {
        for scope in audited.audit.iter().flat_map(|audit| &audit.scopes) {
            let known = scope.sources.iter().all(|id| published.source(id).is_some());
            let bounded = scope.shown.is_some_and(|shown| !shown.is_unknown());
            let decided = scope.verdict.is_some_and(|verdict| verdict != Verdict::NotDecidable);
            assert!(
                known && (!(bounded || decided) || !scope.sources.is_empty()),
                "{}",
                audited.claim.id
            );
        }
    }
}

#[test]
fn the_json_has_the_documented_fields() {
    let document = AUDIT.json(&["article-zhenwu-vs-h20", "--json"]);
    assert_eq!(document["claim"], "article-zhenwu-vs-h20");
    assert_eq!(
        (&document["subject"], &document["reference"]),
        (&Value::from(PPU), &Value::from(H20))
    );
    assert_eq!(
        (&document["margin"], &document["verdict"]),
        (&Value::from(0.1), &"not_testable_as_worded".into())
    );
    let scopes = document["scopes"].as_array().expect("scopes");
    let decode = scopes
        .iter()
        .find(|scope| scope["scope"] == "decode" && scope["precision"] == "bf16");
    let workloads = decode.expect("decode")["workloads"]
        .as_array()
        .expect("workloads")
        .clone();
    assert!(!workloads.is_empty());
    for workload in workloads {
        assert!(
            workload["case"]
                .as_str()
                .is_some_and(|case| case.parse::<onpar::kernels::Case>().is_ok())
        );
        assert_eq!(workload["binding"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            workload["ratio"],
            serde_json::json!([null, null]),
            "nothing is published"
        );
        assert_eq!(workload["verdict"], "not_decidable");
        assert!(!workload["sources"].as_array().expect("sources").is_empty());
    }
    let all = AUDIT.json(&["--json"]);
    assert_eq!(
        all["claims"].as_array().map(Vec::len),
        Some(Published::embedded().claims.len())
    );
}

#[test]
fn the_margin_and_the_scope_narrow_the_question() {
    let tight = AUDIT.json(&[
        "--subject",
        P800,
        "--reference",
        H20,
        "--scope",
        "memory",
        "--margin",
        "5%",
        "--json",
    ]);
    let capacity = tight["scopes"]
        .as_array()
        .expect("scopes")
        .iter()
        .find(|s| s["scope"] == "memory_capacity");
    assert_eq!(
        capacity.expect("capacity")["verdict"],
        "open",
        "96 GB or 96 GiB: up to 7 % apart"
    );
    assert_eq!(tight["margin"], 0.05);
}

#[test]
fn check_fails_on_what_is_contradicted_and_on_what_is_open() {
    for (args, code) in [
        (&["pc19-m890-a100-class-fp16", "--check"][..], 1),
        (&["pc23-p800-over-h20-fp16", "--check"], 3),
        (&["pc24-p800-ahead-h20-fp16", "--check"], 0),
        (&["article-zhenwu-vs-h20", "--check"], 0),
        (&["--check"], 1),
        (&["pc19-m890-a100-class-fp16"], 0),
    ] {
        assert_eq!(AUDIT.run(args).code, Some(code), "{args:?}");
    }
}

#[test]
fn what_is_unknown_or_impossible_is_a_usage_error_that_helps() {
    for (args, part) in [
        (&["article-zhenwu-vs-h2"][..], "did you mean article-zhenwu-vs-h20"),
        (
            &["--subject", "h20-96", "--reference", P800],
            "did you mean nvidia-h20-96gb",
        ),
        (&["--subject", P800], "--reference"),
        (
            &["--subject", P800, "--reference", H20, "--scope", "speed"],
            "is not one of overall, training",
        ),
        (
            &["--subject", P800, "--reference", H20, "--scope", "cost"],
            "no figure of what a chip costs",
        ),
        (&["--margin=-3%"], "expected a percentage"),
        (&["--plot", "roofs.svg"], "needs a claim or two chips"),
        (
            &["article-zhenwu-vs-h20", "--plot", "roofs.pdf"],
            "must end in .svg or .png",
        ),
        (
            &["pc04-next-zhenwu-vs-a100", "--plot", "roofs.svg"],
            "names no two chips",
        ),
    ] {
        let ended = AUDIT.run(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(ended.err.contains(part), "{part:?} is not in {}", ended.err);
    }
}

#[test]
fn claims_and_figures_of_ones_own_are_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    for table in [Table::Chips, Table::Sources, Table::Figures, Table::Claims] {
        std::fs::write(folder.path().join(table.file_name()), own_file(table)).expect("written");
    }
    let folder = folder.path().to_str().expect("UTF-8");
    let text = AUDIT.prints(&["own-claim-2", "--published", folder]);
    assert!(text.starts_with("own-claim-2 (yours)\n"), "{text}");
    assert!(
        text.contains("own-sheet (yours)") && text.contains("settled, yours"),
        "{text}"
    );
    assert!(AUDIT.prints(&["--published", folder]).contains("own-claim-2 (yours)"));
    assert_eq!(
        AUDIT.json(&["own-claim-2", "--published", folder, "--json"])["origin"],
        "user"
    );
}

#[test]
fn the_arithmetic_can_be_followed() {
    let text = AUDIT.prints(&["--subject", P800, "--reference", H20, "--scope", "prefill", "--explain"]);
    // Addresses and names of cases are never broken.
    let unbroken = |line: &str| line.contains("://") || line.contains("/hot");
    assert!(text.lines().all(|line| line.chars().count() <= 80 || unbroken(line)));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "T = max(F/P, B/W)",
        "H20: F/P = F / (148 Top/s) = ",
        "Kunlun P800: F/P = F / (250-345 Top/s) = ",
        "T(H20) / T(Kunlun P800) = 1.69-2.33: ahead",
    ] {
        assert!(words.contains(part), "{part:?} is not in {text}");
    }
}

#[test]
fn markdown_links_its_sources() {
    let text = AUDIT.prints(&["article-zhenwu-vs-h20", "--markdown"]);
    assert!(text.starts_with("# article-zhenwu-vs-h20\n"), "{text}");
    assert!(text.contains("**not testable as worded**: No metric"), "{text}");
    assert!(
        text.contains("| interconnect |  | behind | 0.778 | 700 GB/s against 900 GB/s |"),
        "{text}"
    );
    assert!(text.contains("](http://hxjkbz.com/n/959285)"), "{text}");
    assert!(
        AUDIT
            .prints(&["--markdown"])
            .contains("| pc23-p800-over-h20-fp16 | kunlunxin-p800 | 2.3 times |")
    );
}

/// Left in `target/tmp/plots`, to be looked at after a change of the drawing code.
#[test]
fn both_rooflines_are_drawn() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("plots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    for (name, subject) in [
        ("ppu", PPU),
        ("810e", "thead-zhenwu-810e"),
        ("p800", P800),
        ("a100", A100),
    ] {
        for kind in ["svg", "png"] {
            let file = folder.join(format!("audit-{name}.{kind}"));
            let path = file.to_str().expect("UTF-8");
            AUDIT.prints(&["--subject", subject, "--reference", H20, "--plot", path]);
            let bytes = std::fs::read(&file).expect("written");
            let svg = kind == "svg" && String::from_utf8_lossy(&bytes).contains("not decidable: a figure is missing");
            let decided = kind == "svg" && subject == A100;
            assert!(svg || decided || bytes.starts_with(b"\x89PNG"), "{path}");
        }
    }
}

#[test]
fn a_picture_of_any_two_chips_can_be_drawn() {
    let published = Published::embedded();
    for (index, a) in published.chips.iter().enumerate().step_by(13) {
        let b = &published.chips[(index * 17 + 5) % published.chips.len()];
        let audit = pair(&a.id, &b.id);
        let picture = onpar::report::audit::picture(&audit);
        assert!(
            picture
                .draw()
                .to_svg()
                .expect("a picture")
                .contains("operations per byte"),
            "{} {}",
            a.id,
            b.id
        );
    }
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md");
    for (name, args) in [("article", &["article-zhenwu-vs-h20"][..]), ("claims", &[])] {
        let line = [&["$ onpar audit"], args].concat().join(" ");
        common::assert_spliced(&page, name, &format!("```text\n{line}\n{}```\n", AUDIT.prints(args)));
    }
}
