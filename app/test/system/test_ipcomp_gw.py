# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""examples/ipcomp_gw: what it packs others take for IPComp, and it comes back as it was."""

import collections
import itertools
import os
import re
import shutil
import signal
import struct
import subprocess
import threading
import time
import zlib

import pytest

import gateway
from gateway import Gateway, counters, pcap_port
from harness import HANG_S, TOP, full, run, scope
from packets import (COMP, ETH_IPV4, ETH_IPV6, FRAGMENT, PCAP_HEADER, TCP, UDP, Maker, ethernet,
                     ipcomp, ipv4, ipv6, ones_sum, pcap_record, read_pcap, tcp, udp, write_pcap)

STOP = ["--idle-stop", "400"]
# Not for alignment: headers in packets are where they are.
SANITIZE = "-fsanitize=address,undefined -fno-sanitize=alignment -fno-sanitize-recover=all -g"


@pytest.fixture(scope="session")
def binary(tmp_path_factory):
    return gateway.build(tmp_path_factory.mktemp("gateway"))


@pytest.fixture
def run_gateway(binary, tmp_path):
    """Sends frames through a gateway: what came out, and what it counted."""
    def run_it(eal, frames, options, binary_=None):
        source, target = tmp_path / "in.pcap", tmp_path / "out.pcap"
        write_pcap(source, frames)
        result = Gateway(binary_ or binary, eal, [pcap_port(0, source, target)],
                         [*options, *STOP]).wait()
        assert result.rc == 0, str(result)
        assert "lost" not in result.err, str(result)
        return read_pcap(target), counters(result), result
    return run_it


def by_flow(packets):
    flows = {}
    for packet in packets:
        flows.setdefault(packet.flow, []).append(packet.data)
    return flows


def flow_of(maker_packets):
    """From the frames that a gateway may send to the flow of the packet that they are."""
    return {packet.data: packet.flow for packet in maker_packets}


def balance(result, count):
    """Each packet is somewhere."""
    dropped = sum(float(line.split()[1]) for line in result.out.splitlines()
                  if line.startswith("dropped_"))
    assert count("received") == count("sent") + dropped + count("reassembled"), str(result)
    return dropped


# A pipeline of two lanes, a receiver and a sender, on two CPUs.
PIPELINE = "0@0,1@0,2@1,3@0,4@1"


@pytest.mark.parametrize("mode", ["rtc", "pipeline"])
def test_there_and_back(emulator, run_gateway, mode):
    """12000 packets of all kinds: restored byte by byte, in order, and only what is malformed is
    missing. With two lanes the order is that of each flow."""
    maker = Maker(mode)
    made = maker.mix(12000)
    eal = gateway.device_eal(emulator(), "0,1" if mode == "rtc" else PIPELINE)
    extra = [] if mode == "rtc" else ["--pipeline"]

    packed, count, result = run_gateway(eal, [p.data for p in made], ["--compress", "0:0", *extra])
    bad = [p for p in made if p.kind in maker.MALFORMED]
    assert ("on 1 queue pair, run to" if mode == "rtc" else "on 2 queue pairs, pipe") in result.out
    assert count("received") == 12000
    assert balance(result, count) == len(bad) > 100, str(result)
    assert count("dropped_checksum") == sum(p.kind == "bad_sum" for p in bad)
    assert count("compressed") > 6000, str(result)
    # Nothing is larger than before, and the most of it is smaller.
    assert sum(map(len, packed)) < 0.8 * sum(len(p.data) for p in made)

    plain, count, result = run_gateway(eal, packed, ["--restore", "0:0", *extra])
    assert count("restored") > 6000 and balance(result, count) == 0, str(result)
    good = [p for p in made if p.kind not in maker.MALFORMED]
    if mode == "rtc":
        assert plain == [p.data for p in good]
        return
    flows = flow_of(good)
    arrived = {}
    for frame in plain:
        arrived.setdefault(flows[frame], []).append(frame)
    assert arrived == by_flow(good)


