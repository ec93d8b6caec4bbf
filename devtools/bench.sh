#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Figures that do not depend on the machine's mood: instructions per op of the driver.
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: bench.sh [--size BYTES] [--burst N] [--limit N] [--pmd DRIVER]

Instructions per op between entry and return of the burst functions, counted by callgrind, for
compress_hisi_zip on the model. Fails where enqueue and dequeue together take more than the limit.
  --size BYTES   plain data per op (4096)
  --burst N      ops per burst (32, at most 64)
  --limit N      instructions per op allowed (130)
  --pmd DRIVER   count another driver, a software one, for comparison; no limit then
Reads HISI_BUILD: the build folder, of a release build (build).
EOF
}

die()
{
	echo "bench.sh: $*" >&2
	exit 1
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
export HISI_BUILD=${HISI_BUILD:-$top/build}
instr=$HISI_BUILD/app/test/bench/instr
size=4096
burst=32
limit=130
pmd=
iterations=100
# Long enough for the model to finish a burst, also where other jobs have the CPUs.
wait_us=20000

while [ $# -gt 0 ]; do
	case $1 in
	--size) size=${2:?}; shift ;;
	--burst) burst=${2:?}; shift ;;
	--limit) limit=${2:?}; shift ;;
	--pmd) pmd=${2:?}; wait_us=0; shift ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done
[ -x "$instr" ] || die "no $instr: build with -Dtests=true and valgrind installed"
command -v valgrind >/dev/null || die "valgrind is not installed"

# count DIRECTION CALL: prints instructions per op
count()
{
	local out ops collected
	local valgrind="valgrind --tool=callgrind --collect-atstart=no"
	# Without hugepages: memory that valgrind can hold.
	local memory="--no-huge --no-shconf -m 256"
	local eal="--no-pci --no-telemetry --log-level=4 -l 0"
	local app="$1 $size $burst $iterations $2 $wait_us"

	valgrind+=" --callgrind-out-file=/dev/null"
	# shellcheck disable=SC2086 # words
	if [ -n "$pmd" ]; then
		out=$($valgrind "$instr" $memory $eal "--vdev=$pmd" -- "$pmd" $app 2>&1)
	else
		out=$(HISI_EAL_MEM=$memory "$top/devtools/with-emu.sh" zip -- sh -c \
			"exec $valgrind $instr \$HISI_EAL_ARGS $eal -- compress_hisi_zip $app" 2>&1)
	fi || die "the run of $1, $2 failed:
$out"
	ops=$(sed -n 's/^ops=\([0-9]*\) .*/\1/p' <<< "$out")
	collected=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' <<< "$out")
	case $out in
	*" short=0"*) ;;
	*) echo "bench.sh: $1: some completions were late; $2 is counted a little too high" >&2 ;;
	esac
	[ "${ops:-0}" -gt 0 ] && [ -n "$collected" ] || die "no count in:
$out"
	awk "BEGIN { printf \"%.1f\", $collected / $ops }"
}

printf 'instructions per op, %s, %s bytes, burst %s\n' "${pmd:-compress_hisi_zip}" "$size" "$burst"
printf '%-12s %10s %10s %10s\n' '' enqueue dequeue sum
over=0
for direction in compress decompress; do
	enqueue=$(count "$direction" enqueue)
	dequeue=$(count "$direction" dequeue)
	sum=$(awk "BEGIN { printf \"%.1f\", $enqueue + $dequeue }")
	printf '%-12s %10s %10s %10s\n' "$direction" "$enqueue" "$dequeue" "$sum"
	if [ -z "$pmd" ] && awk "BEGIN { exit !($sum > $limit) }"; then
		over=1
	fi
done
if [ "$over" = 1 ]; then
	die "more than $limit instructions per op"
fi
