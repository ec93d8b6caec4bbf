#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Second program of the guest, copied to the results share by devtools/vm_run.py beside "setup",
# which says what is wanted: binds the devices, runs the command, writes its status, powers off.
set -uo pipefail

out=/run/out
# shellcheck disable=SC1091 # written by vm_run.py
. $out/setup
: "${guest_modules:?}" "${guest_hugepages:?}" "${guest_bind?}" "${guest_cwd:?}" "${guest_command:?}"

finish()
{
	dmesg > $out/dmesg
	echo "$1" > $out/status
	sync
	busybox poweroff -f
}

fail()
{
	echo "guest start: $*" >> $out/stderr
	finish 125
}

# bind ADDRESS DRIVER
bind()
{
	# No driver is called none: nobody takes the device then.
	echo "$2" > "/sys/bus/pci/devices/$1/driver_override"
	[ "$2" != none ] || return 0
	modprobe "$2" || fail "no module $2"
	# A device that was there when the module came may be bound already.
	if [ ! -e "/sys/bus/pci/devices/$1/driver" ]; then
		echo "$1" > /sys/bus/pci/drivers_probe
	fi
	[ "$(basename "$(readlink "/sys/bus/pci/devices/$1/driver")")" = "$2" ] ||
		fail "$1 does not bind to $2: $(dmesg | grep -F "$1" | tail -n 3)"
}

mount -t tmpfs -o mode=1777 shm /dev/shm 2>/dev/null ||
	{ mkdir -p /dev/shm && mount -t tmpfs -o mode=1777 shm /dev/shm; }
mkdir -p /dev/pts /dev/hugepages "/lib/modules/$(uname -r)"
mount -t devpts devpts /dev/pts
mount -t debugfs debugfs /sys/kernel/debug
mount --bind "$guest_modules" "/lib/modules/$(uname -r)" || fail "no kernel modules"
ip link set lo up 2>/dev/null || busybox ip link set lo up
hostname guest 2>/dev/null
echo "$guest_hugepages" > /proc/sys/vm/nr_hugepages
[ "$(</proc/sys/vm/nr_hugepages)" = "$guest_hugepages" ] ||
	fail "only $(</proc/sys/vm/nr_hugepages) of $guest_hugepages hugepages"
mount -t hugetlbfs -o pagesize=2M hugetlbfs /dev/hugepages || fail "no hugetlbfs"
ulimit -c 0

# guest_bind: "ADDRESS=DRIVER" words
for pair in $guest_bind; do
	bind "${pair%=*}" "${pair#*=}"
done

cd "$guest_cwd" || cd /
setsid --wait "${guest_command[@]}" < /dev/null >> $out/stdout 2>> $out/stderr
finish $?
