# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Builds and runs examples/ipcomp_gw."""

import os
import re
import subprocess

from harness import NO_HUGE, TOP, Program

SOURCE = TOP / "examples/ipcomp_gw"


def build(folder, flags=""):
    """As a stranger builds it: with make, against the installed DPDK."""
    # Of the session's own make nothing is to be known here.
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    env["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    subprocess.check_call(["make", "-s", "-j2", "-C", SOURCE, f"BUILD={folder}"],
                          env=dict(env, CFLAGS=f"-Werror {flags}", LDFLAGS=flags))
    return folder / "ipcomp_gw"


def pcap_port(index, source, target=None):
    """A port that reads one file and writes another; without the other it swallows."""
    out = "" if target is None else f",tx_pcap={target}"
    return f"--vdev=net_pcap{index},rx_pcap={source}{out}"


def counters(result):
    """Its statistics, those that are 0 and were not printed too."""
    return counters_in(result.out)


def counters_in(text):
    table = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 2 and re.fullmatch("[a-z_]+", words[0]) and \
                re.fullmatch(r"[\d.]+", words[1]):
            table[words[0]] = float(words[1])
    return lambda *names: sum(table.get(name, 0) for name in names)


class Gateway(Program):
    def __init__(self, binary, eal, ports, options, env=None):
        super().__init__([binary, *eal, *ports, "--", *options], env)

    def reports(self):
        """The counters as it printed them so far (--stats), one for each time."""
        texts = re.split(r"^(?=received )", self.stdout(), flags=re.M)[1:]
        return [counters_in(text) for text in texts if re.search("^plain_gbit.*\n", text, re.M)]


def device_eal(emu, lcores="0,1", devargs=""):
    """EAL arguments for the driver; "0,1@0" is an lcore 1 on CPU 0."""
    words = emu.eal(devargs, lcores=lcores)
    words[words.index("-l")] = "--lcores"
    return words


def software_eal(driver, lcores="0,1"):
    """The same for one of DPDK's own compressdevs."""
    return [*NO_HUGE, "--no-pci", "--lcores", lcores, f"--vdev={driver}"]