def test_kinds(emulator, run_gateway):
    """What is compressed and what is not, and that each header says what it should."""
    maker = Maker("kinds")
    kinds = maker.SOUND
    made = [maker.make(kind) for kind in kinds]
    packed, count, result = run_gateway(emulator().eal(), [p.data for p in made],
                                        ["--compress", "0:0"])
    assert len(packed) == len(made), str(result)
    touched = {p.kind for p, frame in zip(made, packed) if frame != p.data}
    assert touched == {"text", "text6", "large", "jumbo", "options", "vlan", "qinq", "hop_by_hop",
                       "routed", "destination", "destination_first"}
    for packet, frame in zip(made, packed):
        if frame != packet.data:
            check_packed(packet, frame)
    assert count("passed_expanded") == 1 and count("passed_small") == 1
    assert count("passed_fragment") == 2 and count("passed_trailer") == 1
    assert count("passed_not_ip") == 3


# Where the payload is, in bytes behind the IP header.
IPV4_OPTIONS = {"options": 8}
IPV6_EXTENSIONS = {"hop_by_hop": 16, "routed": 16, "destination_first": 16}


def check_packed(packet, frame):
    """By the eyes of this file and of zlib, not by the gateway's own."""
    kind, plain = packet.kind, packet.data
    ip = 14 + {"vlan": 4, "qinq": 8}.get(kind, 0)
    if frame[ip] >> 4 == 4:
        payload = ip + 20 + IPV4_OPTIONS.get(kind, 0)
        names_it = ip + 9
        assert struct.unpack_from(">H", frame, ip + 2)[0] == len(frame) - ip
        assert ones_sum(frame[ip:payload]) == 0xFFFF
        same = [slice(0, ip + 2), slice(ip + 4, ip + 9), slice(ip + 12, payload)]
    else:
        payload = ip + 40 + IPV6_EXTENSIONS.get(kind, 0)
        names_it = ip + 6 if payload == ip + 40 else payload - 8
        if kind == "hop_by_hop":
            names_it = ip + 40
        assert struct.unpack_from(">H", frame, ip + 4)[0] == len(frame) - ip - 40
        same = [slice(0, ip + 4), slice(ip + 7, names_it), slice(names_it + 1, payload)]
    for part in same:
        assert frame[part] == plain[part], kind
    assert frame[names_it] == COMP
    assert frame[payload:payload + 4] == bytes([plain[names_it], 0, 0, 2]), kind
    assert zlib.decompress(frame[payload + 4:], -15) == plain[payload:], kind


def test_wireshark_reads_it(emulator, run_gateway, tmp_path):
    """tshark finds IPComp, and in it the ports and payload that went in."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    maker = Maker("wireshark", sizes=[400, 900, 1400])
    made = maker.mix(400, kinds=["text", "text6", "options", "vlan", "hop_by_hop", "routed",
                                 "destination"], malformed=0)
    packed, count, _ = run_gateway(emulator().eal(), [p.data for p in made],
                                   ["--compress", "0:0"])
    assert count("compressed") == 400
    write_pcap(tmp_path / "packed.pcap", packed)
    fields = ["ip.checksum.status", "ipcomp.cpi", "tcp.srcport", "udp.srcport", "udp.length",
              "_ws.malformed"]
    out = subprocess.run(
        ["tshark", "-r", tmp_path / "packed.pcap", "-o", "ip.check_checksum:TRUE", "-T", "fields",
         "-E", "separator=;", *(w for f in fields for w in ("-e", f))],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    rows = [row.split(";") for row in out.splitlines()]
    assert len(rows) == 400
    for packet, (ip_sum, cpi, tcp_port, udp_port, udp_length, malformed) in zip(made, rows):
        assert int(cpi, 0) == 2 and malformed == "", (packet.kind, cpi, malformed)
        assert ip_sum in ("", "1"), packet.kind
        assert (tcp_port, udp_port) in (("80", ""), ("", "5000")), packet.kind
        if udp_port:
            assert udp_length == str(struct.unpack_from(">H", packet.data, packet.data.find(
                struct.pack(">HH", 5000, 4000)) + 4)[0])


def test_what_others_packed(emulator, run_gateway):
    """zlib's streams, stored and fixed blocks too; flags of the header are ignored."""
    maker = Maker("others")
    inner = tcp(maker.prose(1200), 1)
    stored = zlib.compressobj(0, zlib.DEFLATED, -15)
    fixed = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
    payloads = [ipcomp(TCP, inner), ipcomp(TCP, inner, flags=0xFF),
                struct.pack(">BBH", TCP, 0, 2) + stored.compress(inner) + stored.flush(),
                struct.pack(">BBH", TCP, 0, 2) + fixed.compress(inner) + fixed.flush()]
    frames = [ethernet(ETH_IPV4, ipv4(1, COMP, p)) for p in payloads]
    frames += [ethernet(ETH_IPV6, ipv6(1, COMP, p)) for p in payloads]
    # A short datagram that the wire has padded.
    short = udp(b"a" * 400)
    frames.append(ethernet(ETH_IPV4, ipv4(1, COMP, ipcomp(UDP, short))).ljust(60, b"\0"))
    plain, count, result = run_gateway(emulator().eal(), frames, ["--restore", "0:0"])
    assert count("restored") == 9, str(result)
    assert plain == [ethernet(ETH_IPV4, ipv4(1, TCP, inner))] * 4 \
        + [ethernet(ETH_IPV6, ipv6(1, TCP, inner))] * 4 + [ethernet(ETH_IPV4, ipv4(1, UDP, short))]


