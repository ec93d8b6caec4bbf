#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -uo pipefail

usage()
{
	cat <<'EOT'
usage: fuzz.sh [--seconds N] [--jobs N] [--junit FILE] [--missed] [TARGET...]

Builds the libFuzzer targets with clang, runs each for N seconds (60), as many at a time as there
are jobs (2), and measures the lines that its inputs run of what it aims at (app/test/fuzz/aims.txt,
at least 85 %). Without TARGET all of them:
  vfio_user_version  text of VERSION messages
  vfio_user_server   a client's bytes and descriptors at the server's socket
  vfio_user_client   a server's answers to the client
  model_sqe          SQEs of any content through the model's ZIP engine
  model_sec          SQEs of any content through the model's SEC engine
  model_regs         registers, mailbox, doorbells and resets of the model
  record             a dump of the flight recorder, as dpdk-testacc decode reads it
  zip_cqe            what a device writes into the rings of compress/hisi_zip
Inputs found are kept in BUILD/corpus and are where the next run begins, with BUILD from
HISI_FUZZ_BUILD (build-fuzz). An input that breaks a target is kept in BUILD/findings; made small,
it becomes app/test/fuzz/seeds/TARGET/regression-NAME. --missed names the lines not run.
EOT
}

# number OPTION VALUE LEAST MOST
number()
{
	[[ $2 =~ ^[0-9]{1,9}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] && return
	echo "fuzz.sh: $1 $2: a number from $3 to $4 is needed" >&2
	exit 2
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
cd "$top" || exit 1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
limit_percent=85
# Against the largest input that is of use, and one that takes unduly long or much.
fuzz_options=(-timeout=25 -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1)
export ASAN_OPTIONS=quarantine_size_mb=8:detect_leaks=1
targets=(vfio_user_version vfio_user_server vfio_user_client model_sqe model_sec model_regs record
	zip_cqe)

seconds=60
jobs=2
junit=
missed=
chosen=()
while [ $# -gt 0 ]; do
	case $1 in
	--seconds) seconds=${2?--seconds needs a number}; number "$1" "$2" 1 86400; shift ;;
	--jobs) jobs=${2?--jobs needs a number}; number "$1" "$2" 1 1024; shift ;;
	--junit) junit=${2:?--junit needs a file}; shift ;;
	--missed) missed=--missed ;;
	-h|--help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*)
		[[ " ${targets[*]} " = *" $1 "* ]] || { usage >&2; exit 2; }
		chosen+=("$1")
		;;
	esac
	shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${targets[@]}")

build=${HISI_FUZZ_BUILD:-$top/build-fuzz}
results=$build/fuzz-results
findings=$build/findings
cases=
failed=0

# record VERDICT NAME [REASON]
record()
{
	local inner=

	printf '%-8s %s%s\n' "$1" "$2" "${3:+: $3}"
	case $1 in
	FAILED) failed=1; inner="<failure message=\"${3:-}\"/>" ;;
	skipped) inner="<skipped message=\"${3:-}\"/>" ;;
	esac
	cases+="<testcase classname=\"fuzz\" name=\"$2\">$inner</testcase>"
}

finish()
{
	if [ -n "$junit" ]; then
		echo "<testsuites><testsuite>$cases</testsuite></testsuites>" > "$junit"
	fi
	exit "$failed"
}

# tool NAME: the newest of llvm's tools by that name that is as old as clang
tool()
{
	local version

	version=$(clang -dumpversion)
	command -v "$1-${version%%.*}" || command -v "$1"
}

build_targets()
{
	if [ ! -e "$build/build.ninja" ]; then
		CC=clang meson setup "$build" -Dfuzz=true -Dbuildtype=debugoptimized \
			-Dwerror=true ||
			return 1
	fi
	ninja -C "$build" "${chosen[@]/#/app/test/fuzz/fuzz_}"
}

# run_target NAME: fuzz, then run once more what is in the corpus and count its lines
run_target()
{
	local name=$1 program=$build/app/test/fuzz/fuzz_$1 corpus=$build/corpus/$1
	local seeds=app/test/fuzz/seeds/$1 dict=()

	[ ! -e "app/test/fuzz/$name.dict" ] || dict=("-dict=app/test/fuzz/$name.dict")
	mkdir -p "$corpus" "$findings/$name"
	LLVM_PROFILE_FILE=/dev/null "$program" "${fuzz_options[@]}" "${dict[@]}" \
		-max_total_time="$seconds" -max_len=1024 -artifact_prefix="$findings/$name/" \
		"$corpus" "$seeds" > "$results/$name.log" 2>&1 || return 1
	LLVM_PROFILE_FILE=$results/$name.profraw "$program" "${fuzz_options[@]}" -runs=0 \
		-artifact_prefix="$findings/$name/" "$corpus" "$seeds" \
		> "$results/$name.replay" 2>&1 || return 1
	"$(tool llvm-profdata)" merge -sparse "$results/$name.profraw" \
		-o "$results/$name.profdata" &&
	"$(tool llvm-cov)" export -format=lcov "$program" \
		-instr-profile="$results/$name.profdata" > "$results/$name.lcov" || return 1
	rm -f "$results/$name.profraw"
}

# judge NAME STATUS: what run_target left
judge()
{
	local name=$1 finding runs

	if [ "$2" != 0 ]; then
		record FAILED "$name" "see $results/$name.log"
		grep -h -A 25 -E 'ERROR|broken:|runtime error' "$results/$name.log" \
			"$results/$name.replay" 2>/dev/null | head -n 40 | sed 's/^/    /'
		for finding in "$findings/$name"/*; do
			[ -e "$finding" ] || continue
			echo "    again: LLVM_PROFILE_FILE=/dev/null" \
				"$build/app/test/fuzz/fuzz_$name $finding"
		done
		return
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$results/$name.log")
	if devtools/fuzz_coverage.py $missed app/test/fuzz/aims.txt "$name" "$limit_percent" \
			< "$results/$name.lcov" > "$results/$name.coverage"; then
		record passed "$name" "$runs executions"
	else
		record FAILED "$name" "$runs executions, coverage below $limit_percent %"
	fi
	sed 's/^/    /' "$results/$name.coverage"
}

has_libfuzzer()
{
	command -v clang >/dev/null && [ -n "$(tool llvm-cov)" ] &&
	echo 'int LLVMFuzzerTestOneInput(const char *data) { return !data; }' |
		clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null
}

if ! has_libfuzzer; then
	for name in "${chosen[@]}"; do
		record skipped "$name" "no clang with libFuzzer, or no llvm-cov"
	done
	finish
fi
if ! build_targets > "$build.log" 2>&1; then
	mkdir -p "$build" && mv "$build.log" "$build/fuzz-build.log"
	tail -n 30 "$build/fuzz-build.log"
	for name in "${chosen[@]}"; do
		record FAILED "$name" "does not build"
	done
	finish
fi
mv "$build.log" "$build/fuzz-build.log"
rm -rf "$results" "$findings"
mkdir -p "$results"
for name in "${chosen[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	{ run_target "$name"; echo $? > "$results/$name.status"; } &
done
wait
for name in "${chosen[@]}"; do
	judge "$name" "$(cat "$results/$name.status")"
done
finish
