#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOT'
usage: get-dpdk-source.sh DIR [FOLDER]...

Unpacks the source that the installed libdpdk-dev was built from into DIR/dpdk, with Debian's
patches, and prints that path. With FOLDERs (examples/l2fwd-crypto) no more than these, as upstream
has them. The package is kept below
${XDG_CACHE_HOME:-~/.cache}/hisi-accel/dpdk-source.
EOT
}

die()
{
	echo "get-dpdk-source.sh: $*" >&2
	exit 1
}

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=devtools/lib/apt.sh
. "$here/lib/apt.sh"

case ${1:-} in
-h|--help) usage; exit 0 ;;
''|-*) usage >&2; exit 2 ;;
esac

# fetch KEEP PACKAGE VERSION: whole or not at all
fetch()
{
	local keep=$1 package=$2 version=$3

	apt_private_init "$work/apt" "$(dpkg --print-architecture)" "" deb-src ||
		die "cannot read Debian's source index"
	mkdir -p "$(dirname "$keep")"
	new=$(mktemp -d "$(dirname "$keep")/new.XXXXXX")
	(cd "$new" && apt_private "$work/apt" apt-get -qq source --download-only \
		--only-source "$package=$version" >&2) ||
		die "Debian's mirror has no source of $package $version"
	chmod 755 "$new"
	# Somebody else may have been quicker, and reads it.
	mv -T "$new" "$keep" 2>/dev/null || [ -d "$keep" ] || die "cannot write $keep"
}

read -r package version < <(dpkg-query -W -f '${source:Package} ${source:Version}\n' \
	libdpdk-dev 2>/dev/null) || die "libdpdk-dev is not installed as a Debian package"
keep=$(cache_dir)/dpdk-source/$package-$version
work=$(mktemp -d)
new=
trap 'rm -rf "$work" ${new:+"$new"}' EXIT
[ -d "$keep" ] || fetch "$keep" "$package" "$version"

mkdir -p "$1/dpdk"
tree=$(readlink -f "$1/dpdk")
shift
if [ $# -gt 0 ]; then
	tar xf "$keep"/*.orig.tar.* -C "$tree" --strip-components=1 --wildcards "${@/#/*/}" ||
		die "not all of $* is in that source"
	echo "$tree"
	exit 0
fi
tar xf "$keep"/*.orig.tar.* -C "$tree" --strip-components=1
tar xf "$keep"/*.debian.tar.* -C "$tree"
while read -r name; do
	patch -s --no-backup-if-mismatch -d "$tree" -p1 < "$tree/debian/patches/$name" ||
		die "$name does not apply"
done < <(grep -v '^#' "$tree/debian/patches/series")
echo "$tree"
