#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# usage: check-style.sh [form|spelling|scripts]...
#
# Form of the sources, spelling, and shell scripts; all three without an argument. Takes seconds.
set -euo pipefail

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
	"check_$check"
done
