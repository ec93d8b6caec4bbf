#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Which cases of dpdk-test's generic symmetric suite crypto_hisi_sec has to pass.

Derived from the tables of doc/guides/hw/sec.md 3, for a generation of the chip, and from what the
cases are made of. Nothing here asks the driver. By itself it prints the table:

    sec_suite.py V2|V3 [--raw]
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[3] / "doc/guides/hw/sec.md"

RUN, SKIP, REFUSED = "runs", "is skipped", "fails"


# ---- the reference ----

def _table(section):
    """The rows of the first table below a heading, as lists of cells."""
    text = REFERENCE.read_text()
    text = text[text.index(f"\n### {section} "):]
    rows = []
    for line in text.splitlines()[2:]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[0], rows[2:]


def _names(cell):
    """"SHA224 / _HMAC" is two names."""
    first = cell.split(" / ")[0].split(",")[0]
    return [first + name if name.startswith("_") else name
            for name in re.split(r" / |, ", cell)]


def _numbers(cell):
    """"16, 24 (increment 8)", "8..16, increment 1", "nonce 7..13", "16 (or 12 + ...)"."""
    match = re.search(r"(\d+)\.\.(\d+)(?:, increment (\d+))?", cell)
    if match:
        low, high, step = (int(x) if x else 1 for x in match.groups())
        return range(low, high + 1, step)
    # "or" inside of the brackets names another value, the rest of them explains.
    other = re.search(r"\(or (\d+)", cell)
    return {int(x) for x in re.findall(r"\d+", re.sub(r"\(.*", "", cell))} | (
        {int(other.group(1))} if other else set())


@dataclass
class Algorithm:
    """A row of sec.md 3.1 to 3.3 for one generation."""
    keys: object
    ivs: object = (0,)
    digests: object = (0,)
    aads: object = (0,)


def _supported(cell):
    # "see 4.1": CTR of V2, which the driver does with care or in software.
    return not cell.startswith("no") and cell != "n/a"


def algorithms(version):
    """Of a generation, by the names of DPDK's enumerations: cipher, auth, aead."""
    column = {"v2": "V2", "v3": "V3+"}[version]
    found = {"cipher": {}, "auth": {}, "aead": {}}
    for kind, section in [("cipher", "3.1"), ("auth", "3.2"), ("aead", "3.3")]:
        header, rows = _table(section)
        for row in rows:
            cells = dict(zip(header, row))
            if not _supported(cells[column]):
                continue
            for i, name in enumerate(_names(row[0])):
                found[kind][name] = _algorithm(kind, i, cells)
    return found


def _algorithm(kind, i, cells):
    if kind == "cipher":
        return Algorithm(_numbers(cells["key bytes"]), _numbers(cells["IV bytes"]))
    if kind == "aead":
        return Algorithm(_numbers(cells["key"]), _numbers(cells["IV / nonce"]),
                         _numbers(cells["digest"]), _numbers(cells["AAD"]))
    # "0 / 1..64": of the hash, and of its HMAC.
    keys = cells["key bytes"].split(" / ")
    digests = _numbers(re.sub(r"\(GCM route: (.*)\)", "", cells["digest bytes (full)"]))
    if len(_names(next(iter(cells.values())))) > 1:
        # Truncated ones in words, as the driver rules below that table have it.
        digests = range(4, max(digests) + 1, 4)
    elif _names(next(iter(cells.values()))) == ["AES_CMAC"]:
        # A whole one into memory of the driver, of which a part is copied: the same rules.
        digests = range(4, max(digests) + 1, 4)
    return Algorithm(_numbers(keys[min(i, len(keys) - 1)]), (0, 12), digests)


def flags():
    """Feature flags of sec.md 3.6 by name; those that are "optional" are set."""
    found = {}
    for row in _table("3.6")[1]:
        names = re.split(r",\s*", re.sub(r"\(.*?\)|\*", "", row[0]))
        for name in names:
            name = name.strip().removeprefix("RTE_CRYPTODEV_FF").lstrip("_")
            found[name] = row[1] in ("yes", "optional")
    return found


# ---- the cases ----

