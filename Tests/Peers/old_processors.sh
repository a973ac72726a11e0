#!/bin/bash
# The oldest processor we run on, and one too old, by qemu-x86_64: old_processors.sh CYCLORAMA TESTS
# Haswell: every pixel kernel against its reference, then the twin's verdict on the flat stage.
# Nehalem: a refusal in one sentence.
#
# Not the mesh kernels: QEMU 7.2, which Debian 12 has, reads zeros where a gather's index is ymm4
# (the SIB code that means "no index" elsewhere); the tests run them as x86-64-v3 on the real
# processor. Nor pages of 2 MB: those are the machine's, not the processor's.
set -euo pipefail
cyclorama=$1 tests=$2
peers=$(dirname "$0")
# Both streams as one, without QEMU's remarks on what it cannot imitate.
old() { { qemu-x86_64 -cpu "$@" 2>&1; } | grep -v "^qemu-x86_64: warning"; }

result=$(old Haswell "$tests" --testing-library swift-testing --filter LanesTests \
  --skip MeshKernelTests --skip HugePagesTests | grep -ao 'Test run with .*') || true
[[ $result == *passed* ]] || { echo "Haswell: $result"; exit 1; }
count=$(sed 's/Test run with \([0-9]*\) .*/\1/' <<< "$result")
verdict=$(qemu-x86_64 -cpu Haswell "$cyclorama" twin flat --moments 1 --json 2> /dev/null \
  | python3 "$peers/bars.py" twin)

status=0
refusal=$(old Nehalem "$cyclorama" twin flat --moments 1) || status=$?
if [ "$status" = 0 ] || [ "$(wc -l <<< "$refusal")" != 1 ] || [[ $refusal != *x86-64-v3* ]]; then
  echo "Nehalem: status $status: $refusal"
  exit 1
fi
echo "Haswell: $count kernel tests passed, twin flat: $verdict; Nehalem: $refusal"
