# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The mainline driver hisi_sec2 on the model: its probe, the crypto manager's self tests, and users
of AF_ALG against the kernel's own software."""

import random
import re
import socket
import struct
from pathlib import Path

import pytest

from guest import Device, bind, driver_of, unbind
from kernel import Kernel

# The module claims 256 queues unless it is told otherwise.
DEVICES = {"sec-v3": "sec,queues=256,bind=none",
           "sec-v2": "sec,version=v2,bind=none",
           "sec-v5": "sec,version=v5,queues=256,bind=none",
           "sec-vf": "sec,function=vf,vf_queues=16,bind=none"}
QUICK_DEVICES = ["sec-v3"]
SLOW_S = 120

AUTHENC = {f"authenc(hmac({name}),cbc(aes))" for name in ("sha1", "sha256", "sha512")}
V2_ALGORITHMS = AUTHENC | {"ecb(aes)", "cbc(aes)", "xts(aes)", "ccm(aes)", "gcm(aes)", "cbc(sm4)",
                           "xts(sm4)", "ecb(des3_ede)", "cbc(des3_ede)"}
# What 6.1 registers by the bitmap of V3 (sec.md 1.3, 5.3).
V3_ALGORITHMS = V2_ALGORITHMS | {"ctr(aes)", "ofb(aes)", "cfb(aes)", "ctr(sm4)", "ofb(sm4)",
                                 "cfb(sm4)", "ccm(sm4)", "gcm(sm4)"}
# V2 with shared virtual addressing registers none; here there is no such thing.
ALGORITHMS = {"sec-v3": V3_ALGORITHMS, "sec-v2": V2_ALGORITHMS, "sec-v5": V3_ALGORITHMS,
              "sec-vf": V3_ALGORITHMS}

# The driver says so of each message that is not authentic, and the self tests have some.
NOT_AUTHENTIC = re.compile(r"flag\[3\], icv\[2\]$")


def devices(names):
    return [name if name in QUICK_DEVICES else pytest.param(name, marks=pytest.mark.full)
            for name in names]


@pytest.fixture(scope="module", params=devices(DEVICES))
def kernel(request):
    """Its driver alone: algorithms belong to a module, not to a device."""
    one = Kernel(Device(__name__, request.param))
    one.before = one.device.stats()
    one.bind()
    yield one
    unbind(one.address)


def only(*names):
    return pytest.mark.parametrize("kernel", devices(names), indirect=True)


def complaints(kernel):
    return [text for text in kernel.complaints() if not NOT_AUTHENTIC.search(text)]


def test_self_tests(kernel):
    """Known answers of every algorithm, by descriptors that really went to the device."""
    verdicts = kernel.algorithms()
    assert set(verdicts) == ALGORITHMS[kernel.device.name]
    assert set(verdicts.values()) == {"passed"}
    sent, received = kernel.counter("send_cnt"), kernel.counter("recv_cnt")
    after = kernel.device.stats()
    print(f"{kernel.device.name}: {len(verdicts)} algorithms, {sent} descriptors")
    # Every algorithm has more than 10 vectors by layout, but one has no test in 6.1: xts(sm4).
    assert sent > 10 * (len(verdicts) - 1) and sent == received
    assert kernel.counter("err_bd_cnt") == 0 and kernel.counter("send_busy_cnt") == 0
    assert after["sqes"] - kernel.before["sqes"] == sent
    assert after["sqe_errors"] == kernel.before["sqe_errors"]
    # Only the messages that are not authentic.
    icv = [text for _, text in kernel.log.read() if NOT_AUTHENTIC.search(text)]
    assert kernel.counter("done_flag_cnt") >= len(icv) > 0
    assert complaints(kernel) == []


def test_debugfs(kernel):
    assert (kernel.debugfs / "qm/status").read_text().strip() == "start"
    qm = (kernel.debugfs / "qm/regs").read_text()
    if kernel.device.name == "sec-vf":
        assert qm.startswith("QM_DFX_FUNS_ACTIVE_ST")
    else:
        assert qm.count("QM_") > 10
        assert "SEC_" in (kernel.debugfs / "sec_dfx/regs").read_text()
    assert complaints(kernel) == []


