#!/usr/bin/env python3
"""The twin's color bars under random grades: graded_twin.py CYCLORAMA [COUNT] [STAGE].

The stage is set by the lines of a control session, exactly and baked in turn; what the photographs
ought to show is what OpenColorIO makes of the chart (`ocio_grades.py`). Prints one JSON object: the
worst mean and the worst 99th percentile of ΔE_ITP, and the least share of patches in reach.
"""
import json
import os
import subprocess
import sys
import tempfile

import ocio_grades


def twin(*arguments):
    run = subprocess.run(arguments, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def main():
    cyclorama = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    stage = sys.argv[3] if len(sys.argv) > 3 else "demo"
    worst = {"grades": 0, "meanDeltaEITP": 0, "p99DeltaEITP": 0, "reachable": 1, "patches": 0}
    with tempfile.TemporaryDirectory() as folder:
        ocio_grades.write(twin(cyclorama, "twin", stage, "--chart"), count, folder)
        for seed in range(count):
            name = os.path.join(folder, f"grade-{seed}")
            for baked in ([], ["--baked"]):
                color = twin(
                    cyclorama, "twin", stage, "--json", "--moments", "6", "--edits",
                    name + ".edits", "--wanted", name + ".json", *baked)
                print(seed, baked, color, file=sys.stderr)
                for key in ("meanDeltaEITP", "p99DeltaEITP"):
                    worst[key] = max(worst[key], color[key])
                worst["reachable"] = min(worst["reachable"], color["reachable"])
                worst["patches"] += color["patches"]
            worst["grades"] += 1
    print(json.dumps(worst))


if __name__ == "__main__":
    main()
