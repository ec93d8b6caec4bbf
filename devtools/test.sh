#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -uo pipefail

usage()
{
	cat <<'EOF'
usage: test.sh [--all] [--no-install]

The quick set: form and spelling, build, unit tests, each system test in its smallest form, and the
small set of the guest tests (which fetch QEMU and a kernel the first time, 300 MB).
  --all         everything that CI runs: also the long system tests, sanitizers, fuzz targets, the
                arm64 build, the guides, instructions per op, and a fresh Debian root
  --no-install  look for no Debian packages
Root, or sudo, is used for Debian packages and hugepages only. Logs are in BUILD/test-logs, with
BUILD from HISI_BUILD (build). HISI_NO_GUEST=REASON leaves the guest tests out. Random faults take
60 s; HISI_FAULT_SECONDS sets that (600 for ten minutes), and HISI_SEED repeats them. The last line
is "N passed, N failed, N skipped".
EOF
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
cd "$top" || exit 1
# shellcheck source=devtools/lib/packages.sh
. devtools/lib/packages.sh
# Debian's python3, meson and DPDK tools, whatever else comes first in PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PYTHONDONTWRITEBYTECODE=1

all=
install=1
for arg in "$@"; do
	case $arg in
	--all) all=1 ;;
	--no-install) install= ;;
	-h|--help) usage; exit 0 ;;
	*)
		echo "test.sh: unknown option '$arg'; --help lists those there are" >&2
		exit 2
		;;
	esac
done

build=${HISI_BUILD:-$top/build}
logs=$build/test-logs
sanitized=$build-asan
passed=0
failed=0
skipped=0
running=
declare -A lanes=()

# clock: cpu becomes the CPU time in seconds of what this shell started and has waited for, lanes
# with it: what has lanes of its own is to be started in one
clock()
{
	local file=$logs/times.$BASHPID min_user user min_system system

	# Not through a pipe: the shell behind it would tell of its own children.
	times > "$file"
	IFS=' ms' read -r min_user user min_system system < <(tail -n 1 "$file")
	cpu=$((min_user * 60 + ${user%.*} + min_system * 60 + ${system%.*}))
	rm -f "$file"
}

# took START CPU_START: to stdout, the times since then, of a clock that was read just now
took()
{
	echo "$((SECONDS - $1)) s, $((cpu - $2)) s of CPU"
}

# verdict WORD NAME [TIMES]
verdict()
{
	printf '%-8s %s%s\n' "$1" "$2" "${3:+ ($3)}"
}

# run_limited LIMIT_S COMMAND...: its status. In the background, so that a signal to this script is
# acted on at once, and gone with it: the system tests end what they started when they are ended.
run_limited()
{
	local limit=$1

	shift
	setpriv --pdeathsig TERM timeout --kill-after=10 "$limit" "$@" </dev/null &
	running=$!
	{ wait "$running"; } 2>/dev/null
}

stop_running()
{
	[ -z "$running" ] || kill -TERM "$running" 2>/dev/null
	[ ${#lanes[@]} = 0 ] || kill -TERM "${lanes[@]}" 2>/dev/null
	wait
	exit 130
}

# lane_start NAME NICENESS FUNCTION [ARGUMENT...]: in the background, behind what runs in the
# foreground; what it prints and counts is kept until lane_end NAME
lane_start()
{
	local name=$1 niceness=$2

	shift 2
	rm -f "$logs/lane-$name.count"
	(
		lanes=()
		trap stop_running INT TERM HUP
		renice -n "$niceness" "$BASHPID" >/dev/null
		passed=0
		failed=0
		skipped=0
		"$@"
		echo "$passed $failed $skipped" > "$logs/lane-$name.count"
	) > "$logs/lane-$name.log" 2>&1 </dev/null &
	lanes[$name]=$!
}

lane_end()
{
	local name=$1 p=0 f=1 s=0

	[ -n "${lanes[$name]:-}" ] || return 0
	{ wait "${lanes[$name]}"; } 2>/dev/null
	unset "lanes[$name]"
	cat "$logs/lane-$name.log"
	read -r p f s < "$logs/lane-$name.count" || verdict FAILED "$name: ended early"
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
}

# exit_reason STATUS LIMIT_S: of run_limited, in words
exit_reason()
{
	case $1 in
	124|137) echo "not done after $2 s" ;;
	*) echo "ended with $1" ;;
	esac
}

