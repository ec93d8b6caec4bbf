#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""usage: junit_count.py FILE

Prints "PASSED FAILED SKIPPED" of a JUnit XML file, then a line for each test that failed or was
skipped: "failed NAME" or "skipped NAME: REASON".
"""

import sys
import xml.etree.ElementTree as ElementTree


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    notes = []
    for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
        name = "::".join(filter(None, [case.get("classname"), case.get("name")]))
        verdict = "passed"
        for child in case:
            if child.tag in ("failure", "error"):
                verdict = "failed"
            elif child.tag == "skipped" and verdict == "passed":
                verdict = "skipped"
                name += ": " + (child.get("message") or "skipped")
        counts[verdict] += 1
        if verdict != "passed":
            notes.append(f"{verdict} {name}")
    print(counts["passed"], counts["failed"], counts["skipped"])
    print("\n".join(notes))


if __name__ == "__main__":
    main()
