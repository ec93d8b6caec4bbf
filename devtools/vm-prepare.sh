#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: vm-prepare.sh [--update]

Gets what the guest machine of devtools/vm.sh is made of, without root and without installing
anything: QEMU 11.1 or newer (the machine's own, or Debian's backports), Debian's stable kernel with
the HiSilicon modules built from its source package, and an initramfs. Prints three lines,
"qemu COMMAND...", "kernel FOLDER" and "initrd FILE".
  --update  look for newer packages; otherwise what is there is used as it is
Kept below ${XDG_CACHE_HOME:-~/.cache}/hisi-accel/guest, in folders named by package version.
Exit status: 0, 1 when something failed, 77 when an ingredient cannot be had here.
EOF
}

skip()
{
	echo "vm-prepare.sh: no guest machine here: $*" >&2
	exit 77
}

say()
{
	echo "vm-prepare.sh: $*" >&2
}

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=devtools/lib/apt.sh
. "$here/lib/apt.sh"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

# The release whose kernel it is: 6.1, by whichever release this machine runs itself.
kernel_release=bookworm
qemu_releases="trixie trixie-backports"
# To be raised when the modules that are built are others.
recipe=2

update=
case ${1:-} in
--update) update=1 ;;
-h|--help) usage; exit 0 ;;
"") ;;
*) usage >&2; exit 2 ;;
esac

check_tools()
{
	local tool missing=

	[ "$(uname -m)" = x86_64 ] || skip "it is made for x86_64 hosts, this is $(uname -m)"
	command -v apt-get >/dev/null || skip "its kernel is Debian's, and there is no apt-get"
	for tool in busybox cpio depmod flock gcc make setpriv xz; do
		command -v "$tool" >/dev/null || missing+=" $tool"
	done
	[ -z "$missing" ] || skip "not installed:$missing (packages busybox-static cpio gcc" \
		"kmod make util-linux xz-utils)"
	file_is_static "$(command -v busybox)" || skip "busybox is not static (busybox-static)"
}

file_is_static()
{
	! ldd "$1" >/dev/null 2>&1
}

# version_at_least A B
version_at_least()
{
	dpkg --compare-versions "$1" ge "$2"
}

