#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Do the sections that code cites exist?

"qm.md 4.4" is section 4.4 of doc/guides/hw/qm.md, "design 4" section 4 of
doc/guides/contributing/design.rst. Prints each citation of a section that is not there. Citations
inside the guides are checked when they are built.
"""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
HARDWARE = TOP / "doc/guides/hw"
DESIGN = TOP / "doc/guides/contributing/design.rst"
CITATION = re.compile(r"\b(qm\.md|zip\.md|sec\.md|hpre\.md|vfio-user\.md|design) "
                      r"(\d+(?:\.\d+)?|Appendix [A-Z])")


def sections():
    known = {page.name: set(re.findall(r"^#+ (\d+(?:\.\d+)?|Appendix [A-Z])\.? ",
                                       page.read_text(), re.M))
             for page in HARDWARE.glob("*.md")}
    known["design"] = set(re.findall(r"^(\d+)\. ", DESIGN.read_text(), re.M))
    return known


def main():
    known = sections()
    names = subprocess.run(["git", "-C", TOP, "ls-files", "-co", "--exclude-standard"],
                           capture_output=True, text=True, check=True).stdout.split()
    count = wrong = 0
    for name in sorted(set(names)):
        path = TOP / name
        if not path.is_file() or name.startswith("doc/guides/") or path == Path(__file__):
            continue
        text = path.read_text(errors="replace")
        for match in CITATION.finditer(text):
            count += 1
            if match[2] not in known[match[1]]:
                wrong += 1
                line = text.count("\n", 0, match.start()) + 1
                print(f"{name}:{line}: there is no section {match[0]}")
    print(f"{count} citations, {wrong} of sections that do not exist")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
