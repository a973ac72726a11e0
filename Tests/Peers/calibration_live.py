"""A calibration session on a stage that runs, the twin being camera, tracker and wall.

calibration_live.py CYCLORAMA [POSES]: `cyclorama run` drives a small stage, `cyclorama calibrate`
shows its patterns through the control socket and asks its questions, and the twin, which looks at
the stage's own RTP, is carried from pose to pose by this program as a person would carry a camera.
The session is broken off in the middle and taken up again; its results are applied, and checked as
before a day's work; one panel is measured anew. One JSON object on standard output for bars.py.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

STAGE = """\
stage: small
frameRate: 24
outerEyeMeters: [0, 0, 1.4]
processors:
  - {name: P, width: 512, height: 192, bitDepth: 12, transfer: pq, range: full,
     latencyMilliseconds: 8}
products:
  - {name: tile, widthMillimeters: 500, heightMillimeters: 500, columns: 64, rows: 64}
walls:
  - name: arc
    kind: arc
    product: tile
    columns: 8
    rows: 3
    centerMeters: [0, 0, 0.7]
    radiusMeters: 4
    light: {primaries: p3d65, peakNits: 1500}
    canvas: {processor: P, x: 0, y: 0}
tracking:
  - {name: T, kind: freed, port: 40231}
cameras:
  - name: A
    source: T
    sensorMillimeters: [24, 13.5]
    imagePixels: [960, 540]
    lens: {focalLengthMillimeters: 14}
outputs:
  - {name: out, processor: P, kind: rtp, host: 127.0.0.1, port: 45231, sampling: rgb, depth: 12}
