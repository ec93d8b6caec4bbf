# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""DPDK's own examples that take a cryptodev, built from Debian's source as they are, on ours; and
on OpenSSL's, which shows that the test is right (doc/guides/howto/stock_examples.rst)."""

import hashlib
import hmac
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

import dpdk_source
from harness import BUILD, HANG_S, NO_HUGE, TOP, full, program_env, run, sanitizers
from packets import Maker, read_pcap, write_pcap

BESIDE = True

pytestmark = [pytest.mark.skipif(not full(), reason="long: only with --all"),
              pytest.mark.skipif(bool(sanitizers()), reason="about the programs as they are")]
CIPHER_KEY = bytes(range(0x00, 0x10))
IV = bytes(range(0x10, 0x20))
AUTH_KEY = bytes(range(0x20, 0x34))
IP_HEADER_END = 34
BETWEEN_TAPS = TOP / "app/test/system/tools/between_taps.py"


def colons(data):
    return ":".join(f"{byte:02x}" for byte in data)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """Nothing is changed, and nothing copied into this tree."""
    names = ["l2fwd-crypto", "ipsec-secgw"]
    tree = dpdk_source.unpack(tmp_path_factory.mktemp("stock"),
                              *(f"examples/{name}" for name in [*names, "common"]))
    # Behind the -O3 of their Makefiles: the optimizer takes most of the time, for nothing here.
    env = dict(os.environ, PATH="/usr/sbin:/usr/bin:/sbin:/bin", LDFLAGS="-O0")
    # Each is one call of the compiler, so they are made side by side.
    makes = [subprocess.Popen(["make", "-s", "-C", tree / "examples" / name, "shared"], env=env)
             for name in names]
    assert [make.wait() for make in makes] == [0, 0]
    return {name: tree / "examples" / name / "build" / f"{name}-shared" for name in names}


@pytest.fixture(params=["crypto_openssl", "crypto_hisi_sec"])
def cryptodevs(request, emulator):
    """EAL arguments of two devices."""
    if request.param == "crypto_openssl":
        return ["--vdev=crypto_openssl0", "--vdev=crypto_openssl1"]
    if not (BUILD / "drivers/librte_crypto_hisi_sec.so").exists():
        pytest.skip("crypto_hisi_sec is not built")
    emu = emulator("vf", vfs=2, engine="sec")
    return ["-d", "librte_crypto_hisi_sec.so",
            *(f"--vdev=crypto_hisi_sec{n},socket={emu.sockets[n]}" for n in range(2))]


def openssl_decrypt(data):
    return subprocess.run(
        ["openssl", "enc", "-d", "-aes-128-cbc", "-nopad", "-K", CIPHER_KEY.hex(), "-iv",
         IV.hex()], input=data, stdout=subprocess.PIPE, check=True).stdout


def test_l2fwd_crypto(examples, cryptodevs, program, tmp_path):
    """Encrypts and authenticates what it forwards; OpenSSL and Python look at each packet."""
    maker = Maker("l2fwd", sizes=[200, 400, 900])
    plain = [maker.make_text(1) for _ in range(64)]
    write_pcap(tmp_path / "in", plain)
    write_pcap(tmp_path / "none", [])
    # Its output is no terminal, and would be kept back.
    one = program([
        "stdbuf", "-oL", examples["l2fwd-crypto"], "-l", "0,1", *NO_HUGE, "--no-pci",
        f"--vdev=net_pcap0,rx_pcap={tmp_path}/in,tx_pcap=/dev/null",
        f"--vdev=net_pcap1,rx_pcap={tmp_path}/none,tx_pcap={tmp_path}/out", *cryptodevs, "--",
        "-p", "0x3", "--chain", "CIPHER_HASH", "--cipher_op", "ENCRYPT",
        "--cipher_algo", "aes-cbc", "--cipher_key", colons(CIPHER_KEY), "--cipher_iv", colons(IV),
        "--auth_op", "GENERATE", "--auth_algo", "sha1-hmac", "--auth_key", colons(AUTH_KEY),
        "--digest_size", "20",
        "--no-mac-updating", "-T", "1"], env=program_env())
    end = time.monotonic() + HANG_S
    while not re.search(r"Total packets sent:\s+64\b", one.stdout()):
        assert one.process.poll() is None and time.monotonic() < end, str(one.result())
        time.sleep(0.1)
    one.process.send_signal(signal.SIGINT)
    result = one.wait()
    assert result.rc == 0, str(result)
    out = read_pcap(tmp_path / "out")
    assert len(out) == 64, str(result)
    for before, after in zip(plain, out):
        assert after[:IP_HEADER_END] == before[:IP_HEADER_END]
        packed, digest = after[IP_HEADER_END:-20], after[-20:]
        payload = before[IP_HEADER_END:]
        assert openssl_decrypt(packed) == payload.ljust(len(packed), b"\0")
        assert hmac.new(AUTH_KEY, packed, hashlib.sha1).digest() == digest


