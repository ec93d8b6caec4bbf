#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Speed. By itself: instructions per op of the driver, which do not depend on the machine's mood.
# Beside other drivers, in time: --all, which devtools/bench_run.py does.
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: bench.sh [--version V] [--size BYTES] [--segs N] [--burst N] [--limit N] [--pmd DRIVER]
                [--recorder on|off] [--crypto] [--kind KIND]
       bench.sh --all|--quick|--only PART [--version V] [--pairs N] [--out DIR]

Without options: instructions per op between entry and return of the burst functions, counted by
callgrind, for compress_hisi_zip on the model of each generation, with its flight recorder and
without. Fails where enqueue and dequeue together take more than the limit, or the recorder more
than 20 of it. A direction that is done in software has no limit, nor has a digest.
  --version V    one generation only: v2 or v3
  --size BYTES   plain data per op (4096)
  --segs N       segments of the source and of the destination (1); no limit beyond 1
  --burst N      ops per burst (32, at most 64)
  --limit N      instructions per op allowed (130 without the recorder, 150 with it)
  --recorder R   with the flight recorder only (on), or without (off)
  --pmd DRIVER   count another driver, a software one, for comparison; no limit then
  --crypto       crypto_hisi_sec in place of compress_hisi_zip, in place
  --kind KIND    with that: aes-cbc, sha256-hmac, aes-cbc-sha256-hmac, aes-gcm, or null for a driver
                 that has it; may be repeated (aes-cbc)

compress_hisi_zip beside compress_isal and compress_zlib, and crypto_hisi_sec beside crypto_openssl,
crypto_aesni_mb and crypto_null, all on the same two CPUs, in one run:
  --all          throughput, cycles, instructions, latency, scaling, crypto
  --only PART    one of these; may be repeated
  --quick        little data, few points, one pair: shows that it works, the figures mean little
  --pairs N      runs of each driver, taking turns; medians are printed (5)
  --version V    generation of the model that is measured in time (v3)
  --out DIR      results folder (BUILD/bench-results): a table, results.json, plots
Reads HISI_BUILD: the build folder, of a release build (build).
EOF
}

die()
{
	echo "bench.sh: $*" >&2
	exit 1
}

# number OPTION VALUE LEAST MOST
number()
{
	[[ $2 =~ ^[0-9]{1,9}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] && return
	echo "bench.sh: $1 $2: a number from $3 to $4 is needed" >&2
	exit 2
}

# choice OPTION VALUE WORD...
choice()
{
	local option=$1 value=$2 word

	shift 2
	for word in "$@"; do
		[ "$value" != "$word" ] || return 0
	done
	echo "bench.sh: $option $value: one of these is needed: $*" >&2
	exit 2
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
export HISI_BUILD=${HISI_BUILD:-$top/build}
engine=zip
driver=compress_hisi_zip
program=instr
kinds=
size=4096
segs=1
burst=32
limit=
recorders="off on"
pmd=
versions="v3 v2"
iterations=50
# Long enough for the model to finish a burst, also where other jobs have the CPUs.
wait_us=20000

for arg in "$@"; do
	case $arg in
	--all|--quick|--only|--pairs|--out)
		exec /usr/bin/python3 "$top/devtools/bench_run.py" "$@"
		;;
	esac
done
while [ $# -gt 0 ]; do
	case $1 in
	--size) size=${2?--size needs a number}; number "$1" "$2" 1 1048576; shift ;;
	--segs) segs=${2?--segs needs a number}; number "$1" "$2" 1 256; shift ;;
	--burst) burst=${2?--burst needs a number}; number "$1" "$2" 1 64; shift ;;
	--limit) limit=${2?--limit needs a number}; number "$1" "$2" 1 1000000; shift ;;
	--version) versions=${2?--version needs v2 or v3}; choice "$1" "$2" v2 v3; shift ;;
	--recorder) recorders=${2?--recorder needs on or off}; choice "$1" "$2" on off; shift ;;
	--crypto) engine=sec; driver=crypto_hisi_sec; program=crypt_instr ;;
	--kind)
		kinds+="${2?--kind needs a word} "
		choice "$1" "$2" aes-cbc sha256-hmac aes-cbc-sha256-hmac aes-gcm null
		shift
		;;
	--pmd) pmd=${2:?--pmd needs a driver}; versions=-; recorders=on; wait_us=0; shift ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done
instr=$HISI_BUILD/app/test/bench/$program
case $engine in
zip) kinds="compress decompress" ;;
sec) kinds=${kinds:-aes-cbc} ;;
esac
[ -x "$instr" ] || die "no $instr: build with -Dtests=true and valgrind installed"
command -v valgrind >/dev/null || die "valgrind is not installed"

