/* Tests loading CSV files through the csv plugin into a dataset, and splitting the dataset. */
#include "config.h"

#include <math.h>
#include <unistd.h>

#include "load-csv.h"

START_TEST(kaggle_layout)
{
	ck_assert_int_eq(
	    load_texts("\xef\xbb\xbfuid,title,synopsis,genre,aired,episodes,members\r\n"
		       "7,\"A \"\"quoted\"\", title\",\"two\r\nlines\",\"['Action', 'Sci-Fi']\",\"Apr 5, 2009 to Jul "
		       "4, 2010\",64,100\r\n"
		       "-3,Negative,,[],Not available,Unknown,\r\n"
		       "900,Caf\xc3\xa9,x,\"['Slice of Life']\",26-Aug-16,1,3\r\n",
		       "# made up\n# for this "
		       "test\nuid,profile,anime_uid,score\r\n0,zoe,7,10\r\n1,\"a,b\",-3,1\r\n2,zoe,900,7.5"),
	    0);
	const struct catalogue *c = dataset_catalogue(dataset);
	const struct animed_ratings r = dataset_ratings(dataset);
	uint32_t n_users;
	const struct animed_strings *users = dataset_users(dataset, &n_users);

	ck_assert_uint_eq(c->n, 3);
	ck_assert_int_eq(c->ids[0], -3);
	ck_assert_int_eq(c->ids[1], 7);
	ck_assert_int_eq(c->ids[2], 900);
	ck_assert_str_eq(cell_of(&c->titles, 1), "A \"quoted\", title");
	ck_assert_str_eq(cell_of(&c->synopses, 1), "two\r\nlines");
	ck_assert_str_eq(cell_of(&c->genres, 1), "Action|Sci-Fi");
	ck_assert_str_eq(cell_of(&c->genres, 0), "");
	ck_assert_str_eq(cell_of(&c->genres, 2), "Slice of Life");
	ck_assert_int_eq(c->years[0], 0);
	ck_assert_int_eq(c->years[1], 2009);
	ck_assert_int_eq(c->years[2], 2016);
	ck_assert_int_eq(c->episodes[1], 64);
	ck_assert_int_eq(c->episodes[0], 0);
	ck_assert_int_eq(c->members[1], 100);
	ck_assert_uint_eq(n_users, 2);
	ck_assert_str_eq(cell_of(users, 0), "a,b");
	ck_assert_str_eq(cell_of(users, 1), "zoe");
	ck_assert_uint_eq(r.n, 3);
	ck_assert(r.users[0] == 0 && r.items[0] == 0 && r.scores[0] == 1);
	ck_assert(r.users[1] == 1 && r.items[1] == 1 && r.scores[1] == 10);
	ck_assert(r.users[2] == 1 && r.items[2] == 2 && r.scores[2] == 7.5f);
	ck_assert_int_eq(c->tops[0], 0);
	ck_assert_int_eq(c->tops[1], 1); /* 10 is the highest score in the data */
	ck_assert_int_eq(c->tops[2], 0);
	const uint64_t *offsets = dataset_user_offsets(dataset);
	ck_assert(offsets[0] == 0 && offsets[1] == 1 && offsets[2] == 3);
}
END_TEST

START_TEST(last_repeat_wins_and_is_counted)
{
	ck_assert_int_eq(load_texts("uid,title\n1,Old\n2,Same\n1,New\n3,Same\n",
				    "profile,anime_uid,score\na,1,1\nb,1,4\na,1,2\na,2,9\na,1,3\n"),
			 0);
	const struct catalogue *c = dataset_catalogue(dataset);
	const struct animed_ratings r = dataset_ratings(dataset);
	const struct dataset_summary *s = dataset_summary(dataset);

	ck_assert_uint_eq(c->n, 3); /* two items with the same title stay two */
	ck_assert_str_eq(cell_of(&c->titles, 0), "New");
	ck_assert_uint_eq(s->item_repeats, 1);
	ck_assert_uint_eq(s->rating_repeats, 2);
	ck_assert_uint_eq(r.n, 3);
	ck_assert(r.users[0] == 0 && r.items[0] == 0 && r.scores[0] == 3);
	ck_assert_int_eq(c->counts[0], 2);
	ck_assert_float_eq(c->means[0], 3.5f);
	ck_assert_int_eq(c->counts[2], 0);
	dataset_log_summary(dataset, &host);
	ck_assert_ptr_nonnull(
	    strstr(logged, "ratings: 5 rows, 3 kept; 2 repeats (the last counts), 0 rejected, 0 unrated\n"));
	ck_assert_ptr_nonnull(strstr(logged, "catalogue: 4 rows, 3 items (2 of them rated); 1 repeat, 0 rejected\n"));
	ck_assert_ptr_nonnull(strstr(logged, "2 users; loaded in 0."));
}
END_TEST

