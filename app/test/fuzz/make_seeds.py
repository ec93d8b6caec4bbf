#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Write the seeds of the fuzz targets: short stories, one for each thing that a target knows to do.

usage: make_seeds.py [FOLDER]

FOLDER (seeds beside this file) gets a folder per target. What is in a seed is what the target's
source reads, in that order. Other files there, regressions, stay as they are: regression-*.
"""

import struct
import sys
from pathlib import Path

(EMPTY, FILE, LARGE, ODD, SEALED, SHORT, SPARSE, READ_ONLY, PATH, EVENT, FULL, PIPE,
 FOLDER) = range(13)


def u16(value):
    return struct.pack("<H", value & 0xffff)


def u32(value):
    return struct.pack("<I", value & 0xffffffff)


# ---- vfio_user_version: a choice, then the text ----

def version_seeds():
    caps = ('{"capabilities":{"max_msg_fds":%s,"max_data_xfer_size":%s,"max_dma_maps":%s,'
            '"pgsizes":%s,"write_multiple":%s}}')
    texts = {
        "all": caps % (16, 1048576, 65535, 4096, "true"),
        "large": caps % (1024, 1 << 33, 1 << 40, 1 << 63, "false"),
        "negative": caps % (-1, 1, 1, 1, "true"),
        "types": caps % ('"1"', 1, 1, 1, 3),
        "private": '{"capabilities":{"x-hisi-accel":{"a":[1,2,"/\\u0000"]}}}',
        "private-type": '{"capabilities":{"x-hisi-accel":3}}',
        "not-object": "[1]",
        "caps-not-object": '{"capabilities":7}',
        "none": "{}",
        "deep": '{"a":' * 10 + "1" + "}" * 10,
        "many-fds": '{"capabilities":{"max_msg_fds":1025}}',
        "write-multiple-type": '{"capabilities":{"write_multiple":1}}',
        "key": "x-hisi_accel0",
    }
    seeds = {name: b"\xff" + text.encode() + b"\0" for name, text in texts.items()}
    seeds["no-nul"] = b"\x01{}"
    seeds["early-nul"] = b"\x01{\0}\0"
    seeds["no-private"] = b"\x80" + texts["private"].encode() + b"\0"
    return seeds


# ---- vfio_user_server: steps ----

def message(choice=0, fds=()):
    """How a message goes out: a choice, then its descriptors."""
    count = len(fds) if len(fds) < 3 else 225 + len(fds)
    return bytes([choice, count, *fds])


def dma_map(flags, page, pages, fds=(FILE,), offset=0, keep=0):
    return bytes([5 | keep, flags | offset << 4, page, pages]) + message(fds=fds)


def dma_use(page, length, access, add=0):
    return bytes([9, page, add]) + u16(length) + bytes([access])


def access(region, offset, count, write=False, data=b"", keep=0):
    return bytes([2 | keep, region, write]) + u32(offset) + u16(count) + data + message()


def set_irqs(choice, index, start, count, fds=(), data=b"\1" * 8):
    return bytes([7, choice, index, start, count]) + data + message(fds=fds)


def server_seeds():
    plain = b"\0\0" + message()          # a client without the private key
    private = b"\0\1" + message()
    eventfd = 8                          # DATA_EVENTFD | ACTION_TRIGGER in the target's choice
    seeds = {
        "questions": plain + b"".join(bytes([0, 64, i * 9]) + message() for i in range(28)),
        "questions-private": private + b"".join(
            bytes([0, argsz, index]) + message() for index in (9, 11, 10) for argsz in (48, 32, 8)),
        "refused": b"\0\2" + message(),
        "other-version": b"\0\xf4" + message(),
        "maps": plain + dma_map(7, 1, 4) + dma_map(3, 5, 4, (LARGE,))
        + dma_map(5, 9, 1, (READ_ONLY,))
        + dma_map(7, 1, 4) + dma_map(7, 2, 4) + dma_map(0, 20, 1, ()) + dma_use(1, 20000, 3)
        + dma_use(4, 8192, 1) + dma_use(20, 10, 1) + b"\6\0\1\x08" + message() + b"\6\2\0\0"
        + message(),
        "maps-odd": plain + b"".join(
            dma_map(7, 2 * i, 1, (kind,)) for i, kind in enumerate(
                (EMPTY, ODD, SPARSE, READ_ONLY, PATH, EVENT, PIPE, FOLDER)))
        + dma_map(12, 30, 1) + dma_map(3, 0xff, 1) + dma_map(3, 0xf0, 1) + dma_use(0xf0, 4096, 3)
        + dma_map(7, 40, 0xf0) + b"\0" * 8,
        "unmaps": plain + b"".join(dma_map(7, i * 2, 1, (LARGE,), i) for i in range(8))
        + b"\6\0\2\1" + message() + b"\6\0\0\x14" + message() + b"\6\1\0\1" + message()
        + dma_map(7, 30, 8, (LARGE,)) + b"\6\0\x1f\1" + message() + b"\6\2\0\0" + message(),
        "truncated": plain + dma_map(7, 1, 16) + dma_use(1, 60000, 3)
        + bytes([0x1d, 0]) + u16(4096) + dma_use(1, 60000, 3) + dma_use(1, 60000, 0),
        "accesses": private + b"".join(
            access(region, 0x40, 8) + access(region, 0x48, 8, True, b"\1" * 8)
            for region in (2, 4, 7, 9, 10, 11, 12)) + access(2, 0xfffe, 4) + access(2, 3, 4)
        + access(2, 0, 0) + access(2, 0, 200, True),
        "blocked": plain + b"".join(access(2, 0, 0xffff, keep=0x40) for _ in range(8))
        + b"\x1e" + b"\0\x20\0" + message(),
        "irqs": plain + set_irqs(eventfd, 1, 0, 4, (EVENT,) * 4) + b"\x0a\1\0\x0a\1\5"
        + set_irqs(6, 1, 0, 4) + set_irqs(7, 1, 0, 4) + set_irqs(6, 1, 0, 0)
        + set_irqs(eventfd, 1, 0, 1, (PIPE,)) + set_irqs(eventfd, 1, 0, 2, (FULL, EVENT))
        + b"\x0a\1\0" + set_irqs(eventfd, 1, 0, 2) + set_irqs(0xff, 1, 0, 2),
        "irq-masks": plain + set_irqs(eventfd, 5, 0, 2, (EVENT, EVENT)) + set_irqs(0, 5, 0, 1)
        + b"\x0a\5\0" + set_irqs(3, 5, 0, 1) + set_irqs(eventfd, 6, 0, 2, (EVENT, EVENT))
        + b"\x0a\6\0\x0a\6\0" + set_irqs(4, 6, 0, 2) + set_irqs(2, 5, 0, 1) + set_irqs(0, 3, 0, 1)
        + b"\x0a\7\7",
        "write-multi": private + bytes([8, 3, 0]) + b"".join(
            u16(offset) + bytes([region, count]) + b"\5" * 8
            for offset, region, count in ((0x10, 2, 4), (0, 11, 8), (3, 2, 9))) + message()
        + bytes([8, 2, 0xff]) + b"\xff" * 8 + b"\0" * 24 + message(),
        "flags": plain + b"".join(bytes([0, 64, 0xc0]) + message(choice) for choice in range(8)),
        "cut": plain + b"\x85\7\1\1" + bytes([0xe0, 100, 1, FILE]) + b"\0\x20\x10" + message(),
        "size": plain + bytes([0, 32, 2, 0xf0]) + u32(0xffffff00) + b"\0",
        "raw": b"\1" + bytes([4]) + u16(20) + struct.pack("<HHIII", 1, 1, 20, 0, 0) + b"\0" * 4
        + b"\0\4" + u16(16) + struct.pack("<HHIII", 1, 14, 16, 0, 0) + b"\0",
        "any": plain + b"".join(bytes([3, command, 0]) + message() for command in range(20)),
        "again": plain + dma_map(7, 1, 4) + set_irqs(eventfd, 1, 0, 4, (EVENT,) * 4) + b"\x1f"
        + b"\1\1" + message() + b"\1\1" + message() + b"\x1f" + access(2, 0, 8),
        "early": b"\1" + b"\0\x20\xc0" + message() + dma_map(7, 1, 1)
        + dma_map(7, 1, 1, (FILE,) * 20),
    }
    return seeds


# ---- vfio_user_client: a mood for each message sent, an answer for each one that wants one ----

HONEST = b"\0\0"
# In the order of the target's calls.
(VERSION, INFO, REGION7, REGION8, REGION9, IRQ_INFO, DMA_MAP, DMA_MAP_NO_FD, SET_IRQS, SET_IRQS_2,
 UNSET_IRQS, TRIGGER, DISABLE, READ, WRITE, POSTED, READ_2, WRITE_2, POSTED_2, UNMAP, UNMAP_ALL,
 RESET) = range(22)


def lie(at, how, *details, mood=0):
    return HONEST * at + bytes([mood, how]) + b"".join(details)


def sparse(*areas):
    return struct.pack("<HHIII", 1, 1, 0, len(areas), 0) + b"".join(
        struct.pack("<QQ", *area) for area in areas)


def region(flags, size, caps=b"", argsz=None, index=9, offset=0, cap_offset=32):
    body = struct.pack("<IIIIQQ", 32 + len(caps) if argsz is None else argsz, flags, index,
                       cap_offset if caps else 0, size, offset) + caps
    return bytes([len(body)]) + body


def client_seeds():
    one_fd = 0x12
    loop = struct.pack("<HHI", 7, 1, 32)
    type_cap = struct.pack("<HHIII", 2, 1, 48, 1, 2)
    seeds = {
        "honest": b"\0",
        "regions": lie(REGION8, one_fd, region(7, 65536, index=8), bytes([1, SHORT]))
        + lie(0, one_fd, region(0xf, 65536, sparse((0, 4096), (8192, 4096))), bytes([1, FILE])),
        # INFO to REGION9 again in each round of the target's calls.
        "region-caps": b"".join(
            lie(REGION9 - (at != 0), one_fd, region(0xf, 4096, caps), bytes([1, SEALED]))
            + HONEST * 17 for at, caps in enumerate((
                loop, sparse((4096, 4096)), type_cap + type_cap[:4] + b"\0" * 12))),
        "region-longer": lie(REGION9, 2, region(1, 4096, argsz=6000)) + HONEST * 18
        + lie(REGION9 - 1, 2, region(1, 4096, argsz=1 << 20)),
        "region-map": lie(REGION8, one_fd, region(7, 4096, index=8), bytes([1, FILE]))
        + lie(0, one_fd, region(7, 8192), bytes([1, SHORT])) + HONEST * 17
        + lie(REGION8, one_fd, region(6, 100, index=8), bytes([1, SEALED])),
        "fds": lie(INFO, 0x10, bytes([2, FILE, EVENT])) + lie(0, 0x10, bytes([225 + 20])
                                                            + bytes(20)),
        "errors": b"".join(lie(1, 3, bytes([error])) for error in (0, 1, 19, 104, 110, 71, 22, 95))
        + lie(0, 3, b"\xff" + u32(5000)),
        "silence": lie(INFO, 4) + lie(0, 0x80) + lie(0, 4) * 3 + lie(2, 0),
        "silent-for-ever": lie(INFO, 4) * 30,
        "refused": lie(VERSION, 3, b"\1"),
        "no-version": lie(VERSION, 2, b"\2\0\0"),
        "other-version": lie(VERSION, 1, b"\0\0\1"),
        "no-fds": lie(VERSION, 2, b"\x2b\0\0\0\0"
        + b'{"capabilities":{"max_msg_fds":0}}\0'.ljust(39, b" ")),
        "requests": lie(INFO, 0x20, b"\x0b\4abcd\0\0") + lie(1, 0x20, b"\x0c\0\x10\0") + HONEST,
        "early-request": lie(VERSION, 0x20, b"\x0b\0\0\0"),
        "raw": lie(INFO, 5, b"\5\0abcde") + lie(0, 7, b"\x10\0" + struct.pack(
            "<HHIII", 9, 9, 16, 1, 0)) + lie(0, 0x40, u32(0xfffffff0)) + lie(0, 6),
        "changed": b"".join(lie(0, 1, b"\3\0\x11\4\x12\x08\x13\x0c\x14") for _ in range(12)),
        "full": lie(DMA_MAP, 0, mood=0)[:-2] + b"\xff\xff\xfe\0\xfe\0\0" + b"\xfe\0\0\0" * 12
        + b"\xff" * 10,
        "posted": lie(POSTED, 8) + lie(0, 2, b"\4abcd") + lie(0, 2, b"\xff"),
        "headers": lie(INFO, 0xc0, struct.pack("<HHIII", 2, 4, 16, 1, 0))
        + lie(0, 0xc0, struct.pack("<HHIII", 3, 9, 48, 1, 0)),
    }
    return seeds


# ---- model_sqe: cases ----

RINGS, READ_AREA, WRITE_AREA, BOTH, SPLIT, TABLES, TOP, LARGE_AREA = range(8)
DEFLATE, ZLIB, GZIP, OTHER = range(4)


def at(area, offset=0):
    return bytes([area]) + u16(offset)


def near_end(area, back):
    return bytes([0xc0 + area]) + u16(back)


def large(units):
    return u16(0xfc00 | units)


def case(is_inflate, request, source, destination, capacity, length, pattern=b"hello fuzz ",
         drift=1, stream=0, plain=False, window=4, more=0, tail=b""):
    how = is_inflate | request << 1 | window << 3 | plain << 6
    tail_flag = 0x80 if tail and not more else 0
    return (bytes([how | tail_flag, more]) + source + destination + capacity + length
            + bytes([len(pattern) - 1, drift]) + pattern
            + (bytes([stream]) if is_inflate and not plain else b"") + tail)


def entries_of(entries, length, parity):
    """One list of (address, length): a number that tells how many, modulo 9 and by its parity."""
    count = len(entries) + (0 if len(entries) % 2 == parity else 9)
    return bytes([0, count]) + b"".join(where + length(size) for where, size in entries) + b"\0"


def sgl(*entries, odd=0):
    """Short entries; odd replaces the number for what it does to the head."""
    data = entries_of(entries, u16, 0)
    return data if odd == 0 else data[:1] + bytes([odd]) + data[2:]


def large_sgl(*entries):
    """Lengths in steps of 1040 bytes."""
    return entries_of(entries, large, 1)


def sqe_seeds():
    both, out = at(BOTH), at(BOTH, 16384)
    small = u16(3000)
    no_stream = (case(1, DEFLATE, both, out, small, u16(100), plain=True)
                 + case(1, DEFLATE, both, out, small, u16(0), plain=True)
                 + case(1, GZIP, at(SPLIT, 4090), out, small, u16(100), pattern=b"\xff",
                        plain=True))
    many = large_sgl((at(SPLIT), 20), (at(LARGE_AREA), 310))
    seeds = {
        "compress": b"\1" + b"".join(case(0, request, both, out, small, u16(2000), window=window)
                                     for request in (DEFLATE, ZLIB, GZIP) for window in (0, 3, 4)),
        "inflate": b"\1" + b"".join(case(1, request, both, out, small, u16(2000), stream=stream)
                                    for request in (DEFLATE, ZLIB, GZIP) for stream in (0, 1, 29)),
        "faults": b"\1" + case(0, DEFLATE, at(WRITE_AREA), out, small, u16(100))
        + case(0, DEFLATE, both, at(READ_AREA), small, u16(100))
        + case(0, DEFLATE, near_end(READ_AREA, 50), out, small, u16(100))
        + case(1, DEFLATE, both, near_end(WRITE_AREA, 50), small, u16(100)),
        "fault-stops": b"\0" + case(0, DEFLATE, at(WRITE_AREA), out, small, u16(100))
        + case(0, DEFLATE, both, at(READ_AREA), small, u16(100))
        + case(0, ZLIB, both, out, small, small),
        "split": b"\1" + case(0, GZIP, at(SPLIT, 100), at(SPLIT, 20000), u16(4900), u16(4900))
        + case(1, GZIP, at(SPLIT, 4000), at(SPLIT, 20000), u16(4900), u16(4900))
        + case(1, ZLIB, at(SPLIT, 4090), at(SPLIT, 20000), u16(100), u16(4900))
        + case(1, DEFLATE, at(SPLIT, 4090), at(SPLIT, 20000), u16(4900), u16(4000), stream=0xc3,
               tail=b"") + b"\x0a\0\x55",
        "large": b"\1"
        + case(0, DEFLATE, at(LARGE_AREA), at(LARGE_AREA, 40000), large(400), large(300))
        + case(1, GZIP, both, at(LARGE_AREA), large(900), large(700), drift=0)
        + case(1, GZIP, both, at(LARGE_AREA), large(300), large(700), drift=0),
        "large-noise": b"\1"
        + case(0, DEFLATE, at(LARGE_AREA), at(LARGE_AREA, 60000), large(3), large(300),
                                    pattern=bytes(range(64)), drift=0xfb),
        "no-room": b"\1" + case(0, DEFLATE, both, out, u16(20), u16(2000), pattern=bytes(range(64)))
        + case(1, DEFLATE, both, out, u16(300), u16(2000))
        + case(0, ZLIB, both, out, u16(10), u16(30))
        + case(0, GZIP, both, out, u16(19), u16(1), pattern=b"a"),
        "cut-stream": b"\1" + no_stream
        + case(1, GZIP, both, out, small, u16(100), pattern=b"\x03\x00",
                                  plain=True, drift=0)
        + case(1, DEFLATE, at(SPLIT, 4090), out, small, u16(60), pattern=b"\x00\xff\xff\x00\x00a",
               plain=True, drift=0),
        "bad-sum": b"\1" + b"".join(
            case(1, GZIP, both, out, small, u16(40), pattern=b"ab", drift=0, stream=0xc8)
            + u16(place) + b"\1" for place in (2, 5, 8, 10, 12)),
        "other": b"\1" + case(0, OTHER, both, out, small, u16(100))
        + case(0, DEFLATE, both, out, small,
                                                                         u16(0))
        + case(0, DEFLATE, both, out, small, u16(100), window=7)
        + case(0, DEFLATE, both, out, small, u16(100), tail=b"\0\7" + u32(1 << 26))
        + case(0, DEFLATE, both, out, small, u16(100), tail=b"\0\7" + u32(1 << 28)),
        "overlap": b"\1" + case(0, DEFLATE, both, at(BOTH, 50), small, u16(2000))
        + case(1, DEFLATE, both, at(BOTH, 10), small, u16(2000))
        + case(0, ZLIB, both, both, small, small),
        "rings": b"\1" + case(0, DEFLATE, both, at(RINGS), small, u16(900))
        + case(1, DEFLATE, both, at(RINGS, 8192), small, u16(900))
        + case(0, DEFLATE, at(RINGS), out, small, u16(900)),
        "top": b"\1" + case(0, DEFLATE, at(TOP, 1000), near_end(TOP, 1000), u16(1000), u16(3000))
        + case(0, DEFLATE, both, near_end(TOP, 1000), u16(1001), u16(100)),
        "wide": b"\1"
        + case(0, DEFLATE, both, out, b"\xff\xff" + u32(0x900000), b"\xfe\xff" + u32(0x900000))
        + case(0, DEFLATE, both, out, b"\xff\xff" + u32(0xffffffff), u16(100)),
        "lists": b"\1" + case(
            0, ZLIB, both, out, small, u16(2000), more=1,
            tail=sgl((both, 500), (at(SPLIT, 4000), 600)) + sgl((out, 600), (at(SPLIT, 9000), 600)))
        + case(1, ZLIB, both, out, small, u16(2000), more=1,
               tail=sgl((both, 600)) + sgl((out, 300), (at(LARGE_AREA, 9), 699))),
        "lists-large": b"\1"
        + case(1, DEFLATE, both, out, large(330), large(300), drift=0, stream=9, more=1,
               tail=sgl((both, 699), (at(BOTH, 699), 699)) + many)
        + case(1, DEFLATE, at(LARGE_AREA), out, large(330), large(290), more=1,
               tail=large_sgl((at(LARGE_AREA), 63), (at(LARGE_AREA, 65520), 250))
               + large_sgl((both, 7), (at(SPLIT), 20)))
        + case(0, GZIP, at(LARGE_AREA), out, large(330), large(290), more=1,
               tail=large_sgl((at(LARGE_AREA), 63), (at(LARGE_AREA, 65520), 250)) + many),
        "lists-wrong": b"\1" + case(0, DEFLATE, both, out, small, u16(500), more=1,
                                    tail=sgl((both, 500), odd=0xf2) + sgl((out, 600), odd=0xd1)
                                    + u16(300)),
        "fast": b"\x81" + case(0, DEFLATE, both, out, small, u16(2000)) * 3,
        "v2": b"\2" + b"".join(case(is_inflate, request, both, out, small, u16(2000), more=2)
                               for request in (DEFLATE, ZLIB, GZIP) for is_inflate in (0, 1))
        + case(0, ZLIB, both, out, small, u16(2000)),
    }
    return seeds


# ---- model_regs: steps ----

(RUN, REG, REG_ODD, REG_READ, CONFIG, MAILBOX, CONTEXT, QUEUE, RING, SLOT, RESET_FN, MAP, GIVE,
 CHOOSE) = range(14)
PAGE = 16
SQC, CQC, EQC, AEQC = range(4)
GET = 0x80


def mailbox(command, queue=0, base=None):
    if base is None:
        return bytes([MAILBOX, command, queue])
    return bytes([MAILBOX, command, queue | 0x40]) + base


def context(page, last, cq_num=0, is_cq=0, is_event=0, changes=()):
    return bytes([CONTEXT, page, last | is_cq << 6 | is_event << 7, cq_num]) + b"".join(
        bytes(change) for change in changes) + b"\x60"


def queue(choice=0, length=100, source=0x83, destination=0x83):
    """Both contexts of a queue and a ring full of SQEs, from one area to another."""
    def where(area):
        return bytes([area]) + (b"\0" if area >= 0x80 else b"")
    return bytes([QUEUE, choice, length]) + where(source) + where(destination)


def ring(command, index, choice=0):
    return bytes([RING, command, choice, index])


def poke(offset, value):
    """A write of a register by its offset."""
    return bytes([REG, 0xe0]) + u32(offset) + bytes([value])


def peek(offset):
    return bytes([REG_READ, 0xe0]) + u32(offset) + bytes([7])


def regs_seeds():
    both, beyond = 0x83, 0x85  # areas by the target's choice
    arm = 0x10
    seeds = {
        "queue": b"\0" + queue(0, 100, both, beyond) + ring(0, 4) + b"\0" + ring(1, 4) + ring(0, 9)
        + b"\0" + mailbox(SQC | GET) + mailbox(CQC | GET) + mailbox(0xa) + ring(0, 11) + b"\0",
        "queue-slots": b"\0" + queue(0, 100, both, beyond) + bytes([SLOT, 0, 0, 4]) + b"\0"
        + bytes([SLOT, 1, 0, 4]) + b"\0" + bytes([SLOT, 0, 0xe0, 5]) + bytes([SLOT, 0x80, arm, 7])
        + bytes([SLOT, 0, 0, 30]) + b"\0" + mailbox(0x0b),
        "vf": b"\1" + queue(1, 50, both, beyond) + ring(0, 3, 1) + b"\0" + ring(1, 3, 1 | arm)
        + b"\0" + ring(0, 8, 1) + b"\0" + bytes([RESET_FN, 2, 1]) + queue(1),
        "events": b"\0" + context(5, 7, is_event=1) + mailbox(EQC) + context(6, 7, is_event=1)
        + mailbox(AEQC) + bytes([REG, 3, 0]) + bytes([REG, 1, 0]) + queue(0, 100, both, beyond)
        + ring(1, 0, arm) + ring(0, 1) + b"\0" + ring(1, 1, arm) + ring(0, 3) + b"\0" + ring(2, 1)
        + ring(2, 90) + ring(3, 0) + mailbox(EQC | GET) + mailbox(AEQC | GET)
        + bytes([REG_READ, 0, 199]),
        "event-overflow": b"\0" + context(5, 1, is_event=1) + mailbox(EQC)
        + context(6, 1, is_event=1) + mailbox(AEQC) + queue(0, 100, both, beyond)
        + b"".join(ring(1, i, arm) + ring(0, i + 1) + b"\0" for i in range(4)),
        "cq-overflow": b"\0" + context(6, 7, is_event=1) + mailbox(AEQC) + queue() + ring(0, 15)
        + b"\0" + ring(1, 9) + b"\0" + ring(0, 13) + b"\0" + ring(0, 8) + b"\0\0",
        "faults": b"\0" + queue(0, 100, 0x82, both) + ring(0, 1) + b"\0" + mailbox(SQC)
        + mailbox(0xa),
        "faults-op": b"\2" + queue(0, 100, 0x82, 0x81) + ring(0, 5) + b"\0"
        + bytes([MAP, 0x80]) + ring(0, 9) + b"\0" + mailbox(SQC) + bytes([MAP, 0]),
        "event-fault": b"\0" + context(5, 7, is_event=1) + mailbox(EQC) + queue()
        + bytes([MAP, 0x80]) + ring(1, 0, arm) + b"\0" + mailbox(EQC, 0, bytes([0x88, 0])),
        "contexts": b"\4" + b"".join(
            context(page, 15, cq, is_cq) + mailbox(command, cq) + mailbox(command | GET, cq)
            for page in (0, 0x85) for cq in (0, 1) for is_cq, command in ((0, SQC), (1, CQC))),
        "contexts-bad": b"\0" + context(0, 15, changes=((0, 0xff),)) + mailbox(SQC)
        + context(0, 15, 1) + mailbox(SQC) + context(0xe1, 15) + mailbox(SQC)
        + context(0, 15, is_cq=1, changes=((18, 1),)) + mailbox(CQC)
        + context(5, 7, is_event=1, changes=((2, 99),)) + mailbox(EQC) + mailbox(SQC, 4)
        + mailbox(SQC, 0, bytes([0xe1]) + u16(1)) + mailbox(SQC, 0, b"\xf0" + b"\x77" * 8),
        "tables": b"\0" + mailbox(4, 0, b"\6") + mailbox(5, 0, b"\7") + mailbox(4 | GET)
        + queue() + bytes([REG, 13, 1]) + bytes([REG_READ, 13, 8])
        + mailbox(4, 0, bytes([0xe0]) + u16(3))
        + mailbox(4, 0, bytes([0x82, 0])) + bytes([REG, 13, 1]) + mailbox(6 | GET) + mailbox(6),
        "registers": b"\4" + b"".join(
            bytes([REG, index, 0xff, REG, index, 1, REG_READ, index, 3]) for index in range(60)),
        "registers-more": b"\4" + b"".join(
            bytes([REG, index, 0xff, REG, index, 0, REG_READ, index, 3]) for index in range(60,
                140)),
        "registers-vf": b"\5" + b"".join(
            bytes([REG, index, 1, REG_READ, index, 3]) for index in range(0, 100)),
        "odd": b"\0" + b"".join(bytes([REG_ODD, index, 0, length]) + b"\x5a" * 8
                               for index in (16, 19, 0) for length in range(7)),
        "config": b"\0" + b"".join(bytes([CONFIG, offset, 3]) + b"\xff" * 4
                                   for offset in (4, 0x10, 0x18, 0x80, 0x82, 0x90, 0x91, 0x3c))
        + bytes([CONFIG, 0xf1, 15]) + u16(0xf00) + b"\0" * 16 + bytes([CONFIG, 0x48, 1, 0, 0x80])
        + bytes([CONFIG, 0x90, 3]) + b"\xff" * 4 + bytes([REG, 21, 0])
        + bytes([REG, 23, 0xff]) + bytes([CONFIG, 0x90, 3]) + b"\0" * 4,
        "life": b"\0" + queue() + bytes([RESET_FN, 0, 1]) + bytes([RESET_FN, 1, 0])
        + bytes([CHOOSE, 1]) + queue() + bytes([GIVE, 2, 3]) + bytes([CHOOSE, 0, GIVE, 0x81, 200])
        + bytes([GIVE, 3, 1]) + queue() + b"\0",
        "messages": b"\0" + mailbox(0xc, 1) + mailbox(0xd | GET, 1) + bytes([CHOOSE, 1])
        + mailbox(0xc, 0) + mailbox(0xd | GET, 0) + bytes([REG, 4, 1, REG, 7, 1, REG_READ, 4, 15]),
        "v5": b"\x10" + poke(0x104700, 1) + poke(0x104704, 2) + poke(0x100134, 0x7f)
        + poke(0x100130, 1) + bytes([CHOOSE, 1]) + peek(0x380) + poke(0x20, 1) + poke(0x320, 4)
        + poke(0x324, 5) + poke(0x2c, 1) + mailbox(0xc, 0) + bytes([CHOOSE, 0]) + peek(0x104804)
        + poke(0x100138, 2) + queue(0, 100, both, beyond) + bytes([PAGE, 0, 0, 4]) + b"\0"
        + bytes([PAGE, 1, 0, 4]) + bytes([PAGE, 4, 0, 6, PAGE, 2, 0, 1, PAGE, 0x80, 0, 5, 7])
        + u32(0x1001) + ring(0, 5) + ring(2, 1) + b"\0" + queue(0, 100, both, beyond)
        + poke(0x38, 1) + bytes([PAGE, 0, 0, 4])
        + bytes([SLOT, 0, 0, 4]) + b"\0" + ring(2, 1) + poke(0x38, 0) + poke(0x100250, 1)
        + bytes([PAGE, 0, 0, 5]) + b"\0" + poke(0x100250, 0) + bytes([PAGE, 0, 0, 6]) + b"\0",
    }
    return seeds


# ---- zip_cqe: steps ----

(DEQUEUE, ENQUEUE, COMPLETE, COMPLETE_WRONG, COMPLETE_OTHER, POST, SCRIBBLE, SERVICE, _, _, _, POLL,
 HW_EVENT, TROUBLE) = range(14)


def enqueue(*kinds):
    """kinds: (kind, size) of each operation."""
    return bytes([ENQUEUE, len(kinds) - 1]) + b"".join(
        bytes(kind) + (b"\3" + b"\0" * 15 if kind[0] & 8 else b"") for kind in kinds)


def complete(which, count):
    return bytes([COMPLETE, which, count])


def wrong(which, choice, consumed, produced, dw3):
    wide = [choice & 1, choice & 2, choice & 4]
    return bytes([COMPLETE_WRONG, which, choice]) + b"".join(
        (u32(value) if is_wide else bytes([value]) if index == 2 else u16(value))
        for index, (value, is_wide) in enumerate(zip((consumed, produced, dw3), wide)))


def dequeue(count):
    return bytes([DEQUEUE, count - 1])


def cqe_seeds():
    ok, inflate = (0, 1), (1, 1)
    recover = bytes([SERVICE]) + dequeue(40) + bytes([SERVICE])
    seeds = {
        "laps": (enqueue(*[ok] * 20, *[inflate] * 20) + complete(0, 63) + complete(1, 63)
                 + dequeue(40)) * 6,
        "full": enqueue(*[ok] * 40) + enqueue(*[ok] * 40) + complete(0, 63) + dequeue(40)
        + dequeue(40),
        "odd-ops": enqueue(*[(0xf0
        + i, 1) for i in range(8)], *[(0xc0, 1), (0xc1, 1)], (2, 0), (3, 0),
                           (0xe0, 11), (4, 1)) + complete(0, 63) + complete(1, 63) + dequeue(40),
        "tiny": enqueue((0, 200), (0, 4), (0, 0), (2, 0), (1, 200), (9, 200), (11, 0), (5, 100))
        + dequeue(40),
        "wrong": enqueue(*[ok] * 10) + wrong(0, 1, 0xffffffff, 5, 0)
        + wrong(0, 2, 10, 0xffffffff, 0)
        + wrong(0, 0, 10, 10, 0xd) + wrong(0, 0, 1000, 10, 0xd) + wrong(0, 0, 10, 10, 0xe)
        + wrong(0, 4, 10, 10, 0xffffffff) + wrong(0, 8, 0, 0, 0) + dequeue(40),
        "out-of-order": enqueue(*[ok] * 12) + b"".join(bytes([COMPLETE_OTHER, 0, i])
                                                      for i in (5, 3, 9, 1)) + dequeue(3)
        + dequeue(40) + complete(0, 1) + dequeue(40) + complete(0, 63) + dequeue(40),
        "lists": enqueue(*[(0xc0, 1)] * 6, *[(0xc1, 1)] * 3) + wrong(0, 0, 0, 0, 0)
        + wrong(0, 0, 10, 10, 0) + wrong(1, 0, 1000, 10, 0) + wrong(0, 0, 0, 10, 0xe)
        + wrong(0, 1, 0xffffffff, 0, 0) + dequeue(40) + recover,
        "twice": enqueue(*[ok] * 12) + bytes([COMPLETE_OTHER, 0, 0x82]) + dequeue(40) + recover
        + enqueue(*[ok] * 4) + complete(0, 63) + dequeue(40),
        "not-in-flight": enqueue(*[ok] * 4) + bytes([POST, 0, 0, 40]) + dequeue(40)
        + dequeue(1) + recover,
        "beyond": enqueue(*[ok] * 4) + bytes([POST, 0, 1]) + u16(5000) + dequeue(40) + recover * 2,
        "next-phase": enqueue(*[ok] * 4) + bytes([POST, 0, 4, 0]) + bytes([SCRIBBLE, 0, 0, 1])
        + b"\0" * 16 + dequeue(40),
        "scribble": enqueue(*[ok] * 8) + bytes([SCRIBBLE, 0, 0, 1]) + b"\xff" * 16
        + bytes([SCRIBBLE, 0, 1, 0]) + b"\xff" * 16 + complete(0, 3) + dequeue(40) + recover,
        "timeout": enqueue(*[ok] * 4) + bytes([POLL]) + recover + enqueue(*[ok] * 4)
        + complete(0, 63)
        + dequeue(40),
        "events": bytes([HW_EVENT, 0, 0, 3]) + u32(0x00030000) + bytes([HW_EVENT, 1, 0, 1])
        + u32(0x00010000) + bytes([SERVICE]) + bytes([HW_EVENT, 0, 3, 1]) + u32(0xffffffff)
        + bytes([SERVICE]) + enqueue(*[ok] * 4) + dequeue(4),
        "stop-fails": enqueue(*[ok] * 4, *[inflate] * 4) + bytes([POST, 0, 0, 40]) + dequeue(40)
        + bytes([TROUBLE, 0]) + recover * 2 + enqueue(ok) + complete(0, 63) + dequeue(4),
        "reset-fails": enqueue(*[ok] * 4) + bytes([POST, 0, 0, 40]) + dequeue(40)
        + bytes([TROUBLE, 0, TROUBLE, 1]) + recover * 2 + enqueue(*[ok] * 3) + dequeue(40),
        "gone": enqueue(*[ok] * 4, *[inflate] * 4) + complete(0, 2) + bytes([TROUBLE, 4]) + recover
        + enqueue(*[ok] * 9) + dequeue(40) + dequeue(40),
        "engine-error": enqueue(*[ok] * 4) + bytes([TROUBLE, 5]) + u32(0xff)
        + bytes([POST, 0, 0, 40])
        + dequeue(40) + recover,
        "second-generation": (enqueue(*[ok] * 20, *[inflate] * 10, (0xc0, 1), (0xc1, 1))
                              + complete(0, 63) + complete(1, 63) + dequeue(40)) * 3,
        "completed-while-stopping": enqueue(*[ok] * 8) + bytes([POST, 1, 0, 3]) + complete(0, 3)
        + bytes([POLL, SERVICE]) + complete(0, 3) + dequeue(2) + dequeue(40) + bytes([SERVICE]),
    }
    return {name: (b"\1" if name == "second-generation" else b"\0") + seed
            for name, seed in seeds.items()}


# ---- record: a file with one queue (lib/hisi_record/hisi_record.h) ----

def burst(number, tsc, kind, first, count, word=0):
    return struct.pack("<QQIIII", tsc, word, first, count, kind, number)


def record_file(engine=b"ZIP", status=0, kinds=(2,), end=(0, 0), has_entries=1, **changes):
    """Three operations in two bursts, of which one has completed."""
    submit, entries, depth = 1, 4, 2
    info = {"queue": 1, "tag": 7, "type": 0, "state": 1, "alarm": 1, "sqe_len": 128,
            "depth": depth, "entries": entries, "margin": 0, "base": 0, "tail": 3, "head": 1,
            "retired": 1, "submitted": 2, "completed": len(kinds), **changes}
    head = struct.pack("<8sIIQQQIIHHI16s64s96s", b"HISIREC", 2, 1, 1000000000, 9, 1000000001,
                       0x30, 5, 0, 11 if end[0] else 0, 0, engine, b"dev0", b"a seed")
    queue = struct.pack("<HHBBBBIIIIIIIIIII", *info.values(), has_entries, 0)
    layout = bytes([72, 8, 16, 4]).ljust(16, b"\0") + bytes([16, 0])
    template = bytes(36) + b"\1" + bytes(91)
    rings = [burst(0, 1, submit, 0, 2, 0x70000001), burst(1, 5, submit, 2, 1)]
    done = [burst(i, 3 + i, kind, min(i, 1), kind != 4, 0x1000100010001)
            for i, kind in enumerate(kinds)]
    sqes = struct.pack("<QIIQII", 0x1000, 100, 0, 0x2000, 200, 0).ljust(16 * entries, b"\1")
    cqe = struct.pack("<QHHHH", 0, 0, 1, 0, 1) + struct.pack("<IIII", 100, 50, 0, status)
    bodies = [b"".join(rings).ljust(32 * entries, b"\0"), b"".join(done).ljust(32 * entries, b"\0")]
    if has_entries:
        bodies += [sqes, cqe.ljust(32 * entries, b"\0")]
    return (head + queue + layout + bytes(18) + template + b"".join(bodies)
            + struct.pack("<IIII", 2 + end[0], len(kinds) + end[1], info["tail"] + end[0],
                          info["head"] + end[1]))


def record_seeds():
    right = record_file()
    return {
        "right": right,
        "failed": record_file(status=0x0e),
        "kinds": record_file(kinds=(2, 3, 4, 5)),
        "returned": record_file(kinds=(6, 6)),
        "sec": record_file(engine=b"SEC", status=3),
        "unknown": record_file(engine=b"NEW"),
        "overrun": record_file(end=(1, 1)),
        "off": record_file(has_entries=0),
        "depth": record_file(depth=3),
        "long": right + b"x",
        "cut": right[:-1],
        "cut-queue": right[:300],
        "version": right[:8] + b"\1" + right[9:],
        "text": right[:60] + b"\xff" + right[61:],
        "hz": right[:16] + bytes(8) + right[24:],
        "layout": record_file(sqe_len=64),
        "empty": b"",
    }


# ---- model_sec: operations ----

SEC_KINDS = 34
TYPE_2, LIST, SEPARATE, INVALID, NOISE = 1, 2, 4, 8, 0x80


def sec_list(odd=0):
    """Eight entries of the area for all uses."""
    return bytes([odd]) + b"".join(b"\0" + u16(0x400 + 300 * i) + bytes([i * 20])
                                   for i in range(8))


def sec_op(kind, how=0, units=3, odd=20, noise=b""):
    """Keys, IVs and the MAC apart from each other, then source and destination."""
    places = b"".join(b"\0" + u16(0x80 * i) for i in range(5))
    data = sec_list() * 2 if how & LIST else b"\0" + u16(0x400) + b"\0" + u16(0x900)
    return bytes([kind, how, units, odd, 2]) + places + data + noise


def sec_seeds():
    seeds = {}
    for first in range(0, SEC_KINDS, 6):
        kinds = range(first, min(first + 6, SEC_KINDS))
        seeds[f"kinds-{first}"] = b"\0" + b"".join(
            sec_op(k, SEPARATE if k >= 31 else 0) for k in kinds)
    for version, name in enumerate(("v3", "v2", "v5")):
        seeds[f"{name}-lists"] = bytes([version]) + b"".join(
            sec_op(k, LIST | SEPARATE | (TYPE_2 if version == 1 else 0)) for k in (0, 14, 18, 20))
        seeds[f"{name}-parts"] = bytes([version]) + b"".join(
            sec_op(k, SEPARATE | (TYPE_2 if version == 1 else 0), units=2)
            for k in (23, 24, 25, 31, 32, 33))
    seeds["type-2"] = b"\0" + b"".join(sec_op(k, TYPE_2) for k in range(0, 24, 3))
    seeds["odd-lengths"] = b"\0" + b"".join(sec_op(k, 0, 2, 0xe5) for k in (3, 5, 7, 10, 20, 28))
    seeds["invalid"] = b"\0" + sec_op(0, INVALID) + sec_op(0, TYPE_2 | INVALID)
    noise = bytes([0, 14]) + u32(3 << 25)
    seeds["noise"] = b"\0" + sec_op(6, NOISE, noise=noise) + sec_op(
        0, NOISE, noise=bytes([0, 0]) + u32(1))
    # Source, then destination, at addresses that are none; of a device that this stops.
    for name, place in (("source", 5), ("destination", 6), ("key", 0)):
        bad = bytearray(sec_op(0, SEPARATE))
        bad[5 + 3 * place:8 + 3 * place] = b"\xff" + u16(0) + b"\xad" * 8
        seeds[f"no-{name}"] = b"\3" + bytes(bad)
    return seeds


TARGETS = {
    "record": record_seeds,
    "vfio_user_version": version_seeds,
    "vfio_user_server": server_seeds,
    "vfio_user_client": client_seeds,
    "model_sqe": sqe_seeds,
    "model_sec": sec_seeds,
    "model_regs": regs_seeds,
    "zip_cqe": cqe_seeds,
}


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "seeds"
    for target, make in TARGETS.items():
        folder = top / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if not old.name.startswith("regression-"):
                old.unlink()
        for name, data in make().items():
            assert len(data) < 1024, f"{target}/{name}: {len(data)} bytes"
            (folder / name).write_bytes(data)
        assert len(list(folder.iterdir())) <= 20, f"{target}: too many"


if __name__ == "__main__":
    main()