KEYS = f"cipher_algo aes-128-cbc cipher_key {colons(CIPHER_KEY)} auth_algo sha1-hmac " \
       f"auth_key {colons(AUTH_KEY)} mode ipv4-tunnel"
# The way back is not used here; the example wants one.
SECGW = f"""\
sp ipv4 out esp protect 5 pri 1 dst 10.2.0.0/16 sport 0:65535 dport 0:65535
sp ipv4 in esp protect 105 pri 1 dst 10.1.0.0/16 sport 0:65535 dport 0:65535
sa out 5 {KEYS} src 172.16.1.5 dst 172.16.2.5
sa in 105 {KEYS} src 172.16.2.5 dst 172.16.1.5
rt ipv4 dst 172.16.2.5/32 port 1
rt ipv4 dst 10.2.0.0/16 port 0
"""
ESP = ["-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
       "-o", f'uat:esp_sa:"IPv4","*","*","*","AES-CBC [RFC3602]","0x{CIPHER_KEY.hex()}",'
             f'"HMAC-SHA-1-96 [RFC2404]","0x{AUTH_KEY.hex()}"']


def test_ipsec_secgw(examples, cryptodevs, tmp_path):
    """Packets into a tunnel; tshark decrypts it and checks each sum. The example asks its ports to
    look at checksums, which of the ports without hardware only net_tap's do."""
    if os.getuid() != 0 or run(["unshare", "-n", "test", "-c", "/dev/net/tun"]).rc != 0:
        pytest.skip("needs root, a network namespace and /dev/net/tun")
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    maker = Maker("secgw", sizes=[200, 400, 900])
    write_pcap(tmp_path / "in", [maker.make_text(1) for _ in range(64)])
    (tmp_path / "cfg").write_text(SECGW)
    result = run(["unshare", "-n", "/usr/bin/python3", BETWEEN_TAPS, tmp_path / "in",
                  tmp_path / "out", examples["ipsec-secgw"], "-l", "0", *NO_HUGE, "--no-pci",
                  "--vdev=net_tap0,iface=tap0", "--vdev=net_tap1,iface=tap1", *cryptodevs, "--",
                  "-p", "0x3", "-P", "-u", "0x2", "--config=(0,0,0),(1,0,0)", "-f",
                  tmp_path / "cfg"], env=program_env())
    assert result.rc == 0, str(result)
    fields = ["frame.protocols", "esp.icv_good", "tcp.srcport", "ip.dst"]
    out = subprocess.run(
        ["tshark", "-r", tmp_path / "out", *ESP, "-T", "fields", "-E", "separator=;",
         *(word for field in fields for word in ("-e", field))],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    assert out.splitlines() == [
        "eth:ethertype:ip:esp:ip:tcp;1;80;172.16.2.5,10.2.0.1"] * 64, f"{result}\n{out[:600]}"
