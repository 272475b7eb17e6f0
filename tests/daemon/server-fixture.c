/* server-fixture.c - the made-up catalogue, plugins that know just enough, the daemon's process and the client. */
#include "config.h"

#include "server-fixture.h"

#include <check.h>
#include <ftw.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "model/model.h"
#include "serve/server.h"
#include "store/store.h"

/* A vector with this in it is what the similarity plugin refuses. */
#define FAULTY 666.0F

struct fixture fixture;

/* ---- plugins ---- */

static int fake_check(const struct animed_factors *factors, struct animed_error *err)
{
	return factors->user_bias ? animed_fail(err, "a plain model has no biases") : 0;
}

static float dot(const float *a, const float *b, uint32_t k)
{
	float sum = 0.0F;
	for (uint32_t i = 0; i < k; i++)
		sum += a[i] * b[i];
	return sum;
}

static float fake_predict(const struct animed_factors *factors, uint32_t user, uint32_t item)
{
	return dot(factors->user_factors + (size_t)user * factors->k, factors->item_factors + (size_t)item * factors->k,
		   factors->k);
}

static void fake_item_vectors(const struct animed_factors *factors, const float **vectors, uint32_t *k)
{
	*vectors = factors->item_factors;
	*k = factors->k;
}

/* Of the model that the daemon began with. */
static _Atomic(void *) first_index;

static int fake_open(const struct animed_value *values, const struct animed_vectors *vectors,
		     const struct animed_host *host, void **index, struct animed_error *err)
{
	char byte;

	(void)values;
	(void)host;
	if (fixture.gated && read(fixture.gate[0], &byte, 1) != 1)
		return animed_fail(err, "the gate is closed");
	if (vectors->rows[0] == FAULTY)
		return animed_fail(err, "vectors of the devil");
	struct animed_vectors *copy = malloc(sizeof *copy);
	if (!copy)
		return animed_fail(err, "out of memory");
	*copy = *vectors;
	*index = copy;
	if (!atomic_load(&first_index))
		atomic_store(&first_index, copy);
	return 0;
}

static void fake_close(void *index)
{
	free(index);
}

static int compare_hits(const void *a, const void *b)
{
	const struct animed_hit *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
				    : (x->item > y->item) - (x->item < y->item);
}

static size_t fake_top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits)
{
	const struct animed_vectors *vectors = index;
	const float *from =
	    query->item == ANIMED_NO_ITEM ? query->vector : vectors->rows + (size_t)query->item * vectors->k;
	struct animed_hit all[FIXTURE_ITEMS];
	size_t n = 0;
	char byte;

	if (fixture.gated_scans && limit == FIXTURE_ITEMS)
		(void)!read(fixture.gate[0], &byte, 1);
	for (uint32_t i = 0; i < vectors->n; i++) {
		const float *to = vectors->rows + (size_t)i * vectors->k;
		if (i == query->item || !((query->mask[i / 64] >> (i % 64)) & 1))
			continue;
		float norm = sqrtf(dot(from, from, vectors->k) * dot(to, to, vectors->k));
		all[n++] = (struct animed_hit){i, dot(from, to, vectors->k) / norm};
	}
	qsort(all, n, sizeof *all, compare_hits);
	if (n > limit)
		n = limit;
	memcpy(hits, all, n * sizeof *all);
	return n;
}

/* A test can hold up the lists of the model that the daemon began with. */
static int fake_neighbours(const void *index, uint32_t first, uint32_t n, const struct animed_query *query,
			   size_t limit, struct animed_hit *hits, uint32_t *counts, struct animed_error *err)
{
	static atomic_bool begun;
	char byte;

	if (fixture.gated_lists && index == atomic_load(&first_index) && !atomic_exchange(&begun, true) &&
	    read(fixture.gate[0], &byte, 1) != 1)
		return animed_fail(err, "the gate is closed");
	for (uint32_t i = 0; i < n; i++) {
		const struct animed_query of_item = {.item = first + i, .mask = query->mask};
		counts[i] = (uint32_t)fake_top_k(index, &of_item, limit, hits + i * limit);
	}
	return 0;
}

static const struct animed_model_ops model_ops = {
    .check = fake_check, .predict = fake_predict, .item_vectors = fake_item_vectors};
