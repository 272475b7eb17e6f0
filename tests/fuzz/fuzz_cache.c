/* Fuzzes the cache of a dataset: changes bytes of a valid file, then corrects its checksum, so that the checks after
 * the checksum are reached.  The file is refused with a reason, or can be read from end to end. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset-cache-private.h"
#include "fuzz.h"
#include "temporary.h"

/* An input is a list of changes of three bytes: two for the place, little-endian and counted from the end of the file,
 * where the columns are, and one for the new value. */
const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("\1\0x"),
    FUZZ_SEED("\11\0\2\12\0\1\100\0\377"),
    FUZZ_SEED("\60\0\1\70\0\2\0\1\1\200\0\5\220\0\0"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static char directory[TEMPORARY_PATH], path[TEMPORARY_PATH + 8];
static char said[1024];

static void keep_log(void *ctx, enum animed_level level, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	(void)level;
	va_start(ap, fmt);
	(void)vsnprintf(said, sizeof said, fmt, ap);
	va_end(ap);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void remove_directory(void)
{
	(void)temporary_close(directory);
}

/* Write a cache of two users, two items and three ratings. */
static void write_base(int fd, const char *checksum)
{
	static const int64_t ids[] = {5, 7}, counts[] = {2, 1}, tops[] = {1, 1}, members[] = {0, 9};
	static const int32_t years[] = {1999, 0}, episodes[] = {12, 1};
	static const float means[] = {6, 7}, scores[] = {5, 7, 7};
	static const uint32_t users[] = {0, 0, 1}, items[] = {0, 1, 0};
	static const uint64_t lists[] = {0, 2, 3}, pieces[] = {0, 3, 5};
	const struct catalogue catalogue = {.n = 2,
					    .ids = ids,
					    .counts = counts,
					    .tops = tops,
					    .means = means,
					    .years = years,
					    .episodes = episodes,
					    .members = members,
					    .titles = {"abcde", pieces},
					    .genres = {"Drama", pieces}};
	const struct rating_lists ratings = {lists, items, scores};
	struct tensor_list tensors = {.n = 0};
	struct pair_list pairs = {.n = 0};
	struct animed_error err;

	tensors_add_catalogue(&tensors, &catalogue);
	tensors_add_strings(&tensors, "user_names", 2, &(struct animed_strings){"abcde", pieces});
	tensors_add_ratings(&tensors, 2, &ratings);
	tensors_add(&tensors, "rating_users", ST_U32, 3, 0, users);
	pairs_add(&pairs, "format", CACHE_FORMAT);
	pairs_add(&pairs, "settings", "s");
	pairs_add(&pairs, "files", "none");
	pairs_add(&pairs, "summary", "2 0 3 0 0 0 0 0 0 0.5");
	pairs_add_text(&pairs, "checksum", checksum);
	if (st_write(fd, tensors.at, tensors.n, pairs.at, pairs.n, &err) < 0)
		abort();
}

/* Write the right checksum at `at`, unless the file is no container with the values that it is computed from. */
static void mend_checksum(int fd, size_t at)
{
	char checksum[CACHE_DIGITS + 1];
	const struct st_tensor *tensors;
	struct animed_error err;
	struct st_file *file;

	if (st_open(path, &file, &err) < 0)
		return;
	const char *settings = st_metadata(file, "settings"), *files = st_metadata(file, "files");
	const char *summary = st_metadata(file, "summary");
	if (settings && files && summary) {
		const size_t n = st_tensors(file, &tensors);
		cache_checksum(tensors, n, settings, files, summary, checksum);
		if (pwrite(fd, checksum, CACHE_DIGITS, (off_t)at) != CACHE_DIGITS)
			abort();
	}
	st_close(file);
}

/* Follow every index of the dataset, as the code that uses a dataset does. */
static void read_all(const struct dataset *dataset)
{
	const struct animed_ratings ratings = dataset_ratings(dataset);
	const struct catalogue *c = dataset_catalogue(dataset);
	const uint64_t *offsets = dataset_user_offsets(dataset);
	volatile size_t text = 0;
	uint32_t n_users;
	const struct animed_strings *users = dataset_users(dataset, &n_users);

	for (uint32_t u = 0; u < n_users; u++) {
		const struct text name = strings_at(users, u);
		for (size_t i = 0; i < name.length; i++)
			text += (unsigned char)name.bytes[i];
		for (uint64_t r = offsets[u]; r < offsets[u + 1]; r++) {
			if (r >= ratings.n || ratings.users[r] != u || ratings.items[r] >= c->n)
				abort();
			text += (size_t)c->counts[ratings.items[r]];
		}
	}
	for (uint32_t i = 0; i < c->n; i++)
		text += strings_at(&c->titles, i).length + strings_at(&c->genres, i).length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char blank[] = "0123456789abcdef";
	static uint8_t base[8192], edited[sizeof base];
	static size_t length, checksum_at;
	static int fd = -1;
	const struct animed_host host = {NULL, keep_log, NULL, never, 1};
	struct dataset_cache cache = {.key = {.settings = (char[]){"s"}}};

	if (fd < 0) {
		if (temporary_open("animed-fuzz-XXXXXX", directory) < 0)
			abort();
		(void)atexit(remove_directory);
		(void)snprintf(path, sizeof path, "%s/cache", directory);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		write_base(fd, blank);
		length = (size_t)pread(fd, base, sizeof base, 0);
		checksum_at = (size_t)((uint8_t *)memmem(base, length, blank, CACHE_DIGITS) - base);
	}
	memcpy(edited, base, length);
	for (size_t at = 0; at + 3 <= size; at += 3)
		edited[length - 1 - (data[at] + data[at + 1] * 256u) % length] = data[at + 2];
	if (pwrite(fd, edited, length, 0) != (ssize_t)length)
		abort();
	mend_checksum(fd, checksum_at);
	(void)snprintf(cache.beside, sizeof cache.beside, "%s", path);
	said[0] = '\0';
	struct dataset *dataset = dataset_cache_open(&cache, &host);
	if (dataset)
		read_all(dataset);
	else if (said[0] == '\0' || said[strlen(said) - 1] == ' ')
		abort(); /* refused without a reason */
	dataset_free(dataset);
	return 0;
}
