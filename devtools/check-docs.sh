#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: check-docs.sh [tables|citations|build|api]...

The guides: are their tables those of the code (tables), do the sections that code cites exist
(citations), and do they build without a warning (build)? The last also for the Doxygen comments of
public headers (api). All four without an argument.
Reads HISI_BUILD: the build folder (build). The pages go to its folders guides and api.
EOF
}

top=$(dirname "$(dirname "$(readlink -f "$0")")")
cd "$top"
# Debian's python3 and Sphinx, whatever else comes first in PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export HISI_BUILD=${HISI_BUILD:-$top/build}
export PYTHONDONTWRITEBYTECODE=1

check_tables()
{
	doc/tables/make_tables.py --check
}

check_citations()
{
	devtools/check_citations.py
}

check_build()
{
	sphinx-build -q -n -W --keep-going -E -b html doc/guides "$HISI_BUILD/guides"
}

check_api()
{
	mkdir -p "$HISI_BUILD/api"
	doxygen doc/api/Doxyfile
}

case ${1:-} in
-h|--help) usage; exit 0 ;;
esac
[ $# -gt 0 ] || set -- tables citations build api
for check in "$@"; do
	case $check in
	tables|citations|build|api) "check_$check" ;;
	*) usage >&2; exit 2 ;;
	esac
done