START_TEST(unknown_items_are_dropped_or_kept)
{
	(void)scratch_text("r.csv", "profile,anime_uid,score\na,1,5\nghost,77,6\na,77,8\na,2,9\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, NULL), 0);
	uint32_t n_users;
	(void)dataset_users(dataset, &n_users);
	ck_assert_uint_eq(n_users, 1); /* a user whose ratings are all dropped is dropped too */
	ck_assert_uint_eq(dataset_ratings(dataset).n, 2);
	ck_assert_uint_eq(dataset_summary(dataset)->unknown_ratings, 2);
	ck_assert_uint_eq(dataset_summary(dataset)->unknown_items, 1);
	dataset_free(dataset);
	ck_assert_int_eq(load(UNKNOWN_ITEMS_KEEP, NULL), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 4);
	ck_assert_uint_eq(dataset_catalogue(dataset)->n, 4);
	ck_assert_int_eq(dataset_catalogue(dataset)->ids[3], 77);
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->titles, 3), "");
	ck_assert_uint_eq(dataset_summary(dataset)->unknown_ratings, 2);
	ck_assert_uint_eq(dataset_summary(dataset)->unknown_items, 1);
}
END_TEST

START_TEST(malformed_rows_are_reported_and_limited)
{
	static const char *const lenient[] = {"max_rejects", "0.9", NULL};

	(void)scratch_text("r.csv",
			   "profile,anime_uid,score\na,1,5\nb,x,5\n\"c\nc\",2,nan\nd,2\n,2,5\n\xff,2,5\nb,2,seven\n"
			   "b,2,5\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, NULL), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "6 of 8 rows are malformed, the first on line 3"));
	ck_assert_ptr_nonnull(strstr(err.text, "max_rejects"));
	logged[0] = '\0';
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, lenient), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 2);
	ck_assert_uint_eq(dataset_summary(dataset)->source.rating_rejects, 6);
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:3: "));
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:4: ")); /* the row begins on line 4 and ends on line 5 */
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:6: "));
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:8: "));
	ck_assert_ptr_null(strstr(logged, "r.csv:9: ")); /* five are shown */
	ck_assert_ptr_nonnull(strstr(logged, "1 more"));
}
END_TEST

START_TEST(scores_outside_of_the_range_are_malformed)
{
	static const char *const given[] = {
	    "ratings.range", "[1, 10]", "ratings.unrated", "-1", "max_rejects", "1", NULL};

	(void)scratch_text("r.csv", "profile,anime_uid,score\na,1,1\nb,1,10\nc,1,10.5\nd,1,0\ne,1,-1\nf,1,inf\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, given), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 2);
	ck_assert_uint_eq(dataset_summary(dataset)->source.unrated, 1);
	ck_assert_uint_eq(dataset_summary(dataset)->source.rating_rejects, 3);
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:4: row left out: the score is outside of ratings.range: \"10.5\""));
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:5: "));
	ck_assert_ptr_nonnull(strstr(logged, "r.csv:7: row left out: the score is not a number: \"inf\""));
	dataset_free(dataset);
	/* without a range every number is a score */
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, given + 4), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 5);
}
END_TEST

