# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Traffic of many kinds for the gateway, made of what Python has, and pcap files of it.

usage: packets.py [--check] FILE COUNT

Writes so many packets; into a pipe two thousand a second. --check: are those of them that are not
malformed in FILE, in their order?
"""

import argparse
import random
import struct
import sys
import time
import zlib
from pathlib import Path

ETH_IPV4, ETH_IPV6, ETH_ARP = 0x0800, 0x86DD, 0x0806
TCP, UDP, ROUTING, FRAGMENT, ESP, AH, NONE, OPTIONS, COMP = 6, 17, 43, 44, 50, 51, 59, 60, 108
HOP_BY_HOP = 0


class Packet:
    """A frame, and what it was made as: "kind", and the flow by which order is kept."""

    def __init__(self, kind, data, flow):
        self.kind, self.data, self.flow = kind, data, flow


def ones_sum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def checksum(data):
    return ones_sum(data) ^ 0xFFFF


def ipv4(flow, protocol, payload, options=b"", ident=0, fragment=0x4000, total=None, first=None):
    length = 20 + len(options)
    fields = [first if first is not None else 0x40 | length // 4, 0,
              total if total is not None else length + len(payload), ident, fragment, 64, protocol]
    addresses = bytes([10, 1, flow >> 8, flow & 255, 10, 2, flow >> 8, flow & 255])
    head = struct.pack(">BBHHHBBH", *fields, 0) + addresses + options
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return head + payload


def ipv6(flow, protocol, payload, length=None):
    head = struct.pack(">IHBB", 0x60000000, len(payload) if length is None else length,
                       protocol, 64)
    return head + b"\xfd" + bytes(13) + struct.pack(">H", flow) \
        + b"\xfd\1" + bytes(12) + struct.pack(">H", flow) + payload


def extension(next_header, length=8):
    """Hop-by-hop or destination options, of padding only (RFC 8200, 4.2)."""
    return bytes([next_header, length // 8 - 1, 1, length - 4]) + bytes(length - 4)


def routing(next_header):
    """A routing header of an unknown type with nothing left to visit, which nodes pass over."""
    return bytes([next_header, 0, 253, 0]) + bytes(4)


def udp(payload, port=5000, total=None):
    return struct.pack(">HHHH", port, 4000, total or 8 + len(payload), 0) + payload


def tcp(payload, sequence, port=80):
    return struct.pack(">HHIIBBHHH", port, 40000, sequence, 0, 0x50, 0x18, 8192, 0, 0) + payload


def ethernet(kind, payload, tags=()):
    head = bytes.fromhex("020000000001020000000002")
    for tag, ethertype in tags:
        head += struct.pack(">HH", ethertype, tag)
    return head + struct.pack(">H", kind) + payload


def ipcomp(next_header, payload, cpi=2, flags=0):
    """By zlib, as another host would (RFC 2394)."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(payload) + packer.flush()
    return struct.pack(">BBH", next_header, flags, cpi) + packed


