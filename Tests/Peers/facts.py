"""Runs the tests whose names match and says how many held: facts.py REGEX [WORD].

The tests run alone, so their bars of time hold too (`CYCLORAMA_ALONE`). A line that a test prints
and that has WORD in it is shown with the figures. Exits 1 when one fails, when one is skipped for
want of data or peers, and when none matches.
"""
import os
import re
import subprocess
import sys


def main():
    run = subprocess.run(
        ["swift", "test", "-c", "release", "--skip-build", "--filter", sys.argv[1]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "CYCLORAMA_ALONE": "1"})
    total = re.search(r"Test run with (\d+) tests?.* (passed|failed) after ([\d.]+)", run.stdout)
    count = int(total.group(1)) if total else 0
    skipped = len(re.findall(r'(?m) skipped(?:\.|: ".*")$', run.stdout))
    failed = re.findall(r'(?m)^✘ Test "?(.*?)"? (?:with|failed)', run.stdout)
    figures = [f"{count} tests, {len(failed)} failed, {skipped} skipped"]
    if len(sys.argv) > 2:
        figures += [line.strip() for line in run.stdout.splitlines() if sys.argv[2] in line]
    if run.returncode != 0 or skipped:
        sys.stderr.write(run.stdout)
    print("; ".join(figures + failed))
    sys.exit(0 if run.returncode == 0 and count > 0 and skipped == 0 else 1)


if __name__ == "__main__":
    main()