class Suite:
    """Verdicts on the cases of the suite."""

    def __init__(self, version, raw=False):
        self.algorithms = algorithms(version)
        self.flags = flags()
        self.raw = raw
        self.version = version

    def has(self, kind, name, key, iv=None, digest=None, aad=None):
        one = self.algorithms[kind].get(name)
        return one is not None and key in one.keys and (iv is None or iv in one.ivs) and \
            (digest is None or digest in one.digests) and (aad is None or aad in one.aads)

    def cipher(self, name, key, iv):
        return self.has("cipher", name, key, iv)

    def auth(self, name, key, digest):
        return self.has("auth", name, key, None, digest)

    def verdict(self, suite, case):
        """RUN, SKIP or REFUSED; KeyError for a case that nothing is known of."""
        for pattern, rule in RULES:
            match = re.fullmatch(pattern, suite)
            if match:
                wanted = rule(self, case)
                return REFUSED if wanted is None else RUN if wanted else SKIP
        raise KeyError(f"no rule for suite {suite!r}")


def never(_suite, _case):
    return False


# Key, IV and digest bytes of the block cipher cases' vectors.
CIPHER_KEYS = {"64": 8, "128": 16, "192": 24, "256": 32}
HASHES = {"SHA1": 20, "SHA224": 28, "SHA256": 32, "SHA384": 48, "SHA512": 64, "MD5": 16}
HASH_KEYS = {"MD5": 16, "SHA1": 20, "SHA224": 28, "SHA256": 32, "SHA384": 48, "SHA512": 64}


def _auth_of(suite, text):
    """The authentication in the name of a case: is it supported?"""
    if re.search(r"\bXCBC\b", text):
        return suite.auth("AES_XCBC_MAC", 16, 16 if "16B" in text else 12)
    if "CMAC" in text:
        return suite.auth("AES_CMAC", 16, int(re.search(r"(\d+)B", text).group(1)))
    match = re.search(r"(HMAC-)?(MD5|SHA\d+)\b", text)
    if match is None:
        raise KeyError(f"no authentication in {text!r}")
    name = match.group(2)
    if match.group(1):
        return suite.auth(name + "_HMAC", HASH_KEYS[name], HASHES[name])
    return suite.auth(name, 0, HASHES[name])


def _flags_of(suite, text):
    if "Encrypted Digest" in text and not suite.flags["DIGEST_ENCRYPTED"]:
        return False
    if "Sessionless" in text and not suite.flags["SYM_SESSIONLESS"]:
        return False
    # All of them have keys that are wrapped.
    if "Dataunit" in text and not suite.flags["CIPHER_WRAPPED_KEY"]:
        return False
    return not (suite.raw and "OOP" in text)


def block_cipher(suite, case):
    """"AES-128-CBC HMAC-SHA1 Encryption Digest OOP", and the like."""
    if "NULL" in case or "DOCSIS" in case or not _flags_of(suite, case):
        return False
    match = re.match(r"(AES|3DES)-(\d+)-(ECB|CBC|CTR|XTS)\b", case) or re.match(
        r"(DES)()-(CBC)\b", case)
    if match is None:
        return _auth_of(suite, case)
    algorithm, bits, mode = match.groups()
    key = CIPHER_KEYS[bits or "64"] * (2 if mode == "XTS" else 1)
    iv = 0 if mode == "ECB" else 8 if "DES" in algorithm else 12 if "12-byte IV" in case else 16
    if not suite.cipher(f"{algorithm}_{mode}", key, iv):
        return False
    return "Digest" not in case or _auth_of(suite, case[match.end():])


def ccm(suite, case):
    bits, number = re.search(r"_(\d+)_(\d)$", case).groups()
    iv, aad, tag = {"1": (7, 8, 4), "2": (13, 22, 8), "3": (13, 0, 8)}[number]
    return suite.has("aead", "AES_CCM", CIPHER_KEYS[bits], iv, tag, aad)


def gcm(suite, case):
    key = 24 if "_192_" in case else 32 if re.search(r"_256_|_aad_2$", case) else 16
    if suite.raw and re.search(r"out_of_place|decryption_oop", case):
        return False
    # Nothing to cipher is not for the hardware of V2 (sec.md 2.9.9), and the raw data path has no
    # place for what is done in software: it refuses, which the suite has no word for but a failure.
    if suite.raw and suite.version == "v2" and "_J0_" not in case and \
            re.search(r"cryption_test_case_(192_|256_)?1$", case):
        return None
    return suite.has("aead", "AES_GCM", key, 0 if "_J0_" in case else 12, 16)


