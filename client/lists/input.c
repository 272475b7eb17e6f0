/* input.c - reads and unpacks the file of a list, and sees what syntax it has. */
#include "config.h"

#include "lists/input.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>
#include <zlib.h>

#include "ctl/memory.h"
#include "ctl/repair.h"
#include "lists/json-text.h"

enum { FIRST_ROOM = 1 << 16 };

/* More bytes that are not UTF-8 than that are no accident. */
enum { BAD_BYTES = 8 };

/* Read all of a stream that may be packed with gzip; zlib hands over as it is what is not. */
static int read_all(gzFile file, struct list_input *in, struct list_error *err)
{
	size_t room = FIRST_ROOM;
	int n;

	in->text = malloc(room + 1);
	while (in->text && (n = gzread(file, in->text + in->size, (unsigned)(room - in->size))) > 0) {
		in->size += (size_t)n;
		if (in->size > LIST_BYTES)
			return list_fail(err, "%s: is larger than %d MB, which no list is", in->path, LIST_BYTES >> 20);
		if (in->size == room) {
			char *more = realloc(in->text, 2 * room + 1);
			if (!more)
				memory_is_short();
			in->text = more;
			room *= 2;
		}
	}
	if (!in->text)
		memory_is_short();
	in->text[in->size] = '\0';
	if (n == 0)
		return 0;
	(void)gzerror(file, &n);
	if (n == Z_MEM_ERROR)
		memory_is_short();
	return n == Z_ERRNO ? list_fail(err, "%s: cannot read: %s", in->path, strerror(errno))
			    : list_fail(err, "%s: the gzip stream is damaged; fetch the file again", in->path);
}

static int read_file(int fd, struct list_input *in, struct list_error *err)
{
	struct stat st;
	gzFile file;

	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		(void)close(fd);
		return list_fail(err, "%s: is a directory; name the file in it", in->path);
	}
	file = gzdopen(fd, "rb");
	if (!file)
		memory_is_short();
	int status = read_all(file, in, err);
	/* a stream that is cut off is known at the end alone */
	if (gzclose_r(file) == Z_BUF_ERROR && status == 0)
		status = list_fail(err, "%s: the gzip stream is cut off; fetch the file again", in->path);
	return status;
}

/* What a file is that cannot be a list; NULL: text that may be one. */
static const char *stranger(const struct list_input *in)
{
	static const char utf16[] = "is UTF-16; convert it: iconv -f utf16 -t utf8 FILE";
	const char *text = in->text;

	if (in->size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		return utf16;
	if (in->size >= 4 && memcmp(text, "PK\3\4", 4) == 0)
		return "is a zip archive; unpack it, and name the file in it";
	if (in->size >= 4 && memcmp(text, "\x28\xb5\x2f\xfd", 4) == 0)
		return "is packed with Zstandard; unpack it: unzstd FILE";
	if (memchr(text, '\0', in->size))
		return "is no text, and no list that an anime site exports";
	text += strspn(text, " \t\r\n");
	if (*text == '\0')
		return "is empty";
	if (strncasecmp(text, "<!doctype html", 14) == 0 || strncasecmp(text, "<html", 5) == 0)
		return "is an HTML page, such as a site shows in place of a file to who is not logged in; fetch the "
		       "file itself";
	return NULL;
}

static int look(struct list_input *in, struct list_error *err)
{
	if (in->size >= 3 && memcmp(in->text, "\xef\xbb\xbf", 3) == 0) {
		in->size -= 3;
		memmove(in->text, in->text + 3, in->size + 1);
	}
	const char *what = stranger(in);
	if (what)
		return list_fail(err, "%s: %s", in->path, what);
	switch (in->text[strspn(in->text, " \t\r\n")]) {
	case '<':
		in->syntax = LIST_XML;
		return 0;
	case '{':
	case '[':
		in->syntax = LIST_JSON;
		in->root = list_json_read(in->path, in->text, in->size, err);
		return in->root ? 0 : -1;
	default:
		in->syntax = LIST_CSV;
		return 0;
	}
}

int list_input_open(const char *path, struct list_input *in, struct list_error *err)
{
	const bool standard = strcmp(path, "-") == 0;

	*in = (struct list_input){
	    .path = memory_take(standard ? strdup("standard input") : text_repair(path, strlen(path), true))};
	const int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return list_fail(err, "%s: cannot open: %s", in->path, strerror(errno));
	return read_file(fd, in, err) < 0 || look(in, err) < 0 ? -1 : 0;
}

/* Put "?" in place of each byte that is not UTF-8 or, without `mend`, count them.  *line receives the line of the first. */
static size_t find_bad(const struct list_input *in, bool mend, size_t *line)
{
	utf8proc_int32_t codepoint;
	size_t bad = 0, lines = 1;

	for (size_t at = 0; at < in->size;) {
		const unsigned char byte = (unsigned char)in->text[at];
		lines += byte == '\n';
		if (byte < 0x80) {
			at++;
			continue;
		}
		const utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)in->text + at,
							    (utf8proc_ssize_t)(in->size - at), &codepoint);
		if (n <= 0) {
			*line = bad++ == 0 ? lines : *line;
			in->text[at] = mend ? '?' : in->text[at];
		}
		at += n > 0 ? (size_t)n : 1;
	}
	return bad;
}

size_t list_input_mend(const struct list_input *in, struct list *list)
{
	size_t line = 0;
	const size_t bad = find_bad(in, false, &line);

	if (bad > BAD_BYTES)
		return line;
	if (bad > 0) {
		(void)find_bad(in, true, &line);
		list->at = 0;
		list_tell(list,
			  "line %zu: %zu %s not UTF-8, read as \"?\"; mend the titles there or, if the file is "
			  "Latin-1, convert it: iconv -f latin1 -t utf8",
			  line, bad, bad == 1 ? "byte is" : "bytes from here on are");
	}
	return 0;
}

bool list_input_is_utf8(const struct list_input *in)
{
	size_t line;

	return find_bad(in, false, &line) == 0;
}

void list_input_close(struct list_input *in)
{
	free(in->path);
	free(in->text);
	json_decref(in->root);
	*in = (struct list_input){.path = NULL};
}
