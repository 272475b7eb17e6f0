/* file-name.c - takes out of the name of a video file what is not the title. */
#include "config.h"

#include "titles/file-name.h"

#include <ctype.h>
#include <strings.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_among(struct text word, const char *const *words)
{
	for (; *words; words++) {
		if (strlen(*words) == word.length && strncasecmp(*words, word.bytes, word.length) == 0)
			return true;
	}
	return false;
}

/* Returns the text without the extension of a video or of subtitles; `any` tells whether it has one. */
static struct text without_extension(struct text text, bool *any)
{
	static const char *const extensions[] = {"mkv", "mp4", "avi", "webm", "m4v", "mov",     "wmv",
						 "ogm", "ts",  "ass", "srt",  "ssa", "torrent", NULL};
	const char *dot = memrchr(text.bytes, '.', text.length);
	const size_t length = dot ? (size_t)(dot - text.bytes) : text.length;

	if (!dot || !is_among((struct text){dot + 1, text.length - length - 1}, extensions))
		return text;
	*any = true;
	return (struct text){text.bytes, length};
}

/* Whether the word tells how a video is stored: "1080p", "x264", "BluRay". */
static bool is_format(struct text word)
{
	static const char *const formats[] = {
	    "x264", "x265",  "h264", "h265", "hevc", "avc", "bluray", "bdrip",  "brrip",  "webrip", "webdl", "dvdrip",
	    "hdtv", "10bit", "8bit", "aac",  "flac", "ac3", "dts",    "subbed", "dubbed", "4k",     "uhd",   NULL};
	size_t digits = 0;

	while (digits < word.length && is_digit(word.bytes[digits]))
		digits++;
	const bool lines = (digits == 3 || digits == 4) && digits + 1 == word.length;
	return (lines && strchr("pPiI", word.bytes[digits])) || is_among(word, formats);
}

/* Returns how many bytes of "S1E5" or "E05" stand before the episode, or SIZE_MAX if the word is no such thing. */
static size_t episode_at(struct text word)
{
	size_t at = 0;

	if (word.length > 0 && tolower((unsigned char)word.bytes[0]) == 's') {
		for (at = 1; at < word.length && at < 3 && is_digit(word.bytes[at]);)
			at++;
	}
	const size_t season = at > 1 ? at : 0;
	size_t digits = 0;
	if (season >= word.length || tolower((unsigned char)word.bytes[season]) != 'e')
		return SIZE_MAX;
	at = season + 1;
	if (at < word.length && tolower((unsigned char)word.bytes[at]) == 'p')
		at++;
	while (at + digits < word.length && is_digit(word.bytes[at + digits]))
		digits++;
	return digits > 0 && at + digits == word.length ? season : SIZE_MAX;
}

/* Whether the word is a number, or one with a version: "01", "12v2". */
static bool is_count(struct text word)
{
	size_t at = 0;

	while (at < word.length && is_digit(word.bytes[at]))
		at++;
	return at > 0 && at <= 4 && (at == word.length || (at + 2 == word.length && word.bytes[at] == 'v'));
}

struct reading {
	struct text rest;
	struct text_buffer *title;
	bool dots; /* dots stand for blanks */
	bool found;
};

static bool is_blank(const struct reading *reading, char c)
{
	return c == ' ' || c == '_' || (reading->dots && c == '.');
}

/* Returns the next word; a group in brackets is one.  It is empty behind the last. */
static struct text next(struct reading *reading)
{
	struct text *rest = &reading->rest;

	while (rest->length > 0 && is_blank(reading, *rest->bytes))
		*rest = (struct text){rest->bytes + 1, rest->length - 1};
	if (rest->length == 0)
		return *rest;
	const char *open = strchr("[{(", *rest->bytes);
	const char *close = open ? memchr(rest->bytes, "]})"[open - "[{("], rest -> length) : NULL;
	size_t length = close ? (size_t)(close + 1 - rest->bytes) : 1;
	while (!close && length < rest->length && !is_blank(reading, rest->bytes[length]) &&
	       !strchr("[{(", rest->bytes[length]))
		length++;
	const struct text word = {rest->bytes, length};
	*rest = (struct text){rest->bytes + length, rest->length - length};
	return word;
}

static bool is_group(struct text word)
{
	const bool year = word.length == 6 && *word.bytes == '(' && is_digit(word.bytes[1]) && is_digit(word.bytes[4]);

	return word.length > 1 && strchr("[{(", *word.bytes) && strchr("]})", word.bytes[word.length - 1]) && !year;
}

static int add(struct reading *reading, struct text word)
{
	if (reading->title->length > 0 && text_buffer_add(reading->title, " ", 1) < 0)
		return -1;
	return text_buffer_add(reading->title, word.bytes, word.length);
}

/* Read the words up to the episode.  A group in parentheses alone does not make a file name, since titles have them, too. */
static int read_words(struct reading *reading)
{
	static const char *const episodes[] = {"episode", "ep", "ep.", NULL};
	struct text word, before = {NULL, 0};

	for (; (word = next(reading)).length > 0; before = word) {
		const size_t season = episode_at(word);
		const bool counts = before.length > 0 && is_count(word);
		if (is_group(word)) {
			reading->found |= *word.bytes != '(';
		} else if (is_format(word)) {
			reading->found = true;
		} else if (season != SIZE_MAX && reading->title->length > 0) {
			reading->found = true;
			return season > 0 ? add(reading, (struct text){word.bytes, season}) : 0;
		} else if (counts && (text_compare(before, text_of("-")) == 0 || is_among(before, episodes))) {
			reading->found = true;
			reading->title->length -= before.length + (reading->title->length > before.length);
			return 0;
		} else if (add(reading, word) < 0) {
			return -1;
		}
	}
	return 0;
}

int file_name_title(struct text text, struct text_buffer *title, bool *is_one)
{
	struct reading reading = {.title = title};

	title->length = 0;
	*is_one = false;
	reading.rest = without_extension(text, &reading.found);
	reading.dots = !memchr(text.bytes, ' ', text.length);
	if (read_words(&reading) < 0)
		return -1;
	*is_one = title->length > 0 && reading.found;
	return 0;
}