def gmac(suite, case):
    number = re.search(r"case_(\d)$", case)
    key = {"2": 24, "3": 32}.get(number.group(1), 16) if number else 16
    return suite.auth("AES_GMAC", key, 16)


def mixed(suite, case):
    """AES-CMAC with AES-CTR over the digest; the others have an algorithm that is no one's here. In
    place over segments the suite does not ask for the flag: two descriptors, one after the other
    (sec.md 3.4), do that too."""
    if "aes_cmac" not in case or "aes_ctr" not in case or \
            not suite.auth("AES_CMAC", 16, 4) or not suite.cipher("AES_CTR", 16, 16):
        return False
    return not suite.raw and (suite.flags["DIGEST_ENCRYPTED"] or case.endswith("case_1_sgl"))


def chain(cipher, auth):
    return lambda suite, case: suite.cipher(cipher, 16, 16) and \
        suite.auth(auth + "_HMAC", HASH_KEYS[auth], HASHES[auth])


def general(_suite, case):
    # These two send operations of NULL algorithms.
    return case not in ("test_enq_callback_setup", "test_deq_callback_setup")


RULES = [
    (r".*[Dd]ocsis|DOCSIS Proto.*", never),
    (r"(AES|3DES) Chain|(AES|3DES|DES) Cipher Only|Auth Only", block_cipher),
    (r"Multi Session Unit Test Suite", chain("AES_CBC", "SHA512")),
    (r"AES CCM Authenticated Test Suite", ccm),
    (r"(Negative )?AES GCM .*Test Suite", gcm),
    (r"(Negative )?AES GMAC .*Test Suite", gmac),
    (r"HMAC_MD5 Authentication Test Suite",
     lambda suite, case: suite.auth("MD5_HMAC", 16, 16)),
    (r"(ESN|Negative HMAC SHA1 Unit) Test Suite", chain("AES_CBC", "SHA1")),
    (r"Mixed CIPHER \+ HASH algorithms Test Suite", mixed),
    (r"Crypto General Unit Test Suite", general),
    (r"(NULL|SNOW 3G|ZUC|Kasumi|Chacha20-Poly1305) Test Suite", never),
    (r"(IPsec|PDCP) Proto Unit Test Suite", never),
]


# ---- what a run printed ----

VERDICTS = {"succeeded": RUN, "skipped": SKIP, "failed": REFUSED,
            "unsupported": "unsupported"}


def cases_of(text):
    """(suite, case): verdict of each case that a run printed. The same name may come twice."""
    found, suite = [], None
    for line in text.splitlines():
        match = re.match(r" \+ Test Suite : (.*?)\s*$", line)
        if match:
            suite = match.group(1)
        match = re.match(rf" \+ TestCase \[ *\d+\] : (.*) ({'|'.join(VERDICTS)})\s*$", line)
        if match:
            found.append((suite, match.group(1), VERDICTS[match.group(2)]))
    return found


def totals_of(text):
    """Of the whole run, by "Total", "Passed", ...; the last ones printed are its own."""
    return {name: int(count) for name, count in re.findall(r"\+ Tests (\w+)\s*:\s*(\d+)", text)}


def suites_of(text):
    """Cases that each suite has and passed, of those that it says so."""
    return {name: (int(passed), int(count)) for name, passed, count in
            re.findall(r"^ \+ (.*?) : (\d+)/(\d+) passed", text, re.M)}


def main():
    if len(sys.argv) < 2 or sys.argv[1].lower() not in ("v2", "v3"):
        sys.exit(__doc__)
    suite = Suite(sys.argv[1].lower(), "--raw" in sys.argv)
    for kind, found in suite.algorithms.items():
        for name, one in found.items():
            print(f"{kind} {name}: key {sorted(one.keys)[:4]}.. IV {sorted(one.ivs)[:3]} "
                  f"digest {sorted(one.digests)[-3:]}")
    for name, is_set in suite.flags.items():
        print(f"flag {name}: {'set' if is_set else 'not set'}")
    # What a run printed, on standard input: each case with its verdict.
    if not sys.stdin.isatty():
        for name, case, _ in cases_of(sys.stdin.read()):
            print(f"{suite.verdict(name, case):11} {name}: {case}")


if __name__ == "__main__":
    main()
