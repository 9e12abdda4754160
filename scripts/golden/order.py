#!/usr/bin/env python3
"""Writes tests/golden/order.json: what SciPy and NumPy say of sorted samples, for tests/golden_statistics.rs.

Intervals of the median come from scipy.stats.quantile_test, which finds the ranks by the quantile function of the binomial
distribution; quartiles, deviations and numbers of different values from NumPy and SciPy.

Written with SciPy 1.17.1 and NumPy 2.4.6. Usage: scripts/golden/make, or a Python that has both.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "order.json"
RANDOM = np.random.default_rng(20261124)


def interval(values, confidence):
    found = stats.quantile_test(values, p=0.5).confidence_interval(confidence)
    ends = [float(found.low), float(found.high)]
    return ends if all(np.isfinite(ends)) else None


def case(values):
    q1, q3 = np.percentile(values, [25, 75])
    return {
        "values": [float(value) for value in values],
        "median": float(np.median(values)),
        "interval_95": interval(values, 0.95),
        "interval_99": interval(values, 0.99),
        "quartiles": [float(q1), float(q3)],
        "deviation": float(stats.median_abs_deviation(values)),
        "distinct": len(np.unique(values)),
        "outliers": int(np.sum(values > q3 + 3 * (q3 - q1))),
    }


def samples():
    for count in (1, 2, 3, 5, 6, 7, 8, 9, 16, 17, 54, 67, 121):
        yield RANDOM.lognormal(-9, 0.1, count)
    for count in (10, 55, 80):
        yield RANDOM.integers(1, 12, count).astype(float)
        yield np.abs(RANDOM.standard_cauchy(count))
    yield np.full(20, 3.5)


cases = [case(np.sort(values)) for values in samples()]
OUT.parent.mkdir(exist_ok=True)
OUT.write_text("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")