# check NAME LIMIT_S COMMAND...: one test
check()
{
	local name=$1 limit=$2 log=$logs/$1.log start=$SECONDS cpu cpu_start rc=0

	shift 2
	clock
	cpu_start=$cpu
	run_limited "$limit" "$@" > "$log" 2>&1 || rc=$?
	clock
	if [ "$rc" = 0 ]; then
		passed=$((passed + 1))
		verdict passed "$name" "$(took "$start" "$cpu_start")"
		return 0
	fi
	failed=$((failed + 1))
	verdict FAILED "$name: $(exit_reason "$rc" "$limit")" "$(took "$start" "$cpu_start")"
	tail -n 40 "$log" | sed 's/^/    /'
	return 1
}

# skip NAME REASON
skip()
{
	skipped=$((skipped + 1))
	verdict skipped "$1: $2"
}

# check_junit NAME LIMIT_S FILE COMMAND...: as many tests as the JUnit file names
check_junit()
{
	local name=$1 limit=$2 file=$3 start=$SECONDS cpu cpu_start rc=0

	shift 3
	rm -f "$file"
	clock
	cpu_start=$cpu
	run_limited "$limit" "$@" > "$logs/$name.log" 2>&1 || rc=$?
	clock
	count_junit "$name" "$rc" "$(exit_reason "$rc" "$limit")" "$file" \
		"$(took "$start" "$cpu_start")"
}

# count_junit NAME STATUS REASON FILE TIMES: of a program that has ended
count_junit()
{
	local name=$1 rc=$2 reason=$3 file=$4 times=$5 log=$logs/$1.log p f s

	if ! devtools/junit_count.py "$file" > "$logs/$name.count" 2>/dev/null; then
		failed=$((failed + 1))
		verdict FAILED "$name: $reason, without results" "$times"
		tail -n 40 "$log" | sed 's/^/    /'
		return 1
	fi
	read -r p f s < "$logs/$name.count"
	# A program that ended badly with nothing failed (a crash at the end, say) is a failure too.
	[ "$rc" = 0 ] || [ "$f" != 0 ] || f=1
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	tail -n +2 "$logs/$name.count" | sed "s|^failed|FAILED  |; s|^skipped|skipped |"
	[ "$f" = 0 ] || tail -n 120 "$log" | sed 's/^/    /'
	verdict "$([ "$f" = 0 ] && echo passed || echo FAILED)" \
		"$name: $p passed, $f failed, $s skipped" "$times"
	[ "$f" = 0 ]
}

# build_tree DIR OPTION...
build_tree()
{
	local dir=$1

	shift
	if [ -e "$dir/build.ninja" ]; then
		# quickstart.sh configures without tests
		meson configure "$dir" -Dtests=true -Dwerror=true "$@" || return 1
	else
		meson setup "$dir" -Dwerror=true "$@" || return 1
	fi
	ninja -C "$dir"
}
export -f build_tree

# check_unit NAME DIR: of a build folder
check_unit()
{
	check_junit "$1-unit" 600 "$2/meson-logs/testlog.junit.xml" \
		meson test -C "$2" --no-rebuild --suite unit --timeout-multiplier 3
}

# check_system NAME DIR [VARIABLE=VALUE...]: of a build folder
check_system()
{
	local name=$1 dir=$2 xml=$logs/$1.xml

	shift 2
	check_junit "$name" 2400 "$xml" env HISI_BUILD="$dir" "$@" \
		/usr/bin/python3 -m pytest -p no:cacheprovider -q -o junit_family=xunit2 \
		--tb=short --junitxml="$xml" app/test/system
}

# share_system NAME DIR [VARIABLE=VALUE...]: in two runs beside each other that share the modules.
# Of the tests that one begins with many wait half of their time.
share_system()
{
	local name=$1 claims=$logs/$1.claims

	shift
	rm -rf "$claims"
	mkdir "$claims"
	lane_start "$name-others" 0 check_system "$name-others" "$@" \
		HISI_TEST_CLAIMS="$claims" HISI_TEST_BEGIN=others
	lane_start "$name-beside" 0 check_system "$name-beside" "$@" \
		HISI_TEST_CLAIMS="$claims" HISI_TEST_BEGIN=beside
	lane_end "$name-beside"
	lane_end "$name-others"
}

check_release()
{
	local matrix=$build/test-logs/fault-matrix.txt

	check_unit release "$build"
	rm -f "$matrix"
	share_system release "$build"
	[ ! -e "$matrix" ] || sed 's/^/    /' "$matrix"
}

# Each system test once: what its parameters change was judged by the release build.
check_sanitized()
{
	check_unit sanitized "$sanitized"
	share_system sanitized "$sanitized" HISI_TEST_ALL= HISI_TEST_FIRST=function \
		HISI_FAULT_SECONDS=20
}

