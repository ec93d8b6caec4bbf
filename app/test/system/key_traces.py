# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What a key leaves behind where it is used: itself, its round keys, the states of its HMAC.

Computed here, from the standards, and not by the libraries that driver and model use.
"""

import ctypes
import ctypes.util

# Shorter pieces are found by chance.
PIECE = 8


def _words(data):
    """The same words with their bytes in the other order, as a library may keep them."""
    return b"".join(data[i:i + 4][::-1] for i in range(0, len(data), 4))


def _multiply(a, b, polynomial):
    """In GF(2^8)."""
    result = 0
    while b:
        if b & 1:
            result ^= a
        a <<= 1
        if a & 0x100:
            a ^= polynomial
        b >>= 1
    return result


def _inverses(polynomial):
    table = [0] * 256
    for a in range(1, 256):
        if not table[a]:
            b = next(b for b in range(1, 256) if _multiply(a, b, polynomial) == 1)
            table[a], table[b] = b, a
    return table


def _rotate(x, n, bits):
    return ((x << n) | (x >> (bits - n))) & ((1 << bits) - 1)


# ---- AES: FIPS 197 5.2 and 5.3.5 ----

def _aes_box():
    inverse, box = _inverses(0x11b), []
    for x in range(256):
        b = inverse[x]
        box.append(b ^ _rotate(b, 1, 8) ^ _rotate(b, 2, 8) ^ _rotate(b, 3, 8) ^
                   _rotate(b, 4, 8) ^ 0x63)
    return box


AES_BOX = _aes_box()


def aes_round_keys(key):
    words = [key[i:i + 4] for i in range(0, len(key), 4)]
    count, constant = len(words), 1
    for i in range(count, 4 * (count + 7)):
        word = words[-1]
        if i % count == 0:
            word = bytes(AES_BOX[b] for b in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _multiply(constant, 2, 0x11b)
        elif count > 6 and i % count == 4:
            word = bytes(AES_BOX[b] for b in word)
        words.append(bytes(a ^ b for a, b in zip(words[i - count], word)))
    return [b"".join(words[i:i + 4]) for i in range(0, len(words), 4)]


def _inverse_mix(block):
    """Of a round key, as the equivalent inverse cipher has it."""
    out = bytearray()
    for i in range(0, 16, 4):
        column = block[i:i + 4]
        for row in range(4):
            out.append(_multiply(column[row], 14, 0x11b) ^
                       _multiply(column[(row + 1) % 4], 11, 0x11b) ^
                       _multiply(column[(row + 2) % 4], 13, 0x11b) ^
                       _multiply(column[(row + 3) % 4], 9, 0x11b))
    return bytes(out)


def _aes(key):
    keys = aes_round_keys(key)
    return keys + [_inverse_mix(block) for block in keys[1:-1]]


# ---- SM4: GB/T 32907 ----

def _sm4_box():
    inverse = _inverses(0x1f5)

    def affine(x):
        return sum((bin(_rotate(0xa7, i, 8) & x).count("1") & 1) << i for i in range(8)) ^ 0xd3

    return [affine(inverse[affine(x)]) for x in range(256)]


SM4_BOX = _sm4_box()


def sm4_round_keys(key):
    system = (0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc)
    words = [int.from_bytes(key[4 * i:4 * i + 4], "big") ^ system[i] for i in range(4)]
    for i in range(32):
        constant = int.from_bytes(bytes((4 * i + j) * 7 & 255 for j in range(4)), "big")
        mixed = (words[-1] ^ words[-2] ^ words[-3] ^ constant).to_bytes(4, "big")
        word = int.from_bytes(bytes(SM4_BOX[b] for b in mixed), "big")
        words.append(words[-4] ^ word ^ _rotate(word, 13, 32) ^ _rotate(word, 23, 32))
    return [word.to_bytes(4, "big") for word in words[4:]]


def _sm4(key):
    keys = sm4_round_keys(key)
    # In the order of encryption, and of decryption.
    return [b"".join(keys[i:i + 4]) for i in range(0, 32, 4)] + \
        [b"".join(keys[::-1][i:i + 4]) for i in range(0, 32, 4)]


# ---- HMAC: RFC 2104 ----

HASHES = {"MD5": (64, 16, 4), "SHA1": (64, 20, 4), "SHA224": (64, 32, 4), "SHA256": (64, 32, 4),
          "SHA384": (128, 64, 8), "SHA512": (128, 64, 8)}


def _hash_state(name, block):
    """The chaining value behind one block: libcrypto's contexts begin with it."""
    crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
    context = ctypes.create_string_buffer(512)
    getattr(crypto, f"{name}_Init")(context)
    getattr(crypto, f"{name}_Update")(context, block, ctypes.c_size_t(len(block)))
    return context.raw[:HASHES[name][1]]


def _hmac(name, key):
    block, _, word = HASHES.get(name, (64, 0, 4))
    padded = key.ljust(block, b"\0")
    pads = [bytes(b ^ pad for b in padded) for pad in (0x36, 0x5c)]
    found = [pad[:len(key)] for pad in pads]
    for pad in pads if name in HASHES else []:
        state = _hash_state(name, pad)
        found += [state, b"".join(state[i:i + word][::-1] for i in range(0, len(state), word))]
    return found


def traces(algorithm, key):
    """Bytes that must not be found anywhere, by what they are."""
    found = {"key": [key]}
    if algorithm.startswith("AES"):
        halves = [key[:len(key) // 2], key[len(key) // 2:]] if "XTS" in algorithm else [key]
        found["round key"] = [block for half in halves for block in _aes(half)]
    elif algorithm.startswith("SM4"):
        found["round key"] = _sm4(key)
    elif algorithm.endswith("_HMAC"):
        found["HMAC pad or state"] = _hmac(algorithm.removesuffix("_HMAC"), key)
    pieces = {}
    for what, blocks in found.items():
        for block in blocks:
            for i in range(0, len(block) - PIECE + 1, 16):
                piece = block[i:i + 16]
                pieces[piece] = what
                pieces[_words(piece)] = what
    return pieces
