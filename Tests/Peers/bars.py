"""Holds a JSON report on standard input against its bars; prints the figures, exits 1 on a miss."""
import json
import sys

BARS = {
    "twin": [
        ("registration.p99Pixels", "<=", 0.5),
        ("registration.coverage", ">=", 0.98),
        ("seam.maxPixels", "<=", 0.25),
        ("color.meanDeltaEITP", "<=", 1.0),
        ("color.p99DeltaEITP", "<=", 2.0),
    ],
    "bench": [("ratios.openCVRemap8UC3", "<=", 1.5)],
    "meshes": [("ratio", "<=", 0.8)],
}


def value(report, path):
    for key in path.split("."):
        report = report[key]
    return report


def main():
    report = json.load(sys.stdin)
    figures, missed = [], False
    for path, relation, bar in BARS[sys.argv[1]]:
        measured = value(report, path)
        holds = measured <= bar if relation == "<=" else measured >= bar
        missed = missed or not holds
        figures.append(f"{path} {measured:.4g} ({relation} {bar}{'' if holds else ' MISSED'})")
    print("; ".join(figures))
    sys.exit(1 if missed else 0)


main()
