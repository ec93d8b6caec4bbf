/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#ifndef DIFF_RANDOM_H
#define DIFF_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* Random numbers that are the same on every machine: splitmix64. */
struct diff_random {
	uint64_t state;
};

static inline uint64_t
diff_random_next(struct diff_random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to n - 1; n is not 0. */
static inline uint64_t
diff_random_below(struct diff_random *random, uint64_t n)
{
	return diff_random_next(random) % n;
}

static inline bool
diff_random_permille(struct diff_random *random, unsigned int chance)
{
	return diff_random_below(random, 1000) < chance;
}

/* A generator for one purpose, independent of those for others. */
static inline struct diff_random
diff_random_for(uint64_t seed, uint64_t purpose)
{
	struct diff_random random = { seed ^ (purpose * UINT64_C(0xd6e8feb86659fd93)) };

	(void)diff_random_next(&random);
	return random;
}

#endif /* DIFF_RANDOM_H */
