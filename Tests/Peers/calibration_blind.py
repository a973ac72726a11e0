"""A whole calibration against the twin, blind: captures, a session, `apply`, and what it is worth.

calibration_blind.py CYCLORAMA [POSES] [WIDTH]: the twin writes captures of the demo stage, its wall
5 mm, its tracker 0.2 % and its light off what stage.yaml says; a session solves them by files alone,
in a copy of the stage that knows nothing of the truth, and its results are applied to that copy.
Then the copy's frame path drives the wall as it is really built, an exact tracker tells of the
camera, and photographs are held against the scene. A second time the colors are captured by a camera
without noise. One JSON object on standard output for bars.py.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))


def used_seconds():
    """Processor seconds of everything that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Clock:
    """Minutes a piece of work takes on a machine that does nothing else.

    Nothing here waits, so that is at most the processor time of all cores, and at most what a clock
    on the wall says.
    """

    def __init__(self):
        self.start, self.used = time.monotonic(), used_seconds()

    def minutes(self):
        return min(time.monotonic() - self.start, used_seconds() - self.used) / 60


def main():
    program = os.path.realpath(sys.argv[1])
    poses = sys.argv[2] if len(sys.argv) > 2 else "24"
    width = sys.argv[3] if len(sys.argv) > 3 else "1920"
    folder = tempfile.mkdtemp(prefix="calibration-")
    truth, stage = os.path.join(folder, "truth"), os.path.join(folder, "stage")
    for copy in (truth, stage):
        os.mkdir(copy)
        shutil.copy(os.path.join(ROOT, "stage-configs/demo/stage.yaml"), copy)
    session = os.path.join(stage, "calibration", "blind")

    def run(*words, given=None):
        done = subprocess.run([program, "calibrate", *words], input=given, text=True,
                              stdout=subprocess.PIPE, stderr=sys.stderr)
        sys.stderr.write(done.stdout)
        if done.returncode:
            sys.exit(done.returncode)
        return done.stdout

    def answer(*lines, step=None):
        only = ["--step", step] if step else []
        run("session", stage, "--offline", "--folder", session, *only,
            given="\n".join(lines) + "\n")

    def twin(*words):
        return run("twin", truth, "--poses", poses, "--width", width, *words)

    def movie(where):
        return os.path.join(where, "patches.mkv") + " logc4 ARRI Wide Gamut 4"

    clock = Clock()
    twin("--out", folder)
    captured = clock.minutes()
    take = sorted(name for name in os.listdir(folder) if name.endswith(".take"))[0]
    answer("s", "", "y", "y", "y", "y", "s",
           "", os.path.join(folder, take), os.path.join(folder, "dots"), "s", "s",
           "", "", movie(folder))
    solving = Clock()
    answer("", "s")
    solved = solving.minutes()
    run("apply", stage, session, "--offline")
    minutes = clock.minutes()
    report = json.loads(twin("--judge", session))
    report["applied"] = json.loads(twin("--applied", stage))
    kept = os.environ.get("STORE")
    if kept:
        shutil.copy(os.path.join(session, "report.html"), os.path.join(kept, "calibration.html"))

    os.remove(os.path.join(folder, "patches.mkv"))
    quiet = os.path.join(folder, "quiet")
    twin("--patches-only", "--noiseless", "--out", quiet)
    answer("", "", movie(quiet), step="color")
    answer("", step="solve")
    run("apply", stage, session, "--offline")
    report["noiseless"] = json.loads(twin("--applied", stage))
    report.update(
        solveSeconds=60 * solved, minutes=minutes, captureMinutes=captured,
        isFinished=int(all(
            step["state"] != "open"
            for step in json.load(open(os.path.join(session, "session.json")))["entries"])))
    shutil.rmtree(folder)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
