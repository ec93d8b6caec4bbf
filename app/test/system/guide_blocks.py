# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The console blocks of the guides, with the marks that say where they are run."""

import re

from harness import TOP

GUIDES = TOP / "doc/guides"
DIRECTIVE = ".. code-block:: console"
MARK = re.compile(r"\.\. (run|guest|not run):(.*)")


class Block:
    """A console block and the mark in front of it."""

    def __init__(self, path, number, mark, rest, lines):
        self.name = f"{path.relative_to(GUIDES)}:{number}"
        self.mark = mark
        self.reason = rest.strip()
        self.words = re.findall(r'"([^"]*)"', rest) or rest.split()
        self.script = self.commands(lines)

    @staticmethod
    def commands(lines):
        """The lines after a prompt, also the shell's second one, with those that a backslash
        continues."""
        script, goes_on = [], False
        for line in lines:
            if line.startswith(("$ ", "> ")) or goes_on:
                line = line[2:] if line.startswith(("$ ", "> ")) else line
                script.append(line)
                goes_on = line.endswith("\\")
        return "\n".join(script) + "\n"


def block_with(page, word):
    """The one block of a page that has a word in its commands, for a test of its own."""
    (found,) = [b for b in blocks() if b.name.startswith(f"{page}.rst:") and word in b.script]
    return found


def blocks():
    for path in sorted(GUIDES.rglob("*.rst")):
        lines = path.read_text().splitlines()
        for at, line in enumerate(lines):
            if line.strip() != DIRECTIVE:
                continue
            mark = MARK.match(lines[at - 2].strip()) if at >= 2 else None
            indent = len(line) - len(line.lstrip())
            body = []
            for inner in lines[at + 1:]:
                if inner.strip() and len(inner) - len(inner.lstrip()) <= indent:
                    break
                body.append(inner[indent + 3:])
            yield Block(path, at + 1, mark and mark[1], mark[2] if mark else "", body)
