#!/usr/bin/env python3
"""A thousand edits a second for a minute on the running demo stage: edits.py CYCLORAMA [SECONDS].

Four clients set grades, limits and a probe, 250 times a second each, and read every answer. Prints
one JSON object: edits made, answers that were refusals, frames, and those late by our own work.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOCKET = "/tmp/cyclorama-demo.sock"
CLIENTS = 4
RATE = 250
EDITS = [
    "set all/exposure {:.3f}", "set outer/white-balance/temperature {:.1f}",
    "set inner/a/cdl/slope {0:.3f} 1 {0:.3f}", "set all/contrast {:.3f}",
]
SPANS = [(-1, 1), (4000, 8000), (0.9, 1.1), (0.9, 1.1)]


def client(index, seconds, counts):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(SOCKET)
        answers = line.makefile("r")
        start = time.monotonic()
        low, high = SPANS[index]
        for number in range(int(seconds * RATE)):
            value = low + (high - low) * (number % 97) / 96
            line.sendall((EDITS[index].format(value) + "\n").encode())
            counts[index][0] += 1
            if not answers.readline().startswith("applied"):
                counts[index][1] += 1
            rest = start + (number + 1) / RATE - time.monotonic()
            if rest > 0:
                time.sleep(rest)


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    with tempfile.TemporaryDirectory() as folder:
        stage = subprocess.Popen(
            [sys.argv[1], "run", "demo", "--no-supervisor", "--json", "--seconds",
             str(seconds + 30), "--takes", folder, "--events", os.path.join(folder, "events.log")],
            stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not os.path.exists(SOCKET) and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(3)
        counts = [[0, 0] for _ in range(CLIENTS)]
        began = time.monotonic()
        threads = [threading.Thread(target=client, args=(i, seconds, counts))
                   for i in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        stage.send_signal(2)
        report = json.loads(stage.communicate()[0])
    edits = sum(count[0] for count in counts)
    print(json.dumps({
        "edits": edits, "editsPerSecond": edits / took,
        "refused": sum(count[1] for count in counts), "frames": report["frames"],
        "lateByUs": report["lateByUs"], "lateByMachine": report["lateByMachine"]}))


if __name__ == "__main__":
    main()
