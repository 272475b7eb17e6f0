/* world.c - makes users, items and ratings. */
#include "config.h"

#include "world.h"

#include "base/blas.h"
#include "config/param-read.h"
#include "hosts.h"
#include "kit/rng.h"
#include "scratch.h"

const struct animed_similarity_ops *ops;
struct animed_value values[CORATING_NEIGHBOURS + 1];
struct animed_error err;
static struct plugin plugin;

void plugin_load(void)
{
	ck_assert_int_eq(blas_use_one_thread(&err), 0);
	ck_assert_msg(plugin_open(BUILDDIR "/plugins", "corating", ANIMED_SIMILARITY, &plugin, &err) == 0, "%s",
		      err.text);
	ops = plugin.info->ops.similarity;
	for (size_t i = 0; plugin.info->params[i].name; i++)
		ck_assert_int_eq(
		    value_parse(&plugin.info->params[i], plugin.info->params[i].def, ".", &values[i], &err), 0);
}

void plugin_unload(void)
{
	plugin_close(&plugin);
}

/* A user rates most of what suits the taste, and some of the rest, lower. */
static void make_ratings(struct world *world, struct rng *rng, int low, int high)
{
	size_t n = 0;

	for (uint32_t u = 0; u < USERS; u++) {
		for (uint32_t i = 0; i < UNRATED; i++) {
			const bool liked = u % TASTES == i % TASTES;
			const uint32_t steps = (uint32_t)(high - low) / 2 + 1;
			const bool rates = i < RATED ? rng_unit(rng) < (liked ? 0.7 : 0.15) : u / 2 == i - RATED;
			if (!rates)
				continue;
			const int step = (int)rng_below(rng, steps);
			world->users[n] = u;
			world->rated[n] = i;
			world->scores[n++] = (float)(liked ? high - step : low + step);
		}
	}
	world->data = (struct animed_dataset){.n_users = USERS,
					      .n_items = ITEMS,
					      .train = {n, world->users, world->rated, world->scores},
					      .score_min = (float)low,
					      .score_max = (float)high};
}

/* Words of the taste, words that many have, and one that is a name. */
static char *write_synopsis(char *to, struct rng *rng, uint32_t item)
{
	to += sprintf(to, "Once name%c ", (char)('a' + item % 26));
	for (int k = 0; k < 8; k++)
		to += sprintf(to, "%c%cword ", (char)('a' + item % TASTES), (char)('a' + rng_below(rng, 12)));
	for (int k = 0; k < 4; k++)
		to += sprintf(to, "any%c, ", (char)('a' + rng_below(rng, 15)));
	return to;
}

static char *write_genres(char *to, struct rng *rng, uint32_t item)
{
	return to + sprintf(to, "Taste %u|Genre %u|Sort %u", item % TASTES, rng_below(rng, 7), rng_below(rng, 3));
}

static void make_items(struct world *world, struct rng *rng)
{
	char *synopsis = world->synopses, *genre = world->genres;

	for (uint32_t i = 0; i < ITEMS; i++) {
		world->ids[i] = 1000 + 7 * (int64_t)i;
		world->members[i] = i == 1 ? 0 : 1 + (int64_t)rng_below(rng, 100000);
		if (i != UNKNOWN && i != WORDLESS)
			synopsis = write_synopsis(synopsis, rng, i);
		if (i != UNKNOWN && i != GENRELESS)
			genre = write_genres(genre, rng, i);
		world->synopsis_offsets[i + 1] = (uint64_t)(synopsis - world->synopses);
		world->genre_offsets[i + 1] = (uint64_t)(genre - world->genres);
	}
	world->items = (struct animed_items){.n = ITEMS,
					     .ids = world->ids,
					     .synopses = {world->synopses, world->synopsis_offsets},
					     .genres = {world->genres, world->genre_offsets},
					     .members = world->members};
}

void world_make(struct world *world, int low, int high)
{
	struct rng rng;

	memset(world, 0, sizeof *world);
	rng_seed(&rng, 17);
	make_ratings(world, &rng, low, high);
	make_items(world, &rng);
}

struct taught teach(const struct world *world, unsigned threads)
{
	const struct animed_host host = host_with(threads);
	struct taught taught;

	ck_assert_msg(ops->learn->learn(values, &world->data, &world->items, &host, &taught.learnt, &err) == 0, "%s",
		      err.text);
	const struct animed_similarity_input input = {
	    .vectors = {.n = ITEMS, .ids = world->ids}, .items = world->items, .learnt = taught.learnt.tensors};
	ck_assert_msg(ops->open(values, &input, &host, &taught.index, &err) == 0, "%s", err.text);
	return taught;
}

void forget(struct taught *taught)
{
	ops->close(taught->index);
	ops->learn->release(&taught->learnt);
}

const struct animed_tensor *tensor_of(const struct animed_learnt *learnt, const char *name)
{
	for (size_t t = 0; t < learnt->tensors.n; t++) {
		if (strcmp(learnt->tensors.at[t].name, name) == 0)
			return &learnt->tensors.at[t];
	}
	ck_abort_msg("no tensor %s", name);
}

size_t tensor_size(const struct animed_tensor *tensor)
{
	static const size_t sizes[] = {[ANIMED_U8] = 1, [ANIMED_U32] = 4, [ANIMED_U64] = 8, [ANIMED_F32] = 4};

	return tensor->n * sizes[tensor->dtype];
}
