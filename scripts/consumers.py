#!/usr/bin/env python3
"""Has the programs that read onpar's formats read them: what the tests hold in tests/golden, and a history made up here.

  consumers.py ONPAR FOLDER     FOLDER has what scripts/test-consumers set up
"""

import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
BMF = {
    "type": "object", "minProperties": 1,
    "additionalProperties": {
        "type": "object", "minProperties": 1,
        "additionalProperties": {
            "type": "object", "required": ["value"], "additionalProperties": False,
            "properties": {name: {"type": "number"} for name in ("value", "lower_value", "upper_value")},
        },
    },
}
CUSTOM_SMALLER_IS_BETTER = {
    "type": "array", "minItems": 1,
    "items": {
        "type": "object", "required": ["name", "unit", "value"],
        "properties": {
            "value": {"type": "number"}, **{name: {"type": "string"} for name in ("name", "unit", "range", "extra")},
        },
    },
}


def run(*command, stdin=None):
    """What a command prints; its failure ends the set."""
    done = subprocess.run([str(word) for word in command], input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def gate(pattern):
    files = sorted(GOLDEN.glob(f"gate/*/{pattern}"))
    assert len(files) == 9, f"{len(files)} files {pattern} where there are nine situations"
    return files


def openmetrics(onpar, folder):
    """promtool as Prometheus' text format, prometheus_client as OpenMetrics: the same values as in the JSON."""
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    files = [GOLDEN / "formats" / "openmetrics.txt", *gate("openmetrics.txt")]
    samples = 0
    for file in files:
        text = file.read_text()
        said = run("promtool", "check", "metrics", stdin=text)
        assert said == "", f"{file}: {said}"
        samples += sum(len(family.samples) for family in text_string_to_metric_families(text))
    for file in gate("openmetrics.txt"):
        families = {family.name: family for family in text_string_to_metric_families(file.read_text())}
        cases = json.loads(file.with_name("json.json").read_text())["cases"]
        wanted = {case["case"]: case["seconds"] for case in cases if case["seconds"] is not None}
        found = families.get("onpar_gate_case_seconds")
        found = {sample.labels["case"]: sample.value for sample in found.samples} if found else {}
        assert wanted.keys() == found.keys() and all(math.isclose(wanted[case], found[case], rel_tol=1e-5) for case in wanted)
    return f"{samples} samples in {len(files)} files"


def otava(onpar, folder):
    """Written as CSV and read back by apache-otava's importer; and its analysis of that finds what --method otava finds."""
    from otava.analysis import compute_change_points
    from otava.csv_options import CsvOptions
    from otava.importer import CsvImporter
    from otava.data_selector import DataSelector
    from otava.test_config import CsvMetric, CsvTestConfig

    home = folder / "history"
    run(sys.executable, ROOT / "scripts" / "history.py", "sessions", home, "--commits", 60, "--cases", 15, "--runs", 3)
    file = folder / "history.csv"
    file.write_text(run(onpar, "history", home, "--format", "otava"))
    names = next(csv.reader(io.StringIO(file.read_text())))[1:]
    metrics = [CsvMetric(name, -1, 1.0, name) for name in names]
    config = CsvTestConfig("history", str(file), csv_options=CsvOptions(), time_column="time", metrics=metrics, attributes=[])
    selector = DataSelector()
    selector.since_time = datetime(2025, 1, 1, tzinfo=timezone.utc)
    selector.until_time = datetime.now(timezone.utc) + timedelta(days=36500)
    series = CsvImporter().fetch_data(config, selector)
    found = json.loads(run(onpar, "history", home, "--method", "otava", "--json"))
    assert sorted(series.data) == sorted(names) == sorted(one["name"] for one in found["series"])
    points = 0
    for one in found["series"]:
        values = series.data[one["name"]]
        assert len(values) == one["points"] == 60
        theirs, _ = compute_change_points(list(values), window_len=50, max_pvalue=0.001, min_magnitude=0.0)
        assert [int(change.index) for change in theirs] == [change["index"] for change in one["change_points"]], one["name"]
        points += len(theirs)
    assert points > 0
    return f"{len(names)} series of 60 points, {points} change points alike"


def junit(onpar, folder):
    """Valid by the schema of Jenkins' reader, and in junitparser the counts and verdicts of the JSON."""
    from junitparser import Error, Failure, JUnitXml, Skipped
    from lxml import etree

    schema = etree.XMLSchema(file=str(next(folder.glob("pytest/*/testing/example_scripts/junit-10.xsd"))))
    kinds = {"regressed": Failure, "failed": Error, "inconclusive": Skipped, "shifted": Skipped}
    tests = 0
    for file in gate("junit.xml"):
        schema.assertValid(etree.parse(str(file)))
        outcome = json.loads(file.with_name("json.json").read_text())
        verdicts = {case["case"]: case["verdict"] for case in outcome["cases"]}
        suite = next(iter(JUnitXml.fromfile(str(file))))
        cases = {case.name: case for case in suite}
        assert suite.tests == len(cases) == len(verdicts) + 1, file
        for name, verdict in verdicts.items():
            results = [type(result) for result in cases[name].result]
            assert results == ([kinds[verdict]] if verdict in kinds else []), f"{file}: {name}"
        counted = [sum(type(result) is kind for case in suite for result in case.result) for kind in (Failure, Error, Skipped)]
        assert [suite.failures, suite.errors, suite.skipped] == counted, file
        assert (suite.failures + suite.errors > 0) == (outcome["exit_code"] in (1, 5)), file
        tests += len(cases)
    return f"{tests} tests in 9 files"


def annotations(onpar, folder):
    """Taken apart and issued again by @actions/core: the same bytes."""
    lines = [line for file in gate("github-annotations.txt") for line in file.read_text().splitlines()]
    assert lines and all(len(file.read_text().splitlines()) <= 10 for file in gate("github-annotations.txt"))
    commands = []
    for line in lines:
        level, title, message = re.fullmatch(r"::(error|warning|notice) title=([^:,]*)::(.*)", line).groups()
        unescaped = title.replace("%2C", ",").replace("%3A", ":"), message
        plain = [part.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") for part in unescaped]
        commands.append([level, {"title": plain[0]}, plain[1]])
    script = (
        "const { issueCommand } = require(process.argv[1]);"
        "for (const [level, properties, message] of JSON.parse(require('fs').readFileSync(0))) "
        "issueCommand(level, properties, message);"
    )
    core = folder / "npm" / "node_modules" / "@actions" / "core" / "lib" / "command.js"
    assert run("node", "-e", script, core, stdin=json.dumps(commands)).splitlines() == lines
    return f"{len(lines)} commands"


def summaries(onpar, folder):
    """Smaller than what GitHub shows; it has no reader outside of GitHub."""
    for file in gate("github-summary.md"):
        text = file.read_text()
        assert len(text.encode()) < 2**20 and text.startswith("# "), file
    return "9 files"


def check(schema, *files):
    tool = Path(sys.executable).with_name("check-jsonschema")
    run(tool, *schema, *files)


def schemas(onpar, folder):
    """Bencher's format and github-action-benchmark's, by what their documentation says of them."""
    for name, schema in {"bencher": BMF, "github-benchmark": CUSTOM_SMALLER_IS_BETTER}.items():
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(schema))
        check(["--schemafile", file], GOLDEN / "formats" / f"{name}.json")
    return "2 files"


def snippets(onpar, folder):
    """action.yml and what docs/ci.md shows, by the schemas of GitHub and GitLab that check-jsonschema has."""
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    kinds = {".github/workflows/onpar.yml": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}
    assert sorted(name for name, _ in blocks) == sorted(kinds)
    for name, text in blocks:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        check(["--builtin-schema", kinds[name]], file)
    check(["--builtin-schema", "vendor.github-actions"], ROOT / "action.yml")
    check(["--builtin-schema", "vendor.github-workflows"], ROOT / ".github" / "workflows" / "ci.yml")
    return "4 files"


def benchstat(onpar, folder):
    """No line that it cannot read, and every case in its table."""
    text = (GOLDEN / "formats" / "benchfmt.txt").read_text()
    file = folder / "benchfmt.txt"
    file.write_text(text)
    done = subprocess.run(["benchstat", str(file)], capture_output=True, text=True)
    assert done.returncode == 0 and "benchfmt.txt:" not in done.stderr, done.stderr
    names = {line.split()[0].removeprefix("Benchmark") for line in text.splitlines() if line.startswith("Benchmark")}
    assert names and all(name in done.stdout for name in names), done.stdout
    return f"{len(names)} cases"


def main(onpar, folder):
    sets = [openmetrics, otava, junit, annotations, summaries, schemas, snippets]
    if os.environ.get("WITH_BENCHSTAT") == "1":
        assert shutil.which("benchstat"), "benchstat is not in the PATH: go install golang.org/x/perf/cmd/benchstat@latest"
        sets.append(benchstat)
    failed = 0
    for one in sets:
        try:
            print(f"{one.__name__}: {one(onpar, folder)}")
        except Exception as error:
            failed += 1
            print(f"{one.__name__} FAILED: {type(error).__name__}: {error}")
    print(f"{len(sets) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2])))
