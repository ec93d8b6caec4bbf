# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# What needs root: packages and hugepages. To be sourced, with $top naming this tree.

: "${top:?}"

# as_root COMMAND...: as it is for root, through sudo for others
as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "not root, and no sudo: cannot run: $*" >&2
		return 1
	fi
}

# missing_packages PURPOSE...: packages of packages.txt that are not installed, in one line
missing_packages()
{
	local purpose package state

	for purpose in "$@"; do
		for package in $(sed -n "s/^$purpose  *//p" "$top/devtools/packages.txt"); do
			state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :)
			[ "$state" = installed ] || printf '%s ' "$package"
		done
	done
}

# install_packages PURPOSE...: says what it installs, and nothing where nothing is missing
install_packages()
{
	local missing

	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	echo "installing Debian packages (needs root): $missing"
	as_root apt-get -qq update || return 1
	# shellcheck disable=SC2086 # words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		-o Dpkg::Use-Pty=0 install $missing >/dev/null
}

hugepages_file=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
hugepages_before=

# hugepages_up N: at least N pages of 2 MB where there is memory for them; never fails
hugepages_up()
{
	local now available_kb

	now=$(cat $hugepages_file 2>/dev/null) || return 0
	available_kb=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
	if [ "$now" -lt "$1" ] && [ "$available_kb" -gt $(($1 * 2048 * 3)) ]; then
		echo "setting aside $1 hugepages of 2 MB (needs root), given back at the end"
		if echo "$1" | as_root tee $hugepages_file >/dev/null 2>&1; then
			hugepages_before=$now
		else
			echo "cannot set hugepages here; going on without"
		fi
	fi
}

# hugepages_down: as they were before hugepages_up
hugepages_down()
{
	if [ -n "$hugepages_before" ]; then
		echo "$hugepages_before" | as_root tee $hugepages_file >/dev/null 2>&1 || :
		hugepages_before=
	fi
}
