#!/usr/bin/env python3
"""The twin's decode of code values against ST 2084 in 40 decimal digits and published tables.

Arguments: the twin's decoded codes (JSON), and colour.json or nothing. Prints the largest relative
difference; exit status 1 over 1e-9, or where a table's signal falls outside its rounded code.
"""

import json
import sys
from decimal import Decimal, getcontext

getcontext().prec = 40
M1 = Decimal(2610) / 16384
M2 = Decimal(2523) / 4096 * 128
C1 = Decimal(3424) / 4096
C2 = Decimal(2413) / 4096 * 32
C3 = Decimal(2392) / 4096 * 32


def nits(case, code):
    depth, peak = case["depth"], Decimal(str(case["peakNits"]))
    if case["range"] == "full":
        v = Decimal(code) / (2**depth - 1)
    else:
        v = (Decimal(code) / 2 ** (depth - 8) - 16) / 219
    v = min(Decimal(1), max(Decimal(0), v))
    if case["transfer"] == "pq":
        p = v ** (1 / M2)
        return min(peak, 10000 * (max(p - C1, Decimal(0)) / (C2 - C3 * p)) ** (1 / M1))
    if case["transfer"] == "linear":
        return peak * v
    return peak * v ** Decimal(str(case["exponent"])) if v else Decimal(0)


def main():
    cases = json.load(open(sys.argv[1]))
    worst = Decimal(0)
    count = 0
    for case in cases:
        for code, value in enumerate(case["nits"]):
            truth = nits(case, code)
            count += 1
            worst = max(worst, abs(Decimal(value) - truth) / max(truth, Decimal("1e-9")))
    print(f"{count} codes: largest relative difference {float(worst):.3e}")
    failed = count == 0 or worst > Decimal("1e-9")
    if len(sys.argv) > 2:
        table = json.load(open(sys.argv[2]))["pq"]["code10_full_to_nits"]
        mine = next(
            c["nits"] for c in cases
            if c["transfer"] == "pq" and c["depth"] == 10 and c["range"] == "full")
        rows = table.items() if isinstance(table, dict) else (
            (row["code"], row["nits"]) for row in table)
        rows = list(rows)
        off = max(abs(mine[int(c)] - float(n)) / max(float(n), 1e-6) for c, n in rows)
        print(f"{len(rows)} codes of the published table: largest relative difference {off:.3e}")
        failed = failed or not rows or off > 1e-6
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
