#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Form of the sources: what a reviewer should not have to look for.

usage: check_style.py [--functions]

Checks every file that git tracks or would track. --functions adds a report of function lengths,
which fails nothing.
"""

import re
import statistics
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
MAX_COLUMNS = 100
MAX_LINES = 700
C_FILES = {".c", ".h"}
CODE_FILES = C_FILES | {".py", ".sh", ".build", ".map"}
SPDX = "SPDX-License-Identifier: BSD-3-Clause"
COPYRIGHT = "Copyright(c) 2026 The hisi-accel authors"
BYTES = "app/test/fuzz/seeds/"  # no texts

# Who may include whom: folder -> folders whose headers it may use besides its own. One may use of
# vfio_user only the half that is its side of the socket.
MAY_INCLUDE = {
    "lib/hisi_hw": [],
    "lib/hisi_record": ["lib/hisi_hw"],
    "lib/vfio_user": [],
    "lib/hisi_model": ["lib/hisi_hw", "lib/vfio_user"],
    "drivers/common/hisi_qm": ["lib/hisi_hw", "lib/hisi_record", "lib/vfio_user"],
    "drivers/compress/hisi_zip": ["drivers/common/hisi_qm", "lib/hisi_hw", "lib/hisi_record"],
    "app/testacc": ["lib/hisi_hw", "lib/hisi_record"],
    "drivers/crypto/hisi_sec": ["drivers/common/hisi_qm", "lib/hisi_hw", "lib/hisi_record"],
    "app/hisi_emu": ["lib/hisi_model", "lib/hisi_hw", "lib/vfio_user"],
    "app/hisi_replay": ["lib/hisi_model", "lib/hisi_hw", "lib/hisi_record", "lib/vfio_user"],
}
OTHER_HALF = {
    "lib/hisi_model": r"vfio_user_client",
    "app/hisi_emu": r"vfio_user_client",
    "app/hisi_replay": r"vfio_user_client",
    "drivers/common/hisi_qm": r"vfio_user_server",
}

# (files, what must not be there, why). Comments do not count.
FORBIDDEN = [
    (r"^(lib|drivers)/", r"\b(v?printf|vfprintf|fprintf|puts|perror)\s*\(",
     "libraries print nothing: log callback or the driver's log macro"),
    (r"^(lib|drivers)/", r"\b(rte_panic|rte_exit|abort|_?exit)\s*\(", "libraries end no program"),
    (r"^(lib|drivers|app|examples)/(?!.*_(atomic|compat)\.h)", r"\b__(sync|atomic)_\w+",
     "C11 atomics, or the one wrapper (*_atomic.h, *_compat.h)"),
    (r"^drivers/(?!.*_compat\.h)", r"\bpthread_\w+\s*\(", "DPDK's threads and locks"),
    (r"^lib/", r"#\s*include\s*<rte_", "lib/ is plain C, without DPDK"),
    (r"^(lib|drivers|app/hisi_emu|examples)/", r"\b(strcpy|strcat|sprintf|gets|alloca|system)\s*\(",
     "unbounded or unsafe"),
    (r"^drivers/",
     r"(?m)^#\s*(el)?if(n?def)?\b(?!.*(_H$|\bRTE_ARCH_|\bRTE_VER|__cplusplus|_DEBUG_)).*",
     "the same code drives hardware and model"),
    (r"^drivers/.*/(hisi_zip_(burst|sgl|fill)\.|hisi_qm_qp\.h$)",
     r"\b(vdev|pci|bus|shadow|emu\w*|model\w*)\b",
     "the data path knows two doorbell addresses, and nothing of what is behind them"),
    (r"\.[ch]$", r"\bvolatile\b(?!.*\bDB\b)(?=.*\blcore)", "no volatile between lcores"),
]


def tracked_files():
    out = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"],
                         capture_output=True, text=True, check=True).stdout
    return [TOP / name for name in sorted(set(out.splitlines()))
            if (TOP / name).is_file() and not name.startswith(BYTES)]


def without_comments(text):
    """Comments and strings blanked, line numbers kept."""
    def blank(match):
        piece = match.group(0)
        if piece[0] == "/":
            return re.sub(r"[^\n]", " ", piece)
        return piece[0] + " " * (len(piece) - 2) + piece[-1]
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text,
                  flags=re.S)


class Checker:
    def __init__(self):
        self.count = 0
        self.files = tracked_files()
        self.headers = {}
        for path in self.files:
            if path.suffix == ".h":
                folder = str(path.relative_to(TOP).parent)
                self.headers.setdefault(path.name, set()).add(folder)

    def fail(self, name, line, text):
        self.count += 1
        print(f"{name}:{line}: {text}" if line else f"{name}: {text}")

    def check(self, path):
        name = str(path.relative_to(TOP))
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            self.fail(name, 0, "not UTF-8 text")
            return
        if not text:
            return
        self.check_text(name, text)
        is_code = path.suffix in CODE_FILES or path.name in ("Makefile", "meson_options.txt", "run")
        if is_code:
            self.check_code(name, path, text)
        if path.suffix in C_FILES:
            self.check_c(name, text)

    def check_text(self, name, text):
        if not text.endswith("\n"):
            self.fail(name, 0, "no newline at the end of the file")
        if text.endswith("\n\n"):
            self.fail(name, 0, "blank line at the end of the file")
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                self.fail(name, number, "space at the end of the line")

    def check_code(self, name, path, text):
        lines = text.split("\n")
        head = lines[1:] if lines[0].startswith("#!") else lines
        if head[0].startswith("# shellcheck"):
            head = head[1:]
        if SPDX not in head[0]:
            self.fail(name, 1, f"first line is not '{SPDX}'")
        elif COPYRIGHT not in head[1]:
            self.fail(name, 2, f"second line is not '{COPYRIGHT}'")
        if len(lines) > MAX_LINES:
            self.fail(name, 0, f"{len(lines)} lines, more than {MAX_LINES}: two files")
        for number, line in enumerate(lines, 1):
            # A message is not cut in two: whoever reads it should find it in one piece.
            wide = re.sub(r'"[^"]*"', '""', line) if path.suffix in C_FILES else line
            if len(wide.expandtabs(8)) > MAX_COLUMNS:
                self.fail(name, number, f"more than {MAX_COLUMNS} columns")
            if " \t" in line:
                self.fail(name, number, "space before tab")
            if path.suffix in C_FILES and line.startswith("        "):
                self.fail(name, number, "indented by spaces")
            if re.search(r"\b(TODO|FIXME|XXX)\b", line) and path != Path(__file__).resolve():
                self.fail(name, number, "left for later: do it, or open an issue")

    def check_c(self, name, text):
        code = without_comments(text)
        for where, what, why in FORBIDDEN:
            if not re.search(where, name):
                continue
            for match in re.finditer(what, code):
                line = code.count("\n", 0, match.start()) + 1
                self.fail(name, line, f"{match.group(0).strip()}: {why}")
        if name.endswith(".h") and not re.search(r"^#ifndef \w+_H_?$", text, re.M):
            self.fail(name, 0, "no include guard")
        self.check_includes(name, text)

    def check_includes(self, name, text):
        folder = next((f for f in MAY_INCLUDE if name.startswith(f + "/")), None)
        if folder is None:
            return
        allowed = [folder, *MAY_INCLUDE[folder]]
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r'#\s*include\s+"([^"]+)"', line)
            if not match:
                continue
            base = Path(match.group(1)).name
            owners = self.headers.get(base)
            if owners and not any(o == a or o.startswith(a + "/") for o in owners for a in allowed):
                self.fail(name, number, f"{folder} may not include {base} of {', '.join(owners)}")
            if folder in OTHER_HALF and re.match(OTHER_HALF[folder], base):
                self.fail(name, number, f"{folder} may not include {base}: the other side's half")


def function_lengths(files):
    """(lines, file, name) of each function, by the coding style: braces in the first column."""
    found = []
    for path in files:
        if path.suffix != ".c":
            continue
        lines = path.read_text().split("\n")
        start = None
        for number, line in enumerate(lines):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                head = next((re.match(r"\w+(?=\()", lines[i]) for i in range(start, 0, -1)
                             if re.match(r"\w+\(", lines[i])), None)
                found.append((number - start - 1, str(path.relative_to(TOP)),
                              head.group(0) if head else "?"))
                start = None
    return sorted(found)


def report_functions(files):
    for area in ["lib/", "drivers/", "app/hisi_emu", "app/test", ""]:
        lengths = [f for f in function_lengths(files) if f[1].startswith(area)]
        if not lengths:
            continue
        sizes = [length for length, _, _ in lengths]
        longest = ", ".join(f"{fn} {n}" for n, _, fn in lengths[-3:][::-1])
        print(f"{area or 'all':14} {len(sizes):5} functions, median {statistics.median(sizes):.0f},"
              f" 90th percentile {sizes[int(len(sizes) * 0.9)]}, longest {longest}")


def main():
    checker = Checker()
    for path in checker.files:
        checker.check(path)
    if "--functions" in sys.argv[1:]:
        report_functions(checker.files)
    if checker.count:
        print(f"{checker.count} complaints")
    return 1 if checker.count else 0


if __name__ == "__main__":
    sys.exit(main())
