/* Tests what the dataset makes of the details and favourites of a source, with a source that is made here. */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "data/dataset.h"
#include "hosts.h"
#include "scratch.h"

enum { MOST = 16 };

/* A column of texts that is being made. */
struct column {
	char bytes[512];
	uint64_t offsets[MOST + 1];
};

static struct animed_strings strings_of(struct column *column, size_t n, const char *const *texts)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t length = strlen(texts[i]);
		column->offsets[i] = used;
		memcpy(column->bytes + used, texts[i], length);
		used += length;
	}
	column->offsets[n] = used;
	return (struct animed_strings){column->bytes, column->offsets};
}

/* What the source delivers.  The tests change it before they load. */
static struct {
	const char *users[MOST], *fans[MOST];
	int64_t rated[MOST], liked[MOST];
	float scores[MOST];
	size_t n_ratings, n_favourites;
} given;

static int send_items(const struct animed_sink *sink, struct animed_error *err)
{
	static const int64_t ids[] = {30, 10, 20};
	static const int32_t years[] = {0, 1998, 0}, episodes[] = {0, 26, 0};
	static const char *const titles[] = {"Drei", "Eins", "Zwei"}, *const alt_titles[] = {"", "One|Uno", ""},
				 *const types[] = {"", "TV", ""}, *const tags[] = {"", "space", ""};
	struct column a, b, c, d;
	const struct animed_item_batch batch = {.n = 3,
						.ids = ids,
						.titles = strings_of(&a, 3, titles),
						.alt_titles = strings_of(&b, 3, alt_titles),
						.types = strings_of(&c, 3, types),
						.tags = strings_of(&d, 3, tags),
						.years = years,
						.episodes = episodes};

	return sink->items(sink->ctx, &batch, err);
}

/* Rows of three items, one of which the catalogue does not have, in any order. */
static int send_details(const struct animed_sink *sink, struct animed_error *err)
{
	static const int64_t ids[] = {10, 77, 20, 10, 20};
	static const int32_t years[] = {2001, 5, 1999, 2002, 2003};
	static const int64_t members[] = {0, 0, 0, 9, 8};
	static const char *const titles[] = {"Eins", "?", "Two", "First", "Two"},
				 *const alt_titles[] = {"Uno|Un|Eins", "", "Deux|Dos", "", "Dos|Due"},
				 *const types[] = {"Movie", "", "", "", "OVA"},
				 *const tags[] = {"space|jazz", "", "war", "bounty", "war"},
				 *const pictures[] = {"", "", "http://p/2", "http://p/1", "http://p/x"};
	struct column a, b, c, d, e;
	const struct animed_item_batch batch = {.n = 5,
						.ids = ids,
						.titles = strings_of(&a, 5, titles),
						.alt_titles = strings_of(&b, 5, alt_titles),
						.types = strings_of(&c, 5, types),
						.tags = strings_of(&d, 5, tags),
						.pictures = strings_of(&e, 5, pictures),
						.years = years,
						.members = members};

	return sink->details(sink->ctx, &batch, err);
}

static int load_given(const struct animed_value *values, const struct animed_sink *sink, const struct animed_host *host,
		      struct animed_source_stats *stats, struct animed_error *err)
{
	struct column users, fans;
	const struct animed_rating_batch ratings = {given.n_ratings, strings_of(&users, given.n_ratings, given.users),
						    given.rated, given.scores};
	const struct animed_favourite_batch favourites = {
	    given.n_favourites, strings_of(&fans, given.n_favourites, given.fans), given.liked};

	(void)values;
	(void)host;
	stats->item_rows = 3;
	stats->detail_rows = 5;
	stats->rating_rows = given.n_ratings;
	stats->favourite_rows = given.n_favourites;
	return send_items(sink, err) < 0 || send_details(sink, err) < 0 ||
		       sink->favourites(sink->ctx, &favourites, err) < 0
		   ? -1
		   : sink->ratings(sink->ctx, &ratings, err);
}

static const struct animed_param params[] = {{"file", ANIMED_PATH, NULL, 0, 0, NULL, 0, "what is read"},
					     {NULL, 0, NULL, 0, 0, NULL, 0, NULL}};
static const struct animed_source_ops ops = {.load = load_given, .cacheable = true};
static const struct animed_plugin info = {.abi = ANIMED_PLUGIN_ABI,
					  .size = sizeof info,
					  .kind = ANIMED_SOURCE,
					  .name = "given",
					  .summary = "what a test gives",
					  .params = params,
					  .ops.source = &ops};

static struct dataset *dataset;
static struct animed_error err;

static void rate(const char *user, int64_t item, float score)
{
	given.users[given.n_ratings] = user;
	given.rated[given.n_ratings] = item;
	given.scores[given.n_ratings++] = score;
}

static void favour(const char *user, int64_t item)
{
	given.fans[given.n_favourites] = user;
	given.liked[given.n_favourites++] = item;
}

static void load(bool cached)
{
	static struct animed_value value;
	const struct conf_stage source = {{NULL, &info, (char *)(uintptr_t) "/none"}, &value};
	const struct dataset_options options = {.unknown_items = UNKNOWN_ITEMS_DROP, .cache = cached};
	const struct animed_host host = host_with(1);

	value = (struct animed_value){.set = true, .string = scratch_path("file")};
	dataset_free(dataset);
	ck_assert_msg(dataset_load(&source, &options, &host, &dataset, &err) == 0, "%s", err.text);
}

static void setup(void)
{
	scratch_open();
	memset(&given, 0, sizeof given);
	rate("bea", 20, 7);
	rate("ann", 10, 9);
}