class Maker:
    """Packets from a seed. Kinds are methods; a flow has packets of all kinds."""

    MALFORMED = ["bad_version", "bad_header_length", "too_long", "too_short", "bad_sum",
                 "cut_ipv6", "cut_extension", "cut_ipv4"]
    SOUND = ["text", "text6", "binary", "small", "large", "options", "fragment", "vlan", "qinq",
             "hop_by_hop", "routed", "destination", "destination_first", "fragment6", "esp", "ah",
             "other_cpi", "arp", "lldp", "runt", "padded", "jumbo", "minus_zero", "jumbogram"]

    def __init__(self, seed, flows=64, sizes=(100, 200, 400, 576, 900, 1300, 1400)):
        self.random = random.Random(seed)
        self.sizes = sizes
        self.flows = flows
        self.count = 0
        self.words = b"".join(p.read_bytes() for p in sorted(
            Path("/usr/include/dpdk").glob("rte_e*.h")))

    def prose(self, length):
        at = self.random.randrange(len(self.words) - length)
        return struct.pack(">I", self.count) + self.words[at:at + length - 4]

    def noise(self, length):
        return self.random.randbytes(length)

    def size(self):
        return self.random.choice(self.sizes)

    def make(self, kind):
        self.count += 1
        flow = self.random.randrange(self.flows)
        data = getattr(self, "make_" + kind)(flow)
        addresses = data[26:34] if data[12:14] == b"\x08\0" else data[:12]
        for at in (14, 18, 22):
            if data[at - 2:at] == b"\x08\0":
                addresses = data[at + 12:at + 20]
                break
            if data[at - 2:at] == b"\x86\xdd":
                addresses = data[at + 8:at + 40]
                break
        return Packet(kind, data, addresses)

    def mix(self, count, kinds=None, malformed=0.02):
        """Mostly what networks are full of, and each kind often enough."""
        kinds = kinds or self.SOUND
        packets = []
        for index in range(count):
            if self.random.random() < malformed:
                kind = self.random.choice(self.MALFORMED)
            elif self.random.random() < 0.5:
                kind = self.random.choice([k for k in kinds if k in ("text", "text6")] or kinds)
            else:
                kind = kinds[index % len(kinds)]
            packets.append(self.make(kind))
        return packets

    def make_text(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, TCP, tcp(self.prose(self.size()), self.count),
                                       ident=self.count & 0xFFFF))

    def make_text6(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, UDP, udp(self.prose(self.size()))))

    def make_binary(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.noise(self.size()), 6000)))

    def make_small(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(self.random.randrange(4, 80)))))

    def make_large(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, TCP, tcp(self.prose(1460), self.count)))

    def make_jumbo(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, TCP, tcp(self.prose(8900), self.count)))

    def make_options(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, TCP, tcp(self.prose(self.size()), self.count),
                                       options=b"\x94\4\0\0" + b"\1" * 4))

    def make_fragment(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, self.prose(800), ident=self.count & 0xFFFF,
                                       fragment=self.random.choice([0x2000, 0x2064, 100])))

    def make_vlan(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, TCP, tcp(self.prose(self.size()), self.count)),
                        tags=[(5, 0x8100)])

    def make_qinq(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, UDP, udp(self.prose(self.size()))),
                        tags=[(7, 0x88A8), (5, 0x8100)])

    def make_hop_by_hop(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, HOP_BY_HOP, extension(UDP, 16)
                                       + udp(self.prose(self.size()))))

    def make_routed(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, HOP_BY_HOP, extension(ROUTING) + routing(TCP)
                                       + tcp(self.prose(self.size()), self.count)))

    def make_destination(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, OPTIONS, extension(UDP, 24)
                                       + udp(self.prose(self.size()))))

    def make_destination_first(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, OPTIONS, extension(ROUTING) + routing(UDP)
                                       + udp(self.prose(self.size()))))

    def make_fragment6(self, flow):
        header = struct.pack(">BBHI", UDP, 0, 1 | 8 * self.random.randrange(2), self.count)
        return ethernet(ETH_IPV6, ipv6(flow, FRAGMENT, header + self.prose(800)))

    def make_esp(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, ESP, self.noise(400)))

    def make_ah(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, AH, bytes([UDP, 4]) + bytes(22)
                                       + udp(self.prose(600))))

    def make_other_cpi(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, COMP, ipcomp(UDP, udp(self.prose(600)), cpi=3)))

    def make_arp(self, flow):
        return ethernet(ETH_ARP, struct.pack(">HHBBH", 1, ETH_IPV4, 6, 4, 1) + self.noise(20)
                        + bytes(18))

    def make_lldp(self, flow):
        return ethernet(0x88CC, self.prose(120))

    def make_runt(self, flow):
        return self.noise(12) + b"\x88\xcc"

    def make_padded(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300))) + self.noise(4))

    def make_jumbogram(self, flow):
        """Its length is in an option; nobody has such a link."""
        return ethernet(ETH_IPV6, ipv6(flow, HOP_BY_HOP, bytes([UDP, 0, 0xC2, 4])
                                       + struct.pack(">I", 70000) + udp(self.prose(600)),
                                       length=0))

    def make_minus_zero(self, flow):
        """The sum of the header is -0, which is as good as the 0 that one would write."""
        head = bytearray(ipv4(flow, TCP, tcp(self.prose(500), self.count), ident=0))
        head[4:6] = head[10:12]
        head[10:12] = b"\xff\xff"
        assert ones_sum(bytes(head[:20])) == 0xFFFF
        return ethernet(ETH_IPV4, bytes(head))

    def make_bad_version(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300)), first=0x55))

    def make_bad_header_length(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300)), first=0x44))

    def make_too_long(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300)), total=2000))

    def make_too_short(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300)), total=19))

    def make_bad_sum(self, flow):
        frame = bytearray(ethernet(ETH_IPV4, ipv4(flow, UDP, udp(self.prose(300)))))
        frame[24] ^= 0x11
        return bytes(frame)

    def make_cut_ipv4(self, flow):
        return ethernet(ETH_IPV4, ipv4(flow, UDP, b""))[:14 + self.random.randrange(1, 20)]

    def make_cut_ipv6(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, UDP, udp(self.prose(300)))[:-7])

    def make_cut_extension(self, flow):
        return ethernet(ETH_IPV6, ipv6(flow, HOP_BY_HOP, bytes([UDP, 200]) + bytes(100)))