/* A cell cannot forge a line of the log, nor move a terminal's cursor. */
START_TEST(cells_in_messages_are_plain_text)
{
	static const char *const lenient[] = {"max_rejects", "1", NULL};
	static const char *const elsewhere[] = {"ratings.user", "who", NULL};

	(void)scratch_text("r.csv", "profile,anime_uid,score\n"
				    "a,\x1b[2J\x9b,5\n"
				    "b,\"1\nanimed: error: x\",5\n"
				    "c,\xc2\x9b\x7f,5\n"
				    "d,1234567890123456789012345678901234567890123\xc3\xa9\xc3\xa9\xc3\xa9,5\n"
				    "e,1,5\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, lenient), 0);
	ck_assert_ptr_nonnull(
	    strstr(logged, "r.csv:2: row left out: the item's id is not a whole number: \" [2J?\"\n"));
	ck_assert_ptr_nonnull(strstr(logged, ": \"1 animed: error: x\"\n"));
	ck_assert_ptr_nonnull(strstr(logged, ": \"  \"\n"));
	ck_assert_ptr_nonnull(strstr(logged, ": \"1234567890123456789012345678901234567890123...\"\n"));
	dataset_free(dataset);
	(void)scratch_text("r.csv", "pro\033file,anime_\177uid,score\na,1,5\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, elsewhere), -1);
	ck_assert_ptr_nonnull(strstr(err.text, " of: pro file, anime_ uid, score"));
}
END_TEST

START_TEST(other_layouts)
{
	static const char *const union_layout[] = {
	    "ratings.user", "user_id",    "ratings.item", "anime_id",    "ratings.score", "rating", "ratings.unrated",
	    "-1",           "items.item", "anime_id",     "items.title", "name",          NULL};
	static const char *const movielens[] = {
	    "ratings.user", "userId",       "ratings.item", "movieId", "ratings.score", "rating", "items.item",
	    "movieId",      "items.genres", "genres",       NULL};

	(void)scratch_text("i.csv", "anime_id,name,genre,type,episodes,rating,members\n"
				    "1,Gintama&#039; &amp; more,\"Drama, Sci-Fi\",TV,12,9.1,500\n");
	(void)scratch_text("r.csv", "user_id,anime_id,rating\n1,1,-1\n2,1,10\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, union_layout), 0);
	ck_assert_uint_eq(dataset_summary(dataset)->source.unrated, 1);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 1);
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->titles, 0), "Gintama' & more");
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->genres, 0), "Drama|Sci-Fi");
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->types, 0), "TV");
	dataset_free(dataset);

	(void)scratch_text(
	    "i.csv", "movieId\ttitle\tgenres\n1\tToy Story (1995)\tAdventure|Children\n2\tX\t(no genres listed)\n");
	(void)scratch_text("r.csv", "userId,movieId,rating,timestamp\n1,1,4.5,9\n1,2,0.5,9\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, movielens), 0);
	ck_assert_int_eq(dataset_catalogue(dataset)->years[0], 1995);
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->genres, 0), "Adventure|Children");
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->genres, 1), "");
	ck_assert_float_eq(dataset_ratings(dataset).scores[0], 4.5f);
}
END_TEST

START_TEST(one_user_or_one_item_is_a_dataset)
{
	ck_assert_int_eq(load_texts("uid,title\n1,A\n2,B\n", "profile,anime_uid,score\na,1,5\na,2,6\n"), 0);
	uint32_t n_users;
	(void)dataset_users(dataset, &n_users);
	ck_assert_uint_eq(n_users, 1);
	ck_assert_uint_eq(dataset_user_offsets(dataset)[1], 2);
	dataset_free(dataset);
	ck_assert_int_eq(load_texts("uid,title\n1,A\n", "profile,anime_uid,score\na,1,5\nb,1,5\nc,1,5\n"), 0);
	ck_assert_uint_eq(dataset_catalogue(dataset)->n, 1);
	ck_assert_float_eq(dataset_catalogue(dataset)->means[0], 5);
	dataset_free(dataset);
	ck_assert_int_eq(load_texts("uid,title\n1,A\n", "profile,anime_uid,score\na,1,5\n"), 0);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 1);
}
END_TEST

