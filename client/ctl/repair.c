/* repair.c - replaces what cannot be printed. */
#include "config.h"

#include "ctl/repair.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Whether the character moves the cursor, or turns the direction of what follows. */
static bool is_control(utf8proc_int32_t codepoint)
{
	return codepoint != '\n' && (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0) ||
				     (codepoint >= 0x202a && codepoint <= 0x202e) ||
				     (codepoint >= 0x2066 && codepoint <= 0x2069));
}

char *text_repair(const char *bytes, size_t length, bool terminal)
{
	char *out = malloc(3 * length + 1), *to = out;
	utf8proc_int32_t codepoint;

	for (size_t at = 0; out && at < length;) {
		utf8proc_ssize_t n =
		    utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(length - at), &codepoint);
		if (n <= 0 || codepoint == 0 || (terminal && is_control(codepoint))) {
			memcpy(to, "\xef\xbf\xbd", 3);
			to += 3;
		} else {
			memcpy(to, bytes + at, (size_t)n);
			to += n;
		}
		at += n > 0 ? (size_t)n : 1;
	}
	if (out)
		*to = '\0';
	return out;
}
