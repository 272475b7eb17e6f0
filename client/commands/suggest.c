/* suggest.c - asks for recommendations. */
#include "config.h"

#include "commands/suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "commands/ratings.h"
#include "lists/pack.h"
#include "wire/rpc.h"

/* Whom it is for, and what else is asked. */
struct suggestion {
	const char *user;   /* NULL: for ratings or lists */
	bool ratings;       /* the words of the command line are ratings */
	struct whose whose; /* else */
	bool why;           /* whether to explain what can be explained, though no option says so */
	bool random;
	int64_t seed;
};

/* ---- the answer ---- */

static void print_ratings(const msgpack_object *ratings)
{
	for (uint32_t i = 0; i < ratings->via.array.size; i++) {
		const msgpack_object *rating = &ratings->via.array.ptr[i];
		char *name = ctl_item_name(rating), *guess = ctl_guess(rating);
		(void)printf("%s%s = %g%s", i ? ", " : "", name, ctl_real(ctl_get(rating, "score")), guess);
		free(name);
		free(guess);
	}
	(void)putchar('\n');
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const struct suggestion *asked = ctl->own;
	const msgpack_object *ratings = ctl_get(result, "ratings"), *seen = ctl_get(result, "seen");

	if (ratings->type == MSGPACK_OBJECT_ARRAY) {
		print_ratings(ratings);
	} else if (!asked->user) {
		whose_print(&asked->whose.people[0], result);
		if (asked->whose.n > 1)
			whose_print(&asked->whose.people[1], ctl_get(result, "with"));
	} else if (ctl_is_nil(seen)) {
		(void)puts("the model does not know what the user has seen, so it may be among these");
	} else {
		(void)printf("without the %" PRId64 " %s that the user has rated\n", ctl_int(seen),
			     ctl_int(seen) == 1 ? "show" : "shows");
	}
	whose_print_missing(&asked->whose, result);
	if (rpc_str_is(ctl_get(result, "by"), "popularity"))
		(void)puts("nothing is known of your taste, so these are the best known");
	answers_print(ctl, result, NULL);
}

/* ---- the question ---- */

static int pack_whose(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct suggestion *asked = ctl->own;

	if (asked->ratings)
		return ratings_pack(packer, ctl);
	if (asked->user)
		rpc_pack_str(packer, asked->user);
	else
		list_pack(packer, &asked->whose.people[0].list);
	return 0;
}

static size_t count_more(const struct suggestion *asked)
{
	const struct whose *whose = &asked->whose;

	const bool given[] = {
	    whose->n > 0, whose->n > 1, whose->n > 1, whose->only.path != NULL, whose->not .path != NULL,
	    asked->why,   asked->random};
	size_t n = 0;

	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		n += given[i];
	return n;
}

static void pack_more(msgpack_packer *packer, const struct ctl *ctl)
{
	const struct suggestion *asked = ctl->own;
	const struct whose *whose = &asked->whose;

	for (size_t i = 0; i < whose->n; i++) {
		if (i > 0) {
			rpc_pack_str(packer, "with");
			list_pack(packer, &whose->people[i].list);
		}
		rpc_pack_str(packer, i > 0 ? "with_scale" : "scale");
		list_pack_scale(packer, &whose->people[i].list);
	}
	if (whose->only.path) {
		rpc_pack_str(packer, "only");
		list_pack(packer, &whose->only.list);
	}
	if (whose->not .path) {
		rpc_pack_str(packer, "exclude");
		list_pack(packer, &whose->not .list);
	}
	if (asked->why) {
		rpc_pack_str(packer, "explain");
		rpc_pack_str(packer, "auto");
	}
	if (asked->random) {
		rpc_pack_str(packer, "random");
		msgpack_pack_int64(packer, asked->seed);
	}
}

/* Read whom it is for.  Where the command line is wrong, says so and returns CTL_USAGE. */
static enum ctl_exit read_whom(const struct ctl *ctl, struct suggestion *asked)
{
	const bool list = cmdline_get(&ctl->line, "list") != NULL;
	enum ctl_exit status;

	asked->user = cmdline_get(&ctl->line, "user");
	asked->ratings = ctl->argc > 0;
	if ((asked->user != NULL) + asked->ratings + list > 1) {
		(void)fputs(
		    "animectl: give ratings, TITLE=SCORE, or --user NAME, or --list FILE, and not two of them\n",
		    stderr);
		return CTL_USAGE;
	}
	if (asked->ratings || asked->user) {
		const char *only = cmdline_get(&ctl->line, "only"), *not = cmdline_get(&ctl->line, "not");
		status = only ? whose_read(ctl, only, &asked->whose.only) : CTL_OK;
		if (status == CTL_OK && not )
			status = whose_read(ctl, not, &asked->whose.not );
		whose_cut(&asked->whose);
		return status;
	}
	status = whose_read_all(ctl, WHOSE_PEOPLE, &asked->whose);
	if (status == CTL_OK && cmdline_get(&ctl->line, "why") && asked->whose.n > 1) {
		(void)fputs("animectl: --why is for one list; leave it out, or give --list once\n", stderr);
		return CTL_USAGE;
	}
	if (status == CTL_OK && cmdline_get(&ctl->line, "for") && asked->whose.n < 2) {
		(void)fputs("animectl: --for is for two lists; give --list twice\n", stderr);
		return CTL_USAGE;
	}
	return status;
}

static enum ctl_exit read_seed(const struct ctl *ctl, struct suggestion *asked)
{
	const int given = cmdline_number(&ctl->line, "animectl", "seed", 0, &asked->seed);

	if (given < 0)
		return CTL_USAGE;
	if (given == 0 && getrandom(&asked->seed, sizeof asked->seed, 0) < 0)
		asked->seed = getpid();
	asked->seed &= INT64_MAX;
	return CTL_OK;
}

enum ctl_exit suggest(const struct ctl *ctl, bool random)
{
	struct suggestion asked = {.random = random};
	struct ctl own = *ctl;
	enum ctl_exit status = random ? read_seed(ctl, &asked) : CTL_OK;

	own.own = &asked;
	if (status == CTL_OK)
		status = read_whom(ctl, &asked);
	asked.why = isatty(STDOUT_FILENO) && !ctl->json && asked.whose.n < 2 && !cmdline_get(&ctl->line, "why") &&
		    !cmdline_get(&ctl->line, "no-why");
	const struct answers_more more = {count_more(&asked), pack_more};
	if (status == CTL_OK)
		status = answers_call(&own, "recommend", pack_whose, &more, print);
	whose_free(&asked.whose);
	return status;
}