# qemu_serves COMMAND...: new enough, and with the device that talks vfio-user
qemu_serves()
{
	local version

	version=$("$@" --version 2>/dev/null | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
	[ -n "$version" ] && version_at_least "$version" 11.1 &&
		"$@" -device help 2>/dev/null | grep -q '"vfio-user-pci"'
}

# private_qemu TREE: the command that runs an unpacked QEMU by its own loader and libraries
private_qemu()
{
	local s=$1

	printf '%s ' env "QEMU_MODULE_DIR=$s/usr/lib/x86_64-linux-gnu/qemu" \
		"$s/lib64/ld-linux-x86-64.so.2" --library-path "$s/usr/lib/x86_64-linux-gnu" \
		"$s/usr/bin/qemu-system-x86_64" -L "$s/usr/share/qemu" -L "$s/usr/share/seabios"
}

# candidate STATE PACKAGE SUITE: its newest version there
candidate()
{
	apt_private "$1" apt-cache madison "$2" | awk -v s="$3/" '
		index($0, s) && $1 == p { print $3; exit }' p="$2"
}

# unpack_debs FOLDER TREE
unpack_debs()
{
	local deb link

	mkdir -p "$2/usr/lib" "$2/usr/lib64" "$2/usr/bin" "$2/usr/sbin"
	for link in lib lib64 bin sbin; do
		ln -sfn "usr/$link" "$2/$link"
	done
	for deb in "$1"/*.deb; do
		dpkg -x "$deb" "$2" || return 1
	done
}

prepare_qemu()
{
	local state=$work/apt-qemu version out

	if qemu_serves qemu-system-x86_64; then
		echo qemu-system-x86_64 > "$cache/qemu"
		return
	fi
	apt_private_init "$state" amd64 "$qemu_releases" deb ||
		skip "no QEMU 11.1 installed and Debian's package lists cannot be read"
	version=$(candidate "$state" qemu-system-x86 trixie-backports)
	[ -n "$version" ] ||
		skip "no QEMU 11.1 installed, and none to be had from Debian's trixie-backports"
	out=$cache/qemu-${version//:/_}
	if [ ! -e "$out" ]; then
		say "fetching QEMU $version (42 MB)"
		apt_private "$state" apt-get -qq -d -y --no-install-recommends \
			-t trixie-backports install qemu-system-x86 >&2 || skip "cannot fetch QEMU"
		unpack_debs "$state/archives" "$work/qemu"
		mv "$work/qemu" "$out"
	fi
	# shellcheck disable=SC2046 # words
	qemu_serves $(private_qemu "$out") || skip "QEMU $version does not run here"
	private_qemu "$out" > "$cache/qemu"
}

# fetch_debs STATE FOLDER PACKAGE...
fetch_debs()
{
	local state=$1

	mkdir -p "$2"
	(cd "$2" && shift 2 && apt_private "$state" apt-get -qq download "$@" >&2)
}

# Header packages know each other by /usr/src and /usr/lib; they lie elsewhere here.
relocate_headers()
{
	local tree=$1 link target

	find "$tree/usr/src" "$tree/lib/modules" -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		ln -sfn "$tree$target" "$link"
	done
	grep -rlE '/usr/(src|lib)/linux' "$tree/usr/src" --include=Makefile \
		--include=.kernelvariables | xargs -r sed -i -E "s#/usr/(src|lib)/linux#$tree&#g"
}

# take_sources DEB TREE: the drivers' folders out of the kernel's source package, and SM4, which
# Debian's kernel has not: hisi_sec2 wants it as what it falls back to
take_sources()
{
	local tarball

	dpkg -x "$1" "$2.deb"
	tarball=$(ls "$2.deb"/usr/src/linux-source-*.tar.xz)
	mkdir -p "$2"
	tar xf "$tarball" -C "$2" --strip-components=1 --wildcards \
		'*/drivers/crypto/hisilicon' '*/drivers/misc/uacce' \
		'*/crypto/sm4.c' '*/crypto/sm4_generic.c'
	rm -rf "$2.deb"
	echo 'obj-m += crypto/ drivers/misc/uacce/ drivers/crypto/hisilicon/' > "$2/Kbuild"
	echo 'obj-m += sm4.o sm4_generic.o' > "$2/crypto/Makefile"
}

# build_modules HEADERS SOURCES
build_modules()
{
	local flags=-DCONFIG_UACCE_MODULE=1 engine

	for engine in QM ZIP SEC2 HPRE; do
		flags+=" -DCONFIG_CRYPTO_DEV_HISI_${engine}_MODULE=1"
	done
	make -C "$1" M="$2" -j2 CONFIG_UACCE=m CONFIG_CRYPTO_DEV_HISI_QM=m \
		CONFIG_CRYPTO_DEV_HISI_ZIP=m CONFIG_CRYPTO_DEV_HISI_SEC2=m \
		CONFIG_CRYPTO_DEV_HISI_HPRE=m CONFIG_CRYPTO_DEV_HISI_SEC= \
		CONFIG_CRYPTO_DEV_HISI_TRNG= KCFLAGS="$flags" modules
}

# make_kernel STATE VERSION ABI OUT: kernel, modules and ours among them
make_kernel()
{
	local state=$1 version=$2 abi=$3 out=$4 tree=$work/kernel debs=$work/kernel-debs release

	release=$abi-amd64
	say "fetching Debian's kernel $version and its source (250 MB)"
	fetch_debs "$state" "$debs" "linux-image-$release=$(signed_version "$state" "$release")" \
		"linux-headers-$release=$version" "linux-headers-$abi-common=$version" \
		"linux-kbuild-${abi%.*}=$version" || skip "cannot fetch Debian's kernel"
	fetch_debs "$state" "$work/source-deb" "linux-source-${abi%.*}=$version" ||
		skip "cannot fetch the kernel's source"
	unpack_debs "$debs" "$tree"
	relocate_headers "$tree"
	take_sources "$(ls "$work"/source-deb/*.deb)" "$work/source"
	say "building the HiSilicon modules"
	if ! build_modules "$tree/usr/src/linux-headers-$release" "$work/source" \
		> "$work/modules.log" 2>&1; then
		tail -n 30 "$work/modules.log" >&2
		say "the HiSilicon modules of kernel $version do not build"
		exit 1
	fi
	mkdir -p "$work/out/lib/modules/$release/extra"
	cp "$tree/boot/vmlinuz-$release" "$work/out/vmlinuz"
	cp -r "$tree/lib/modules/$release/kernel" "$tree/lib/modules/$release"/modules.* \
		"$work/out/lib/modules/$release/"
	find "$work/source" -name '*.ko' -exec cp {} "$work/out/lib/modules/$release/extra/" \;
	depmod -b "$work/out" "$release"
	echo "$release" > "$work/out/release"
	mv "$work/out" "$out"
}

# The signed image has a version of its own: the one in the same suite.
signed_version()
{
	candidate "$1" "linux-image-$2" "$kernel_release"
}

prepare_kernel()
{
	local state=$work/apt-kernel version abi out

	apt_private_init "$state" amd64 "$kernel_release" deb ||
		skip "Debian's package lists cannot be read"
	abi=$(apt_private "$state" apt-cache depends linux-image-amd64 |
		sed -n 's/.*Depends: linux-image-\(.*\)-amd64$/\1/p')
	[ -n "$abi" ] || skip "Debian's $kernel_release, whose kernel it runs, cannot be reached"
	version=$(candidate "$state" "linux-headers-$abi-amd64" "$kernel_release")
	out=$cache/kernel-$version-$recipe
	[ -e "$out" ] || make_kernel "$state" "$version" "$abi" "$out"
	echo "$out" > "$cache/kernel"
}

# module_files KERNEL MODULE...: in the order in which they are to be loaded, needed ones first
module_files()
{
	local dir release

	release=$(<"$1/release")
	dir=$1
	shift
	local module
	for module in "$@"; do
		modprobe -d "$dir" -S "$release" --show-depends "$module" | sed -n 's/^insmod //p'
	done | awk '!seen[$1]++ { print $1 }'
}

# make_initrd KERNEL FILE: busybox, what it takes to mount the host's root, and guest/init.sh
make_initrd()
{
	local tree=$work/initrd file

	mkdir -p "$tree/bin" "$tree/modules" "$tree/dev" "$tree/proc" "$tree/sys" "$tree/new"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	cp "$here/guest/init.sh" "$tree/init"
	chmod 755 "$tree/init"
	for file in $(module_files "$1" virtio_pci 9pnet_virtio 9p overlay); do
		cp "$file" "$tree/modules/"
		basename "$file" >> "$tree/modules/order"
	done
	(cd "$tree" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) > "$2.new"
	mv "$2.new" "$2"
}

check_tools
cache=$(cache_dir)/guest
mkdir -p "$cache"
# Two that start at once wait for each other.
exec {lock}> "$cache/lock"
flock "$lock"
work=$(mktemp -d "$cache/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

if [ -n "$update" ] || [ ! -e "$cache/qemu" ]; then
	prepare_qemu
fi
kernel=$(cat "$cache/kernel" 2>/dev/null || :)
if [ -n "$update" ] || [ ! -e "$kernel/vmlinuz" ] || [[ $kernel != *-"$recipe" ]]; then
	prepare_kernel
	kernel=$(<"$cache/kernel")
fi
initrd=$kernel/initrd-$(cat "$here/guest/init.sh" "$0" | md5sum | cut -c1-12)
[ -e "$initrd" ] || make_initrd "$kernel" "$initrd"
printf 'qemu %s\nkernel %s\ninitrd %s\n' "$(<"$cache/qemu")" "$kernel" "$initrd"
