#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
set -euo pipefail

usage()
{
	cat <<'EOF'
usage: check-style.sh [form|spelling|scripts]...

Form of the sources, spelling, and shell scripts; all three without an argument. Takes seconds.
EOF
}

cd "$(dirname "$(readlink -f "$0")")/.."

files()
{
	git ls-files -co --exclude-standard -- "$@" | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

check_form()
{
	devtools/check_style.py --functions
}

check_spelling()
{
	files '*.c' '*.h' '*.md' '*.rst' '*.py' '*.sh' '*.build' '*.txt' '*.ini' |
		xargs codespell --ignore-words devtools/codespell-ignore.txt
}

check_scripts()
{
	# shellcheck disable=SC2046 # names without spaces
	shellcheck -S warning -x $(files '*.sh' .ci/run)
}

[ $# -gt 0 ] || set -- form spelling scripts
for check in "$@"; do
	case $check in
	-h|--help) usage; exit 0 ;;
	form|spelling|scripts) "check_$check" ;;
	*) usage >&2; exit 2 ;;
	esac
done
