/* xml-mend.c - escapes what was not. */
#include "config.h"

#include "lists/xml-mend.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/memory.h"

/* Whether the text begins with an entity that XML has without a document type. */
static bool is_entity(const char *text)
{
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
	const bool hex = strncmp(text, "&#x", 3) == 0;
	size_t digits = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strncmp(text, names[i], strlen(names[i])) == 0)
			return true;
	}
	if (strncmp(text, "&#", 2) != 0)
		return false;
	text += hex ? 3 : 2;
	while (hex ? isxdigit((unsigned char)text[digits]) : isdigit((unsigned char)text[digits]))
		digits++;
	return digits > 0 && digits < 8 && text[digits] == ';';
}

static bool is_tag(const char *text)
{
	const unsigned char next = (unsigned char)text[1];

	return isalpha(next) || next == '_' || next == '/' || next == '!' || next == '?' || next >= 0x80;
}

/* The length of a comment, a CDATA section or an instruction at the beginning of the text, in which nothing is escaped;
 * 0 where there is none. */
static size_t verbatim(const char *text, size_t size)
{
	static const char *const kinds[][2] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

	for (size_t i = 0; *text == '<' && i < sizeof kinds / sizeof *kinds; i++) {
		if (strncmp(text, kinds[i][0], strlen(kinds[i][0])) != 0)
			continue;
		const char *last = strstr(text, kinds[i][1]);
		return last ? (size_t)(last - text) + strlen(kinds[i][1]) : size;
	}
	return 0;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* Copy bytes without control characters. */
static size_t copy(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = is_control(from[i]) ? ' ' : from[i];
	return n;
}

/* The length of the text up to what may have to be mended. */
static size_t plain(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] != '&' && text[n] != '<' && !is_control(text[n]))
		n++;
	return n;
}

static size_t line_of(const char *text, const char *place)
{
	size_t line = 1;

	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

static void tell(struct list *list, size_t mended, size_t line)
{
	list->at = 0;
	if (mended == 1)
		list_tell(list, "line %zu: a \"&\" or \"<\" is not escaped; it is read as it is", line);
	else if (mended > 1)
		list_tell(list, "%zu \"&\" and \"<\" are not escaped, the first on line %zu; they are read as they are",
			  mended, line);
}

char *list_xml_mend(struct list *list, const char *text, size_t size, size_t *length)
{
	/* the longest thing that stands for a byte is "&amp;" */
	size_t worst = size, mended = 0, first = 0, n = 0;

	for (size_t i = 0; i < size; i++)
		worst += text[i] == '&' || text[i] == '<' ? 4 : 0;
	char *out = malloc(worst + 1);
	if (!out)
		memory_is_short();
	for (size_t at = 0; at < size;) {
		const size_t run = plain(text + at, size - at);
		memcpy(out + n, text + at, run);
		n += run;
		at += run;
		if (at == size)
			break;
		const size_t whole = verbatim(text + at, size - at);
		if (whole == 0 &&
		    ((text[at] == '&' && !is_entity(text + at)) || (text[at] == '<' && !is_tag(text + at)))) {
			const char *entity = text[at] == '&' ? "&amp;" : "&lt;";
			n += copy(out + n, entity, strlen(entity));
			first = mended++ == 0 ? at : first;
			at++;
			continue;
		}
		n += copy(out + n, text + at, whole ? whole : 1);
		at += whole ? whole : 1;
	}
	*length = n;
	tell(list, mended, line_of(text, text + first));
	return out;
}
