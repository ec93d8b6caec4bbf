#!/bin/busybox sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
# shellcheck shell=dash
#
# First program of the guest: puts a throw-away layer over the host's root and goes there.

fail()
{
	echo "guest init: $*"
	busybox poweroff -f
}

busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
while read -r file; do
	busybox insmod "/modules/$file" || fail "cannot load $file"
done < /modules/order

options=trans=virtio,version=9p2000.L,msize=512000
busybox mkdir /lower /over
busybox mount -t 9p -o "$options,ro,cache=loose" hostroot /lower || fail "no root of the host"
busybox mount -t tmpfs -o size=50% over /over
busybox mkdir /over/upper /over/work
busybox mount -t overlay -o lowerdir=/lower,upperdir=/over/upper,workdir=/over/work over /new ||
	fail "no overlay"
for dir in dev proc sys; do
	busybox mkdir -p "/new/$dir"
	busybox mount --move "/$dir" "/new/$dir"
done
busybox mkdir -p /new/run
busybox mount -t tmpfs -o mode=755 run /new/run
busybox mkdir -p /new/run/out
# No cache: the host follows these files while they grow.
busybox mount -t 9p -o "$options,cache=none" out /new/run/out || fail "no results share"
exec busybox switch_root /new /bin/bash /run/out/start
