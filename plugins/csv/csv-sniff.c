/* csv-sniff.c - counts what may be separators outside of quotes. */
#include "config.h"

#include "csv/csv-sniff.h"

#include <stdint.h>
#include <string.h>

static const char *const candidates[] = {",", "\t", ";", "|", "::"};

enum { CANDIDATES = sizeof candidates / sizeof *candidates, COLONS = CANDIDATES - 1 };

/* Count each candidate in the line that begins at `text`.  Returns the length of the line with its break. */
static size_t count(const char *text, size_t size, size_t counts[CANDIDATES])
{
	bool quoted = false;
	size_t i;

	memset(counts, 0, CANDIDATES * sizeof *counts);
	for (i = 0; i < size && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
		quoted ^= text[i] == '"';
		for (size_t c = 0; !quoted && c < COLONS; c++)
			counts[c] += text[i] == *candidates[c];
		if (!quoted && i > 0 && text[i] == ':' && text[i - 1] == ':') {
			counts[COLONS]++;
			i++;
		}
	}
	return i < size ? i + 1 : i;
}

const char *csv_sniff(const char *text, size_t size, size_t lines)
{
	size_t least[CANDIDATES], counts[CANDIDATES], best = 0;

	memset(least, 0xff, sizeof least);
	for (size_t l = 0, at = 0; l < lines && at < size; l++) {
		const size_t length = count(text + at, size - at, counts);
		/* the second half of CR LF is no line, nor is what the text has of one that is cut off */
		const bool whole = l == 0 || text[at + length - 1] == '\n' || text[at + length - 1] == '\r';
		for (size_t c = 0; length > 1 && whole && c < CANDIDATES; c++)
			least[c] = counts[c] < least[c] ? counts[c] : least[c];
		at += length;
	}
	for (size_t c = 1; c < CANDIDATES; c++) {
		/* colons in pairs are no punctuation, and what they separate may have any of the others in it */
		if (least[c] != SIZE_MAX && (least[c] > least[best] || (c == COLONS && least[c] > 0)))
			best = c;
	}
	return candidates[best];
}

bool csv_names_separator(const char *line, size_t length, char *separator)
{
	const bool quoted = length >= 2 && line[0] == '"' && line[length - 1] == '"';

	line += quoted;
	length -= quoted ? 2 : 0;
	if (length != strlen("sep=") + 1 || memcmp(line, "sep=", strlen("sep=")) != 0)
		return false;
	*separator = line[length - 1];
	return true;
}
