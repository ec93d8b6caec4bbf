#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Has each message of the drivers its row in the table of messages, and each row a message?

usage: check_messages.py [--list]

Compares log calls at NOTICE and above in drivers/, and texts that are handed on to one, with
drivers/common/hisi_qm/hisi_qm_messages_table.c; and warnings and errors of dpdk-hisi-emu with what
the guide "When something goes wrong" explains of it. --list prints the messages.
"""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
TABLE = "drivers/common/hisi_qm/hisi_qm_messages_table.c"
LEVELS = ("EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE")
PRI = {"PRIu8": "u", "PRIu16": "u", "PRIu32": "u", "PRIu64": "u", "PRIx16": "x", "PRIx32": "x",
       "PRIx64": "x", "PRIxPTR": "x", "PRId32": "d", "PRId64": "d"}
LITERAL = r'"((?:[^"\\]|\\.)*)"'

# Log macro -> arguments before the format; None: the level is the first one.
MACROS = {
    "HISI_QM_LOG": (None, 1),
    "HISI_QM_DEV_LOG": (None, 2),
    "HISI_QM_DEV_LOG_LIMITED": (None, 3),
    "HISI_QM_DEV_TELL": ("ERR", 1),
    "HISI_ZIP_LOG": (None, 1),
    "HISI_SEC_LOG": (None, 1),
}
# Formats that begin with a text which was handed on -> the calls that hand one on, as
# (file or folder, function, number of the argument). Their formats are put in its place.
HANDED_ON = {
    "recover_die": ("drivers", r"(?:hisi_qm_)?recover_(?:die|end)", 1),
    "error.text": ("lib/vfio_user/vfio_user_client_connect.c", "connect_fail", 3),
}
# Functions whose argument is a buffer of their own: what snprintf() writes there counts.
BUFFERS = {"why"}


# Guide of the emulator's messages, and the section whose terms they are.
GUIDE = "doc/guides/howto/when_something_goes_wrong.rst"
GUIDE_SECTION = "What dpdk-hisi-emu says\n"
# Folder, log call, number of its argument with the level (None: errors only), and with the format.
EMULATOR = [
    ("lib/hisi_model", "model_function_log", 1, 2),
    ("lib/hisi_model", "model_device_log", 1, 2),
    ("lib/vfio_user", "SERVER_LOG", 1, 2),
    ("lib/vfio_user", "server_error", None, 1),
    ("app/hisi_emu", "fprintf", None, 1),
]
# Met by other programs of the libraries only.
NOT_EMULATOR = ("bad server configuration", "descriptor %d is not a listening", "no memory")


class Message:
    def __init__(self, path, line, level, text):
        self.path, self.line, self.level, self.text = path, line, level, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.level} {self.text!r}"


def canonical(text):
    """Conversions without flags, width and length."""
    return re.sub(r"%[-+ #0-9.*]*(?:hh|ll|[hlzjt])?([diuxXcsp])", r"%\1", text)


def without_comments(text):
    """Comments are blanked; lines stay where they are."""
    def blank(match):
        word = match[0]
        return re.sub(r"[^\n]", " ", word) if word.startswith("/") else word
    return re.sub(LITERAL + r"|/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)


def literal(text):
    """A string made of literals and PRI macros, or None."""
    parts = re.findall(LITERAL + r"|(\w+)|(\S)", text)
    if not parts or any(other or (word and word not in PRI) for _, word, other in parts):
        return None
    return "".join(PRI[word] if word else quoted for quoted, word, _ in parts)


def arguments(text, start):
    """The arguments of a call, start is behind its parenthesis."""
    args, depth, at, begin = [], 0, start, start
    while at < len(text):
        if text[at] == '"':
            at += len(re.compile(LITERAL, re.S).match(text, at)[0])
            continue
        if text[at] in "({[":
            depth += 1
        elif text[at] in ")}]":
            if depth == 0:
                return [*args, text[begin:at].strip()]
            depth -= 1
        elif text[at] == "," and depth == 0:
            args.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return args


def calls(path, name):
    """(line, name, arguments) of each call; definitions and macros are none."""
    text = without_comments((TOP / path).read_text())
    text = re.sub(r"^#define(?:.*\\\n)*.*$", lambda m: re.sub(r"[^\n]", " ", m[0]), text,
                  flags=re.M)
    for match in re.finditer(rf"(?<![\w.>])({name})\(", text):
        if text[match.start() - 1] != "\n":
            yield text.count("\n", 0, match.start()) + 1, match[1], arguments(text, match.end())


def sources(place):
    path = TOP / place
    files = sorted(path.rglob("*.[ch]")) if path.is_dir() else [path]
    return [str(file.relative_to(TOP)) for file in files]


def handed_on(key):
    """Texts that stand in for a leading %s."""
    place, function, number = HANDED_ON[key]
    for path in sources(place):
        for line, _, args in calls(path, function):
            text = literal(args[number]) if len(args) > number else None
            if text == "%s":
                continue
            if text is not None:
                yield path, line, text
            elif len(args) > number and args[number] in BUFFERS:
                yield from snprintfs(path, args[number])


def snprintfs(path, buffer):
    for line, _, args in calls(path, "snprintf"):
        if args[0] == buffer and literal(args[2]) is not None:
            yield path, line, literal(args[2])


def expand(path, line, level, text, rest):
    """A message, or those that it becomes by a text that was handed on."""
    first = rest[0] if rest else ""
    key = {"why": "recover_die", "error.text": "error.text"}.get(first)
    if not text.startswith("%s") or key is None:
        return [Message(path, line, level, text)]
    return [Message(p, n, level, t + text[2:]) for p, n, t in handed_on(key)]


def messages():
    """All of them, and complaints about calls that cannot be read."""
    found, bad = [], []
    for path in sources("drivers"):
        for line, name, args in calls(path, "|".join(MACROS)):
            level, skip = MACROS[name]
            level = level or args[0]
            if level not in LEVELS:
                continue
            text, rest = literal(args[skip]), args[skip + 1:]
            if text is not None and name in ("HISI_QM_LOG", "HISI_ZIP_LOG", "HISI_SEC_LOG"):
                if not text.startswith("%s: "):
                    bad.append(f"{path}:{line}: the message does not begin with the device's "
                               f"name: {text!r}")
                    continue
                text, rest = text[4:], rest[1:]
            if text is None:
                bad.append(f"{path}:{line}: the format of {name} is no literal")
                continue
            found += expand(path, line, level, text, rest)
        found += raw_messages(path)
    return found, bad


def raw_messages(path):
    """rte_log() with the driver's prefix; its level is what the table says."""
    for line, _, args in calls(path, "rte_log"):
        text = literal(args[2])
        if text is not None:
            text = re.sub(r"^HISI_\w+: %s: |\\n$", "", text)
            yield Message(path, line, None, text)


