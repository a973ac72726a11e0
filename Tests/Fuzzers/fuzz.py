"""libFuzzer on every decoder of what trackers send.

    Tests/Fuzzers/fuzz.py [--seconds 60] [DECODER ...]

Builds tracking-fuzzer with every edge counted, gives it real packets to begin with and lets it look
for one that crashes, hangs, takes much memory or is decoded into what cannot be. What it has found
to be new ways through a decoder stays in .build/fuzz/corpus, so that each run goes on from the last.
"""
import argparse
import glob
import os
import platform
import re
import shutil
import struct
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
DATA = os.environ.get("CYCLORAMA_TEST_DATA", os.path.join(ROOT, "../shared/data"))
SCRATCH = os.path.join(ROOT, ".build/fuzz")


def freed(pan, camera=1):
    """A FreeD D1 message (Vinten free-d manual, appendix A)."""
    body = bytes([0xD1, camera]) + b"".join(
        struct.pack(">i", value)[1:] for value in (pan, 500, -20, 64000, -64000, 96000, 30000, 9000)
    ) + b"\0\0"
    return body + bytes([(0x40 - sum(body)) & 0xFF])


def datagrams(*parts):
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def opentrackio(payload, encoding, sequence=1):
    """A packet in one part (OpenTrackIO 1.0.1, "Packet header")."""
    head = b"OTrk" + struct.pack(">BBHIH", 0, encoding, sequence, 0, 0x8000 | len(payload))
    one = two = 0
    for byte in head + payload:
        one = (one + byte) % 255
        two = (two + one) % 255
    return head + struct.pack(">H", two << 8 | one) + payload


SAMPLE = (b'{"protocol":{"name":"OpenTrackIO","version":[1,0,1]},"transforms":[{"translation":'
          b'{"x":1.5,"y":2e-3,"z":3},"rotation":{"pan":180.01,"tilt":-9,"roll":0},"id":"Dolly"}]}')
CBOR = bytes.fromhex("bf67747261636b6572bf62736c6241316273740bffff6178 9ff93e00f6ff".replace(" ", ""))


def read(pattern, most=1 << 16):
    """Files of the shared data that are there, cut to a size libFuzzer is quick with."""
    for path in sorted(glob.glob(os.path.join(DATA, pattern))):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                yield file.read(most)


def seeds(decoder):
    if decoder == "freed":
        yield datagrams(*(freed(pan) for pan in range(0, 4000, 500)))
        for stream in read("freed/*.bin", 29 * 40):
            yield datagrams(*(stream[at:at + 29] for at in range(0, len(stream), 29)))
    elif decoder == "opentrackio":
        yield datagrams(opentrackio(SAMPLE, 1), opentrackio(CBOR, 2, 2))
        for packet in read("opentrackio/packets/*"):
            yield datagrams(packet, packet)
    elif decoder == "json":
        yield SAMPLE
        yield from read("opentrackio/examples/*.json")
    elif decoder == "cbor":
        yield CBOR
        for packet in read("opentrackio/packets/*"):
            yield packet[16:]
    else:
        yield from read("mosys_f4/*.f4", 4096)
        yield bytes([0xF4, 1, 0, 1]) + bytes(16)


def build():
    swift = shutil.which("swift")
    if not swift:
        sys.exit("swift is not on the PATH: install Swift 6.3")
    library = f"libclang_rt.fuzzer_no_main-{platform.machine()}.a"
    libraries = glob.glob(
        os.path.join(os.path.dirname(os.path.realpath(swift)), "../lib/clang/*/lib/*", library))
    if not libraries:
        sys.exit(f"libFuzzer is not in this Swift toolchain: {library}")
    environment = dict(os.environ, CYCLORAMA_FUZZERS=os.path.realpath(libraries[0]))
    subprocess.run(
        ["swift", "build", "-c", "release", "--scratch-path", SCRATCH, "--product",
         "tracking-fuzzer"], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
    return os.path.join(SCRATCH, "release/tracking-fuzzer")


def fuzz(program, decoder, seconds):
    corpus, findings = (os.path.join(SCRATCH, kind, decoder) for kind in ("corpus", "findings"))
    os.makedirs(corpus, exist_ok=True)
    os.makedirs(findings, exist_ok=True)
    for number, seed in enumerate(seeds(decoder)):
        with open(os.path.join(corpus, f"seed-{number:03}"), "wb") as file:
            file.write(seed)
    result = subprocess.run(
        [program, corpus, f"-artifact_prefix={findings}/", f"-max_total_time={seconds}",
         "-max_len=65536", "-len_control=20", "-timeout=5", "-rss_limit_mb=512",
         "-malloc_limit_mb=64", "-print_final_stats=1", "-verbosity=1"],
        env=dict(os.environ, CYCLORAMA_FUZZ=decoder), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace")
    edges = [int(count) for count in re.findall(r"cov: (\d+)", result.stdout)]
    inputs = re.search(r"number_of_executed_units:\s*(\d+)", result.stdout)
    memory = re.search(r"peak_rss_mb:\s*(\d+)", result.stdout)
    found = re.findall(r"Test unit written to (\S+)", result.stdout)
    if result.returncode != 0:
        sys.stderr.write(result.stdout[-4000:])
    return {
        "decoder": decoder, "inputs": int(inputs[1]) if inputs else 0,
        "edges": max(edges, default=0), "peakMegabytes": int(memory[1]) if memory else 0,
        "corpus": len(os.listdir(corpus)), "findings": found,
        "holds": result.returncode == 0 and not found,
    }


def main():
    names = ["freed", "opentrackio", "json", "cbor", "mosys-f4"]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("decoders", nargs="*", choices=[[], *names])
    arguments = parser.parse_args()
    program = build()
    results = [fuzz(program, name, arguments.seconds) for name in arguments.decoders or names]
    print("; ".join(
        f"{result['decoder']} {result['inputs']} inputs, {result['edges']} edges, "
        f"{result['peakMegabytes']} MB, "
        + ("nothing found" if result["holds"] else f"FOUND {result['findings']}")
        for result in results))
    sys.exit(0 if all(result["holds"] for result in results) else 1)


if __name__ == "__main__":
    main()
