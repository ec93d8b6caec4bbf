#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Makes the tables of the guides from the code, so that a fact stands in one place.

usage: make_tables.py [--check] [BUILD]

Writes doc/guides/tables/*.rst, the features of doc/guides and devtools/wireshark from the build
folder BUILD (HISI_BUILD, or build) and the sources. --check writes nothing, shows what would
change, and fails where something would.
"""

import configparser
import difflib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cryptodev_tables

TOP = Path(__file__).resolve().parents[2]
GUIDES = TOP / "doc/guides"
DRIVERS = TOP / "drivers/common/hisi_qm"
FEATURES = GUIDES / "compressdevs/features"
INI_HEAD = """;
; Supported features of the 'hisi_zip' compression driver.
;
; Refer to default.ini for the full list of available PMD features.
; Made by doc/tables/make_tables.py from what the driver says of itself.
;
[Features]
"""
RST_HEAD = """..  SPDX-License-Identifier: BSD-3-Clause
    Copyright(c) 2026 The hisi-accel authors
    Made by doc/tables/make_tables.py: change the code it comes from, then run that.

"""

# Name that the library prints -> name in features/default.ini, which are DPDK's own.
FEATURE_NAMES = {
    "device HW_ACCELERATED": "HW Accelerated",
    "device CPU_SSE": "CPU SSE",
    "device CPU_AVX": "CPU AVX",
    "device CPU_AVX2": "CPU AVX2",
    "device CPU_AVX512": "CPU AVX512",
    "device CPU_NEON": "CPU NEON",
    "compression STATEFUL_COMPRESSION": "Stateful Compression",
    "compression STATEFUL_DECOMPRESSION": "Stateful Decompression",
    "compression NONCOMPRESSED_BLOCKS": "Pass-through",
    "compression OOP_SGL_IN_SGL_OUT": "OOP SGL In SGL Out",
    "compression OOP_SGL_IN_LB_OUT": "OOP SGL In LB  Out",
    "compression OOP_LB_IN_SGL_OUT": "OOP LB  In SGL Out",
    "compression ADLER32": "Adler32",
    "compression CRC32": "Crc32",
    "compression CRC32_ADLER32": "Adler32&Crc32",
    "compression HUFFMAN_FIXED": "Fixed",
    "compression HUFFMAN_DYNAMIC": "Dynamic",
    "algorithm DEFLATE": "Deflate",
    "algorithm LZS": "LZS",
}

# The column of prose in a table of errors.
REMEDY = "What it means and what to do"

# Table in hisi_hw_tables -> title of its columns.
HW_TABLES = {
    "qm_version": ("Revision", "Name"),
    "qm_mailbox_command": ("Command", "Name"),
    "qm_doorbell_command": ("Command", "Name"),
    "qm_aeqe_type": ("Type", "Name", REMEDY),
    "qm_ifc_command": ("Command", "Name"),
    "qm_error": ("Bit", "Name", REMEDY),
    "zip_error": ("Bit", "Name", REMEDY),
    "zip_status": ("Code", "Name", REMEDY),
    "zip_request": ("Type", "Name"),
    "zip_buffer": ("Type", "Name"),
    "zip_window": ("Value", "Name"),
    "zip_queue_type": ("Type", "Name"),
    "sec_error": ("Bit", "Name", REMEDY),
    "sec_status": ("Code", "Name", REMEDY),
    "sec_queue_type": ("Type", "Name"),
    "sec_bd_type": ("Type", "Name"),
    "sec_cipher": ("Value", "Name"),
    "sec_auth": ("Value", "Name"),
    "sec_scene": ("Value", "Name"),
    "sec_buffer": ("Type", "Name"),
    "sec_c_alg": ("Value", "Name"),
    "sec_c_mode": ("Value", "Name"),
    "sec_a_alg": ("Value", "Name"),
    "sec_ai_gen": ("Value", "Name"),
    "sec_icv": ("Value", "Name"),
    "sec_flag": ("Value", "Name"),
    "register": ("Offset in BAR2", "Bytes", "Name"),
    "field": ("Structure", "Offset of the word", "Bytes of the word", "Bits", "Name"),
    "capability": ("Engine", "Offset in BAR2", "Name", "V2", "V3 by default"),
}


def rst_table(titles, rows):
    """A csv-table. Every cell is literal text, except those marked as prose by a leading tab."""
    def cell(text):
        text = text[1:] if text.startswith("\t") else f"``{text}``" if text else ""
        return '"' + text.replace('"', '""') + '"'

    lines = [RST_HEAD + ".. csv-table::", "   :header: " + ", ".join(f'"{t}"' for t in titles), ""]
    lines += ["   " + ", ".join(cell(text) for text in row) for row in rows]
    return "\n".join(lines) + "\n"


def prose(text):
    return "\t" + text.replace("%d", "``%d``")


def hw_tables(build):
    """Names of lib/hisi_hw as they are compiled."""
    out = subprocess.check_output([build / "doc/hisi_hw_tables"], text=True)
    rows = {}
    for line in out.splitlines():
        table, *columns = line.split("\t")
        rows.setdefault(table, []).append(columns)
    if set(rows) != set(HW_TABLES):
        sys.exit(f"make_tables.py: tables of hisi_hw_tables: {sorted(set(rows) ^ set(HW_TABLES))}")
    for name, titles in HW_TABLES.items():
        if REMEDY in titles:
            rows[name] = [(*row[:-1], "\t" + row[-1]) for row in rows[name]]
    return {f"tables/{name}.rst": rst_table(HW_TABLES[name], rows[name]) for name in rows}


def dissector(build):
    """Wireshark's dissector, from the tables of lib/hisi_hw and what is done with them."""
    tables = subprocess.check_output([build / "doc/hisi_hw_lua"], text=True)
    text = (TOP / "doc/tables/hisi_accel.lua.in").read_text()
    return {"../../devtools/wireshark/hisi_accel.lua": text.replace("@TABLES@\n", tables)}


def message_text(text):
    """A message as one sees it, with dots for what differs from time to time."""
    return re.sub(r"(?:0x)?%[a-zA-Z]", "...", text)


def message_tables(build):
    """The drivers' messages as they are compiled, a list for each group."""
    out = subprocess.check_output([build / "doc/message_tables"], text=True)
    files = {}
    for line in out.splitlines():
        group, level, text, cause, cure = line.split("\t")
        cause, cure = (part.replace("`", "``") for part in (cause, cure))
        entry = f"``{message_text(text)}`` ({level})\n   {cause}\n\n   *Cure:* {cure}\n"
        files.setdefault(f"tables/messages_{group}.rst", []).append(entry)
    return {name: RST_HEAD + "\n".join(entries) for name, entries in files.items()}


def emulator_tables(build):
    """Options and device keys from --help, which is what a person sees too."""
    text = subprocess.check_output([build / "app/hisi_emu/dpdk-hisi-emu", "--help"], text=True)
    options, keys, last = [], [], None
    for line in text.splitlines():
        option = re.match(r"  (--\S.*?)  +(\S.*)$", line)
        key = re.match(r"      (\w+=\S+)  +(\S.*)$", line)
        if option or key:
            last = options if option else keys
            last.append(list((option or key).groups()))
        elif last and re.match(r" {20,}\S", line):
            last[-1][1] += " " + line.strip()
        elif not line.startswith(" "):
            last = None
    if not options or not keys:
        sys.exit("make_tables.py: dpdk-hisi-emu --help has another form now")
    for row in options:
        row[1] = row[1].replace("; keys:", "; keys are below")
    return {
        "tables/emu_options.rst": rst_table(("Option", "Meaning"),
                                            [(name, prose(text)) for name, text in options]),
        "tables/emu_keys.rst": rst_table(("Key", "Meaning"),
                                         [(name, prose(text)) for name, text in keys]),
    }


def fault_tables(build):
    """Faults and keys from --fault=help."""
    emulator = build / "app/hisi_emu/dpdk-hisi-emu"
    text = subprocess.check_output([emulator, "--fault=help"], text=True)
    rows = {"fault": [], "key": []}
    for line in text.splitlines():
        what, name, meaning = re.match(r"(fault|key) ([^\t]+)\t(.*)$", line).groups()
        rows[what].append((name, prose(meaning)))
    return {
        "tables/emu_faults.rst": rst_table(("Fault", "What happens"), rows["fault"]),
        "tables/emu_fault_keys.rst": rst_table(("Key", "Meaning"), rows["key"]),
    }


def testacc_tables(build):
    """Options from --help; commands and settings as the program tells them."""
    program = build / "app/testacc/dpdk-testacc"
    env = dict(os.environ, LD_LIBRARY_PATH=str(build / "drivers"))
    text = subprocess.check_output([program, "--help"], text=True, env=env)
    options = re.findall(r"^  (-\S.*?)  +(\S.*)$", text, re.M)
    out = subprocess.check_output(
        [program, "--no-huge", "--no-shconf", "-m", "64", "--no-pci", "--no-telemetry", "-l", "0",
         "--log-level=4", "--", "--json", "-e", "help; show settings"], text=True, env=env)
    commands, settings = (next(iter(json.loads(line).values())) for line in out.splitlines())
    return {
        "tables/testacc_options.rst": rst_table(
            ("Option", "Meaning"), [(name, prose(text)) for name, text in options]),
        "tables/testacc_commands.rst": rst_table(
            ("Command", "What it does"),
            [(row["command"], prose(row["what_it_does"])) for row in commands]),
        "tables/testacc_settings.rst": rst_table(
            ("Setting", "What it is", "Takes", "At first"),
            [(row["setting"], prose(row["what_it_is"]), prose(row["takes"]), row["at_first"])
             for row in settings]),
    }


def devargs_table():
    """Keys, ranges and defaults from the parser; the string of PMD_INFO must say the same."""
    header = (DRIVERS / "hisi_qm_devargs.h").read_text()
    source = (DRIVERS / "hisi_qm_devargs.c").read_text()
    regs = (TOP / "lib/hisi_hw/hisi_qm_regs.h").read_text()
    numbers = {m[1]: m[2] for m in re.finditer(r"#define (\w+)\s+(\d+)\b", header + regs)}
    keys = dict(re.findall(r'#define (HISI_QM_ARG_\w+)\s+"(\w+)"', header))
    order = re.findall(r"HISI_QM_ARG_\w+",
                       re.search(r"known_keys\[\] = \{(.*?)\}", source, re.S)[1])
    ranges = {m[3]: tuple(numbers.get(n, n) for n in m.groups()[:2])
              for m in re.finditer(r"\{ name, (\w+), (\w+), &args->(\w+) \}", source)}
    defaults = {m[1]: numbers[m[2]] for m in re.finditer(r"args->(\w+) = (HISI_\w+);", source)}
    choices = re.findall(r'\[HISI_QM_ON_ERROR_\w+\] = "(\w+)"', source)
    defaults["on_error"] = choices[0]
    params = re.search(r"#define HISI_QM_VDEV_PARAM_STRING((?:.*\\\n)+.*)", header)[1]
    told = {keys[m[1]]: m[2] for m in re.finditer(r'(HISI_QM_ARG_\w+) "=<([^>]*)>', params)}
    rows = []
    for macro in order:
        key = keys[macro]
        value = "..".join(ranges[key]) if key in ranges else "path"
        value = "|".join(choices) if key == "on_error" else value
        if told.get(key) != value:
            sys.exit(f"make_tables.py: {key}: the parser takes {value}, "
                     f"HISI_QM_VDEV_PARAM_STRING says {told.get(key)}")
        # What is not assigned is zero, and zero is out of every range: the key is not given.
        rows.append((key, "\ta path" if value == "path" else value, defaults.get(key, "")))
    return {"tables/devargs.rst": rst_table(("Key", "Value", "Default"), rows)}


def gateway_table():
    """What examples/ipcomp_gw counts."""
    source = (TOP / "examples/ipcomp_gw/stats.c").read_text()
    rows = re.findall(r'\[GW_\w+\] = \{ "(\w+)",\s+"([^"]+)" \}', source)
    count = len(re.findall(r"^\t\[GW_", source, re.M))
    if count == 0 or len(rows) != count:
        raise SystemExit("examples/ipcomp_gw/stats.c: counters in another form than expected")
    return {"tables/ipcomp_gw_counters.rst": rst_table(
        ("Counter", "What is counted"), [(f"``{name}``", what) for name, what in rows])}


def driver_features(build):
    """What the driver says of itself on the model."""
    command = ("exec $HISI_BUILD/doc/compressdev_features $HISI_EAL_ARGS --no-pci --no-telemetry "
               "--log-level=4 -l 0 -- compress_hisi_zip")
    env = dict(os.environ, HISI_BUILD=str(build), HISI_EAL_MEM="--no-huge --no-shconf -m 64")
    out = subprocess.check_output([TOP / "devtools/with-emu.sh", "zip", "--", "sh", "-c", command],
                                  text=True, env=env, stderr=subprocess.DEVNULL)
    return {FEATURE_NAMES[line] for line in out.splitlines() if line in FEATURE_NAMES}


def read_ini(text):
    ini = configparser.ConfigParser(comment_prefixes=(";",), allow_no_value=True)
    ini.optionxform = str
    ini.read_string(text)
    return dict(ini["Features"])


def feature_tables(build):
    """features/hisi_zip.ini, and the overview of all drivers in DPDK's manner."""
    known = list(read_ini((FEATURES / "default.ini").read_text()))
    has = driver_features(build)
    ours = INI_HEAD + "".join(f"{name:<22} = Y\n" for name in known if name in has)
    drivers = {p.stem: p.read_text() for p in sorted(FEATURES.glob("*.ini"))
               if p.name != "default.ini"}
    drivers["hisi_zip"] = ours
    columns = {name: read_ini(text) for name, text in sorted(drivers.items())}
    rows = [("\t" + re.sub(" +", " ", feature),
             *("\t" + (ini.get(feature) or "") for ini in columns.values())) for feature in known]
    return {
        "compressdevs/features/hisi_zip.ini": ours,
        "tables/compressdev_features.rst": rst_table(("Feature", *columns), rows),
    }


def check_prose():
    """What the tables list, the text explains."""
    text = (GUIDES / "compressdevs/hisi_zip.rst").read_text()
    missing = [key for key in re.findall(r'^   "``(\w+)``"',
               (GUIDES / "tables/devargs.rst").read_text(), re.M)
               if not re.search(rf"^``{key}``", text, re.M)]
    for key in missing:
        print(f"compressdevs/hisi_zip.rst: nothing about devarg {key}")
    return bool(missing)


def check(files):
    """Shows what differs from what is there."""
    failed = False
    for name, text in files.items():
        path = GUIDES / name
        old = path.read_text() if path.exists() else ""
        diff = list(difflib.unified_diff(old.splitlines(), text.splitlines(), name, "made now",
                                         lineterm="", n=1))
        failed |= bool(diff)
        print("\n".join(diff), end="\n" if diff else "")
    known = {Path(name).name for name in files if name.startswith("tables/")}
    for path in (GUIDES / "tables").iterdir():
        if path.name not in known:
            print(f"tables/{path.name}: made by nothing")
            failed = True
    return failed | check_prose()


def main():
    args = sys.argv[1:]
    checking = "--check" in args
    args = [a for a in args if a != "--check"]
    if len(args) > 1 or any(a.startswith("-") for a in args):
        sys.exit(__doc__)
    build = Path(args[0] if args else os.environ.get("HISI_BUILD", TOP / "build")).resolve()
    if not (build / "doc/hisi_hw_tables").exists():
        sys.exit(f"make_tables.py: no {build}/doc/hisi_hw_tables: build with -Dtests=true")
    files = {**hw_tables(build), **dissector(build),
             **message_tables(build), **emulator_tables(build),
             **fault_tables(build), **testacc_tables(build), **devargs_table(), **gateway_table(),
             **feature_tables(build), **cryptodev_tables.make(build, rst_table)}
    if checking:
        if check(files):
            sys.exit("the tables of the guides differ from the code: run doc/tables/make_tables.py")
        return
    for name, text in files.items():
        (GUIDES / name).write_text(text)


if __name__ == "__main__":
    main()
