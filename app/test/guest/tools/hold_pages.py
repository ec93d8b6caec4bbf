# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Fills 4 MiB of private memory with real text, page by page, says so, and at each line on stdin
compares all of it: "wrong N"."""

import mmap
import sys
from pathlib import Path

LENGTH = 4 << 20
PAGE = 4096


def main():
    text = b"".join(path.read_bytes() for path in sorted(Path("/usr/include/dpdk").glob("*.h")))
    memory = mmap.mmap(-1, LENGTH, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)

    def expected(at):
        start = at * 7 % (len(text) - PAGE)
        return text[start:start + PAGE]

    for at in range(0, LENGTH, PAGE):
        memory[at:at + PAGE] = expected(at)
    print("filled", flush=True)
    for _ in sys.stdin:
        wrong = sum(memory[at:at + PAGE] != expected(at) for at in range(0, LENGTH, PAGE))
        print(f"wrong {wrong}", flush=True)


if __name__ == "__main__":
    main()
