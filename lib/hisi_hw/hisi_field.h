/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_FIELD_H
#define HISI_FIELD_H

/**
 * @file
 * Named bit fields of registers and descriptors.
 *
 * A field is a mask. Its position is derived from the mask, so that no shift count is ever
 * written beside it. All values are in the byte order of the hardware, which is little-endian;
 * the hosts this runs on (arm64, x86-64) are little-endian too, and the assertion below keeps
 * it so instead of converting in each access.
 */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	"registers and descriptors are accessed in the host's byte order");

/** Bit @p n of a 32-bit word. */
#define HISI_BIT32(n) (UINT32_C(1) << (n))
/** Bit @p n of a 64-bit word. */
#define HISI_BIT64(n) (UINT64_C(1) << (n))
/** Bits @p h down to @p l of a 32-bit word, both included. */
#define HISI_GENMASK32(h, l) ((UINT32_MAX >> (31 - (h))) & (UINT32_MAX << (l)))
/** Bits @p h down to @p l of a 64-bit word, both included. */
#define HISI_GENMASK64(h, l) ((UINT64_MAX >> (63 - (h))) & (UINT64_MAX << (l)))

/** Lowest bit of a mask: multiplying by it shifts a value into the field. */
#define HISI_FIELD_UNIT(mask) ((mask) & -(mask))
/** The value of field @p mask in @p word. */
#define HISI_FIELD_GET(mask, word) (((word) & (mask)) / HISI_FIELD_UNIT(mask))
/** @p value placed into field @p mask; bits that do not fit are cut off. */
#define HISI_FIELD_PREP(mask, value) (((value) * HISI_FIELD_UNIT(mask)) & (mask))
/** The largest value that field @p mask holds. */
#define HISI_FIELD_MAX(mask) ((mask) / HISI_FIELD_UNIT(mask))

#endif /* HISI_FIELD_H */
