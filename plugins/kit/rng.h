/* rng.h - seeded random numbers: xoshiro256** 1.0 of Blackman and Vigna (https://prng.di.unimi.it/), whose state is
 * filled by splitmix64 as its authors advise.  The same seed gives the same numbers on every machine. */
#ifndef PLUGINS_RNG_H
#define PLUGINS_RNG_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* The next number of splitmix64 (Steele, Lea and Flood 2014): one for each state. */
static inline uint64_t rng_splitmix(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline void rng_seed(struct rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		rng->s[i] = rng_splitmix(&seed);
}

static inline uint64_t rng_rotl(uint64_t x, int n)
{
	return (x << n) | (x >> (64 - n));
}

static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t *s = rng->s, result = rng_rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rng_rotl(s[3], 45);
	return result;
}

/* A number in [0, n), n >= 1.  The bias of the multiplication is below n / 2^32. */
static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
	return (uint32_t)(((rng_next(rng) >> 32) * n) >> 32);
}

/* A number in (0, 1]. */
static inline double rng_unit(struct rng *rng)
{
	return ((double)(rng_next(rng) >> 11) + 1.0) * 0x1p-53;
}

/* A number in [0, 1), made of 64 random bits. */
static inline double rng_share(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}

/* Selection sampling (Knuth, TAOCP volume 2, algorithm 3.4.2 S): whether the first of `left` entries is one of the
 * *wanted that are to be chosen of them, for a random `u` in [0, 1).  Where it is, *wanted becomes one less.  Asked of
 * one entry after the other it chooses exactly as many as are wanted, each set of them as likely as another. */
static inline bool rng_select(double u, size_t left, size_t *wanted)
{
	if (u * (double)left >= (double)*wanted)
		return false;
	--*wanted;
	return true;
}

/* A number of the standard normal distribution, by Box and Muller. */
static inline double rng_normal(struct rng *rng)
{
	double r = sqrt(-2.0 * log(rng_unit(rng)));
	return r * cos(6.283185307179586 * rng_unit(rng));
}

#endif
