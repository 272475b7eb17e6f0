/* power_law.c - writes a made-up catalogue and ratings whose numbers by user and by item follow power laws, in the
 * layout of the Kaggle files.  Scores come from a hidden model of low rank, so that there is something to learn.
 *
 *   power_law [-r RATINGS] [-u USERS] [-i ITEMS] [-e EXPONENT] [-s SEED] DIRECTORY
 *
 * writes DIRECTORY/animes.csv and DIRECTORY/reviews.csv; with - for DIRECTORY the ratings alone go to standard output.
 * The same arguments give the same bytes.  Every user has a rating, and no pair of user and item comes twice.  Memory
 * does not grow with the number of ratings. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/rng.h"

enum {
	RANK = 8,               /* of the hidden model */
	SHUFFLE_ROWS = 1 << 20, /* rows that wait to be written in random order */
	POPULAR_TRIES = 8,      /* draws by popularity before an item is drawn uniformly */
};

struct options {
	uint64_t ratings, seed;
	uint32_t users, items;
	/* the r-th most active user has about r^-exponent times the ratings of the first one; so has the r-th item */
	double exponent;
	const char *directory;
};

/* Draws from a fixed distribution in constant time: Walker's alias method, its table built as in Vose 1991, "A linear
 * algorithm for generating random numbers with a given distribution". */
struct alias {
	uint32_t n, *other;
	double *keep;
};

/* The hidden traits of a user or an item, from which scores are made. */
struct traits {
	float bias, factors[RANK];
};

struct row {
	uint32_t user, item;
	int score;
};

struct generator {
	struct options options;
	struct rng rng;
	uint32_t *quota; /* numbers of ratings, by rank of the user */
	struct alias popular;
	struct traits *items;
	uint64_t *taken;     /* a bit for each item that the current user has rated */
	struct row *waiting; /* rows that shuffle_row() keeps */
	size_t n_waiting;
	uint64_t written;
	FILE *out;
};

