/* method-taste.c - taste(list, [options]) - what somebody's list says of their taste. */
#include "config.h"

#include <math.h>

#include "base/pack.h"
#include "methods/method.h"
#include "query/query.h"
#include "query/reply.h"
#include "query/taste.h"

static const char *const kinds[TASTE_KINDS] = {"genre", "decade", "type"};

/* Pack the name of a trait: that of a label, or the first year of a decade as "1990s". */
static void pack_name(struct question *question, const struct taste_trait *trait)
{
	const struct traits *traits = &question->model->traits;
	const struct facet *facet = trait->kind == TASTE_GENRE ? &traits->genres : &traits->types;
	const struct animed_strings names = text_column_view(&facet->names);
	char decade[16];

	if (trait->kind != TASTE_DECADE) {
		pack_text(question->reply, "name", strings_at(&names, trait->label));
		return;
	}
	(void)snprintf(decade, sizeof decade, "%us", (unsigned)trait->label);
	pack_str(question->reply, "name", decade);
}

static void pack_trait(struct question *question, const struct taste_trait *trait)
{
	msgpack_packer *reply = question->reply;

	(void)msgpack_pack_map(reply, 7);
	pack_str(reply, "kind", kinds[trait->kind]);
	pack_name(question, trait);
	pack_uint(reply, "shows", trait->shows);
	pack_real(reply, "share", trait->share);
	pack_real(reply, "expected", trait->expected);
	pack_real(reply, "deviation", trait->deviation);
	pack_finite(reply, "mean", trait->scored > 0 ? trait->sum / (double)trait->scored : (double)NAN);
}

static bool marks(const struct taste_trait *trait)
{
	return fabs(trait->deviation) >= TASTE_MARKS;
}

static void pack_shows(struct question *question, const char *key, const struct taste_show *shows, size_t n)
{
	msgpack_packer *reply = question->reply;

	pack_array(reply, key, n);
	for (size_t s = 0; s < n; s++) {
		(void)msgpack_pack_map(reply, REPLY_ITEM_ENTRIES + 2);
		reply_item(reply, &question->model->file.catalogue, shows[s].item);
		pack_real(reply, "score", (double)shows[s].score);
		pack_real(reply, "difference", (double)shows[s].difference);
	}
}

static void pack_traits(struct question *question, const struct taste *taste)
{
	msgpack_packer *reply = question->reply;
	size_t n = 0;

	pack_array(reply, "traits", taste->n_traits);
	for (size_t t = 0; t < taste->n_traits; t++) {
		pack_trait(question, &taste->traits[t]);
		n += marks(&taste->traits[t]);
	}
	pack_array(reply, "marks", n);
	for (size_t t = 0; t < taste->n_traits; t++) {
		if (marks(&taste->traits[t]))
			pack_trait(question, &taste->traits[t]);
	}
}

static void pack(struct question *question, const struct entries *entries, const struct taste *taste)
{
	msgpack_packer *reply = question->reply;

	rpc_pack_result(reply, question->msgid);
	(void)msgpack_pack_map(reply, 10 + ENTRIES_REPLY);
	pack_uint(reply, "model", question->model->version);
	entries_pack(question, entries);
	pack_uint(reply, "shows", taste->shows);
	pack_uint(reply, "scored", taste->scored);
	pack_finite(reply, "mean", taste->mean);
	pack_finite(reply, "others", taste->others);
	pack_finite(reply, "generosity", taste->mean - taste->others);
	pack_traits(question, taste);
	pack_shows(question, "above", taste->above, taste->n_above);
	pack_shows(question, "below", taste->below, taste->n_below);
}

static int keep_scale(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	(void)question;
	(void)what;
	*(const msgpack_object **)to = value;
	return 0;
}

static int ask(struct question *question)
{
	static const struct param_option rows[] = {{"scale", 1, keep_scale}};
	const msgpack_object *scale = NULL;
	struct entries entries = {.n = 0};
	struct taste taste = {.traits = NULL};
	int status = param_options(question, 1, rows, 1, 1, &scale);

	if (status == 0)
		status = entries_read(question, &question->params[0], "parameter 1", scale, &entries);
	if (status == 0)
		status = taste_find(question, &entries, &taste);
	if (status == 0)
		pack(question, &entries, &taste);
	taste_free(&taste);
	entries_free(&entries);
	return status;
}

static double cost(struct question *question)
{
	return entries_cost(question, &question->params[0]) + question->model->measures[0].cost;
}

const struct method method_taste = {
    .name = "taste",
    .min_params = 1,
    .max_params = 2,
    .ask = ask,
    .cost = cost,
    .params = "list, {scale}",
    .summary = "what somebody's list says of their taste",
};