static const struct animed_similarity_ops similarity_ops = {
    .open = fake_open, .close = fake_close, .top_k = fake_top_k, .neighbours = fake_neighbours};
static const struct animed_plugin model_plugin = {
    .kind = ANIMED_MODEL, .name = "plain", .summary = "-", .ops.model = &model_ops};
static const struct animed_plugin similarity_plugin = {
    .kind = ANIMED_SIMILARITY, .name = "cosine", .summary = "-", .ops.similarity = &similarity_ops};

/* ---- the store ---- */

/* A string table in memory that lives as long as the test. */
static struct animed_strings table(const char *const *strings, size_t n)
{
	uint64_t *offsets = calloc(n + 1, sizeof *offsets);
	char *bytes = malloc(1024);

	ck_assert(offsets && bytes);
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(strings[i]);
		ck_assert_uint_le(offsets[i] + length, 1024);
		memcpy(bytes + offsets[i], strings[i], length);
		offsets[i + 1] = offsets[i] + length;
	}
	return (struct animed_strings){bytes, offsets};
}

static void table_free(struct animed_strings *strings)
{
	free((void *)(uintptr_t)strings->bytes);
	free((void *)(uintptr_t)strings->offsets);
}

static uint64_t write_model(const struct animed_factors *factors, const struct catalogue *catalogue,
			    const struct animed_strings *users, const char *variant)
{
	const struct modelfile_info info = {
	    .variant = variant,
	    .parameters = "{}",
	    .seed = 7,
	    .dataset_digest = "0123456789abcdef",
	    .dataset_ratings = 209,
	    .train_loss = 1.0,
	    .valid_loss = 1.5,
	    .epochs = 1,
	};
	struct animed_error err = {""};
	struct store_draft draft;
	uint64_t version;

	ck_assert_msg(store_begin(fixture.models, &draft, &err) == 0, "%s", err.text);
	ck_assert_msg(modelfile_write(draft.fd, factors, catalogue, users, &info, &err) == 0, "%s", err.text);
	ck_assert_msg(store_commit(&draft, true, &version, &err) == 0, "%s", err.text);
	return version;
}

uint64_t fixture_write_model(const char *variant, bool faulty)
{
	static const char *const titles[] = {"Made in Abyss", "Made in Abyss Movie", "Kino no Tabi", "Kino no Tabi",
					     "Obscure Short", "Nobody Rated This",   "Empty Vector"};
	static const char *const alt_titles[] = {"Abyss Explorers", "", "", "", "", "", ""};
	static const char *const genres[] = {"Adventure|Fantasy", "Adventure", "", "", "", "", ""};
	static const char *const types[] = {"TV", "Movie", "TV", "Movie", "ONA", "TV", "TV"};
	static const char *const synopses[] = {"A girl goes down.", "", "", "", "", "", ""};
	static const char *const user_names[] = {"1", "alice", "bob"};
	static const int64_t ids[] = {1, 2, 5, 6, 7, 8, 9}, counts[] = {100, 50, 20, 8, 1, 0, 30};
	static const int64_t members[] = {5000, 0, 0, 0, 0, 0, 0};
	static const float means[] = {8.75F, 8.5F, 8, 7, 6, 0, 5};
	static const int32_t years[] = {2017, 2020, 2003, 2007, 0, 2021, 2021}, episodes[] = {13, 1, 13, 1, 1, 0, 0};
	static const float user_factors[] = {1, 1, 2, 0, 0, 3};
	float item_factors[] = {1, 0, 0.9F, 0.1F, 0.5F, 0.5F, 0, 1, 1, 0.01F, 0.3F, 0.3F, 0, 0};
	struct catalogue catalogue = {.n = FIXTURE_ITEMS,
				      .ids = ids,
				      .counts = counts,
				      .means = means,
				      .years = years,
				      .episodes = episodes,
				      .members = members,
				      .titles = table(titles, FIXTURE_ITEMS),
				      .alt_titles = table(alt_titles, FIXTURE_ITEMS),
				      .synopses = table(synopses, FIXTURE_ITEMS),
				      .genres = table(genres, FIXTURE_ITEMS),
				      .types = table(types, FIXTURE_ITEMS)};
	struct animed_strings users = table(user_names, 3);
	struct animed_factors factors = {.n_users = 3,
					 .n_items = FIXTURE_ITEMS,
					 .k = 2,
					 .user_factors = user_factors,
					 .item_factors = item_factors,
					 .scale = {.link = ANIMED_SIGMOID, .low = 0, .high = 10.5F}};

	if (faulty)
		item_factors[0] = FAULTY;
	uint64_t version = write_model(&factors, &catalogue, &users, variant);
	table_free(&users);
	table_free(&catalogue.titles);
	table_free(&catalogue.alt_titles);
	table_free(&catalogue.synopses);
	table_free(&catalogue.genres);
	table_free(&catalogue.types);
	return version;
}

