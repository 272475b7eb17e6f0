/* cmd-recommend.c - animectl recommend: lists what a user of the model, or somebody who gives some scores, should watch
 * next. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/answers.h"
#include "ctl/number.h"
#include "wire/rpc.h"

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *ratings = ctl_get(result, "ratings"), *seen = ctl_get(result, "seen");
	const bool folded = ratings->type == MSGPACK_OBJECT_ARRAY;

	(void)ctl;
	for (uint32_t i = 0; folded && i < ratings->via.array.size; i++) {
		const msgpack_object *rating = &ratings->via.array.ptr[i];
		char *name = ctl_item_name(rating), *guess = ctl_guess(rating);
		(void)printf("%s%s = %g%s", i ? ", " : "", name, ctl_real(ctl_get(rating, "score")), guess);
		free(name);
		free(guess);
	}
	if (folded)
		(void)putchar('\n');
	else if (ctl_is_nil(seen))
		(void)puts("the model does not know what the user has seen, so it may be among these");
	else
		(void)printf("without the %" PRId64 " %s that the user has rated\n", ctl_int(seen),
			     ctl_int(seen) == 1 ? "show" : "shows");
	answers_print(result);
}

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

/* Pack the words as [[title, score], ...].  Where they are wrong, says so and returns -1. */
static int pack_ratings(msgpack_packer *packer, const struct ctl *ctl)
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

static int pack_whose(msgpack_packer *packer, const struct ctl *ctl)
{
	const char *user = cmdline_get(&ctl->line, "user");

	if ((user != NULL) == (ctl->argc > 0)) {
		(void)fputs("animectl: recommend needs either --user NAME or ratings, TITLE=SCORE\n", stderr);
		return -1;
	}
	if (!user)
		return pack_ratings(packer, ctl);
	rpc_pack_str(packer, user);
	return 0;
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	return answers_call(ctl, "recommend", pack_whose, print);
}

static const struct cmdline_option options[] = {
    {"user", 'u', "NAME", "for this user of the training data"},
    ANSWERS_LIMIT,
    ANSWERS_FILTERS,
    ANSWERS_SEQUELS,
    ANSWERS_WEIGHTS,
    {"why", 'w', NULL, "say which of the rated shows each answer comes from"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_entry cmd_recommend = {
    .name = "recommend",
    .args = "[TITLE=SCORE]...",
    .summary = "list what a user, or whoever gives these scores, should watch next",
    .options = options,
    .max_args = -1,
    .exec = exec,
};
