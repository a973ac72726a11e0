"""Runs every bar, soak and peer session and writes PROOF.md, one line each.

    make prove                              what has not held on this commit
    make prove PROVE_ARGS="--only bench"    one session (or several names)
    make prove PROVE_ARGS="--again bench"   once more, though it has held
    make prove PROVE_ARGS=--list            names and commands

Results lie in .proof/<commit>; uncommitted changes are a commit of their own. PROOF.md itself does
not count as a change. A row that was not run at this commit stays in PROOF.md under the commit it
was run at.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
DATA = os.environ.get("CYCLORAMA_TEST_DATA", "../shared/data")
TOOLS = os.environ.get("CYCLORAMA_TEST_TOOLS", "../shared/tools")
CYCLORAMA = ".build/release/cyclorama"
PEERS = "Tests/Peers"
STREAM = "$CYCLORAMA_TEST_DATA/freed/freed_stream_from_f4_25fps_29B_records.bin"
TWIN = "registration p99 ≤ 0.5 px, coverage ≥ 0.98, seam ≤ 0.25 px, ΔE_ITP mean ≤ 1, p99 ≤ 2"
PROGRAM = "StageTests.*The running program.*"


def twin_sessions():
    for stage in ("demo", "volume", "flat"):
        for move in ("moving", "rest"):
            command = f"{CYCLORAMA} twin {stage} --move {move} --json | python3 {PEERS}/bars.py twin"
            yield (f"twin-{stage}-{move}", "2", f"Twin, {stage}, {move}: {TWIN}", command)


def mesh_twin_sessions():
    for stage in ("demo", "volume", "flat"):
        command = (f"{CYCLORAMA} twin {stage} --content meshes --json"
                   f" | python3 {PEERS}/bars.py twin")
        yield (f"twin-{stage}-meshes", "5", f"Twin, {stage}, charts on triangles: {TWIN}", command)


def facts(pattern, word=""):
    return f"python3 {PEERS}/facts.py '{pattern}'" + (f" '{word}'" if word else "")


# Part, name, done when, what is shown, command.
SESSIONS = [
    ("First light", *session) for session in [
        ("clone-demo", "1", "`make demo` in a fresh clone", f"{PEERS}/fresh_clone.sh demo"),
        ("clone-test", "1", "`make test` in a fresh clone, ≤ 20 minutes",
         f"{PEERS}/fresh_clone.sh test"),
        *twin_sessions(),
        ("hidden-latency", "2", "An injected latency shows its displacement to 5 %",
         facts("TwinFaultTests.*20 ms nobody is told of")),
        ("faults", "3", "Thirteen planted faults fail the twin, each with its size to 10 %",
         facts("TwinFaultTests|PlantedFaultTests")),
        ("twin-peers", "4", "The twin's camera and decoding agree with OpenCV and published values",
         facts("StageTwinTests.PeerTests")),
        ("vectors", "4", "FreeD vectors", facts("FreeDTests")),
        ("rtp", "4", "RTP by GStreamer, FFmpeg and the strict receiver, octet for octet",
         f"{PEERS}/rtp_matrix.sh {CYCLORAMA}"),
        ("framebuffer", "4", "/dev/fb0 in QEMU, screendump exact to the pixel",
         f"{PEERS}/qemu_framebuffer.sh .proof/qemu | paste -sd ';'"),
        ("f4-udp", "4", "The recorded tracker over UDP: none refused, pan 40 ms ahead ≤ 0.02° rms",
         f"{PEERS}/f4_udp.sh {CYCLORAMA} {STREAM}"),
        ("f4-virtual", "4",
         "The recorded tracker in virtual time: none refused, pan 40 ms ahead ≤ 0.02° rms",
         facts("CaptureTests.*captured move")),
        ("allocations", "5", "10,000 frames, 0 allocations on loop and workers",
         "CYCLORAMA_PROBES=1 swift build -c release --product allocation-probe >&2"
         " && .build/release/allocation-probe | paste -sd ' '"),
        ("bench", "6", "Full path ≤ 1.5 × OpenCV's remap alone",
         f"{CYCLORAMA} bench --json > $STORE/bench.json"
         f" && python3 {PEERS}/bars.py bench $STORE/bench.json"),
        ("lateness", "7", "`run` on demo, five times 60 s: 0 frames late by us, the machine's share"
         " ≤ 1.5 ×, p99 ≤ 0.7 of a period",
         f"python3 {PEERS}/lateness.py {CYCLORAMA} $CYCLORAMA_TEST_TOOLS $CYCLORAMA_TEST_DATA"),
        ("stalls", "7", "Injected stalls in virtual time: counted, the grid never shifts",
         facts("StageTests.*A stage that stalls")),
        ("picture", "8", "The README's picture is one the twin wrote",
         f"{CYCLORAMA} twin demo --moments 2 --picture-moment 1 --picture-step 4"
         " --picture $STORE/twin.png --json >&2"
         f" && .venv/bin/python {PEERS}/same_picture.py $STORE/twin.png"
         " stage-configs/demo/twin.png"),
        ("restart", "loop", "Killed, the wall is back in ≤ 2 s with its last state",
         facts(PROGRAM + "is back within two seconds", "killed:")),
        ("garbage", "input", "A dead tracker, garbage and control clients cost no frame",
         facts(PROGRAM + "garbage", "under garbage:")),
    ]
] + [
    ("The renderer", *session) for session in [
        ("renderer", "1", "Full path, one thread: ≤ 1.0 × OpenCV 8UC3, ≤ 0.45 × v360,"
         " ≤ 0.25 × llvmpipe", f"python3 {PEERS}/bars.py renderer $STORE/bench.json"),
        ("scaling", "2", "≥ 1.9 × with two threads, 3840×2160 ≤ 4.2 × 1920×1080",
         f"python3 {PEERS}/bars.py scaling $STORE/bench.json"),
        *mesh_twin_sessions(),
        ("old-processors", "5", "x86-64-v3 on QEMU's Haswell, a refusal on its Nehalem",
         f"{PEERS}/old_processors.sh {CYCLORAMA} .build/release/CycloramaPackageTests.xctest"),
        ("meshes", "3", "400,000 triangles ≤ 0.8 × llvmpipe's CPU time at 4 samples a pixel",
         f"{CYCLORAMA} bench --meshes --json --rounds 7 | python3 {PEERS}/bars.py meshes"),
    ]
]
SESSIONS += [
    ("Tracking", *session) for session in [
        ("opentrackio", "1", "OpenTrackIO: vectors, hostile bytes, jsonschema and cbor2",
         facts("TrackingTests.*OpenTrackIO")),
        ("prediction", "2", "The captured move foreseen: pan ≤ 0.04° and x ≤ 0.04 cm at 120 ms",
         facts("PredictionTests|MeasuredTests")),
        ("live-error", "3", "The live registration number is what the twin photographs, to 0.2 px",
         facts("StageTests.*live and photographed")),
        ("delay", "4", "Delays found to 0.5 ms; a 35 ms step raises the alarm within a second",
         facts("TrackingTests.*[Dd]elay")),
        ("takes", "5", "Takes replay to the bit; killed, at most 100 ms are lost",
         facts("StageTests.*(A take|program.s take)")),
        ("fuzzers", "1", "libFuzzer, a minute a decoder: no crash, ≤ 4 ms an input with every edge"
         " counted, ≤ 512 MB",
         "python3 Tests/Fuzzers/fuzz.py --seconds 60"),
        ("tracking-cost", "6", "8 sources × 240 Hz: ≤ 2 % of a core",
         f"{CYCLORAMA} bench --tracking --json | python3 {PEERS}/bars.py tracking"),
    ]
]
SESSIONS += [
    ("Colour", *session) for session in [
        ("look-files", "1", "Look files: .cube and CLF through OpenColorIO and back to 5e-6,"
         " vectors, refusals", facts("LookFilesTests")),
        ("pipeline", "1", "Color vectors, pipeline.json stage by stage, roll-off, gamut, baking",
         facts("ColorTests|LanesTests.ColorKernelTests")),
        ("grades-cost", "3", "Exact full stack ≤ 2.5 × the neutral path, baked ≤ 1.35 ×, passed by"
         " 1.0 ×",
         f"{CYCLORAMA} bench --grades --json | python3 {PEERS}/bars.py grades"),
        ("graded-twin", "5", "Twin's colors under 20 random grades, exact and baked, OpenColorIO"
         " the reference: ΔE_ITP mean ≤ 1, p99 ≤ 2",
         f".venv/bin/python {PEERS}/graded_twin.py {CYCLORAMA} | python3 {PEERS}/bars.py graded"),
        ("edits", "4", "1,000 edits a second for a minute: 0 frames late by our own work",
         f"python3 {PEERS}/edits.py {CYCLORAMA} | python3 {PEERS}/bars.py edits"),
        ("wall-light", "4", "Edits, limits, probe and baked grades in the next frame's octets",
         facts("StageTests.*(The light of a wall|An edit on the wall)")),
    ]
]
SESSIONS += [
    ("Scenes", *session) for session in [
        ("scene-import", "1", "A 3840×2160 picture with depth is on the wall in 60 s; baked, in 1 s",
         f".venv/bin/python {PEERS}/scene_import.py {CYCLORAMA}"),
        ("depth", "2", "A picture with depth against its true geometry, half a metre round the"
         " viewpoint: p99 ≤ 0.5 px, no hole",
         f"{CYCLORAMA} twin demo --depth mesh --moments 8 --json | python3 {PEERS}/bars.py depth"),
        ("depth-plates", "2", "The same as flat plates: no hole (where they stand they say themselves)",
         f"{CYCLORAMA} twin demo --depth plates --moments 8 --json"
         f" | python3 {PEERS}/bars.py plates"),
        ("scene-takes", "3", "Random cuts and crossfades at 1080p, 5 minutes: 0 frames late by us,"
         " memory flat", f"python3 {PEERS}/scenes.py {CYCLORAMA}"),
        ("movie-grid", "4", "Burnt-in numbers of 1080p24 ProRes and H.264 read from the canvas:"
         " the grid's for 10 minutes, loop seams included",
         facts("A movie on the wall.*for ten minutes", "movie on the grid:")),
        ("movie-decoders", "6", "A movie's decoder killed or hung every 6 s of a minute: 0 frames"
         " late by us, each time started again", f"python3 {PEERS}/movies.py {CYCLORAMA}"),
        ("picture-peers", "5", "HDRIs, EXR, PNG, TIFF, ProRes and H.264 read to OpenImageIO's"
         " linear values", facts("PicturePeerTests", "against OpenImageIO:")),
        ("hostile-scenes", "6", "Broken, truncated, huge, recursive and lying files: each refused"
         " in ≤ 2 s and ≤ 1 GB by one line; a decoder killed or hung costs no frame",
         facts("Hostile scenes|The decoder of a movie", "hostile:")),
        ("sets", "7", "The five sets as the twin photographs them are those in the README",
         f".venv/bin/python {PEERS}/sets.py {CYCLORAMA} $STORE/sets.jpg stage-configs/demo/sets.jpg"),
        ("scene-replay", "3", "Cuts and crossfades are frame-exact and replay to the bit",
         facts("A crossfade|The shelf of scenes|Scenes by request")),
    ]
]
SESSIONS += [
    ("Calibration", *session) for session in [
        ("calibration-rows", "1", "Every row of the acceptance table, faults named",
         facts("StageCalibrationTests|row: ")),
        ("calibration-blind", "3", "A session against the twin, blind, to `apply`: then registration"
         " p99 ≤ 0.8 px, mean ΔE_ITP ≤ 2, ≤ 0.4 without noise; ≤ 20 minutes, solved in ≤ 60 s",
         f"python3 {PEERS}/calibration_blind.py {CYCLORAMA}"
         f" | python3 {PEERS}/bars.py calibration"),
        ("calibration-live", "4", "A session on a running stage, the twin as camera and tracker,"
         " broken off and taken up again, to `apply` and the morning's check",
         f"python3 {PEERS}/calibration_live.py {CYCLORAMA}"
         f" | python3 {PEERS}/bars.py calibration-live"),
        ("calibration-session", "4", "A session that is broken off goes on; a corrupt capture is"
         " refused by name", facts("A calibration session|A session.s record")),
        ("calibration-exports", "lens, color", "Exported STMaps and samples are OpenCV's lens; the"
         " wall's OpenColorIO display is its correction",
         facts("An exported lens|A wall.s OpenColorIO configuration")),
    ]
]
# Sessions that read what another one wrote.
AFTER = {"renderer": "bench", "scaling": "bench"}


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def commit():
    """The last commit that changed more than the proof, and a mark of what is not committed."""
    rest = ["--", ".", ":!PROOF.md"]
    name = output("git", "log", "-1", "--format=%h", *rest)
    change = output("git", "diff", "HEAD", *rest)
    strangers = output("git", "ls-files", "--others", "--exclude-standard", *rest)
    for path in strangers.splitlines():
        with open(path, "rb") as file:
            change += path + hashlib.sha1(file.read()).hexdigest()
    if change:
        name += "-modified-" + hashlib.sha1(change.encode()).hexdigest()[:8]
    # A soak cut short to try it proves nothing.
    if any(variable.startswith(("CYCLORAMA_LATENESS_", "CYCLORAMA_SCENES_"))
           for variable in os.environ):
        name += "-short"
    return name


def machine():
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read()).group(1)
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) / 2**20
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB"


def tidy(text):
    """Without places of this machine."""
    for place, name in [(DATA, "$CYCLORAMA_TEST_DATA"), (TOOLS, "$CYCLORAMA_TEST_TOOLS"),
                        (ROOT, "."), (os.path.expanduser("~"), "~")]:
        text = text.replace(os.path.realpath(place), name).replace(place, name)
    return re.sub(r"/tmp/\S+", "…", text).replace("|", "\\|")


class Store:
    """What has been run on this commit."""

    def __init__(self):
        self.commit = commit()
        self.folder = os.path.join(".proof", self.commit)
        os.makedirs(self.folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name + ".session")

    def result(self, name):
        try:
            with open(self.path(name)) as file:
                return json.load(file)
        except OSError:
            return None

    def run(self, name, command):
        environment = dict(
            os.environ, STORE=self.folder, CYCLORAMA_TEST_DATA=os.path.realpath(DATA),
            CYCLORAMA_TEST_TOOLS=os.path.realpath(TOOLS))
        start = time.monotonic()
        log = os.path.join(self.folder, name + ".log")
        with open(log, "w") as errors:
            run = subprocess.run(
                ["bash", "-o", "pipefail", "-c", command], env=environment,
                stdout=subprocess.PIPE, stderr=errors, text=True)
        with open(log, "a") as errors:
            errors.write(run.stdout)
        lines = run.stdout.strip().splitlines()
        result = {"holds": run.returncode == 0, "figures": lines[-1] if lines else "",
                  "seconds": round(time.monotonic() - start)}
        with open(self.path(name), "w") as file:
            json.dump(result, file)
        return result


class Before:
    """The rows of the PROOF.md before: what a session showed where it was run last."""

    def __init__(self):
        self.rows, self.machines = {}, {}
        try:
            with open("PROOF.md") as file:
                lines = file.read().splitlines()
        except OSError:
            return
        for line in lines:
            if found := re.match(r"- `(\S+)`: (.*)$", line):
                self.machines[found.group(1)] = found.group(2)
            cells = re.split(r"(?<!\\) \| ", line.strip("| "))
            if len(cells) == 6 and re.match(r"`.*`$", cells[5]):
                self.rows[cells[5]] = cells[2:5]


def write(store):
    """PROOF.md: what holds, what does not, what has not been run, each with the commit it was run
    at. A row that was not run at this commit stays as it was, under the commit it was run at."""
    before = Before()
    machines, body, part = {}, [], None
    for of_part, name, done, title, command in SESSIONS:
        if of_part != part:
            part = of_part
            body += ["", f"## {part}", "", "| done when | what | verdict | at | figures | command |",
                     "|---|---|---|---|---|---|"]
        command = f"`{tidy(command)}`"
        result = store.result(name)
        if result:
            verdict = "holds" if result["holds"] else "**missed**"
            at, figures = store.commit, tidy(result["figures"])[:300]
            machines[at] = machine()
        else:
            verdict, at, figures = before.rows.get(command, ["not run", "", ""])
            if at:
                machines[at] = before.machines.get(at, "")
        body.append(f"| {done} | {title} | {verdict} | {at} | {figures} | {command} |")
    head = ["# Proof", "", "Written by `make prove`. Every row names the commit it was run at:", "",
            *(f"- `{at}`: {where}" for at, where in machines.items()), "",
            "The commands run at the project's root; `$STORE` is a folder of the session's own."]
    # At once: a file cut off would lose every row that is not run again.
    with open(".proof/PROOF.md", "w") as file:
        file.write("\n".join(head + body) + "\n")
    os.replace(".proof/PROOF.md", "PROOF.md")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--again", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    names = [session[1] for session in SESSIONS]
    unknown = set(arguments.only + arguments.again) - set(names)
    if unknown:
        sys.exit(f"no such session: {', '.join(sorted(unknown))}; known are {', '.join(names)}")
    if arguments.list:
        for _, name, _, title, command in SESSIONS:
            print(f"{name}: {title}\n    {command}")
        return
    os.chdir(ROOT)
    store = Store()
    wanted = arguments.only or names
    for _, name, _, title, command in SESSIONS:
        old = store.result(name)
        is_due = old is None or not old["holds"] or name in arguments.again
        if name not in wanted + arguments.again or not is_due:
            continue
        first = AFTER.get(name)
        if first and store.result(first) is None:
            print(f"{name}: needs {first}, which has not been run", file=sys.stderr)
            continue
        print(f"{name}: {title}", file=sys.stderr)
        result = store.run(name, command)
        print(f"    {'holds' if result['holds'] else 'MISSED'} after {result['seconds']} s:"
              f" {result['figures']}", file=sys.stderr)
    write(store)
    results = [store.result(name) for name in names]
    sys.exit(0 if all(result and result["holds"] for result in results) else 1)


if __name__ == "__main__":
    main()
