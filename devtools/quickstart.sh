#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: quickstart.sh

From a fresh checkout to figures: installs the Debian packages that are missing, builds, starts the
device model, and lets Debian's own dpdk-test-compress-perf compress and decompress real files
through compress_hisi_zip on it. Says what it does and prints the figures.
Root, or sudo, is used for packages and hugepages only; without hugepages it works as well.
EOF
}

case ${1:-} in
"") ;;
-h|--help) usage; exit 0 ;;
*) echo "quickstart.sh: unknown option '$1'; --help says what it does" >&2; exit 2 ;;
esac

top=$(dirname "$(dirname "$(readlink -f "$0")")")
cd "$top"
# shellcheck source=devtools/lib/packages.sh
. devtools/lib/packages.sh
# Debian's python3, meson and DPDK tools, whatever else comes first in PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export HISI_BUILD=${HISI_BUILD:-$top/build}

say()
{
	printf '\n==> %s\n' "$*"
}

# make_input NAME FILE...: at most 4 MB of real files
make_input()
{
	local name=$1

	shift
	# Not a pipe: that would fail with what is cut off.
	head -c 4194304 < <(cat "$@") > "$work/$name"
}

# Both perf programs want a main lcore and a worker; on one CPU they share it.
lcores()
{
	if [ "$(nproc)" -ge 2 ]; then
		echo "-l 0,1"
	else
		echo "--lcores 0@0,1@0"
	fi
}

# run_perf NAME OP_SIZE: the program's whole output to a file; its table, verified data, to the eye
run_perf()
{
	local command

	command="dpdk-test-compress-perf \$HISI_EAL_ARGS --no-pci $(lcores) --log-level=4 --"
	command+=" --driver-name compress_hisi_zip --input-file $work/$1 --ptest throughput"
	command+=" --seg-sz $2 --max-num-sgl-segs 1 --compress-level 1 --num-iter 5 --pool-sz 8192"
	if ! devtools/with-emu.sh zip -- sh -c "exec $command" > "$work/log" 2>&1; then
		echo "the program failed:  $command"
		cat "$work/log"
		return 1
	fi
	tail -n 1 "$work/log" | awk -v name="$1" -v size="$2" -v len="$(stat -c %s "$work/$1")" '
		{ printf "%-8s %8d %8d %9.2f %% %11.2f %13.2f\n", name, len, size, $4, $5, $6 }'
}

say "Debian packages"
install_packages build
echo "all there"

say "building in $HISI_BUILD"
if [ ! -e "$HISI_BUILD/build.ninja" ]; then
	# Tests want packages that only devtools/test.sh installs.
	meson setup "$HISI_BUILD" -Dtests=false >/dev/null ||
		{ cat "$HISI_BUILD/meson-logs/meson-log.txt" >&2; exit 1; }
fi
ninja -C "$HISI_BUILD"

work=$(mktemp -d)
finish()
{
	hugepages_down
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
hugepages_up 600
make_input text /usr/include/dpdk/*.h
make_input binary /usr/bin/dpdk-test /usr/bin/dpdk-testpmd

say "Debian's dpdk-test-compress-perf with compress_hisi_zip, on the model of a ZIP function"
echo "Each op is compressed, decompressed and compared with what it was. text: DPDK's headers;"
echo "binary: DPDK's test programs. The model runs on this machine's CPUs: the figures are those of"
echo "ISA-L on the CPU it shares with the program, not those of the chip."
printf '%-8s %8s %8s %11s %11s %13s\n' file bytes "op size" "size after" "comp Gbit/s" \
	"decomp Gbit/s"
for file in text binary; do
	for size in 4096 16384 59460; do
		run_perf "$file" "$size"
	done
done

say "the same by hand (the EAL arguments are for one device model, started and stopped around it)"
cat <<EOF
devtools/with-emu.sh zip -- sh -c 'dpdk-test-compress-perf \$HISI_EAL_ARGS -l 0,1 -- \\
    --driver-name compress_hisi_zip --input-file /usr/bin/dpdk-test --seg-sz 16384 \\
    --max-num-sgl-segs 1 --compress-level 1 --num-iter 3 --pool-sz 8192'
Done in $SECONDS s. Next: a first session at a prompt, doc/guides/howto/first_session.rst;
or the tests, devtools/test.sh
EOF
