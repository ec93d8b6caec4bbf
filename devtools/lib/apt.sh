# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Packages without touching the machine: an apt whose state, cache and sources are a private folder.
# To be sourced. Needs no root; reads /etc/apt, writes nothing there nor in /var/lib/apt.

# cache_dir: where downloads are kept between runs
cache_dir()
{
	printf '%s/hisi-accel\n' "${XDG_CACHE_HOME:-${HOME:-/root}/.cache}"
}

# apt_private STATE COMMAND...: apt-get or apt-cache on the state made by apt_private_init
apt_private()
{
	local state=$1

	shift
	APT_CONFIG="$state/apt.conf" "$@"
}

# Suites of Debian itself that the machine uses, "URI SUITE" a line. What `apt-get indextargets`
# knows has been parsed by apt from whatever form of sources there is; Origin keeps strangers out.
apt_debian_suites()
{
	apt-get indextargets --format '$(ORIGIN)|$(REPO_URI) $(RELEASE)|$(COMPONENT)' \
		'Created-By: Packages' | sed -n 's/^Debian|\(.*\)|main$/\1/p' | sort -u
}

# apt_private_init STATE ARCH RELEASE TYPE...: RELEASE is another Debian release (trixie, sid) or
# more of them in one word list, from the same mirror, or "" for the machine's own; TYPE is deb or
# deb-src
apt_private_init()
{
	local state=$1 arch=$2 release=$3 suites uri suite kind
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	shift 3
	mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/empty.d"
	: > "$state/status"
	cat > "$state/apt.conf" <<-EOF
	Dir::State "$state";
	Dir::State::lists "$state/lists";
	Dir::State::status "$state/status";
	Dir::Cache "$state";
	Dir::Cache::archives "$state/archives";
	Dir::Log "$state";
	APT::Architecture "$arch";
	APT::Architectures { "$arch"; };
	APT::Sandbox::User "$(id -un)";
	APT::Get::List-Cleanup "false";
	Acquire::Languages "none";
	Acquire::Retries "3";
	DPkg::Pre-Install-Pkgs "";
	DPkg::Post-Invoke "";
	EOF
	suites=$(apt_debian_suites)
	if [ -z "$suites" ]; then
		# No package lists on this machine (a container image, say): get private ones.
		apt_private "$state" apt-get -qq update >&2
		suites=$(APT_CONFIG="$state/apt.conf" apt_debian_suites)
	fi
	if [ -n "$release" ]; then
		# The suite without a suffix is on the main mirror, where all releases are.
		suites=$(awk -v r="$release" '$2 !~ /-/ {
			n = split(r, releases, " ")
			for (i = 1; i <= n; i++)
				print $1, releases[i]
			exit
		}' <<< "$suites")
	fi
	if [ -z "$suites" ]; then
		echo "apt.sh: no Debian suite among this machine's apt sources" >&2
		return 1
	fi
	while read -r uri suite; do
		for kind in "$@"; do
			echo "$kind [signed-by=$keyring] $uri $suite main"
		done
	done <<< "$suites" > "$state/sources.list"
	cat >> "$state/apt.conf" <<-EOF
	Dir::Etc::sourcelist "$state/sources.list";
	Dir::Etc::sourceparts "$state/empty.d";
	EOF
	apt_private "$state" apt-get -qq update >&2
}
