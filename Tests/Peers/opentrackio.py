#!/usr/bin/env python3
"""OpenTrackIO payloads against the published schema and another reader of CBOR.

Reads a JSON file (one path as argument): the path of the schema and, for each sample, the JSON and
the CBOR payload in hexadecimal. Each must be valid by the schema, and both must say the same to
Python. Prints, one a line, the CBOR that cbor2 makes of the sample: first with the shortest floats,
then with lengths unknown until the end, for the caller to read in its turn.
Exit status 1 and what is wrong, if anything is.
"""

import json
import sys

import cbor2
import jsonschema


def indefinite(value):
    """CBOR with maps and lists of unknown length."""
    if isinstance(value, dict):
        members = (cbor2.dumps(key) + indefinite(item) for key, item in value.items())
        return b"\xbf" + b"".join(members) + b"\xff"
    if isinstance(value, list):
        return b"\x9f" + b"".join(indefinite(item) for item in value) + b"\xff"
    return cbor2.dumps(value)


def main(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    with open(given["schema"], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong, lines = [], []
    for number, sample in enumerate(given["samples"]):
        text = json.loads(bytes.fromhex(sample["json"]))
        value = cbor2.loads(bytes.fromhex(sample["cbor"]))
        for name, payload in (("JSON", text), ("CBOR", value)):
            for error in validator.iter_errors(payload):
                where = "/".join(str(step) for step in error.absolute_path)
                wrong.append(f"sample {number}, {name}, {where}: {error.message}")
        if text != value:
            wrong.append(f"sample {number}: JSON says {text}, CBOR says {value}")
        lines.append(cbor2.dumps(value, canonical=True).hex())
        lines.append(indefinite(value).hex())
    print("\n".join(wrong or lines))
    return 1 if wrong or not given["samples"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
