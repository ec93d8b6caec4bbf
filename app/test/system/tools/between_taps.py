#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Runs a DPDK program with two ports of net_tap, sends frames to the first, and keeps what comes
from the second.

usage: between_taps.py IN.pcap OUT.pcap COMMAND...

In a network namespace of its own (unshare -n). The ports are --vdev=net_tapN,iface=tapN. Ends the
program by SIGINT once it was quiet for a second, and with its status.
"""

import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from packets import read_pcap, write_pcap  # noqa: E402

ETH_P_ALL, IPV4 = 3, b"\x08\0"


def open_port(name):
    """A socket on the kernel's end of a port, once it is there and up."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            subprocess.run(["ip", "link", "set", name, "up"], check=True,
                           stderr=subprocess.DEVNULL)
            port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            port.bind((name, 0))
            return port
        except (OSError, subprocess.CalledProcessError):
            time.sleep(0.1)
    sys.exit(f"between_taps.py: no interface {name}")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program = subprocess.Popen(sys.argv[3:])
    frames = [open_port("tap0"), open_port("tap1")]
    source, target = frames
    # The program opens its ports before it has set up the rest.
    time.sleep(2)
    for frame in read_pcap(sys.argv[1]):
        source.send(frame)
        time.sleep(0.001)
    out = []
    while select.select([target], [], [], 1)[0]:
        frame, address = target.recvfrom(1 << 16)
        # What the kernel itself sends there is not the program's.
        if frame[12:14] == IPV4 and address[2] != socket.PACKET_OUTGOING:
            out.append(frame)
    write_pcap(sys.argv[2], out)
    program.send_signal(signal.SIGINT)
    sys.exit(program.wait(20))


if __name__ == "__main__":
    main()
