/* Fuzzes the readers of lists: arbitrary bytes are a list, whose entries are as list.h says, or refused with a reason, and
 * what is read can be written and read again. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "lists/finish.h"
#include "lists/formats.h"
#include "lists/own-json.h"
#include "lists/write-mal.h"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("<?xml version=\"1.0\"?><myanimelist><myinfo><user_export_type>1</user_export_type></myinfo><anime>"
	      "<series_animedb_id>1</series_animedb_id><series_title><![CDATA[A]]></series_title><my_score>9</my_score>"
	      "<my_status>Completed</my_status></anime><anime><series_title>B &amp; C & D <3</series_title>"
	      "<my_status>Plan to Watch</my_status></anime></myanimelist>"),
    FUZZ_SEED(
	"{\"data\":{\"MediaListCollection\":{\"lists\":[{\"status\":\"CURRENT\",\"entries\":[{\"media\":{\"id\":1,"
	"\"idMal\":2,\"title\":{\"romaji\":\"A\",\"native\":\"\xe6\xb7\xb1\"}},\"score\":4,\"repeat\":1}]}]}}}"),
    FUZZ_SEED("{\"user\":{},\"lists\":[{\"series_id\":3,\"series_type\":0,\"score\":70,\"status\":1}]}"),
    FUZZ_SEED(
	"{\"data\":[{\"type\":\"libraryEntries\",\"attributes\":{\"status\":\"current\",\"rating\":\"4.5\"},"
	"\"relationships\":{\"anime\":{\"data\":{\"id\":\"1\"}}}}],\"included\":[{\"id\":\"1\",\"type\":\"anime\","
	"\"attributes\":{\"canonicalTitle\":\"A\"},\"relationships\":{\"mappings\":{\"data\":[{\"id\":\"2\"}]}}},"
	"{\"id\":\"2\",\"type\":\"mappings\",\"attributes\":{\"externalSite\":\"anidb\",\"externalId\":\"7\"}}]}"),
    FUZZ_SEED("{\"export\":{},\"entries\":[{\"name\":\"A\",\"status\":\"won't watch\",\"rating\":4.5,\"times\":2}]}"),
    FUZZ_SEED(
	"{\"data\":[{\"node\":{\"id\":1,\"title\":\"A\"},\"list_status\":{\"status\":\"watching\",\"score\":7}}]}"),
    FUZZ_SEED("{\"anime\":[{\"status\":\"hold\",\"show\":{\"title\":\"A\",\"ids\":{\"mal\":\"1\"}}}]}"),
    FUZZ_SEED("[{\"anime_id\":1,\"anime_title\":\"A\",\"score\":9,\"status\":2}]"),
    FUZZ_SEED("{\"title\":\"A\",\"score\":\"9/10\"}\n{\"mal_id\":2,\"anime\":{\"title\":{\"english\":\"B\"}}}\n"),
    FUZZ_SEED("{\"animectl\":1,\"x\":[1],\"entries\":[{\"mal\":1,\"title\":\"A\",\"titles\":[\"B\"],\"year\":1998,"
	      "\"status\":\"ignored\",\"score\":8.5,\"own\":{}}]}"),
    FUZZ_SEED("\"media_id\",\"source\",\"media_type\",\"title\",\"score\",\"status\"\r\n\"1\",\"mal\",\"anime\",\"A\","
	      "\"9.0\","
	      "\"Completed\"\r\n"),
    FUZZ_SEED("title;score;status\nA;8,5;dropped\n\"B\"\"b\"\"\";;\n"),
    FUZZ_SEED("\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3\xc9\xad\x4c\xcc\xcb\xcc\x4d\xcd\xc9\x2c\x2e\xd1\xb7\x03\0"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

static int open_memory(const void *bytes, size_t size, char path[64])
{
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void check_text(const char *text)
{
	for (; text && *text; text++) {
		if ((unsigned char)*text < ' ' && *text != '\n')
			abort();
	}
}

static void check(const struct list *list)
{
	if (!isfinite(list->scale) || list->scale <= 0)
		abort();
	for (size_t i = 0; i < list->n; i++) {
		const struct list_entry *entry = &list->entries[i];
		if (entry->status <= LIST_UNSET || entry->status >= LIST_BAD || !(entry->score >= 0) ||
		    entry->score > list->scale || list_use(entry) >= LIST_USES)
			abort();
		for (size_t t = 0; t < LIST_TITLES; t++)
			check_text(entry->titles[t]);
		check_text(entry->notes);
	}
	for (size_t i = 0; i < list_told(list); i++)
		check_text(list->told[i]);
}

/* Read what `write` makes of the list.  It has to be a list. */
static void again(const struct list *list, void (*write_list)(const struct list *list, FILE *out), size_t expected)
{
	const struct list_format *format;
	struct list_error err;
	struct list second;
	char *text = NULL, path[64];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	write_list(list, out);
	(void)fclose(out);
	const int fd = open_memory(text, size, path);
	if (list_read(path, NULL, 0, &second, &format, &err) < 0 || second.n != expected)
		abort();
	check(&second);
	list_free(&second);
	(void)close(fd);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct list_format *format;
	struct list_error err = {""};
	struct list list;
	char path[64];
	const int fd = open_memory(data, size, path);

	if (list_read(path, NULL, 0, &list, &format, &err) < 0) {
		if (err.text[0] == '\0')
			abort(); /* refused without a reason */
	} else {
		size_t n = 0;
		check(&list);
		list_rescale(&list);
		again(&list, list_write_json, list.n);
		for (size_t i = 0; i < list.n; i++)
			n += list_mal_takes(&list.entries[i]);
		again(&list, list_write_mal, n);
	}
	list_free(&list);
	(void)close(fd);
	return 0;
}
