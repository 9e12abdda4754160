#!/usr/bin/env python3
"""Writes tests/golden/two_sample.json: what SciPy says of two samples, for tests/golden_two_sample.rs.

The probabilities of tied samples come from enumerating every choice (SciPy's permutation_test with mid-ranks), because its
method='exact' does not know ties; those of samples without ties from mannwhitneyu(method='exact'), and beyond what that
counts quickly from whole numbers in Python. Intervals come from testing between all neighbouring differences, which uses
nothing of the formula that is to be tested.

Usage: python3 -m venv VENV; VENV/bin/pip install scipy; VENV/bin/python scripts/golden/two_sample.py
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import stats

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden" / "two_sample.json"
RANDOM = np.random.default_rng(20261125)


def rank_sum(first, second, axis=-1):
    ranks = stats.rankdata(np.concatenate([first, second], axis=axis), axis=axis)
    return np.sum(ranks[..., : np.shape(first)[-1]], axis=axis)


def enumerated(first, second):
    """Both tails from every choice there is; the statistic is a multiple of one half, so that equality is exact."""
    def tail(alternative):
        return stats.permutation_test(
            (first, second), rank_sum, alternative=alternative, n_resamples=np.inf, vectorized=True
        ).pvalue
    return {"less": tail("less"), "greater": tail("greater"), "two_sided": tail("two-sided")}


def counted(first, second):
    """Both tails by counting choices in whole numbers."""
    ranks = [int(2 * rank) for rank in stats.rankdata(first + second)]
    ways = [{0: 1}] + [{} for _ in first]
    for rank in ranks:
        for chosen in range(len(first), 0, -1):
            for total, count in ways[chosen - 1].items():
                ways[chosen][total + rank] = ways[chosen].get(total + rank, 0) + count
    observed = sum(ranks[: len(first)])
    everything = math.comb(len(ranks), len(first))
    less = Fraction(sum(count for total, count in ways[-1].items() if total <= observed), everything)
    greater = Fraction(sum(count for total, count in ways[-1].items() if total >= observed), everything)
    return {"less": float(less), "greater": float(greater), "two_sided": float(min(1, 2 * min(less, greater)))}


def without_ties(first, second):
    def tail(alternative):
        return stats.mannwhitneyu(first, second, alternative=alternative, method="exact").pvalue
    return {"less": tail("less"), "greater": tail("greater"), "two_sided": tail("two-sided")}


def interval(first, second, tail):
    """The shifts that neither one-sided test rejects: from the first gap between differences that is not rejected from
    below to the last that is not rejected from above."""
    first, second = np.array(first), np.array(second)
    differences = np.sort(np.subtract.outer(first, second).ravel())
    inside = (differences[1:] + differences[:-1]) / 2

    def rejected(shift, alternative):
        return stats.mannwhitneyu(first - shift, second, alternative=alternative, method="exact").pvalue <= tail

    beyond = [differences[0] - 1, differences[-1] + 1]
    if not (rejected(beyond[0], "greater") and rejected(beyond[1], "less")):
        return None
    low = next((index for index, shift in enumerate(inside) if not rejected(shift, "greater")), len(inside))
    high = next((index for index, shift in enumerate(inside[::-1]) if not rejected(shift, "less")), len(inside))
    return [differences[low], differences[len(differences) - 1 - high]]


def values(count, levels=None):
    if levels:
        return [float(level) for level in RANDOM.integers(0, levels, count)]
    return [round(float(value), 6) for value in RANDOM.normal(size=count)]


def test_vector(first, second, method):
    return {"first": first, "second": second, **method(first, second)}


def shift_vector(first, second, tail):
    differences = np.subtract.outer(np.array(first), np.array(second))
    return {
        "first": first,
        "second": second,
        "tail": tail,
        "estimate": float(np.median(differences)),
        "interval": interval(first, second, tail),
    }


def main():
    tests = []
    for n, m, levels in [(2, 9, 3), (3, 3, 2), (5, 5, 3), (5, 5, 6), (5, 8, 4), (7, 4, 2), (8, 8, 5), (8, 8, 30)]:
        tests += [test_vector(values(n, levels), values(m, levels), enumerated) for _ in range(3)]
    tests.append(test_vector([1.0] * 6, [1.0] * 6, enumerated))
    tests.append(test_vector([1.0] * 6, [2.0] * 6, enumerated))
    for n, m in [(2, 2), (5, 5), (6, 9), (10, 10), (20, 20), (20, 5), (28, 28)]:
        tests += [test_vector(values(n), values(m), without_ties) for _ in range(3)]
    for n, m, levels in [(1, 1, 2), (1, 9, 3), (10, 10, 4), (20, 20, 3), (20, 20, 12), (13, 20, 50), (28, 28, 9)]:
        tests += [test_vector(values(n, levels), values(m, levels), counted) for _ in range(3)]
    approximate = [test_vector(values(n), values(m), counted) for n, m in [(29, 29), (35, 30), (40, 40), (5, 600)]]

    shifts = []
    for n, m in [(3, 3), (4, 4), (5, 5), (5, 7), (10, 10), (11, 9), (20, 20)]:
        shifts += [shift_vector(values(n), values(m), tail) for tail in [0.01, 0.015, 0.025, 0.05, 0.2]]

    families = []
    for count, power in [(1, 1), (2, 2), (7, 3), (50, 2), (50, 6)]:
        probabilities = [float(p) for p in RANDOM.uniform(size=count) ** power]
        families.append({"probabilities": probabilities,
                         "adjusted": stats.false_discovery_control(probabilities).tolist()})
    tied = [0.01, 0.01, 0.2, 1.0, 0.2]
    families.append({"probabilities": tied, "adjusted": stats.false_discovery_control(tied).tolist()})

    parts = {"rank_sum": tests, "rank_sum_approximate": approximate, "shift": shifts, "benjamini_hochberg": families}
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]"
             for name, vectors in parts.items()]
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
