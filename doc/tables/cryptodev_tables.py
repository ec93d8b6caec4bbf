# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What crypto drivers say of themselves on the model: features .ini in DPDK's form, and tables.

make_tables.py writes them.
"""

import configparser
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FEATURES = TOP / "doc/guides/cryptodevs/features"
GENERATIONS = ("v2", "v3")
INI_HEAD = """;
; Supported features of the 'hisi_sec' crypto driver.
;
; Refer to default.ini for the full list of available PMD features.
; Made by doc/tables/make_tables.py from what the driver says of itself on a V3 device. The guide of
; the driver says what a V2 device has of it.
;
"""

# Name that the library prints -> name in features/default.ini, which are DPDK's own.
FLAG_NAMES = {
    "SYMMETRIC_CRYPTO": "Symmetric crypto",
    "ASYMMETRIC_CRYPTO": "Asymmetric crypto",
    "SYM_OPERATION_CHAINING": "Sym operation chaining",
    "HW_ACCELERATED": "HW Accelerated",
    "IN_PLACE_SGL": "In Place SGL",
    "OOP_SGL_IN_SGL_OUT": "OOP SGL In SGL Out",
    "OOP_SGL_IN_LB_OUT": "OOP SGL In LB  Out",
    "OOP_LB_IN_SGL_OUT": "OOP LB  In SGL Out",
    "OOP_LB_IN_LB_OUT": "OOP LB  In LB  Out",
    "SYM_SESSIONLESS": "Symmetric sessionless",
    "SYM_RAW_DP": "Sym raw data path API",
}
SECTIONS = {"cipher": "Cipher", "auth": "Auth", "aead": "AEAD"}
# Bits of a key that .ini files have a row for each, and of how many keys it consists.
KEYS = {"aes-cbc": 1, "aes-ecb": 1, "aes-ctr": 1, "aes-xts": 2, "aes-cmac": 1, "aes-gcm": 1,
        "aes-ccm": 1}


def read_ini(text):
    """By section: name -> value, in their order."""
    ini = configparser.ConfigParser(comment_prefixes=(";",), allow_no_value=True)
    ini.optionxform = str
    ini.read_string(text)
    return {name: dict(ini[name]) for name in ini.sections()}


def said_by(build, generation):
    """(flags, {(kind, algorithm): {parameter: (min, max, step)}}) of the driver on the model."""
    command = ("exec $HISI_BUILD/doc/cryptodev_features $HISI_EAL_ARGS --no-pci --no-telemetry "
               "--log-level=4 -l 0 -- crypto_hisi_sec")
    env = dict(os.environ, HISI_BUILD=str(build), HISI_EAL_MEM="--no-huge --no-shconf -m 64")
    out = subprocess.check_output(
        [TOP / "devtools/with-emu.sh", f"sec,version={generation}", "--", "sh", "-c", command],
        text=True, env=env, stderr=subprocess.DEVNULL)
    flags, algorithms = set(), {}
    for line in out.splitlines():
        kind, name, *parameters = line.split()
        if kind == "flag":
            flags.add(name)
        elif kind in SECTIONS:
            pairs = (parameter.split("=") for parameter in parameters)
            algorithms[kind, name] = {key: tuple(map(int, value.split(",")))
                                      for key, value in pairs}
    return flags, algorithms


def sizes(size_range):
    """All sizes of a range: those of keys are few."""
    low, high, step = size_range
    return range(low, high + 1, step) if step else sorted({low, high})


def ini_names(algorithm, parameters):
    """The library says sha2-256-hmac, .ini files SHA256 HMAC."""
    name = algorithm.replace("sha2-", "sha").replace("-", " ").upper()
    if algorithm not in KEYS:
        return {name}
    return {f"{name} ({size * 8 // KEYS[algorithm]})" for size in sizes(parameters["key"])}


def has_by_section(flags, algorithms):
    """What of default.ini's names a device has, by section."""
    has = {section: set() for section in SECTIONS.values()}
    for (kind, algorithm), parameters in algorithms.items():
        has[SECTIONS[kind]] |= ini_names(algorithm, parameters)
    return {"Features": {FLAG_NAMES[flag] for flag in flags}, **has, "OS": {"Linux"}}


def make_ini(known, has):
    """features/hisi_sec.ini; a name that default.ini lacks would be lost."""
    for section, names in has.items():
        lost = names - set(known[section])
        if lost:
            sys.exit(f"cryptodev_tables.py: [{section}] of default.ini has no {sorted(lost)}")
    parts = (f"[{section}]\n" + "".join(f"{name:<22} = Y\n" for name in known[section]
                                        if name in has[section])
             for section in known if has.get(section))
    return INI_HEAD + "\n".join(parts)


def range_text(size_range):
    low, high, step = size_range
    if low == high:
        return str(low) if low else ""
    if step == 0 or low + step == high and step > 1:
        return f"{low} or {high}"
    return f"{low} to {high}" + (f" by {step}" if step > 1 else "")


def generation_rows(kind, said):
    """Algorithm, its ranges, and which generation has it so."""
    has = {}
    for generation, (_, algorithms) in said.items():
        for (one, algorithm), parameters in algorithms.items():
            if one == kind:
                ranges = tuple(range_text(value) for value in parameters.values())
                has.setdefault((algorithm, *ranges), set()).add(generation)
    return [(*row, *("yes" if g in generations else "no" for g in GENERATIONS))
            for row, generations in has.items()]


def make(build, rst_table):
    """The files, by name below doc/guides."""
    said = {generation: said_by(build, generation) for generation in GENERATIONS}
    known = read_ini((FEATURES / "default.ini").read_text())
    files = {"cryptodevs/features/hisi_sec.ini": make_ini(known, has_by_section(*said["v3"]))}
    drivers = {path.stem: path.read_text() for path in FEATURES.glob("*.ini")
               if path.name != "default.ini"}
    drivers["hisi_sec"] = files["cryptodevs/features/hisi_sec.ini"]
    columns = {name: read_ini(text) for name, text in sorted(drivers.items())}
    for section, names in known.items():
        rows = [("\t" + " ".join(name.split()),
                 *("\t" + (ini.get(section, {}).get(name) or "") for ini in columns.values()))
                for name in names]
        files[f"tables/cryptodev_{section.lower()}.rst"] = rst_table((section, *columns), rows)
    for kind, titles in {"cipher": ("Key", "IV"), "auth": ("Key", "IV", "Digest"),
                         "aead": ("Key", "IV", "Tag", "AAD")}.items():
        rows = [(row[0], *("\t" + text for text in row[1:]))
                for row in generation_rows(kind, said)]
        files[f"tables/sec_{kind}_capabilities.rst"] = rst_table(
            (SECTIONS[kind], *titles, *(g.upper() for g in GENERATIONS)), rows)
    return files
