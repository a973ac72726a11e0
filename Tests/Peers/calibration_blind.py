"""A whole calibration against the twin, blind: captures, a session, and what it is worth.

calibration_blind.py CYCLORAMA [POSES] [WIDTH]: the twin writes captures of the demo stage, its wall
5 mm, its tracker 0.2 % and its light off what stage.yaml says; a session solves them by files alone;
the results are held against the truth. One JSON object on standard output for bars.py.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time


def main():
    program = os.path.realpath(sys.argv[1])
    poses = sys.argv[2] if len(sys.argv) > 2 else "24"
    width = sys.argv[3] if len(sys.argv) > 3 else "1920"
    folder = tempfile.mkdtemp(prefix="calibration-")
    session = os.path.join(folder, "session")
    start = time.monotonic()

    def run(*words, given=None):
        done = subprocess.run([program, "calibrate", *words], input=given, text=True,
                              stdout=subprocess.PIPE, stderr=sys.stderr)
        sys.stderr.write(done.stdout)
        if done.returncode:
            sys.exit(done.returncode)
        return done.stdout

    run("twin", "demo", "--out", folder, "--poses", poses, "--width", width)
    captured = time.monotonic()
    take = sorted(name for name in os.listdir(folder) if name.endswith(".take"))[0]
    before = [
        "s", "", "y", "y", "y", "y", "s",
        "", os.path.join(folder, take), os.path.join(folder, "dots"), "s", "s",
        "", "", os.path.join(folder, "patches.mkv") + " logc4 ARRI Wide Gamut 4",
    ]
    run("session", "demo", "--offline", "--folder", session, given="\n".join(before) + "\n")
    read = time.monotonic()
    run("session", "demo", "--offline", "--folder", session, given="\ns\n")
    solved = time.monotonic()
    report = json.loads(run("twin", "demo", "--poses", poses, "--width", width,
                            "--judge", session))
    report["solveSeconds"] = solved - read
    report["minutes"] = (time.monotonic() - start) / 60
    report["captureMinutes"] = (captured - start) / 60
    report["isFinished"] = int(all(
        step["state"] != "open"
        for step in json.load(open(os.path.join(session, "session.json")))["entries"]))
    kept = os.environ.get("STORE")
    if kept:
        shutil.copy(os.path.join(session, "report.html"), os.path.join(kept, "calibration.html"))
    shutil.rmtree(folder)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
