#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# The headers that a PMD needs and that Debian's libdpdk-dev leaves out, plus the generator of
# PMD_INFO strings. They must come from exactly the release that is installed: structures such as
# rte_cryptodev_data differ between v22.11 and 22.11.11, and a PMD built with the wrong ones
# corrupts memory without a word.
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: get-driver-sdk.sh [--from TREE|TARBALL] [--out DIR]

Prints the path of a folder with include/, buildtools/ and VERSION.
  (no option)   take them from the Debian source package that the installed libdpdk-dev was
                built from; kept under ${XDG_CACHE_HOME:-~/.cache}/hisi-accel/driver-sdk
  --from PATH   take them from an unpacked DPDK source tree or its tarball; no network
  --out DIR     put them there
EOF
}

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=devtools/lib/apt.sh
. "$here/lib/apt.sh"

headers='lib/eal/include/dev_driver.h lib/eal/include/bus_driver.h
drivers/bus/vdev/bus_vdev_driver.h drivers/bus/pci/bus_pci_driver.h
lib/compressdev/rte_compressdev_pmd.h lib/compressdev/rte_compressdev_internal.h
lib/cryptodev/cryptodev_pmd.h lib/dmadev/rte_dmadev_pmd.h'
tools='buildtools/pmdinfogen.py buildtools/coff.py'

die()
{
	echo "get-driver-sdk.sh: $*" >&2
	exit 1
}

# take_files TREE OUT: copied to a sibling first, so that OUT is whole or absent
take_files()
{
	local tree=$1 out=$2 new f

	mkdir -p "$(dirname "$out")"
	new=$(mktemp -d "$out.XXXXXX")
	mkdir "$new/include" "$new/buildtools"
	for f in $headers; do
		cp "$tree/$f" "$new/include/" || die "$tree has no $f: not a DPDK source tree?"
	done
	for f in $tools; do
		cp "$tree/$f" "$new/buildtools/" || die "$tree has no $f"
	done
	cp "$tree/VERSION" "$new/"
	chmod 755 "$new"
	rm -rf "$out"
	mv "$new" "$out"
}

# take_tarball TARBALL OUT
take_tarball()
{
	local top

	top=$(tar tf "$1" --occurrence=1 --wildcards '*/VERSION') || die "$1: no VERSION"
	printf '%s\n' "$top" > "$work/wanted"
	# shellcheck disable=SC2086 # the lists are words
	printf "${top%VERSION}%s\n" $headers $tools >> "$work/wanted"
	tar xf "$1" -C "$work" --strip-components=1 -T "$work/wanted"
	take_files "$work" "$2"
}

# Where Debian patches one of these files, the tarball alone would be a lie.
check_patches()
{
	local f

	tar xOf "$1" --wildcards 'debian/patches/*' > "$work/patches" || die "cannot unpack $1"
	for f in $headers; do
		if grep -q "^+++ [^/]*/$f" "$work/patches"; then
			die "Debian patches $f in this release; give a patched tree: --from TREE"
		fi
	done
}

# fetch_debian PACKAGE VERSION OUT
fetch_debian()
{
	local package=$1 version=$2 out=$3 tarball

	echo "get-driver-sdk.sh: fetching the source of $package $version (15 MB)" >&2
	apt_private_init "$work/apt" "$(dpkg --print-architecture)" "" deb-src ||
		die "cannot read Debian's source index; offline, use --from PATH"
	(cd "$work" && apt_private "$work/apt" apt-get -qq source --download-only \
		--only-source "$package=$version" >&2) ||
		die "Debian's mirror has no source of $package $version (a newer one replaced it?):
  upgrade libdpdk-dev, or unpack that source yourself and give -Ddriver_sdk=PATH"
	tarball=$(ls "$work"/*.orig.tar.*z)
	check_patches "$(ls "$work"/*.debian.tar.*)"
	take_tarball "$tarball" "$out"
}

from=
out=
while [ $# -gt 0 ]; do
	case $1 in
	--from) from=${2:?--from needs a path}; shift ;;
	--out) out=${2:?--out needs a folder}; shift ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "$from" ]; then
	out=${out:-$(cache_dir)/driver-sdk/from-$(readlink -f "$from" | md5sum | cut -c1-12)}
	if [ -d "$from" ]; then
		take_files "$from" "$out"
	else
		take_tarball "$from" "$out"
	fi
else
	read -r package version < <(dpkg-query -W -f '${source:Package} ${source:Version}\n' \
		libdpdk-dev 2>/dev/null) || die "libdpdk-dev is not installed as a Debian package:
  give -Ddriver_sdk=PATH (a source tree of the installed DPDK), or build DPDK with
  -Denable_driver_sdk=true"
	out=${out:-$(cache_dir)/driver-sdk/$package-$version}
	if [ ! -e "$out/VERSION" ]; then
		fetch_debian "$package" "$version" "$out"
	fi
fi
echo "$out"
