#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
#
# Runs a command in a guest machine that has device models on its PCI bus.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
exec /usr/bin/python3 -B "$here/vm_run.py" "$@"
