/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef SOFTWARE_H
#define SOFTWARE_H

#include <stdbool.h>
#include <stdint.h>

struct gw_inflate;

struct gw_inflate *gw_inflate_create(void);
void gw_inflate_destroy(struct gw_inflate *state);

/* What a device that failed did not do: inflates "in" to at most "*out_len" bytes, and sets that to
 * what it became. zlib is the judge of data that a device calls bad: false if it says so too.
 */
bool gw_inflate(struct gw_inflate *state, const uint8_t *in, uint32_t in_len, uint8_t *out,
	uint32_t *out_len);

#endif /* SOFTWARE_H */