def read_pcap(path):
    """Frames of a file in this machine's byte order. ValueError: it is not such a file."""
    data = Path(path).read_bytes()
    if len(data) < 24 or struct.unpack_from("<I", data)[0] not in (0xA1B2C3D4, 0xA1B23C4D):
        raise ValueError(f"{path} is not a pcap file of this machine's byte order")
    frames, at = [], 24
    while at < len(data):
        length, original = struct.unpack_from("<II", data.ljust(at + 16, b"\xff"), at + 8)
        if length != original or at + 16 + length > len(data):
            raise ValueError(f"{path}: packet {len(frames)} is cut")
        frames.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return frames


PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 1)


def pcap_record(frame, index=0):
    return struct.pack("<IIII", 1 + index // 10 ** 6, index % 10 ** 6, len(frame),
                       len(frame)) + frame


def write_pcap(path, frames):
    with open(path, "wb") as file:
        file.write(PCAP_HEADER)
        for index, frame in enumerate(frames):
            file.write(pcap_record(frame, index))


def feed_pipe(path, frames):
    with open(path, "wb", buffering=0) as pipe:
        pipe.write(PCAP_HEADER)
        for at in range(0, len(frames), 80):
            pipe.write(b"".join(map(pcap_record, frames[at:at + 80])))
            time.sleep(0.04)


def check(path, made):
    sound = [p.data for p in made if p.kind not in Maker.MALFORMED]
    if read_pcap(path) != sound:
        sys.exit(f"{path} is not what was made")
    print(f"all {len(sound)} packets are there, in order, and every byte is as it was")


def parse_args():
    parser = argparse.ArgumentParser(description="Packets of many kinds for ipcomp_gw.")
    parser.add_argument("--check", action="store_true", help="are those of them that are not "
                        "malformed in FILE, in their order? Nothing is written")
    parser.add_argument("file", metavar="FILE", type=Path, help="pcap file to write; into a pipe "
                        "two thousand packets a second")
    parser.add_argument("count", metavar="COUNT", type=int, help="so many packets")
    return parser.parse_args()


def run(args):
    made = Maker(1).mix(args.count)
    if args.check:
        check(args.file, made)
    elif args.file.is_fifo():
        feed_pipe(args.file, [p.data for p in made])
    else:
        write_pcap(args.file, [p.data for p in made])


def main():
    try:
        run(parse_args())
    except (OSError, ValueError) as error:
        sys.exit(f"packets.py: {error}")


if __name__ == "__main__":
    main()