# Algorithm, bytes of its key, of its IV, least and multiple of its length, the kernel's software.
SKCIPHERS = [
    ("ecb(aes)", 16, 0, 16, 16, "ecb(aes-generic)"),
    ("cbc(aes)", 24, 16, 16, 16, "cbc(aes-generic)"),
    ("ctr(aes)", 32, 16, 1, 1, "ctr(aes-generic)"),
    ("xts(aes)", 64, 16, 16, 1, "xts(ecb(aes-generic))"),
    ("ofb(aes)", 16, 16, 1, 1, "ofb(aes-generic)"),
    ("cfb(aes)", 32, 16, 1, 1, "cfb(aes-generic)"),
    ("cbc(sm4)", 16, 16, 16, 16, "cbc(sm4-generic)"),
    ("ctr(sm4)", 16, 16, 1, 1, "ctr(sm4-generic)"),
    ("xts(sm4)", 32, 16, 16, 1, "xts(ecb(sm4-generic))"),
    ("ecb(des3_ede)", 24, 0, 8, 8, "ecb(des3_ede-generic)"),
    ("cbc(des3_ede)", 24, 8, 8, 8, "cbc(des3_ede-generic)"),
]
AEADS = [
    ("gcm(aes)", 16, 12, 16, "gcm_base(ctr(aes-generic),ghash-generic)"),
    ("gcm(aes)", 32, 12, 13, "gcm_base(ctr(aes-generic),ghash-generic)"),
    ("ccm(aes)", 24, 16, 8, "ccm_base(ctr(aes-generic),cbcmac(aes-generic))"),
    ("gcm(sm4)", 16, 12, 16, "gcm_base(ctr(sm4-generic),ghash-generic)"),
    ("ccm(sm4)", 16, 16, 16, "ccm_base(ctr(sm4-generic),cbcmac(sm4-generic))"),
    ("authenc(hmac(sha256),cbc(aes))", 32, 16, 32,
     "authenc(hmac(sha256-generic),cbc(aes-generic))"),
]
LONGEST = 20000
QUICK_ROWS = {"cbc(aes)", "xts(sm4)", "ccm(aes)", "authenc(hmac(sha256),cbc(aes))"}


def rows(table):
    return [pytest.param(row, id=f"{row[0]}-{row[1]}",
                         marks=[] if row[0] in QUICK_ROWS else pytest.mark.full)
            for row in table]