/* A source that breaks the rule that scores are finite. */
static int load_infinite(const struct animed_value *values, const struct animed_sink *sink,
			 const struct animed_host *the_host, struct animed_source_stats *stats, struct animed_error *e)
{
	static const uint64_t offsets[] = {0, 1, 2};
	static const int64_t ids[] = {1, 2};
	static const float scores[] = {5, INFINITY};
	const struct animed_item_batch items = {.n = 2, .ids = ids};
	const struct animed_rating_batch ratings = {2, {"ab", offsets}, ids, scores};

	(void)values;
	(void)the_host;
	(void)stats;
	return sink->items(sink->ctx, &items, e) < 0 ? -1 : sink->ratings(sink->ctx, &ratings, e);
}

START_TEST(a_source_cannot_bring_in_infinity)
{
	const struct animed_source_ops ops = {.load = load_infinite};
	struct animed_plugin info = *csv.info;
	const struct plugin real = csv;

	info.ops.source = &ops;
	csv.info = &info;
	const int status = load(UNKNOWN_ITEMS_DROP, NULL);
	csv = real;
	ck_assert_int_eq(status, -1);
	ck_assert_ptr_nonnull(strstr(err.text, "not finite"));
}
END_TEST

START_TEST(columns_are_found_by_name)
{
	static const char *const other[] = {"ratings.user", "who", "items.genres", "tags", NULL};

	(void)scratch_text("i.csv", "TITLE,x,Uid\nOne,y,1\n");
	(void)scratch_text("r.csv", "score,when,Anime_UID,who\n7,now,1,me\n");
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, other), 0);
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->titles, 0), "One");
	ck_assert_float_eq(dataset_ratings(dataset).scores[0], 7);
	/* a column that was asked for by name and does not exist is reported */
	ck_assert_ptr_nonnull(strstr(logged, "i.csv: no column \"tags\" (items.genres); going on without"));
}
END_TEST

START_TEST(order_of_rows_does_not_matter)
{
	char one[17], other[17];

	ck_assert_int_eq(load_texts("uid,title\n1,A\n2,B\n", "profile,anime_uid,score\na,1,5\nb,2,6\na,2,7\n"), 0);
	ck_assert_int_eq(dataset_digest(dataset, one, &err), 0);
	dataset_free(dataset);
	ck_assert_int_eq(load_texts("uid,title\n2,B\n1,A\n", "profile,anime_uid,score\na,2,7\nb,2,6\na,1,5\n"), 0);
	ck_assert_int_eq(dataset_digest(dataset, other, &err), 0);
	ck_assert_str_eq(one, other);
	dataset_free(dataset);
	ck_assert_int_eq(load_texts("uid,title\n2,B\n1,A\n", "profile,anime_uid,score\na,2,7\nb,2,6\na,1,4\n"), 0);
	ck_assert_int_eq(dataset_digest(dataset, other, &err), 0);
	ck_assert_str_ne(one, other);
}
END_TEST

/* Load a dataset in which each of 40 users has rated each of 25 items. */
static void load_many(void)
{
	char *items = NULL, *ratings = NULL;
	size_t size;
	FILE *i = open_memstream(&items, &size), *r = open_memstream(&ratings, &size);

	fputs("uid,title\n", i);
	fputs("profile,anime_uid,score\n", r);
	for (int item = 0; item < 25; item++) {
		fprintf(i, "%d,T\n", item);
		for (int user = 0; user < 40; user++)
			fprintf(r, "u%02d,%d,%d\n", user, item, 1 + (user * 7 + item) % 10);
	}
	(void)fclose(i);
	(void)fclose(r);
	ck_assert_int_eq(load_texts(items, ratings), 0);
	free(items);
	free(ratings);
}

