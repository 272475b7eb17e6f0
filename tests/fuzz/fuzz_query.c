/* fuzz_query.c - calls the methods that query with arbitrary parameters.  Each gives a whole result or an error, reads
 * nothing beyond its parameters and leaks no memory. */
#include "config.h"

#include "fuzz.h"
#include "places.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/host.h"
#include "base/log.h"
#include "methods/method.h"
#include "query/query.h"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("\x92\xa5"
	      "Alpha\x84\xa5limit\x03\xa5genre\x92\xa5"
	      "Drama\xa6"
	      "Comedy\xa4year\xa6"
	      "2001..\xa7"
	      "explain\xc3"),
    FUZZ_SEED("\x92\x93\xa5"
	      "Alpha\x92\x0b\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\x92\xa5Gamma\xff\x83\xa7"
	      "exclude\x92\x0c\xa5gamma\xa7sequels\xa4hide\xaapopularity\xca\xbf\x00\x00\x00"),
    FUZZ_SEED("\x92\x92\x92\xa5"
	      "Alpha\x09\x92\x0c\x03\x85\xa5score\x92\xc0\x08\xa7members\xa5"
	      "5..50\xa6shrink\x05\xa4"
	      "cult\x01\xabmin_ratings\x00"),
    FUZZ_SEED("\x92\xa3"
	      "ann\x82\xa9not_genre\xa5"
	      "Drama\xa4type\xa2tv"),
    FUZZ_SEED("\x91\x81\xa4year\x92\xcd\x07\xd0\xc0"),
    FUZZ_SEED("\x92\xa4"
	      "alfa\x90"),
    /* [[{id, status, score}, {title, year, status}, {ids: {anilist, mal}}], {scale, planned, random}] */
    FUZZ_SEED("\x92\x93\x83\xa2id\x0a\xa6status\xa9"
	      "completed\xa5score\x09\x83\xa5title\xa5"
	      "Gamma\xa4year\xcd\x07\xda\xa6status\xa7planned\x81\xa3ids\x82\xa7"
	      "anilist\x05\xa3mal\xa2"
	      "11\x83\xa5scale\x92\x01\x0a\xa7planned\xc2\xa6random\x07"),
    /* [[[10, 9], {id: 11, status: dropped}], [{id: 12}, [10, 3]], {limit: 2}] */
    FUZZ_SEED("\x93\x92\x92\x0a\x09\x82\xa2id\x0b\xa6status\xa7"
	      "dropped\x92\x81\xa2id\x0c\x92\x0a\x03\x81\xa5limit\x02"),
    /* [[{id: 10, score: 0}], {with: [{id: 11}], for: either, diverse: 0.5, only: [10, {id: 12}], ignore_dislikes}] */
    FUZZ_SEED("\x92\x91\x82\xa2id\x0a\xa5score\x00\x85\xa4with\x91\x81\xa2id\x0b\xa3"
	      "for\xa6"
	      "either\xa7"
	      "diverse\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\xa4only\x92\x0a\x81\xa2id\x0c\xafignore_dislikes\xc3"),
    FUZZ_SEED("\x90"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

enum { ITEMS = 4, USERS = 1, K = 2 };

static void require(int holds)
{
	if (!holds)
		abort();
}

/* ---- a model in memory ---- */

static int model_fd(void)
{
	static const float users[] = {1, 2}, items[] = {1, 0, 1, 0.5F, 0.5F, 1, -1, 1};
	static const int64_t ids[] = {10, 11, 12, 13}, counts[] = {20, 10, 5, 0}, tops[] = {5, 1, 1, 0};
	static const int64_t members[] = {100, 50, 10, 0};
	static const int32_t years[] = {2000, 2002, 2010, 0};
	static const float means[] = {8, 7.5F, 9, 0};
	static const uint64_t title_offsets[] = {0, 5, 12, 17, 22}, genre_offsets[] = {0, 12, 17, 23, 23};
	static const uint64_t type_offsets[] = {0, 2, 4, 9, 9}, user_offsets[] = {0, 3}, list_offsets[] = {0, 2};
	static const uint32_t list_items[] = {0, 2};
	static const float list_scores[] = {9, 7};
	const struct animed_factors factors = {USERS, ITEMS, K, users, items, NULL, NULL, {ANIMED_IDENTITY, 1, 10, 7}};
	const struct catalogue catalogue = {.n = ITEMS,
					    .ids = ids,
					    .counts = counts,
					    .tops = tops,
					    .members = members,
					    .years = years,
					    .means = means,
					    .titles = {"AlphaAlpha 2GammaDelta", title_offsets},
					    .genres = {"Drama|ActionDramaComedy", genre_offsets},
					    .types = {"TVTVMovie", type_offsets}};
	const struct animed_strings names = {"ann", user_offsets};
	const struct modelfile_info info = {.variant = "plain",
					    .parameters = "{}",
					    .dataset_digest = "0",
					    .ratings = {list_offsets, list_items, list_scores}};
	const int fd = memfd_create("model", MFD_CLOEXEC);
	struct animed_error err;

	require(fd >= 0 && modelfile_write(fd, &factors, &catalogue, &names, &info, &err) == 0);
	return fd;
}

static struct conf conf = {.n_similarities = 1, .limit = 3, .min_ratings = 1, .sequels = SEQUELS_SHOW};

static struct model *open_model(void)
{
	const struct animed_host host = host_quiet(1);
	struct animed_error err;
	struct model *model;
	char path[64];

	require(plugin_open(BUILDDIR "/plugins", "plain", ANIMED_MODEL, &conf.model.plugin, &err) == 0);
	require(plugin_open(BUILDDIR "/plugins", "cosine", ANIMED_SIMILARITY, &conf.similarities[0].plugin, &err) == 0);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", model_fd());
	require(model_open(&conf, 1, path, &host, &model, &err) == 0);
	return model;
}

/* ---- asking ---- */

/* Check that the reply is exactly one message, which is a response. */
static void check_reply(const msgpack_sbuffer *reply)
{
	msgpack_unpacked unpacked;
	size_t end = 0;

	msgpack_unpacked_init(&unpacked);
	require(msgpack_unpack_next(&unpacked, reply->data, reply->size, &end) == MSGPACK_UNPACK_SUCCESS);
	require(end == reply->size && unpacked.data.type == MSGPACK_OBJECT_ARRAY && unpacked.data.via.array.size == 4);
	require(unpacked.data.via.array.ptr[3].type == MSGPACK_OBJECT_MAP);
	msgpack_unpacked_destroy(&unpacked);
}

static void ask(const struct method *method, struct model *model, const msgpack_object *params)
{
	msgpack_sbuffer reply;
	msgpack_packer packer;
	struct question question = {.conf = &conf,
				    .model = model,
				    .msgid = 1,
				    .params = params->via.array.ptr,
				    .n_params = params->via.array.size,
				    .reply = &packer};

	if (question.n_params < method->min_params || question.n_params > method->max_params)
		return;
	msgpack_sbuffer_init(&reply);
	msgpack_packer_init(&packer, &reply, msgpack_sbuffer_write);
	require(method->cost(&question) >= 0);
	if (method->ask(&question) == 0)
		check_reply(&reply);
	else
		require(question.err.text[0] != '\0' && strstr(question.err.text, ": ") != NULL);
	msgpack_sbuffer_destroy(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct method *const asked[] = {&method_similar, &method_recommend, &method_cult,
						     &method_search,  &method_show,      &method_predict,
						     &method_next,    &method_taste,     &method_compare};
	static const struct frame_limits limits = {.bytes = 1 << 16, .elements = 1 << 12, .depth = 16};
	static struct model *model;
	struct frame_scanner scanner;
	msgpack_zone zone;
	msgpack_object params;
	size_t end = 0;

	if (!model)
		model = open_model();
	/* scan and unpack the bytes as the daemon does before it calls a method */
	frame_scanner_init(&scanner, &limits);
	if (frame_scan(&scanner, (const char *)data, size) != FRAME_DONE || !msgpack_zone_init(&zone, 1024))
		return 0;
	if (msgpack_unpack((const char *)data, scanner.used, &end, &zone, &params) == MSGPACK_UNPACK_SUCCESS &&
	    params.type == MSGPACK_OBJECT_ARRAY) {
		for (size_t m = 0; m < sizeof asked / sizeof *asked; m++)
			ask(asked[m], model, &params);
	}
	msgpack_zone_destroy(&zone);
	return 0;
}