class Transform:
    """A user of AF_ALG of one driver's algorithm."""

    def __init__(self, kind, driver, key, tag_len=None):
        self.socket = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
        self.socket.bind((kind, driver))
        self.socket.setsockopt(socket.SOL_ALG, socket.ALG_SET_KEY, key)
        if tag_len is not None:
            self.socket.setsockopt(socket.SOL_ALG, socket.ALG_SET_AEAD_AUTHSIZE, None, tag_len)

    def run(self, operation, data, iv, out_len, **aead):
        request, _ = self.socket.accept()
        with request:
            if iv:
                aead["iv"] = iv
            request.sendmsg_afalg([data], op=operation, **aead)
            return request.recv(out_len)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def lengths(rng, least, step, count=4):
    """The shortest, some, and a long one."""
    some = [rng.randrange(least, LONGEST // 4) for _ in range(count - 2)]
    return [n - n % step for n in (least, *some, LONGEST)]


def is_refused(kernel, kind, name):
    """What a generation has not is not there."""
    if name in ALGORITHMS[kernel.device.name]:
        return False
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as one:
        with pytest.raises(FileNotFoundError):
            one.bind((kind, f"hisi_sec_{name}"))
    return True


@only("sec-v3", "sec-v2")
@pytest.mark.parametrize("row", rows(SKCIPHERS))
def test_af_alg_cipher(kernel, row):
    name, key_len, iv_len, least, step, software = row
    if is_refused(kernel, "skcipher", name):
        return
    rng = random.Random(name)
    key = rng.randbytes(key_len)
    before = kernel.counter("send_cnt")
    count = 0
    with Transform("skcipher", f"hisi_sec_{name}", key) as ours, \
            Transform("skcipher", software, key) as theirs:
        for length in lengths(rng, least, step):
            data, iv = rng.randbytes(length), rng.randbytes(iv_len)
            cipher = ours.run(socket.ALG_OP_ENCRYPT, data, iv, length)
            assert cipher == theirs.run(socket.ALG_OP_ENCRYPT, data, iv, length)
            assert ours.run(socket.ALG_OP_DECRYPT, cipher, iv, length) == data
            count += 2
    assert kernel.counter("send_cnt") - before >= count
    assert complaints(kernel) == []


def aead_key(name, rng, key_len):
    if not name.startswith("authenc"):
        return rng.randbytes(key_len)
    # As rtnetlink has it: an attribute with the length of the cipher's key, then both keys.
    return struct.pack("=HH", 8, 1) + struct.pack(">I", 16) + rng.randbytes(key_len + 16)


def aead_iv(name, rng, iv_len):
    return b"\x03" + rng.randbytes(11) + bytes(4) if name.startswith("ccm") else \
        rng.randbytes(iv_len)


@only("sec-v3", "sec-v2")
@pytest.mark.parametrize("row", rows(AEADS))
def test_af_alg_aead(kernel, row):
    name, key_len, iv_len, tag_len, software = row
    if is_refused(kernel, "aead", name):
        return
    rng = random.Random(name)
    key = aead_key(name, rng, key_len)
    before = kernel.counter("send_cnt")
    count = 0
    with Transform("aead", f"hisi_sec_{name}", key, tag_len) as ours, \
            Transform("aead", software, key, tag_len) as theirs:
        for length in lengths(rng, 16, 16):
            iv, aad = aead_iv(name, rng, iv_len), rng.randbytes(rng.randrange(1, 64))
            total = len(aad) + length + tag_len
            data = aad + rng.randbytes(length)
            sealed = ours.run(socket.ALG_OP_ENCRYPT, data, iv, total, assoclen=len(aad))
            expected = theirs.run(socket.ALG_OP_ENCRYPT, data, iv, total, assoclen=len(aad))
            assert sealed[len(aad):] == expected[len(aad):]
            sealed = aad + sealed[len(aad):]
            opened = ours.run(socket.ALG_OP_DECRYPT, sealed, iv, len(data), assoclen=len(aad))
            assert opened[len(aad):] == data[len(aad):]
            forged = bytearray(sealed)
            forged[rng.randrange(len(forged))] ^= 1 << rng.randrange(8)
            with pytest.raises(OSError, match="Bad message"):
                ours.run(socket.ALG_OP_DECRYPT, forged, iv, len(data), assoclen=len(aad))
            count += 3
    assert kernel.counter("send_cnt") - before >= count
    assert complaints(kernel) == []


@only("sec-v3", "sec-v2", "sec-v5")
def test_reset(kernel):
    """The function's reset, asked for by sysfs while its driver holds it."""
    Path(f"/sys/bus/pci/devices/{kernel.address}/reset").write_text("1")
    assert driver_of(kernel.address) == kernel.module
    assert (kernel.debugfs / "qm/status").read_text().strip() == "start"
    assert any("FLR reset complete" in text for _, text in kernel.log.read())
    assert complaints(kernel) == []


@pytest.mark.full
def test_unbind_rebind(kernel):
    """The last one: the algorithms go and come, and pass again."""
    unbind(kernel.address)
    assert kernel.algorithms() == {}
    assert not kernel.debugfs.exists()
    bind(kernel.address, kernel.module)
    verdicts = kernel.algorithms()
    assert set(verdicts) == ALGORITHMS[kernel.device.name]
    assert set(verdicts.values()) == {"passed"}
    assert complaints(kernel) == []