# collected CALL: what callgrind counted until that dump
collected()
{
	local dump

	dump=$(grep -lFx "desc: Trigger: Client Request: $1" "$counts"/out.*) &&
		sed -n 's/^totals: \([0-9]*\).*/\1/p' "$dump"
}

# count VERSION DIRECTION: sets instructions per op of enqueue and of dequeue; reads $devargs
count()
{
	local out ops calls_enqueue calls_dequeue
	local valgrind="valgrind --tool=callgrind --collect-atstart=no"
	# Without hugepages: memory that valgrind can hold.
	local memory="--no-huge --no-shconf -m 256"
	local eal="--no-pci --no-telemetry --log-level=4 -l 0"
	local app="$2 $size $segs $burst $iterations $wait_us"

	valgrind+=" --callgrind-out-file=$counts/out"
	rm -f "$counts"/out*
	# shellcheck disable=SC2086 # words
	if [ -n "$pmd" ]; then
		out=$($valgrind "$instr" $memory $eal "--vdev=$pmd" -- "$pmd" $app 2>&1)
	else
		out=$(HISI_DEVARGS=$devargs HISI_EAL_MEM=$memory "$top/devtools/with-emu.sh" \
			"$engine,version=$1" -- sh -c \
			"exec $valgrind $instr \$HISI_EAL_ARGS $eal -- $driver $app" 2>&1)
	fi || die "the run of $2 failed:
$out"
	ops=$(sed -n 's/^ops=\([0-9]*\) .*/\1/p' <<< "$out")
	calls_enqueue=$(collected enqueue) || :
	calls_dequeue=$(collected dequeue) || :
	case $out in
	*" short=0"*) ;;
	*) echo "bench.sh: $2: some completions were late; dequeue is counted a little high" >&2 ;;
	esac
	[ "${ops:-0}" -gt 0 ] && [ -n "$calls_enqueue" ] && [ -n "$calls_dequeue" ] ||
		die "no count in:
$out"
	enqueue=$(awk "BEGIN { printf \"%.1f\", $calls_enqueue / $ops }")
	dequeue=$(awk "BEGIN { printf \"%.1f\", $calls_dequeue / $ops }")
}

# is_ours VERSION DIRECTION: is it the driver that was counted? Raw inflate of V2 is ISA-L's, in
# dequeue.
is_ours()
{
	[ -z "$pmd" ] && [ "$segs" = 1 ] && [ "$1 $2" != "v2 decompress" ]
}

# is_gated VERSION DIRECTION: has it a limit? What has a digest has the one that is asked for.
is_gated()
{
	is_ours "$1" "$2" && { [ "$engine" = zip ] || [ "$2" = aes-cbc ] || [ -n "$limit" ]; }
}

# table VERSION RECORDER: both directions; sets sums[DIRECTION,RECORDER]
table()
{
	local direction enqueue dequeue sum note most=${limit:-150}

	devargs=
	if [ "$2" = off ]; then
		devargs=recorder=0
		most=${limit:-130}
	fi
	printf 'instructions per op, %s, %s bytes, %s segment(s), burst %s%s\n' \
		"${pmd:-$driver on $1}" "$size" "$segs" "$burst" \
		"$([ -n "$pmd" ] || echo ", recorder $2")"
	printf '%-20s %10s %10s %10s\n' '' enqueue dequeue sum
	for direction in $kinds; do
		count "$1" "$direction"
		sum=$(awk "BEGIN { printf \"%.1f\", $enqueue + $dequeue }")
		sums[$direction,$2]=$sum
		note=
		[ "$1 $direction" != "v2 decompress" ] || note=" in software"
		printf '%-20s %10s %10s %10s%s\n' "$direction" "$enqueue" "$dequeue" "$sum" "$note"
		if is_gated "$1" "$direction" && awk "BEGIN { exit !($sum > $most) }"; then
			echo "bench.sh: more than $most instructions per op" >&2
			over=1
		fi
	done
}

# cost VERSION: what the recorder takes of both tables
cost()
{
	local direction more

	for direction in $kinds; do
		is_ours "$1" "$direction" || continue
		more=$(awk "BEGIN { printf \"%.1f\",
			${sums[$direction,on]} - ${sums[$direction,off]} }")
		echo "recorder, $direction: $more"
		if awk "BEGIN { exit !($more > 20) }"; then
			echo "bench.sh: more than 20 instructions per op for the recorder" >&2
			over=1
		fi
	done
}

counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT
over=0
declare -A sums
for version in $versions; do
	for recorder in $recorders; do
		table "$version" "$recorder"
	done
	[ "$recorders" != "off on" ] || cost "$version"
done
[ "$over" = 0 ] || die "too many instructions"
