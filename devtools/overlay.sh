#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOT'
usage: overlay.sh [--remove] DPDK_DIR

Lays the drivers, and what they need of lib/, over the DPDK source tree DPDK_DIR, so that DPDK's own
build has them: copies the folders, gives them the meson.build lines that DPDK wants, and enters
them in its lists. May be repeated, after changes on either side.
  --remove      take all of it out again
The model (dpdk-hisi-emu) and the applications are not part of it. Tried with DPDK 22.11.
EOT
}

die()
{
	echo "overlay.sh: $*" >&2
	exit 1
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
remove=
while [ $# -gt 0 ]; do
	case $1 in
	--remove) remove=1 ;;
	-h|--help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done
[ $# = 1 ] || { usage >&2; exit 2; }
dpdk=$(readlink -f "$1") || die "no folder $1"
[ -e "$dpdk/lib/eal/meson.build" ] && [ -e "$dpdk/ABI_VERSION" ] ||
	die "$1 is no DPDK source tree"
abi=DPDK_$(cut -d. -f1 "$dpdk/ABI_VERSION")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Folders as the lists of this tree have them.
libraries=$(sed -n "s/^\t'\(.*\)',$/\1/p" "$top/lib/meson.build" | grep -v hisi_model)
drivers=$(sed -n "s/^\t'\(.*\/.*\)',$/\1/p" "$top/drivers/meson.build")

# list_in FILE AFTER LINE: a line into a list of meson, once, behind the first line that is AFTER
list_in()
{
	local file=$dpdk/$1 after=$2 line=$3

	list_out "$1" "$line"
	grep -qxF -- "$after" "$file" || die "$1 of that DPDK has no line \"$after\""
	awk -v after="$after" -v line="$line" \
		'{ print } $0 == after && !done { print line; done = 1 }' "$file" > "$file.new"
	mv "$file.new" "$file"
}

list_out()
{
	local file=$dpdk/$1

	grep -vxF -- "$2" "$file" > "$file.new" || :
	mv "$file.new" "$file"
}

# copy_folder FOLDER: what git tracks, not what lies about
copy_folder()
{
	rm -rf "${dpdk:?}/$1"
	mkdir -p "$dpdk/$1"
	git -C "$top" ls-files -z -- "$1" | tar -C "$top" --null -T - -c | tar -C "$dpdk" -x
}

# exported FOLDER: what its objects define. DPDK wants all of it by name in a version.map.
exported()
{
	local file folder includes=()

	for folder in $libraries; do
		includes+=("-I$top/lib/$folder")
	done
	for file in "$top/$1"/*.c; do
		"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE "${includes[@]}" -c "$file" \
				-o "$work/object.o" ||
			die "${file#"$top"/} does not compile; are the packages installed?"
		nm --defined-only -g "$work/object.o"
	done | awk '{ print "\t" $3 ";" }' | sort -u
}

# To this tree a library is a part of the drivers; in DPDK it is a library with a version.
add_library()
{
	copy_folder "lib/$1"
	cat >> "$dpdk/lib/$1/meson.build" <<-END

	# In DPDK, headers are what is installed, and all C files see its configuration, by eal.
	headers = []
	deps += 'eal'
	END
	printf '%s {\n\tglobal:\n\n%s\n\n\tlocal: *;\n};\n' "$abi" "$(exported "lib/$1")" \
		> "$dpdk/lib/$1/version.map"
	# Behind eal and all that it needs.
	list_in lib/meson.build "        'eal', # everything depends on eal" "        '$1',"
}

add_driver()
{
	local class=${1%/*} name=${1#*/} public=files\(\)

	copy_folder "drivers/$1"
	if grep -q '^public_headers' "$dpdk/drivers/$1/meson.build"; then
		public=public_headers
	fi
	cat >> "$dpdk/drivers/$1/meson.build" <<-END

	# In DPDK, headers are what is installed, and deps are what a class has and more.
	headers = $public
	deps += std_deps + ['bus_pci', 'bus_vdev', 'mbuf']
	# Addresses are VA; the name of this has changed between releases.
	pmd_supports_disable_iova_as_pa = true
	require_iova_in_mbuf = false
	END
	# What is internal here is not in a section of its own, which DPDK looks for.
	if [ -e "$dpdk/drivers/$1/version.map" ]; then
		sed -i "s/^INTERNAL {/$abi {/" "$dpdk/drivers/$1/version.map"
		# DPDK looks for the text of each name, and these are made by a macro.
		sed -n 's/^\t\(__.*_trace_.*\);/# \1/p' "$dpdk/drivers/$1/version.map" \
			>> "$dpdk/drivers/$1/meson.build"
	fi
	if [ "$class" = common ]; then
		list_in drivers/meson.build "        'bus'," "        '$1', # depends on bus."
	else
		list_in "drivers/$class/meson.build" "drivers = [" "        '$name',"
	fi
}

take_out()
{
	local folder

	for folder in $libraries; do
		rm -rf "${dpdk:?}/lib/$folder"
		list_out lib/meson.build "        '$folder',"
	done
	for folder in $drivers; do
		rm -rf "${dpdk:?}/drivers/$folder"
		list_out drivers/meson.build "        '$folder', # depends on bus."
		if [ "${folder%/*}" != common ]; then
			list_out "drivers/${folder%/*}/meson.build" "        '${folder#*/}',"
		fi
	done
}

if [ -n "$remove" ]; then
	take_out
	echo "taken out of $dpdk"
	exit 0
fi
# Each goes in front of those before it, so that the last of the list is the first to go in.
for folder in $(tac <<< "$libraries"); do
	add_library "$folder"
done
for folder in $(tac <<< "$drivers"); do
	add_driver "$folder"
done
echo "in $dpdk: drivers $(tr '\n' ' ' <<< "$drivers")"
