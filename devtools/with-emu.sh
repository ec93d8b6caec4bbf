#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Runs a command beside a device model of its own.
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: with-emu.sh ENGINE[,key=value...] -- COMMAND [ARGUMENT...]

Starts dpdk-hisi-emu with one device on a private socket, runs COMMAND, stops the model, returns
COMMAND's status. ENGINE is zip or sec.
  version=v2|v3|v4|v5  generation of the device (v3)
  function=pf|vf     which function COMMAND gets (pf); for vf the model plays the PF's driver
  queues=N           queues of that function
  workers=N          worker threads of the model
  cpus=LIST          CPUs they run on, ranges joined by + (0-1+4)
  dma_fault=device|op  what a refused address does
  trace              print each register and mailbox access to stderr
  any other key      goes to the model's --device as it is
COMMAND's environment:
  HISI_EAL_ARGS      EAL arguments: -d, --vdev, memory; no lcores. To be used unquoted
  LD_LIBRARY_PATH    where EAL finds the drivers
  PATH               begins with the programs of the build folder
  HISI_SOCKET        the function's socket
  HISI_CONTROL       the model's control socket, for faults
  HISI_EMU_PID       process id of the model
Environment that is read:
  HISI_BUILD         build folder (build)
  HISI_EAL_MEM       memory arguments instead of the ones chosen here
  HISI_DEVARGS       more key=value,... for the driver's --vdev

  devtools/with-emu.sh zip -- sh -c 'dpdk-test-compress-perf $HISI_EAL_ARGS -l 0,1 -- ...'
EOF
}

die()
{
	echo "with-emu.sh: $*" >&2
	exit 2
}

# driver_of ENGINE: the name of its class driver
driver_of()
{
	case $1 in
	zip) echo compress_hisi_zip ;;
	sec) echo crypto_hisi_sec ;;
	hpre) echo crypto_hisi_hpre ;;
	*) die "unknown engine '$1' (zip, sec)" ;;
	esac
}

# The socket's path goes into HISI_EAL_ARGS, which is used unquoted, between commas, and into the
# address of a UNIX socket, which has 107 characters.
private_dir()
{
	local parent=${TMPDIR:-/tmp}

	[[ $parent =~ ^[A-Za-z0-9_./+-]{1,70}$ ]] || parent=/tmp
	# mktemp makes it 0700, as the model asks for the folder of its sockets
	mktemp -d "$parent/hisi-emu.XXXXXX"
}

# Hugepages where there are some. Without files shared between processes in either case, so that
# programs can run side by side and nothing is left behind.
memory_args()
{
	local free

	free=$(cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages 2>/dev/null || echo 0)
	if [ "$free" -ge 256 ] && [ "$(id -u)" = 0 ]; then
		echo "--in-memory --single-file-segments"
	else
		echo "--no-huge --no-shconf -m 1024"
	fi
}

# parse_device SPEC: sets engine, function, device and emu_args
parse_device()
{
	local key value pair pairs queues=64 version=v3 keys='' seen=,

	IFS=, read -ra pairs <<< "$1"
	engine=${pairs[0]:-}
	driver_keys=
	function=pf
	emu_args=(--quiet)
	for pair in "${pairs[@]:1}"; do
		key=${pair%%=*}
		value=${pair#*=}
		[[ $seen != *",$key,"* ]] || die "key '$key' is there twice; give it once"
		seen+="$key,"
		case $key in
		version) version=$value ;;
		function) function=$value ;;
		queues) queues=$value ;;
		workers) emu_args+=(--workers "$value") ;;
		cpus) emu_args+=(--cpus "${value//+/,}") ;;
		dma_fault) emu_args+=("--dma-fault=$value") ;;
		trace) emu_args[0]=--trace ;;
		*) keys+=",$pair" ;;
		esac
	done
	case $function in
	pf)
		device="$engine,version=$version,socket=$dir/pf.sock$keys"
		# The number of a V2 chip is a constant: there its driver claims no more than N.
		if [ "$version" = v2 ]; then
			driver_keys=,queues=$queues
		else
			device+=,queues=$queues
		fi
		socket=$dir/pf.sock
		;;
	vf)
		device="$engine,version=$version,vfs=1,vf_queues=$queues,socket=$dir/pf.sock"
		device+=",vf_socket=$dir/vf%d.sock$keys"
		emu_args+=(--pf=self)
		socket=$dir/vf0.sock
		;;
	*) die "function=$function: pf or vf" ;;
	esac
}

