"""A movie on a running 1080p stage whose decoder is killed or hung again and again: no frame late.

Makes a 1080p24 ProRes and an H.264 movie and a set of each, shows the first and then the second, and
every six seconds kills its decoding process or stops it (which is a hang: nobody hears of it any
more). Bars: 0 frames late by our own work, every decoder started again, and at the end the movie goes
on. What the movie could not show in time is told.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import scenes

SECONDS = int(os.environ.get("CYCLORAMA_MOVIES_SECONDS", "60"))
EVERY = 6.0
RATE = 24


def make_sets(folder):
    """A scene folder of each movie."""
    codecs = {
        "prores": ["mov", "-c:v", "prores_ks", "-profile:v", "2", "-pix_fmt", "yuv422p10le"],
        "h264": ["mp4", "-c:v", "libx264", "-preset", "fast", "-pix_fmt", "yuv420p"],
    }
    for name, (ending, *codec) in codecs.items():
        path = f"{folder}/{name}.{ending}"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
             "testsrc2=size=1920x1080:rate=24:duration=10", *codec, path], check=True)
        subprocess.run(
            [scenes.binary, "scene", "import", path, "--out", f"{folder}/{name}-set"], check=True,
            stdout=subprocess.DEVNULL)
    return [f"{folder}/{name}-set" for name in codecs]


def decoders(parent, scene):
    """The processes that decode a scene's movies."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{entry}/stat", encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if b"movie-worker" in words and scene.encode() in words and int(fields[1]) == parent:
            found.append(int(entry))
    return found


def ask_value(control, path):
    """A number: `get` answers one line, `ok PATH VALUE`."""
    return float(control.ask(f"get {path}")[-1].split()[2])


def main():
    with tempfile.TemporaryDirectory() as folder:
        sets = make_sets(folder)
        process = scenes.run(folder, RATE, sets, SECONDS + 30)
        control = scenes.Control(f"{folder}/control.sock")
        while any(state != "ready" for state in control.states().values()):
            time.sleep(0.2)
        begin, hits = time.monotonic(), 0
        shown = sets[0]
        restarts = 0.0
        while time.monotonic() - begin < SECONDS:
            if shown == sets[0] and time.monotonic() - begin > SECONDS / 2:
                restarts += ask_value(control, "status/movie/1/restarts")
                shown = sets[1]
                control.ask("scene take h264-set fade 1s")
                time.sleep(1.5)
            for decoder in decoders(process.pid, shown):
                os.kill(decoder, signal.SIGKILL if hits % 2 == 0 else signal.SIGSTOP)
                hits += 1
            time.sleep(EVERY)
        # A hung one is found after five seconds; then there are two in which nothing is late.
        time.sleep(8)
        restarts += ask_value(control, "status/movie/1/restarts")
        before = ask_value(control, "status/movie/1/picture")
        late = ask_value(control, "status/movie/1/late")
        time.sleep(2)
        after = ask_value(control, "status/movie/1/picture")
        lately = ask_value(control, "status/movie/1/late") - late
        report = json.loads(process.communicate()[0])
    holds = report["lateByUs"] == 0 and restarts == hits >= SECONDS / EVERY * 0.7 and before != after
    print(f"decoders of 1080p24 ProRes and H.264 killed or hung {hits} times in {SECONDS} s, "
          f"started again {restarts:.0f} times; {report['frames']} frames at {RATE} Hz, late by us "
          f"{report['lateByUs']}, by the machine {report['lateByMachine']}, p99 "
          f"{report['totalMilliseconds']['p99'] * RATE / 1000:.2f} of a frame; {late:.0f} pictures "
          f"not there in time, {lately:.0f} of them in the last two seconds")
    sys.exit(0 if holds else 1)


main()