/* ---- the fixture ---- */

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void open_notify(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = 30};

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", fixture.dir);
	fixture.notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fixture.notify, 0);
	ck_assert_int_eq(bind(fixture.notify, (const struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(setsockopt(fixture.notify, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", address.sun_path, 1), 0);
}

void fixture_setup(void)
{
	static char group[] = "";

	fixture = (struct fixture){.dir = "/tmp/animed-server-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(fixture.dir));
	(void)snprintf(fixture.socket, sizeof fixture.socket, "%s/run/animed.sock", fixture.dir);
	(void)snprintf(fixture.models, sizeof fixture.models, "%s/models", fixture.dir);
	ck_assert_int_eq(pipe(fixture.gate), 0);
	open_notify();
	fixture.conf = (struct conf){
	    .socket = fixture.socket,
	    .models = fixture.models,
	    .model.plugin.info = &model_plugin,
	    .similarity.plugin.info = &similarity_plugin,
	    .threads = 1,
	    .limit = 10,
	    .min_ratings = 5,
	    .sequels = SEQUELS_SHOW,
	    .inline_cost = 1,
	    .group = group,
	    .limits = {.frame_bytes = 65536,
		       .elements = 10000,
		       .depth = 16,
		       .in_flight = 8,
		       .output_bytes = 1 << 20,
		       .event_bytes = 4096,
		       .clients = 16},
	};
	log_set_level(ANIMED_ERROR);
}

void fixture_teardown(void)
{
	if (fixture.pid > 0) {
		(void)kill(fixture.pid, SIGKILL);
		(void)waitpid(fixture.pid, NULL, 0);
	}
	close(fixture.notify);
	close(fixture.gate[0]);
	close(fixture.gate[1]);
	(void)nftw(fixture.dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* What main() does once it has read the configuration. */
static int serve(void)
{
	const struct animed_host host = {.log = log_host, .threads = 1};
	struct server_claim claim;
	struct model *model = NULL;
	struct animed_error err = {""};
	char path[PATH_MAX];
	uint64_t version;

	if (server_claim(fixture.socket, &claim, &err) < 0)
		goto fail;
	if (store_current(fixture.models, &version, path, &err) == 0 &&
	    model_open(&fixture.conf, version, path, &host, &model, &err) < 0) {
		server_release(&claim);
		goto fail;
	}
	if (server_run(&fixture.conf, &claim, model, &err) == 0)
		return 0;
fail:
	(void)fprintf(stderr, "the daemon failed: %s\n", err.text);
	return 1;
}

void daemon_start(void)
{
	bool gated = fixture.gated;

	(void)fflush(NULL);
	fixture.pid = fork();
	ck_assert_int_ge(fixture.pid, 0);
	if (fixture.pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(fixture.gate[1]);
		exit(serve());
	}
	if (gated)
		ck_assert_int_eq(write(fixture.gate[1], "-", 1), 1);
	expect_notice("READY=1");
}

void expect_notice(const char *state)
{
	char got[64];
	ssize_t n = recv(fixture.notify, got, sizeof got - 1, 0);

	ck_assert_msg(n > 0, "the daemon says nothing");
	got[n] = '\0';
	ck_assert_str_eq(got, state);
}

int daemon_wait(void)
{
	int status;

	ck_assert_int_eq(waitpid(fixture.pid, &status, 0), fixture.pid);
	fixture.pid = 0;
	ck_assert_msg(WIFEXITED(status), "the daemon died of signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

int daemon_stop(void)
{
	ck_assert_int_eq(kill(fixture.pid, SIGTERM), 0);
	return daemon_wait();
}
