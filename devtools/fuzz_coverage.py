#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Line coverage of what a fuzz target aims at.

usage: fuzz_coverage.py [--missed] AIMS TARGET LIMIT_PERCENT < LCOV

AIMS is app/test/fuzz/aims.txt, LCOV the output of llvm-cov export -format=lcov. Prints a line per
file and the sum; --missed also each line that was not run. Ends with 1 below the limit, and where
an aim names what is not there.
"""

import sys


def read_lcov(lines):
    """{file: ([(first line, function)], {line: count})}"""
    files = {}
    for line in lines:
        kind, _, value = line.rstrip("\n").partition(":")
        if kind == "SF":
            functions, counts = files.setdefault(value, ([], {}))
        elif kind == "FN":
            start, name = value.split(",", 1)
            # Static functions are named "file.c:function".
            functions.append((int(start), name.rpartition(":")[2]))
        elif kind == "DA":
            number, count = value.split(",")[:2]
            counts[int(number)] = int(count)
    return files


def lines_by_function(functions, counts):
    """{function: [lines]}, from its start to the next one's."""
    starts = sorted(functions)
    ends = [start for start, _ in starts[1:]] + [1 << 30]
    return {name: [n for n in counts if start <= n < end]
            for (start, name), end in zip(starts, ends)}


def read_aims(path, target):
    aims = []
    for line in open(path, encoding="utf-8"):
        words = line.split("#")[0].split()
        if words and words[0] == target:
            aims.append((words[1], words[2:]))
    return aims


def aimed_lines(aim, names, files):
    found = [name for name in files if name.endswith("/" + aim)]
    if len(found) != 1:
        raise SystemExit(f"{aim}: not in the program")
    functions, counts = files[found[0]]
    owned = lines_by_function(functions, counts)
    for name in names:
        if name.lstrip("-") not in owned:
            raise SystemExit(f"{aim}: no function {name.lstrip('-')}")
    left_out = {name[1:] for name in names if name.startswith("-")}
    wanted = [name for name in names if not name.startswith("-")] or owned
    return {n: counts[n] for name in wanted if name not in left_out for n in owned[name]}


def main():
    args = [arg for arg in sys.argv[1:] if arg != "--missed"]
    aims_path, target, limit = args[0], args[1], float(args[2])
    files = read_lcov(sys.stdin)
    total = covered = 0
    for aim, names in read_aims(aims_path, target):
        lines = aimed_lines(aim, names, files)
        run = sum(1 for count in lines.values() if count)
        total += len(lines)
        covered += run
        scope = "" if not names else " (in part)"
        print(f"  {aim}{scope}: {run} of {len(lines)} lines, {100 * run / len(lines):.1f} %")
        if "--missed" in sys.argv:
            print("    missed:", *sorted(n for n, count in lines.items() if not count))
    percent = 100 * covered / total if total else 0
    print(f"{target}: {covered} of {total} lines aimed at, {percent:.1f} %")
    return 0 if percent >= limit else 1


if __name__ == "__main__":
    sys.exit(main())