static void teardown(void)
{
	dataset_free(dataset);
	dataset = NULL;
	scratch_close();
}

static void cell_is(const struct animed_strings *column, size_t i, const char *expected)
{
	char out[256];
	const struct text text = strings_at(column, i);

	(void)snprintf(out, sizeof out, "%.*s", (int)text.length, text.bytes);
	ck_assert_str_eq(out, expected);
}

START_TEST(details_fill_what_is_empty)
{
	load(false);
	const struct catalogue *c = dataset_catalogue(dataset);

	ck_assert_uint_eq(c->n, 3);
	cell_is(&c->titles, 0, "Eins");
	cell_is(&c->types, 0, "TV");
	ck_assert_int_eq(c->years[0], 1998);
	ck_assert_int_eq(c->episodes[0], 26);
	ck_assert_int_eq(c->members[0], 9);
	cell_is(&c->pictures, 0, "http://p/1");
	cell_is(&c->types, 1, "OVA");
	ck_assert_int_eq(c->years[1], 1999);
	cell_is(&c->pictures, 1, "http://p/2");
	cell_is(&c->types, 2, "");
	ck_assert_int_eq(c->years[2], 0);
	ck_assert_ptr_null(c->links.offsets);
	ck_assert_uint_eq(dataset_summary(dataset)->unknown_details, 1);
}
END_TEST

START_TEST(details_add_titles_and_tags)
{
	load(false);
	const struct catalogue *c = dataset_catalogue(dataset);

	cell_is(&c->alt_titles, 0, "One|Uno|Un|First");
	cell_is(&c->tags, 0, "space|jazz|bounty");
	cell_is(&c->alt_titles, 1, "Two|Deux|Dos|Due");
	cell_is(&c->tags, 1, "war");
	cell_is(&c->alt_titles, 2, "");
}
END_TEST

/* The users that models number are the same with and without favourites. */
START_TEST(favourites_are_what_no_rating_says)
{
	favour("cleo", 30);
	favour("bea", 20); /* rated: the rating counts */
	favour("bea", 10);
	favour("abe", 10);
	favour("cleo", 30); /* again */
	favour("ann", 99);  /* of no item that there is */
	load(false);
	const struct animed_favourites f = dataset_favourites(dataset);
	const struct dataset_summary *s = dataset_summary(dataset);
	uint32_t n_users;

	(void)dataset_users(dataset, &n_users);
	ck_assert_uint_eq(n_users, 2);
	ck_assert_uint_eq(f.n_users, 4);
	ck_assert_uint_eq(f.n, 3);
	const uint32_t users[] = {1, 2, 3}, items[] = {0, 0, 2}; /* bea, abe, cleo */
	ck_assert_mem_eq(f.users, users, sizeof users);
	ck_assert_mem_eq(f.items, items, sizeof items);
	ck_assert_uint_eq(s->rated_favourites, 1);
	ck_assert_uint_eq(s->favourite_repeats, 1);
	ck_assert_uint_eq(s->unknown_favourites, 1);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 2);
	ck_assert_int_eq(dataset_catalogue(dataset)->counts[0], 1);
}
END_TEST

START_TEST(the_digest_tells_favourites_apart)
{
	char without[DIGEST_SIZE], with[DIGEST_SIZE], others[DIGEST_SIZE];

	load(false);
	ck_assert_int_eq(dataset_digest(dataset, without, &err), 0);
	ck_assert_uint_eq(dataset_favourites(dataset).n, 0);
	ck_assert_uint_eq(dataset_favourites(dataset).n_users, 2);
	favour("cleo", 30);
	load(false);
	ck_assert_int_eq(dataset_digest(dataset, with, &err), 0);
	given.liked[0] = 10;
	load(false);
	ck_assert_int_eq(dataset_digest(dataset, others, &err), 0);
	ck_assert_str_ne(without, with);
	ck_assert_str_ne(others, with);
}
END_TEST

START_TEST(a_cache_has_all_of_it)
{
	const struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
	char first[DIGEST_SIZE], again[DIGEST_SIZE];

	favour("cleo", 30);
	favour("bea", 20);
	favour("bea", 10);
	(void)scratch_text("file", "x");
	ck_assert_int_eq(utimensat(AT_FDCWD, scratch_path("file"), old, 0), 0);
	load(true);
	ck_assert_int_eq(dataset_digest(dataset, first, &err), 0);
	load(true);
	const struct dataset_summary *s = dataset_summary(dataset);
	const struct catalogue *c = dataset_catalogue(dataset);

	ck_assert(s->first_seconds > 0);
	ck_assert_uint_eq(s->rated_favourites, 1);
	ck_assert_uint_eq(s->unknown_details, 1);
	ck_assert_uint_eq(s->source.favourite_rows, 3);
	ck_assert_uint_eq(s->source.detail_rows, 5);
	ck_assert_int_eq(dataset_digest(dataset, again, &err), 0);
	ck_assert_str_eq(again, first);
	ck_assert_uint_eq(dataset_favourites(dataset).n_users, 3);
	cell_is(&c->tags, 1, "war");
	cell_is(&c->pictures, 0, "http://p/1");
	ck_assert_ptr_null(c->links.offsets);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("collect");
	TCase *tc = tcase_create("collect");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, details_fill_what_is_empty);
	tcase_add_test(tc, details_add_titles_and_tags);
	tcase_add_test(tc, favourites_are_what_no_rating_says);
	tcase_add_test(tc, the_digest_tells_favourites_apart);
	tcase_add_test(tc, a_cache_has_all_of_it);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