static void die(const char *what)
{
	(void)fprintf(stderr, "power_law: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void *must(void *memory)
{
	if (!memory)
		die("memory");
	return memory;
}

static void make_alias(struct alias *alias, uint32_t n, double exponent)
{
	uint32_t *small = must(calloc(n, sizeof *small)), *large = must(calloc(n, sizeof *large));
	uint32_t n_small = 0, n_large = 0;
	double sum = 0;

	*alias = (struct alias){n, must(calloc(n, sizeof *alias->other)), must(calloc(n, sizeof *alias->keep))};
	for (uint32_t i = 0; i < n; i++)
		sum += alias->keep[i] = pow((double)i + 1, -exponent);
	for (uint32_t i = 0; i < n; i++) {
		alias->keep[i] *= (double)n / sum;
		if (alias->keep[i] < 1)
			small[n_small++] = i;
		else
			large[n_large++] = i;
	}
	while (n_small > 0 && n_large > 0) {
		const uint32_t s = small[--n_small], l = large[n_large - 1];
		alias->other[s] = l;
		alias->keep[l] -= 1 - alias->keep[s];
		if (alias->keep[l] < 1) {
			n_large--;
			small[n_small++] = l;
		}
	}
	/* rounding may leave entries in either list, which are full */
	while (n_small > 0)
		alias->keep[small[--n_small]] = 1;
	while (n_large > 0)
		alias->keep[large[--n_large]] = 1;
	free(small);
	free(large);
}

static uint32_t draw(const struct alias *alias, struct rng *rng)
{
	const uint32_t i = rng_below(rng, alias->n);

	return rng_unit(rng) <= alias->keep[i] ? i : alias->other[i];
}

static double quota_at(const struct options *o, double scale, uint32_t rank)
{
	return fmin(fmax(scale * pow((double)rank + 1, -o->exponent), 1), o->items / 2 + 1);
}

/* Give each user a number of ratings by a power law, from 1 to half of the items.  Bisection finds the scale at which
 * their sum is the number that is wanted. */
static void make_quotas(struct generator *g)
{
	const struct options *o = &g->options;
	double low = 0, high = (double)o->ratings * (double)o->users;
	uint64_t left = o->ratings;

	g->quota = must(calloc(o->users, sizeof *g->quota));
	for (int step = 0; step < 80; step++) {
		const double middle = (low + high) / 2;
		double sum = 0;
		for (uint32_t u = 0; u < o->users; u++)
			sum += floor(quota_at(o, middle, u));
		if (sum <= (double)o->ratings)
			low = middle;
		else
			high = middle;
	}
	for (uint32_t u = 0; u < o->users; u++) {
		g->quota[u] = (uint32_t)quota_at(o, low, u);
		left -= g->quota[u];
	}
	/* give what rounding down left over to the users, one rating each */
	for (uint32_t u = 0; left > 0; u = (u + 1) % o->users) {
		if (g->quota[u] <= o->items / 2) {
			g->quota[u]++;
			left--;
		}
	}
}

static struct traits make_traits(struct rng *rng)
{
	struct traits traits = {.bias = (float)(0.6 * rng_normal(rng))};

	for (int f = 0; f < RANK; f++)
		traits.factors[f] = (float)(0.6 * rng_normal(rng));
	return traits;
}

static int make_score(struct rng *rng, const struct traits *user, const struct traits *item)
{
	float z = 7.2f + user->bias + item->bias + (float)(0.8 * rng_normal(rng));

	for (int f = 0; f < RANK; f++)
		z += user->factors[f] * item->factors[f];
	return (int)lrintf(fminf(fmaxf(z, 1), 10));
}

/* Write a name of syllables with 6 to 12 letters, which no other number has. */
static const char *user_name(uint32_t user, char out[16])
{
	static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aeiou";
	char *to = out;
	uint32_t rest = user;

	do {
		*to++ = consonants[rest % 16];
		*to++ = vowels[rest / 16 % 5];
		rest /= 80;
	} while (rest > 0 || to < out + 6);
	*to = '\0';
	return out;
}

/* Ids have gaps, as real ones have. */
static uint32_t item_id(uint32_t item)
{
	return item * 3 + 1 + item % 2;
}

static void write_row(struct generator *g, const struct row *row)
{
	char name[16];

	if (fprintf(g->out, "%" PRIu64 ",%s,%" PRIu32 ",%d\n", g->written++, user_name(row->user, name),
		    item_id(row->item), row->score) < 0)
		die("reviews.csv");
}

/* Keep this row, and write a random one of the rows that wait in its place. */
static void shuffle_row(struct generator *g, const struct row *row)
{
	if (g->n_waiting < SHUFFLE_ROWS) {
		g->waiting[g->n_waiting++] = *row;
		return;
	}
	struct row *place = &g->waiting[rng_below(&g->rng, SHUFFLE_ROWS)];
	write_row(g, place);
	*place = *row;
}

static uint32_t new_item(struct generator *g)
{
	for (int try = 0;; try++) {
		const uint32_t item =
		    try < POPULAR_TRIES ? draw(&g->popular, &g->rng) : rng_below(&g->rng, g->options.items);
		if (g->taken[item / 64] >> item % 64 & 1)
			continue;
		g->taken[item / 64] |= UINT64_C(1) << item % 64;
		return item;
	}
}

static void write_ratings(struct generator *g)
{
	const struct options *o = &g->options;
	const size_t words = o->items / 64 + 1;
	uint32_t *order = must(calloc(o->users, sizeof *order));

	for (uint32_t u = 0; u < o->users; u++) {
		const uint32_t other = rng_below(&g->rng, u + 1);
		order[u] = order[other];
		order[other] = u;
	}
	g->taken = must(calloc(words, sizeof *g->taken));
	g->waiting = must(calloc(SHUFFLE_ROWS, sizeof *g->waiting));
	(void)fputs("uid,profile,anime_uid,score\n", g->out);
	for (uint32_t u = 0; u < o->users; u++) {
		const struct traits user = make_traits(&g->rng);
		memset(g->taken, 0, words * sizeof *g->taken);
		for (uint32_t n = g->quota[order[u]]; n > 0; n--) {
			const uint32_t item = new_item(g);
			const struct row row = {u, item, make_score(&g->rng, &user, &g->items[item])};
			shuffle_row(g, &row);
		}
	}
	for (size_t n = g->n_waiting; n > 0; n--) {
		struct row *place = &g->waiting[rng_below(&g->rng, (uint32_t)n)];
		write_row(g, place);
		*place = g->waiting[n - 1];
	}
	free(order);
	free(g->taken);
	free(g->waiting);
}

static void write_items(struct generator *g, FILE *out)
{
	static const char *const genres[] = {"Action", "Comedy", "Drama", "Fantasy", "Music", "Mystery", "Sci-Fi"};

	(void)fputs("uid,title,synopsis,genre,aired,episodes,members\n", out);
	for (uint32_t i = 0; i < g->options.items; i++)
		(void)fprintf(out, "%" PRIu32 ",Made-up %" PRIu32 ",,\"['%s', '%s']\",%d,%d,%" PRIu32 "\n", item_id(i),
			      i + 1, genres[i % 7], genres[(i / 7 + i + 1) % 7], 1960 + (int)(i % 60),
			      1 + (int)(i % 26), g->options.items - i);
}

static FILE *create(const char *directory, const char *name)
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *file = fopen(path, "we");
	if (!file)
		die(path);
	return file;
}

static struct options parse(int argc, char **argv)
{
	struct options o = {.ratings = 1000000, .users = 20000, .items = 5000, .exponent = 0.8, .seed = 1};
	bool wrong = false;

	for (int option; (option = getopt(argc, argv, "r:u:i:e:s:")) != -1;) {
		switch (option) {
		case 'r':
			o.ratings = strtoull(optarg, NULL, 10);
			break;
		case 'u':
			o.users = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'i':
			o.items = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'e':
			o.exponent = strtod(optarg, NULL);
			break;
		case 's':
			o.seed = strtoull(optarg, NULL, 10);
			break;
		default:
			wrong = true;
		}
	}
	if (wrong || optind + 1 != argc) {
		(void)fputs("usage: power_law [-r RATINGS] [-u USERS] [-i ITEMS] [-e EXPONENT] [-s SEED] DIRECTORY\n",
			    stderr);
		exit(2);
	}
	if (o.users < 1 || o.items < 2 || o.ratings < o.users || o.ratings > (uint64_t)o.users * (o.items / 2)) {
		(void)fputs("power_law: there must be as many ratings as users, and at most half of all pairs\n",
			    stderr);
		exit(2);
	}
	o.directory = argv[optind];
	return o;
}

int main(int argc, char **argv)
{
	struct generator g = {.options = parse(argc, argv), .out = stdout};

	rng_seed(&g.rng, g.options.seed);
	make_alias(&g.popular, g.options.items, g.options.exponent);
	make_quotas(&g);
	g.items = must(calloc(g.options.items, sizeof *g.items));
	for (uint32_t i = 0; i < g.options.items; i++)
		g.items[i] = make_traits(&g.rng);
	if (strcmp(g.options.directory, "-") != 0) {
		FILE *items = create(g.options.directory, "animes.csv");
		write_items(&g, items);
		if (fclose(items) != 0)
			die("animes.csv");
		g.out = create(g.options.directory, "reviews.csv");
	}
	write_ratings(&g);
	if (fclose(g.out) != 0)
		die("reviews.csv");
	free(g.quota);
	free(g.items);
	free(g.popular.other);
	free(g.popular.keep);
	return EXIT_SUCCESS;
}
