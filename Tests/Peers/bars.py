"""Holds a JSON report against its bars: bars.py GROUP [FILE]; standard input without a file.

Prints the figures on one line; exits 1 on a miss and on a figure that is not there.
"""
import json
import sys

BARS = {
    "twin": [
        ("registration.p99Pixels", "<=", 0.5),
        ("registration.coverage", ">=", 0.98),
        ("seam.maxPixels", "<=", 0.25),
        ("color.meanDeltaEITP", "<=", 1.0),
        ("color.p99DeltaEITP", "<=", 2.0),
        ("color.reachable", ">=", 0.9),
    ],
    "depth": [("p99Pixels", "<=", 0.5), ("coverage", ">=", 0.95), ("holes", "<=", 0)],
    "plates": [("holes", "<=", 0)],
    "bench": [("ratios.openCVRemap8UC3", "<=", 1.5)],
    "renderer": [
        ("ratios.openCVRemap8UC3", "<=", 1.0),
        ("ratios.ffmpegV360", "<=", 0.45),
        ("ratios.llvmpipe", "<=", 0.25),
    ],
    "scaling": [("ratios.twoThreads", ">=", 1.9), ("ratios.fourfoldPixels", "<=", 4.2)],
    "tracker": [
        ("packets.accepted", ">=", 1497),
        ("packets.rejected", "<=", 0),
        ("panErrorDegrees", "<=", 0.02),
    ],
    "tracking": [
        ("freeD", "<=", 2.0),
        ("openTrackIOJSON", "<=", 2.0),
        ("openTrackIOCBOR", "<=", 2.0),
        ("accepted", ">=", 28800),
    ],
    "meshes": [("ratio", "<=", 0.8)],
    "calibration": [
        ("applied.registration.p99Pixels", "<=", 0.8),
        ("applied.color.meanDeltaEITP", "<=", 2.0),
        ("noiseless.registration.p99Pixels", "<=", 0.8),
        ("noiseless.color.meanDeltaEITP", "<=", 0.4),
        ("applied.color.reachable", ">=", 0.5),
        ("applied.registration.coverage", ">=", 0.95),
        ("registrationP99Pixels", "<=", 0.8),
        ("statedP50Pixels", ">=", 5.0),
        ("uncorrectedDeltaEITP", ">=", 4.0),
        ("solveSeconds", "<=", 60),
        ("minutes", "<=", 20),
        ("isFinished", ">=", 1),
    ],
    # A small wall at half the width: what counts is that every step works on a running stage.
    "calibration-live": [
        ("isFinished", ">=", 1),
        ("isResumed", ">=", 1),
        ("checked", "<=", 0),
        ("replaced", "<=", 0),
        # Nobody has replaced it.
        ("panelChange", "<=", 0.01),
        ("applied.registration.p99Pixels", "<=", 0.8),
        ("applied.color.meanDeltaEITP", "<=", 2.0),
    ],
    # Passed by is the neutral path again: what is over 1 is the spread of two medians.
    "grades": [("exact", "<=", 2.5), ("baked", "<=", 1.35), ("passedBy", "<=", 1.03)],
    "graded": [
        ("grades", ">=", 20), ("meanDeltaEITP", "<=", 1.0), ("p99DeltaEITP", "<=", 2.0),
        # A grade of two stops more takes the bright half of the chart over the wall's peak.
        ("reachable", ">=", 0.3),
    ],
    "edits": [("editsPerSecond", ">=", 990), ("refused", "<=", 0), ("lateByUs", "<=", 0)],
}


def value(report, path):
    for key in path.split("."):
        report = report[key]
    return report


def with_rejected(report):
    """A watched tracker's packets, with those refused for whatever cause added up."""
    packets = report.get("packets")
    if packets is not None:
        causes = [key for key in packets if key not in ("accepted", "lost")]
        packets["rejected"] = sum(packets[key] for key in causes)
    return report


def main():
    with open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin as file:
        report = with_rejected(json.load(file))
    figures, missed = [], False
    for path, relation, bar in BARS[sys.argv[1]]:
        measured = value(report, path)
        if measured is None:
            missed = True
            figures.append(f"{path} not measured ({relation} {bar} MISSED)")
            continue
        holds = measured <= bar if relation == "<=" else measured >= bar
        missed = missed or not holds
        figures.append(f"{path} {measured:.4g} ({relation} {bar}{'' if holds else ' MISSED'})")
    print("; ".join(figures))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