"""
FOOTAGE = " logc4 ARRI Wide Gamut 4"


class Twin:
    """The simulated camera, carried by lines."""

    def __init__(self, program, stage, folder, poses):
        self.process = subprocess.Popen(
            [program, "calibrate", "twin", stage, "--live", "--out", folder, "--width", "960",
             "--poses", str(poses)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer != "done " + line:
            sys.exit(f"the twin said {answer!r} to {line!r}")

    def end(self):
        self.process.stdin.close()
        self.process.wait()


QUESTIONS = ("Enter: begin", "Enter when 20", "y or n", "Pose ", "The stage's take",
             "The camera's pictures", "recording? Enter", "Zoom and focus")


class Session:
    """`cyclorama calibrate`, and somebody who does what it says with the twin in their hands."""

    def __init__(self, program, words, folder, twin):
        self.process = subprocess.Popen(
            [program, "calibrate", *words], cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.text, self.folder, self.twin = "", folder, twin
        self.pose = self.count = 0
        self.recording = self.last = ""

    def question(self):
        """The next question; None at the end."""
        line = b""
        while True:
            byte = os.read(self.process.stdout.fileno(), 1)
            self.text += byte.decode("latin-1")
            sys.stderr.buffer.write(byte)
            if not byte:
                return None
            line = b"" if byte == b"\n" else line + byte
            if line.endswith(b": "):
                found = next((q for q in QUESTIONS if q.encode() in line), None)
                if found:
                    return found

    def say(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def record(self, kind):
        self.recording = f"{kind}-{self.process.pid}-{self.pose}"
        self.twin.do(f"{'movie' if kind == 'patches' else 'record'} "
                     + (self.recording if kind == "patches" else f"dots-{self.process.pid}"))

    def stop(self):
        if self.recording:
            self.twin.do("stop")
            self.last = (f"{self.recording}.mkv{FOOTAGE}" if "patches" in self.recording
                         else f"dots-{self.process.pid}")
        self.recording = ""

    def serve(self, skip=(), poses=3, first=0, given=None):
        """Answers to the end, or to where the geometry asks for its take if nothing is given."""
        while question := self.question():
            if question == "Enter: begin":
                step = self.text.rsplit(" of 9: ", 1)[-1].split("\n")[0]
                self.pose = 0
                self.say("s" if step in skip else "")
            elif question == "y or n":
                self.say("y")
            elif question == "Pose ":
                self.stop()
                if self.pose == poses or given:
                    self.say("d")
                    continue
                self.twin.do(f"pose {first + self.pose}")
                self.pose += 1
                self.record("dots")
                self.say("")
            elif question == "The stage's take":
                self.stop()
                if poses > 5 and not given:
                    return
                self.say(given[0] if given else "")
            elif question == "The camera's pictures":
                self.stop()
                path = os.path.join(self.folder, self.last)
                if given:
                    path, given, poses, first = given[1], None, 3, 200
                self.say(path)
            elif question == "recording? Enter":
                self.twin.do("square")
                self.record("patches")
                self.say("")
            else:
                self.say("")
        return self.process.wait()


def main():
    program = os.path.realpath(sys.argv[1])
    poses = int(sys.argv[2]) if len(sys.argv) > 2 else 14
    folder = os.path.realpath(tempfile.mkdtemp(prefix="live-"))
    stage, truth = os.path.join(folder, "stage"), os.path.join(folder, "truth")
    for place in (stage, truth):
        os.mkdir(place)
        with open(os.path.join(place, "stage.yaml"), "w") as file:
            file.write(STAGE)
    running = subprocess.Popen([program, "run", stage], cwd=folder, stdout=subprocess.DEVNULL)
    twin = Twin(program, truth, folder, poses)
    try:
        while subprocess.run([program, "ctl", stage, "version"], cwd=folder,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            if running.poll() is not None:
                sys.exit("the stage has ended")
            time.sleep(0.2)
        report = work(program, folder, stage, twin, poses)
    finally:
        twin.end()
        running.send_signal(signal.SIGTERM)
        running.wait()
    report["applied"] = json.loads(subprocess.run(
        [program, "calibrate", "twin", truth, "--width", "960", "--poses", str(poses),
         "--applied", stage], stdout=subprocess.PIPE, check=True).stdout)
    shutil.rmtree(folder)
    print(json.dumps(report))


def work(program, folder, stage, twin, poses):
    kept = os.path.join(stage, "calibration", "live")
    words = ["session", stage, "--folder", kept]
    skip = ("warm-up", "delay", "pan", "lens")
    first = Session(program, words, folder, twin)
    first.serve(skip, poses)
    # Nobody has taken leave: the terminal is simply gone.
    first.process.kill()
    first.process.wait()
    takes = os.path.join(folder, "takes")
    take = os.path.join(takes, sorted(os.listdir(takes))[0])
    second = Session(program, words, folder, twin)
    ended = second.serve(skip, poses,
                         given=(take, os.path.join(folder, f"dots-{first.process.pid}")))
    record = json.load(open(os.path.join(kept, "session.json")))
    subprocess.run([program, "calibrate", "apply", stage, kept], cwd=folder, check=True,
                   stdout=sys.stderr)
    check = Session(program, ["check", stage, "--record", kept], folder, twin)
    checked = check.serve(poses=3, first=300)
    lines = [line.split()[0] for line in check.text.split("\n")
             if line.startswith(("green ", "amber ", "red "))]
    panel = Session(program, ["panel", stage, "arc/c4r2", "--record", kept], folder, twin)
    replaced = panel.serve(poses=3, first=400)
    # What it says of the panel: `arc/c4r2: × R  G  B, before × R  G  B`; nobody has replaced it.
    said = [line for line in panel.text.encode("latin-1").decode().split("\n")
            if line.startswith("arc/c4r2: × ")]
    gains = [float(word.strip(",")) for word in said[-1].split() if word[0].isdigit()]
    return {
        "ended": ended, "checked": checked, "lights": lines, "replaced": replaced,
        "panelChange": max(abs(new / old - 1) for new, old in zip(gains[:3], gains[3:])),
        "isFinished": int(all(entry["state"] != "open" for entry in record["entries"])),
        "isResumed": int("geometry is done" in second.text
                         and " of 9: chain" not in second.text),
        "verdicts": {entry["step"]: [verdict["level"] for verdict in entry["verdicts"]]
                     for entry in record["entries"]},
    }


if __name__ == "__main__":
    main()