# In the guest machine; skipped by name, each test, where there is none. None of them is about time.
check_guests()
{
	if [ -n "${HISI_NO_GUEST:-}" ]; then
		skip guest "$HISI_NO_GUEST"
		return
	fi
	check_junit guest 2700 "$logs/guest.xml" env HISI_BUILD="$build" \
		/usr/bin/python3 -m pytest -p no:cacheprovider -q -o junit_family=xunit2 \
		--tb=short --junitxml="$logs/guest.xml" app/test/guest
	# Also where all passed: it says something about this machine, or about the guest.
	sed -n '/ was booted again: /s/^/    /p' "$logs/guest.log"
}

check_guides()
{
	check guides 600 env HISI_BUILD="$build" devtools/check-docs.sh
}

check_figures()
{
	check instructions 600 env HISI_BUILD="$build" devtools/bench.sh
	grep -A3 '^instructions' "$logs/instructions.log" | sed 's/^/    /'
	check instructions-crypto 600 env HISI_BUILD="$build" devtools/bench.sh --crypto
	grep -A2 '^instructions' "$logs/instructions-crypto.log" | sed 's/^/    /'
	check_guides
}

# Two targets at a time, 60 s each, and a build of their own.
check_fuzz()
{
	check_junit fuzz 2400 "$logs/fuzz.xml" env HISI_FUZZ_BUILD="$build-fuzz" \
		devtools/fuzz.sh --junit "$logs/fuzz.xml"
	grep -E 'executions|aimed at' "$logs/fuzz.log" | sed 's/^ */    /'
}

check_fresh_root()
{
	if [ "$(id -u)" != 0 ]; then
		skip fresh-root "needs root (debootstrap, chroot)"
		return
	fi
	# The run in there prints much behind what went wrong.
	check fresh-root 2400 env HISI_NO_GUEST="ran outside of the fresh root" \
		devtools/fresh-root.sh ||
		sed -n '/^FAILED/s/^/    /p; /^ *E  /p' "$logs/fresh-root.log"
	sed -n 's/^fresh root: /    /p' "$logs/fresh-root.log"
}

# The programs under test are not instrumented, hence undefined symbols in our libraries.
check_build_sanitized()
{
	# Instrumented code gains little from -O2, and takes a fifth longer to compile; a report
	# names lines, for which -g1 will do in four fifths of the time.
	local options="-Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debugoptimized
		-Doptimization=1 -Dc_args=-g1"

	# shellcheck disable=SC2086 # words
	check build-sanitized 2400 bash -c 'build_tree "$@"' - "$sanitized" $options
	echo $? > "$logs/build-sanitized.status"
}

# The tests wait for the first when they are through with the release build; the second takes its
# time however many CPUs are idle, so it does not come last.
check_elsewhere()
{
	check_build_sanitized
	check_fresh_root
}

check_matrix()
{
	check_junit compile-matrix 2400 "$logs/compile-matrix.xml" \
		devtools/compile-matrix.sh --junit "$logs/compile-matrix.xml"
}

# sanitized_is_built: waits for that
sanitized_is_built()
{
	while [ ! -e "$logs/build-sanitized.status" ]; do
		kill -0 "${lanes[elsewhere]:-none}" 2>/dev/null || return 1
		sleep 1
	done
	[ "$(cat "$logs/build-sanitized.status")" = 0 ]
}

run_quick()
{
	check form 300 devtools/check-style.sh form
	check spelling 300 devtools/check-style.sh spelling
	check scripts 300 devtools/check-style.sh scripts
	check messages 300 devtools/check_messages.py
	if check build 2400 bash -c 'build_tree "$@"' - "$build"; then
		lane_start guest 10 check_guests
		[ -z "$all" ] || lane_start elsewhere 5 check_elsewhere
		check_release
		[ -n "$all" ] || lane_end guest
	fi
}

run_rest()
{
	lane_start fuzz 5 check_fuzz
	lane_start matrix 5 check_matrix
	lane_start figures 0 check_figures
	! sanitized_is_built || lane_start sanitized 0 check_sanitized
	lane_end figures
	lane_end sanitized
	lane_end elsewhere
	lane_end matrix
	lane_end fuzz
	lane_end guest
}

if [ -n "$install" ]; then
	# shellcheck disable=SC2086 # a word or none
	install_packages build test ${all:+all} || exit 1
fi
mkdir -p "$logs"
rm -f "$logs/build-sanitized.status"
trap hugepages_down EXIT
trap stop_running INT TERM HUP
if [ -n "$all" ]; then
	export HISI_TEST_ALL=1
	hugepages_up 2000
else
	hugepages_up 1000
fi
run_quick
if [ -n "$all" ]; then
	run_rest
fi
echo "logs: $logs; $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