START_TEST(split_is_exact_random_and_repeatable)
{
	struct split *a, *b, *c;
	struct animed_dataset x, y, z;
	bool seen[40][25] = {{false}};
	size_t head = 0;

	load_many();
	ck_assert_int_eq(split_random(dataset, 0.2, 1, &a, &x, &err), 0);
	ck_assert_int_eq(split_random(dataset, 0.2, 1, &b, &y, &err), 0);
	ck_assert_int_eq(split_random(dataset, 0.2, 2, &c, &z, &err), 0);
	ck_assert_uint_eq(x.valid.n, 200);
	ck_assert_uint_eq(x.train.n, 800);
	ck_assert_uint_eq(x.n_users, 40);
	ck_assert_uint_eq(x.n_items, 25);
	ck_assert(x.score_min == 1 && x.score_max == 10);
	ck_assert_int_eq(memcmp(x.valid.items, y.valid.items, 200 * sizeof(uint32_t)), 0);
	ck_assert_int_eq(memcmp(x.valid.users, y.valid.users, 200 * sizeof(uint32_t)), 0);
	ck_assert_int_ne(memcmp(x.valid.items, z.valid.items, 200 * sizeof(uint32_t)), 0);
	/* each rating is in exactly one of the parts */
	for (size_t r = 0; r < 1000; r++) {
		const struct animed_ratings *part = r < 800 ? &x.train : &x.valid;
		const size_t at = r < 800 ? r : r - 800;
		ck_assert(!seen[part->users[at]][part->items[at]]);
		seen[part->users[at]][part->items[at]] = true;
	}
	/* the ratings held out are spread: about half of them are of the first half of the users */
	for (size_t r = 0; r < 200; r++)
		head += x.valid.users[r] < 20;
	ck_assert(head > 70 && head < 130);
	split_free(a);
	split_free(b);
	split_free(c);
	ck_assert_int_eq(split_random(dataset, 0, 1, &a, &x, &err), 0);
	ck_assert_uint_eq(x.valid.n, 0);
	split_free(a);
}
END_TEST

START_TEST(real_ratings)
{
	static const char *const given[] = {"ratings.path", SRCDIR "/../shared/data/mal/reviews.csv", "items.path",
					    SRCDIR "/../shared/data/mal/animes.csv", NULL};
	uint32_t n_users;

	if (access(given[1], R_OK) != 0)
		SKIP("there are no ratings at ../shared/data/mal");
	host.threads = 3;
	ck_assert_int_eq(load(UNKNOWN_ITEMS_DROP, given), 0);
	const struct dataset_summary *s = dataset_summary(dataset);
	(void)dataset_users(dataset, &n_users);
	ck_assert_uint_eq(s->source.rating_rows, 431585);
	ck_assert_uint_eq(dataset_ratings(dataset).n, 423123);
	ck_assert_uint_eq(s->rating_repeats, 431585 - 423123);
	ck_assert_uint_eq(s->source.rating_rejects, 0);
	ck_assert_uint_eq(s->source.item_rows, 16899);
	ck_assert_uint_eq(dataset_catalogue(dataset)->n, 16747);
	ck_assert_uint_eq(n_users, 7736);
	const uint32_t abyss = catalogue_find(dataset_catalogue(dataset), 34599);
	ck_assert_str_eq(cell_of(&dataset_catalogue(dataset)->titles, abyss), "Made in Abyss");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dataset");
	TCase *tc = tcase_create("dataset");

	tcase_add_checked_fixture(tc, load_setup, load_teardown);
	tcase_add_test(tc, kaggle_layout);
	tcase_add_test(tc, last_repeat_wins_and_is_counted);
	tcase_add_test(tc, unknown_items_are_dropped_or_kept);
	tcase_add_test(tc, malformed_rows_are_reported_and_limited);
	tcase_add_test(tc, scores_outside_of_the_range_are_malformed);
	tcase_add_test(tc, cells_in_messages_are_plain_text);
	tcase_add_test(tc, other_layouts);
	tcase_add_test(tc, columns_are_found_by_name);
	tcase_add_test(tc, one_user_or_one_item_is_a_dataset);
	tcase_add_test(tc, a_source_cannot_bring_in_infinity);
	tcase_add_test(tc, order_of_rows_does_not_matter);
	tcase_add_test(tc, split_is_exact_random_and_repeatable);
	tcase_add_test(tc, real_ratings);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
