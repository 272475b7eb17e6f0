/* ratings.c - reads TITLE=SCORE, whose title may be several words. */
#include "config.h"

#include "commands/ratings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/number.h"

/* Where the words of the TITLE=SCORE that begins at word `at` end; *equals receives where the "=" is in the last of
 * them.  Returns -1 where no score follows. */
static int rating_end(const struct ctl *ctl, int at, char **equals, double *score)
{
	for (; at < ctl->argc; at++) {
		double scale;
		*equals = strrchr(ctl->argv[at], '=');
		if (!*equals || !(*equals)[1])
			continue;
		if (number_score(*equals + 1, score, &scale) && (scale == 0 || scale == 10))
			return at + 1;
	}
	return -1;
}

int ratings_pack(msgpack_packer *packer, const struct ctl *ctl)
{
	uint32_t n = 0;
	double score;
	char *equals;

	for (int at = 0; at < ctl->argc; n++) {
		const int end = rating_end(ctl, at, &equals, &score);
		if (end < 0) {
			(void)fprintf(stderr,
				      "animectl: \"%s\" has no score; write TITLE=SCORE, such as \"Akira=8.5\"\n",
				      ctl->argv[at]);
			return -1;
		}
		at = end;
	}
	msgpack_pack_array(packer, n);
	for (int at = 0; at < ctl->argc;) {
		const int end = rating_end(ctl, at, &equals, &score);
		const struct ctl part = {.argc = end, .argv = ctl->argv};
		*equals = '\0'; /* a program may write to its argv */
		char *title = ctl_words(&part, at);
		*equals = '=';
		msgpack_pack_array(packer, 2);
		ctl_pack_item(packer, title);
		msgpack_pack_double(packer, score);
		free(title);
		at = end;
	}
	return 0;
}
