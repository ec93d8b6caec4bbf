#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: compile-matrix.sh [--sdk PREFIX]... [--junit FILE] [--refresh] [--keep]

Compiles every C file, with warnings as errors, for what it is not run on here:
  arm64         Debian's cross compiler and the arm64 packages of this release; the unit tests
                then run under qemu-user
  newer DPDK    the packages of later Debian releases, and each PREFIX that a DPDK was installed
                to with -Denable_driver_sdk=true
Packages are unpacked below ${XDG_CACHE_HOME:-~/.cache}/hisi-accel/roots and used again; --refresh
fetches them anew. What cannot be had is skipped by name. --keep keeps the build folders.
EOF
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=devtools/lib/apt.sh
. "$top/devtools/lib/apt.sh"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
packages=(libisal-dev nettle-dev libssl-dev zlib1g-dev libjson-c-dev libcmocka-dev libc6-dev
	linux-libc-dev)
# With other packages a root is another one.
roots=$(cache_dir)/roots/$(echo "${packages[*]}" | md5sum | cut -c1-8)

prefixes=()
junit=
keep=
while [ $# -gt 0 ]; do
	case $1 in
	--sdk) prefixes+=("$(readlink -f "${2:?--sdk needs a prefix}")"); shift ;;
	--junit) junit=${2:?--junit needs a file}; shift ;;
	--refresh) rm -rf "$roots" ;;
	--keep) keep=1 ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done

work=$(mktemp -d)
finish()
{
	[ -n "$keep" ] && echo "build folders: $work" || rm -rf "$work"
}
trap finish EXIT
failed=0
cases=

# record VERDICT NAME [REASON]
record()
{
	local inner=

	printf '%-8s %s%s\n' "$1" "$2" "${3:+: $3}"
	case $1 in
	FAILED) failed=1; inner='<failure/>' ;;
	skipped) inner="<skipped message=\"${3:-}\"/>" ;;
	esac
	cases+="<testcase classname=\"compile-matrix\" name=\"$2\">$inner</testcase>"
}

# what_failed LOG: the failed steps of a build, which goes on behind them, and how it all ended
what_failed()
{
	grep -A 12 '^FAILED:' "$1" | head -n 100 || :
	tail -n 60 "$1"
}

# attempt NAME COMMAND...
attempt()
{
	local name=$1

	shift
	if "$@" > "$work/log" 2>&1; then
		record passed "$name"
		return 0
	fi
	record FAILED "$name"
	what_failed "$work/log" | sed "s/^/    /"
	return 1
}

# unpack STATE ROOT: every package of STATE, with /bin, /lib and /sbin merged into /usr
unpack()
{
	local package folder new=$2.new

	rm -rf "$new"
	for folder in bin lib sbin; do
		mkdir -p "$new/usr/$folder"
		ln -s "usr/$folder" "$new/$folder"
	done
	for package in "$1"/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" | tar x -C "$new" --keep-directory-symlink
	done
	mv "$new" "$2"
}

# debian_root NAME ARCH RELEASE DPDK: fetched and unpacked once; DPDK is libdpdk-dev or
# libdpdk-dev=VERSION. Its driver headers go to ROOT/driver-sdk where RELEASE is not the machine's.
debian_root()
{
	local root=$roots/$1 state=$work/apt-$1

	[ ! -e "$root/usr" ] || return 0
	mkdir -p "$roots"
	apt_private_init "$state" "$2" "$3" deb ${3:+deb-src} || return 1
	if [ -n "$3" ]; then
		(cd "$state" && apt_private "$state" apt-get -qq source --download-only dpdk >&2) &&
		"$top/devtools/get-driver-sdk.sh" --from "$(ls "$state"/dpdk_*.orig.tar.*z)" \
			--out "$state/driver-sdk" >/dev/null || return 1
	fi
	apt_private "$state" apt-get -qq -y --no-install-recommends --download-only \
		install "$4" "${packages[@]}" >&2 || return 1
	unpack "$state" "$root"
	[ ! -d "$state/driver-sdk" ] || mv "$state/driver-sdk" "$root/"
	rm -rf "$state"
}

# native_cross_file ROOT: this machine's compiler with the headers and libraries of another release
native_cross_file()
{
	local triplet

	triplet=$(gcc -dumpmachine)
	cat <<-EOF
	[binaries]
	c = ['gcc', '--sysroot=$1']
	ar = 'ar'
	strip = 'strip'
	pkgconfig = 'pkg-config'
	[properties]
	needs_exe_wrapper = true
	sys_root = '$1'
	pkg_config_libdir = '$1/usr/lib/$triplet/pkgconfig'
	[host_machine]
	system = 'linux'
	cpu_family = '$(uname -m)'
	cpu = '$(uname -m)'
	endian = 'little'
	EOF
}

# build NAME MESON_OPTION...
build()
{
	local name=$1

	shift
	meson setup "$work/$name" "$top" -Dwerror=true "$@" && ninja -k 0 -C "$work/$name"
}

arm64()
{
	local version name

	version=$(dpkg-query -W -f '${Version}' libdpdk-dev)
	name=arm64-$version
	if ! command -v aarch64-linux-gnu-gcc >/dev/null; then
		record skipped arm64 "gcc-aarch64-linux-gnu is not installed"
		return
	fi
	if ! debian_root "$name" arm64 "" "libdpdk-dev=$version"; then
		record skipped arm64 "arm64 packages cannot be fetched"
		return
	fi
	printf "[constants]\nsysroot = '%s'\n" "$roots/$name" > "$work/sysroot.cross"
	attempt arm64 build arm64 --cross-file "$work/sysroot.cross" \
		--cross-file "$top/config/arm64-debian.cross" || return 0
	if ! command -v qemu-aarch64-static >/dev/null; then
		record skipped arm64-unit-tests "qemu-user-static is not installed"
		return
	fi
	attempt arm64-unit-tests meson test -C "$work/arm64" --no-rebuild --suite unit \
		--timeout-multiplier 20 --print-errorlogs || :
}

# newer RELEASE: DPDK of a later release of Debian, with its own driver headers
newer()
{
	local root=$roots/$1

	if ! debian_root "$1" "$(dpkg --print-architecture)" "$1" libdpdk-dev; then
		record skipped "dpdk of $1" "packages or source cannot be fetched"
		return
	fi
	native_cross_file "$root" > "$work/$1.cross"
	attempt "dpdk $(cat "$root/driver-sdk/VERSION")" build "$1" --cross-file "$work/$1.cross" \
		-Ddriver_sdk="$root/driver-sdk" || :
}

# installed PREFIX
installed()
{
	local pkgconfig version

	pkgconfig=$(find "$1" -name libdpdk.pc -printf '%h\n' | head -n 1)
	if [ -z "$pkgconfig" ]; then
		record FAILED "dpdk in $1" "no libdpdk.pc below it"
		return
	fi
	version=$(PKG_CONFIG_PATH=$pkgconfig pkg-config --modversion libdpdk)
	attempt "dpdk $version" env PKG_CONFIG_PATH="$pkgconfig" bash -c 'build "$@"' - \
		"sdk-$version" || :
}
export -f build
export work top

arm64
newer trixie
newer sid
for prefix in "${prefixes[@]}"; do
	installed "$prefix"
done
[ ${#prefixes[@]} -gt 0 ] || record skipped "dpdk 26.07" "no --sdk PREFIX given"
if [ -n "$junit" ]; then
	echo "<testsuites><testsuite>$cases</testsuite></testsuites>" > "$junit"
fi
exit "$failed"