def rows():
    """(line, level, text, cause, cure)"""
    text = without_comments((TOP / TABLE).read_text())
    for match in re.finditer(r"^\t\{ (HISI_QM_WHEN_\w+), RTE_LOG_(\w+),", text, re.M):
        args = arguments(text, text.index("{", match.start()) + 1)
        yield (text.count("\n", 0, match.start()) + 1, match[2],
               *(literal(arg.strip()) for arg in args[2:5]))


def compare(found, table):
    """Complaints about messages without a row and rows without a message."""
    used, bad = set(), []
    for message in found:
        text = canonical(message.text)
        fit = [row for row in table if text.startswith(canonical(row[2]))]
        if not fit:
            bad.append(f"{message}: no row in {TABLE}")
            continue
        row = max(fit, key=lambda row: len(row[2]))
        used.add(row[0])
        if message.level not in (None, row[1]):
            bad.append(f"{message}: its row in {TABLE}:{row[0]} says {row[1]}")
    bad += [f"{TABLE}:{row[0]}: no message {row[2]!r}" for row in table if row[0] not in used]
    return bad


def check_rows(table):
    """Form of the table itself."""
    bad, seen = [], set()
    for line, _, text, cause, cure in table:
        if text in seen:
            bad.append(f"{TABLE}:{line}: {text!r} is there twice")
        seen.add(text)
        for name, sentence in (("cause", cause), ("cure", cure)):
            if not sentence or not re.search(r"[.`]$", sentence) or sentence.count("`") % 2:
                bad.append(f"{TABLE}:{line}: {name} is no sentence: {sentence!r}")
    return bad


def emulator_messages():
    for place, function, level, number in EMULATOR:
        for path in sources(place):
            for line, _, args in calls(path, function):
                text = literal(args[number])
                if text is None or (level and not args[level].endswith(("ERR", "WARNING"))):
                    continue
                if function == "fprintf":
                    mark = re.match(r"dpdk-hisi-emu: (?:error|warning): (.*?)(?:\\n)?$", text)
                    text = mark[1] if mark else "%s"
                if text != "%s" and not text.startswith(NOT_EMULATOR):
                    yield Message(path, line, "warning", text)


def emulator_terms():
    """Literal text of the terms of the emulator's section."""
    section = (TOP / GUIDE).read_text().split(GUIDE_SECTION, 1)[1]
    return [term for line in re.findall(r"^``.*", section, re.M)
            for term in re.findall(r"``(.+?)``", line)]


def check_emulator():
    used, bad, terms = set(), [], emulator_terms()
    for message in emulator_messages():
        text = re.sub(r"(?:0x)?%[diuxXcsp]", "...", canonical(message.text))
        fit = [term for term in terms if text.startswith(term)]
        if not fit:
            bad.append(f"{message}: not in {GUIDE}")
        used.update(sorted(fit, key=len)[-1:])
    return bad + [f"{GUIDE}: no message of dpdk-hisi-emu begins with {term!r}"
                  for term in terms if term not in used]


def main():
    if sys.argv[1:] not in ([], ["--list"]):
        sys.exit(__doc__)
    found, bad = messages()
    if sys.argv[1:]:
        print("\n".join(map(str, found)))
        return
    table = list(rows())
    bad += check_rows(table) + compare(found, table) + check_emulator()
    if bad:
        sys.exit("\n".join(bad))
    print(f"{len(found)} messages, {len(table)} rows")


if __name__ == "__main__":
    main()