# Waits for the byte that the model writes when all its sockets listen.
wait_ready()
{
	local tries=300 byte=''

	# A read that takes the byte as its time ends fails all the same, with the byte.
	while ! read -r -t 0.1 -N 1 -u "$ready_fd" byte && [ -z "$byte" ]; do
		if ! kill -0 "$emu_pid" 2>/dev/null; then
			wait "$emu_pid" || return $?
			return 1
		fi
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || die "the model is not ready after 30 s; too busy here?"
	done
}

stop_emu()
{
	local tries=300

	trap - EXIT
	if [ -n "$emu_pid" ]; then
		# A test may have stopped it, and a stopped process takes no SIGTERM. In this order:
		# a leak check at the end, which traces the process, does not survive a SIGCONT.
		kill -CONT "$emu_pid" 2>/dev/null || :
		kill -TERM "$emu_pid" 2>/dev/null || :
		while kill -0 "$emu_pid" 2>/dev/null && [ "$tries" -gt 0 ]; do
			sleep 0.1
			tries=$((tries - 1))
		done
		if kill -KILL "$emu_pid" 2>/dev/null; then
			echo "with-emu.sh: the model had to be killed" >&2
		fi
	fi
	rm -rf "$dir"
}

case "${1:-} ${2:-}" in
-h*|--help*) usage; exit 0 ;;
*" --") ;;
*) usage >&2; exit 2 ;;
esac
[ $# -ge 3 ] || { usage >&2; exit 2; }

top=$(dirname "$(dirname "$(readlink -f "$0")")")
build=$(readlink -f "${HISI_BUILD:-$top/build}") || die "no build folder ${HISI_BUILD:-$top/build}"
emu=$build/app/hisi_emu/dpdk-hisi-emu
[ -x "$emu" ] || die "no $emu: build first, or set HISI_BUILD"

emu_pid=
command_pid=
dir=$(private_dir)
trap stop_emu EXIT
parse_device "$1"
shift 2
driver=$(driver_of "$engine")

mkfifo "$dir/ready"
exec {ready_fd}<>"$dir/ready"
# In a session of its own, so that a Ctrl-C meant for COMMAND does not take the device away first.
setsid setpriv --pdeathsig TERM "$emu" --device "$device" --ready-fd="$ready_fd" \
	--control="$dir/control" "${emu_args[@]}" </dev/null >&2 &
emu_pid=$!
wait_ready || exit $?
exec {ready_fd}>&-
# Whatever ends it, the shell has nothing to say about it.
disown "$emu_pid"

# A bare name and LD_LIBRARY_PATH: EAL refuses a -d path below a world-writable folder.
export LD_LIBRARY_PATH="$build/drivers${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export PATH="$build/app/testacc:$build/app/hisi_emu:$build/app/hisi_replay:$PATH"
export HISI_SOCKET=$socket
export HISI_CONTROL=$dir/control
export HISI_EMU_PID=$emu_pid
HISI_EAL_ARGS="-d librte_$driver.so ${HISI_EAL_MEM-$(memory_args)}"
HISI_EAL_ARGS+=" --vdev=${driver}0,socket=$socket$driver_keys${HISI_DEVARGS:+,$HISI_DEVARGS}"
export HISI_EAL_ARGS

# In the background, so that a signal to this script is acted on at once; with the default action
# for SIGINT, which a shell takes away from background commands.
env --default-signal=INT,QUIT setpriv --pdeathsig TERM "$@" <&0 &
# With no place for the shell's own line about a command that was killed this early.
{
	command_pid=$!
	for signal in INT TERM HUP; do
		# shellcheck disable=SC2064 # the name of this round
		trap "kill -$signal $command_pid 2>/dev/null || :" "$signal"
	done
} 2>/dev/null
status=0
while :; do
	# In braces: the shell's own line about a killed command is not the command's.
	{ wait "$command_pid" && status=0 || status=$?; } 2>/dev/null
	# A trapped signal ends wait early; the command is still there then.
	kill -0 "$command_pid" 2>/dev/null || break
done
exit "$status"