def test_bad_packed_packets(emulator, run_gateway):
    """Dropped and counted by reason; what is around them gets through."""
    maker = Maker("bad")
    good = ethernet(ETH_IPV4, ipv4(1, COMP, ipcomp(UDP, udp(maker.prose(800)))))
    cut = ipcomp(UDP, udp(maker.prose(800)))[:-40]
    bomb = ipcomp(UDP, bytes(60000))
    payloads = {"dropped_ipcomp": [b"", b"\x11\0\0", b"\x11\0\0\2"],
                "dropped_data": [cut, struct.pack(">BBH", UDP, 0, 2) + b"\xff" * 300],
                "dropped_long": [bomb]}
    frames = [good]
    for bad in payloads.values():
        for payload in bad:
            frames += [ethernet(ETH_IPV4, ipv4(1, COMP, payload)), good]
            frames += [ethernet(ETH_IPV6, ipv6(1, COMP, payload)), good]
    plain, count, result = run_gateway(emulator().eal(), frames, ["--restore", "0:0"])
    assert len(plain) == count("restored") == 13 and len(set(plain)) == 1, str(result)
    for name, bad in payloads.items():
        assert count(name) == 2 * len(bad), f"{name}: {result}"


def cut_ipv4(flow, payload, sizes, ident):
    frames, at = [], 0
    for size in [*sizes, len(payload) - sum(sizes)]:
        more = 0x2000 if at + size < len(payload) else 0
        frames.append(ethernet(ETH_IPV4, ipv4(flow, COMP, payload[at:at + size], ident=ident,
                                              fragment=more | at // 8)))
        at += size
    return frames


def cut_ipv6(flow, payload, sizes, ident):
    frames, at = [], 0
    for size in [*sizes, len(payload) - sum(sizes)]:
        more = int(at + size < len(payload))
        header = struct.pack(">BBHI", COMP, 0, at | more, ident)
        frames.append(ethernet(ETH_IPV6, ipv6(flow, FRAGMENT, header + payload[at:at + size])))
        at += size
    return frames


def test_fragments_of_packed_packets(emulator, run_gateway):
    """They become whole before they are restored, in any order; what is not whole is lost."""
    maker = Maker("fragments")
    inner = udp(maker.prose(3000))
    packed = ipcomp(UDP, inner)
    frames = cut_ipv4(1, packed, [400, 200], 1) + cut_ipv6(1, packed, [800], 2)
    frames += cut_ipv4(1, packed, [400], 3)[::-1]
    frames += cut_ipv4(2, packed, [400, 400], 4)[:2]
    plain, count, result = run_gateway(emulator().eal(), frames, ["--restore", "0:0"])
    whole = ipv4(1, UDP, inner, fragment=0)
    assert [frame[20:] for frame in plain if frame[12:14] == b"\x86\xdd"] == \
        [ipv6(1, UDP, inner)[6:]], str(result)
    fours = [frame for frame in plain if frame[12:14] == b"\x08\0"]
    assert [frame[34:] for frame in fours] == [whole[20:]] * 2, str(result)
    assert all(ones_sum(frame[14:34]) == 0xFFFF for frame in fours)
    assert count("restored") == 3 and count("dropped_fragment") == 2, str(result)
    balance(result, count)


def test_two_ways_at_once(emulator, binary, tmp_path):
    """One process compresses for one port and restores for another."""
    made = Maker("ways").mix(600, malformed=0)
    packed = [ethernet(ETH_IPV4, ipv4(1, COMP, ipcomp(UDP, udp(b"data" * n)))) for n in
              range(50, 250)]
    write_pcap(tmp_path / "plain", [p.data for p in made])
    write_pcap(tmp_path / "packed", packed)
    ports = [pcap_port(0, tmp_path / "plain", tmp_path / "out0"),
             pcap_port(1, tmp_path / "packed", tmp_path / "out1")]
    result = Gateway(binary, emulator().eal(), ports,
                     ["--compress", "0:1", "--restore", "1:0", *STOP]).wait()
    assert result.rc == 0, str(result)
    assert len(read_pcap(tmp_path / "out1")) == 600
    assert read_pcap(tmp_path / "out0") == [
        ethernet(ETH_IPV4, ipv4(1, UDP, udp(b"data" * n))) for n in range(50, 250)]


class Feed(threading.Thread):
    """Writes frames into a pipe that a port reads as a file, some at a time."""

    def __init__(self, path):
        super().__init__(daemon=True)
        os.mkfifo(path)
        self.path = path
        self.batches = []
        self.more = threading.Semaphore(0)
        self.start()

    def run(self):
        with open(self.path, "wb", buffering=0) as pipe:
            pipe.write(PCAP_HEADER)
            while True:
                self.more.acquire()
                batch = self.batches.pop(0)
                if batch is None:
                    return
                for at in range(0, len(batch), 64):
                    pipe.write(b"".join(map(pcap_record, batch[at:at + 64])))
                    time.sleep(0.005)

    def put(self, batch):
        self.batches.append(batch)
        self.more.release()


def wait_received(gateway_, least):
    """Until its statistics, which it prints each second, count so many packets."""
    end = time.monotonic() + HANG_S
    while max([0, *(count("received") for count in gateway_.reports())]) < least:
        assert gateway_.process.poll() is None and time.monotonic() < end, str(gateway_.result())
        time.sleep(0.05)


def is_used_again(reports):
    """Did the device do all that there was, from one report to the next?"""
    if len(reports) < 2:
        return False
    done, without = zip(*((count("compressed", "restored"),
                           count("passed_failed", "passed_no_device", "restored_software"))
                          for count in reports[-2:]))
    return done[0] < done[1] and without[0] == without[1]


def addresses(frame):
    """Of a frame without tags, which neither way changes."""
    return frame[26:34] if frame[12:14] == b"\x08\0" else frame[22:54]


def in_pairs(sent, out, mode):
    """Each packet with what came out for it. With two lanes the order is that of each flow."""
    if mode == "rtc":
        return list(zip(sent, out))
    arrived = {}
    for frame in out:
        arrived.setdefault(addresses(frame), []).append(frame)
    assert {flow: len(frames) for flow, frames in arrived.items()} == \
        collections.Counter(map(addresses, sent))
    flows = {flow: iter(frames) for flow, frames in arrived.items()}
    return [(frame, next(flows[addresses(frame)])) for frame in sent]


@pytest.mark.parametrize("mode", ["rtc", "pipeline"])
@pytest.mark.parametrize("way", ["compress", "restore"])
def test_killed_emulator(emulator, binary, tmp_path, way, mode):
    """Packets that the device had, and those of the time without it, are not lost: they go as
    they are, or are restored by the gateway. When it is back it is used again, by all lanes."""
    maker = Maker("killed", sizes=[400, 900])
    frames = [p.data for p in maker.mix(7000, kinds=["text", "text6"], malformed=0)]
    plain_of = {}
    if way == "restore":
        payloads = [udp(b"%5d" % n * 80) for n in range(7000)]
        frames = [ethernet(ETH_IPV4, ipv4(n % 50, COMP, ipcomp(UDP, payload)))
                  for n, payload in enumerate(payloads)]
        plain_of = {frame: ethernet(ETH_IPV4, ipv4(n % 50, UDP, payload))
                    for n, (frame, payload) in enumerate(zip(frames, payloads))}
    source, sent = itertools.cycle(frames), []
    emu = emulator()
    feed = Feed(tmp_path / "feed")
    eal = gateway.device_eal(emu, "0,1" if mode == "rtc" else PIPELINE, f"reconnect={HANG_S}")
    one = Gateway(binary, eal, [pcap_port(0, feed.path, tmp_path / "out")],
                  [f"--{way}", "0:0", "--stats", "1", "--idle-stop", "2000",
                   *([] if mode == "rtc" else ["--pipeline"])])

    def send(n):
        batch = list(itertools.islice(source, n))
        sent.extend(batch)
        feed.put(batch)

    try:
        send(2000)
        wait_received(one, 1)
        # Stopped first, so that there is something in flight when it is killed.
        emu.signal(signal.SIGSTOP)
        send(200)
        wait_received(one, 2001)
        emu.signal(signal.SIGKILL)
        emu.process.wait(HANG_S)
        send(1800)
        one.wait_output("the connection is lost", where="stderr")
        emu.start()
        # A port that reads a pipe waits in there, and its lcore with it: something has to come.
        end, since = time.monotonic() + HANG_S, None
        while since is None or not is_used_again(one.reports()[since:]):
            assert one.process.poll() is None and time.monotonic() < end, str(one.result())
            if since is None and "connected again" in one.stderr():
                since = len(one.reports())
            send(10)
            time.sleep(0.1)
        send(1000)
        feed.put(None)
        result = one.wait()
    finally:
        one.kill()
    assert result.rc == 0, str(result)
    count, out = counters(result), read_pcap(tmp_path / "out")
    assert count("received") == count("sent") == len(sent) == len(out), str(result)
    pairs = in_pairs(sent, out, mode)
    if way == "compress":
        assert count("passed_failed") > 0, str(result)
        assert count("compressed", "passed_failed", "passed_no_device") == len(sent), str(result)
        for plain, frame in pairs:
            assert frame in (plain, pack_of(plain, frame))
        assert all(frame != plain for plain, frame in pairs[-1000:])
    else:
        assert count("restored_software") > 0 and count("restored") > 1000, str(result)
        assert all(frame == plain_of[packed] for packed, frame in pairs)


def pack_of(plain, frame):
    """The frame, if it is the plain one compressed."""
    at = 34 if plain[12:14] == b"\x08\0" else 54
    try:
        return frame if zlib.decompress(frame[at + 4:], -15) == plain[at:] else None
    except zlib.error:
        return None


def test_signals(emulator, binary, tmp_path):
    """Ctrl-C in the middle of traffic that does not end: all that was received is sent."""
    frames = [p.data for p in Maker("signals").mix(300, malformed=0)]
    write_pcap(tmp_path / "in", frames)
    for lcores, extra in [("0,1", []), (PIPELINE, ["--pipeline"])]:
        port = f"--vdev=net_pcap0,rx_pcap={tmp_path}/in,infinite_rx=1"
        one = Gateway(binary, gateway.device_eal(emulator(), lcores), [port],
                      ["--compress", "0:0", "--stats", "1", *extra])
        try:
            one.wait_output("compressed")
            one.process.send_signal(signal.SIGINT)
            result = one.wait()
        finally:
            one.kill()
        count = counters(result)
        assert result.rc == 0 and count("received") == count("sent") > 0, str(result)


@pytest.mark.parametrize("words, why", [
    ([], "--compress or --restore is needed"),
    (["--compress", "0"], "--compress 0: expected: IN:OUT"),
    (["--compress", "0:0", "--restore", "0:0"],
     "--restore 0:0: expected: IN:OUT, numbers of ports; each IN once"),
    (["--compress", "0:7"], "no port 7, EAL has 1; is its --vdev or -a given"),
    (["--compress", "0:0", "--device", "compress_none"], "no compressdev compress_none"),
    (["--compress", "0:0", "--depth", "8"], "--depth 8: expected: 32 to 16384"),
    (["--compress", "0:0", "--threshold", "x"], "--threshold x: expected: 5 to 65000"),
    (["--compress", "0:0", "--rest", "8"], "--rest 8: expected: I:K"),
    (["--compress", "0:0", "--idle-stop", "-1"], "--idle-stop -1: expected: 0 to"),
    (["--compress", "0:0", "--pipeline"], "4 lcores are needed"),
    (["--compress", "0:0", "--spare-queue-pairs", "1000"],
     "queue pairs, and 1001 are needed: use a smaller --spare-queue-pairs"),
    (["--compress", "0:0", "--level", "0"], "does not compress to raw deflate"),
    (["--compress", "0:0", "word"], "only options may follow"),
])
def test_refusals(emulator, binary, tmp_path, words, why):
    write_pcap(tmp_path / "in", [])
    result = Gateway(binary, emulator().eal(), [pcap_port(0, tmp_path / "in", tmp_path / "out")],
                     words).wait()
    assert result.rc == 1 and why in result.err, str(result)


@pytest.mark.parametrize("words", [["--help"], ["-l", "0", "--", "--help"]])
def test_help(binary, words):
    """Behind -- its own, without EAL; in front of it behind EAL's, as of any DPDK application."""
    result = run([binary, *words])
    assert result.rc == 0 and "--compress IN:OUT" in result.out, str(result)
    assert ("--vfio-intr" in result.out) == (len(words) == 1), str(result)
    assert "EAL: " not in result.out + result.err or len(words) == 1, str(result)


@pytest.mark.parametrize("words, status, why", [
    (["--help"], 0, "--check"),
    (["--check", "{dir}/missing", "10"], 1, "No such file"),
    (["--check", "/bin/sh", "10"], 1, "is not a pcap file"),
    (["--check", "{dir}/cut", "10"], 1, "packet 9 is cut"),
    (["{dir}/missing/file", "10"], 1, "No such file"),
    (["file", "many"], 2, "COUNT"),
])
def test_packets_tool(tmp_path, words, status, why):
    """The guides' maker of packets, as one types it."""
    write_pcap(tmp_path / "cut", [bytes(60)] * 10)
    os.truncate(tmp_path / "cut", os.path.getsize(tmp_path / "cut") - 1)
    result = run(["/usr/bin/python3", TOP / "app/test/system/packets.py",
                  *(word.replace("{dir}", str(tmp_path)) for word in words)])
    assert result.rc == status and why in result.out + result.err, str(result)
    assert status != 1 or len(result.err.splitlines()) == 1, str(result)


def test_rates(emulator, binary, tmp_path):
    """The same gateway on three drivers, one after the other: a table to look at."""
    frames = [p.data for p in Maker("rates").mix(10000, malformed=0)] * scope(1, 8)
    write_pcap(tmp_path / "in", frames)
    port = pcap_port(0, tmp_path / "in")
    emu = emulator(options=["--cpus", "1"])
    rows = []
    for driver in ["compress_hisi_zip", "compress_isal", "compress_zlib"]:
        eal = gateway.device_eal(emu, "0@0,1@0") if driver == "compress_hisi_zip" else \
            gateway.software_eal(driver, "0@0,1@0")
        result = Gateway(binary, eal, [port],
                         ["--compress", "0:0", "--device", driver, *STOP]).wait()
        assert result.rc == 0, str(result)
        count = counters(result)
        assert count("compressed") > 0 and count("sent") == len(frames), str(result)
        rows.append(f"{driver:<18} {count('packets_per_s'):>9.0f} packets/s "
                    f"{count('plain_gbit_per_s'):>7.3f} Gbit/s  ratio {count('ratio'):.2f}")
    print("\n".join(rows))


@pytest.mark.skipif(not full(), reason="long: only with --all")
@pytest.mark.parametrize("way", ["compress", "restore"])
def test_damaged_frames(emulator, run_gateway, tmp_path_factory, dice, way):
    """Any frame at all, under sanitizers: each is somewhere in the end."""
    maker = Maker(dice.random())
    frames = []
    for packet in maker.mix(12000):
        frame = bytearray(packet.data)
        if way == "restore" and frame[12:14] == b"\x08\0" and len(frame) > 60:
            frame = bytearray(ethernet(ETH_IPV4, ipv4(1, COMP, ipcomp(UDP, bytes(frame[34:])))))
        for _ in range(dice.randrange(4)):
            frame[dice.randrange(len(frame))] = dice.randrange(256)
        if dice.random() < 0.1:
            frame = frame[:dice.randrange(1, len(frame))]
        # The sum right again: what it protects is what is to be looked at.
        if frame[12:14] == b"\x08\0" and len(frame) >= 34 and dice.random() < 0.8:
            length = min(max(4 * (frame[14] & 15), 20), len(frame) - 14) & ~1
            frame[24:26] = b"\0\0"
            frame[24:26] = struct.pack(">H", 0xFFFF ^ ones_sum(bytes(frame[14:14 + length])))
        frames.append(bytes(frame))
    sanitized = gateway.build(tmp_path_factory.mktemp("sanitized"), SANITIZE)
    _, count, result = run_gateway(emulator().eal(), frames, [f"--{way}", "0:0"], sanitized)
    assert count("received") == len(frames) and not re.search("ERROR|runtime", result.err)
    balance(result, count)
