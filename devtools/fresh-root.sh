#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: fresh-root.sh [--quickstart-only] [--keep]

Does what somebody with a fresh Debian machine does: makes a minimal root of this machine's Debian
release in a folder, clones the last commit of this tree into it, and runs the two commands of the
README there, the tests with the first system test of each file. Prints how long each took. Needs
root and debootstrap.
  --quickstart-only  leave devtools/test.sh out
  --keep             keep the root and print its path
The minimal root is kept as a tarball below ${XDG_CACHE_HOME:-~/.cache}/hisi-accel.
EOF
}

die()
{
	echo "fresh-root.sh: $*" >&2
	exit 1
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=devtools/lib/apt.sh
. "$top/devtools/lib/apt.sh"
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

quickstart_only=
keep=
while [ $# -gt 0 ]; do
	case $1 in
	--quickstart-only) quickstart_only=1 ;;
	--keep) keep=1 ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
	shift
done
[ "$(id -u)" = 0 ] || die "needs root"
command -v debootstrap >/dev/null || die "debootstrap is not installed"
command -v git >/dev/null || die "git is not installed"

# shellcheck disable=SC1091 # the machine's own
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
suites=$(apt_debian_suites)
mirror=$(awk -v r="$release" '$2 == r { print $1; exit }' <<< "$suites")
[ -n "$mirror" ] || die "no Debian mirror among this machine's apt sources (apt-get update?)"
tarball=$(cache_dir)/debootstrap-$release-$(dpkg --print-architecture).tar

# The minimal root, made once.
make_tarball()
{
	echo "fetching a minimal Debian $release from $mirror"
	mkdir -p "$(dirname "$tarball")"
	debootstrap --variant=minbase --include=ca-certificates,git "$release" "$root" "$mirror" \
		> "$work/debootstrap.log" || { tail "$work/debootstrap.log"; return 1; }
	rm -f "$root"/var/cache/apt/archives/*.deb
	tar cf "$tarball.new" -C "$root" .
	mv "$tarball.new" "$tarball"
}

make_root()
{
	mkdir "$root"
	if [ -e "$tarball" ]; then
		tar xf "$tarball" -C "$root"
	else
		make_tarball
	fi
	# The suites that this machine has, updates and security with them.
	sed 's/.*/deb & main/' <<< "$suites" > "$root/etc/apt/sources.list"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	# No daemon of a package is to be started in there.
	printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	git clone -q "file://$top" "$root/root/hisi-accel"
}

# in_root COMMAND: as somebody who just logged in there; prints the wall time
in_root()
{
	local start=$SECONDS

	echo "fresh root: running $1"
	# The proxies are the one thing that a fresh machine here would be told.
	chroot "$root" /usr/bin/env -i HOME=/root USER=root TERM=dumb \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		HISI_TEST_FIRST=module ${HISI_NO_GUEST:+HISI_NO_GUEST="$HISI_NO_GUEST"} \
		bash -c "cd /root/hisi-accel && exec $1"
	echo "fresh root: $1 took $((SECONDS - start)) s"
}

# Runs in a mount namespace of its own: whatever ends it, the kernel takes the mounts away.
inside()
{
	set -euo pipefail
	make_root
	mount -t proc proc "$root/proc"
	mount --rbind /sys "$root/sys"
	mount --rbind /dev "$root/dev"
	in_root devtools/quickstart.sh
	[ -n "$quickstart_only" ] || in_root devtools/test.sh
}

work=$(mktemp -d)
finish()
{
	if [ -n "$keep" ]; then
		echo "kept: $work/root"
	else
		rm -rf --one-file-system "$work"
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
root=$work/root
export -f make_tarball make_root in_root inside
export top release mirror suites tarball work root quickstart_only
unshare --mount --propagation private bash -c inside
