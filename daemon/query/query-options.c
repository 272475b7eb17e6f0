/* query-options.c - the options of queries: a row for each, their checks, and what counts if an option is not given. */
#include "config.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "query/query-options-private.h"

/* ---- one value or a list of them ---- */

struct label_reader {
	const struct facet *facet;
	struct filter_labels *to;
};

static int take_label(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	const struct label_reader *reader = to;
	char quoted[QUOTE_SIZE], hint[900];
	struct text text;
	uint32_t label;

	if (param_text(question, value, what, &text) < 0)
		return -1;
	if (facet_find(reader->facet, text, &label) < 0)
		return question_out_of_memory(question);
	if (label == FACET_NONE) {
		text_quote(text, quoted);
		if (facet_hint(reader->facet, text, hint, sizeof hint) < 0)
			return question_out_of_memory(question);
		return question_refuse(question, "%s: no show has %s%s", what, quoted, hint);
	}
	if (reader->to->n == FILTER_LABELS)
		return question_refuse(question, "%s has more than %d names", what, FILTER_LABELS);
	reader->to->at[reader->to->n++] = label;
	return 0;
}

static int read_labels(struct question *question, const msgpack_object *value, const char *what, struct query *query,
		       enum filter_part part, const struct facet *facet, struct filter_labels *to)
{
	struct label_reader reader = {facet, to};

	if (option_give(question, query, part, facet_labels(facet) > 0, what,
			part == FILTER_TYPE ? "the types of shows (TV, Movie ...)" : "the genres of shows") < 0)
		return -1;
	return option_each(question, value, what, take_label, &reader);
}

static int read_genre(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	return read_labels(question, value, what, query, FILTER_GENRE, &question->model->traits.genres,
			   &query->filter.genres);
}

static int read_not_genre(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	return read_labels(question, value, what, query, FILTER_NOT_GENRE, &question->model->traits.genres,
			   &query->filter.not_genres);
}

static int read_type(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	return read_labels(question, value, what, query, FILTER_TYPE, &question->model->traits.types,
			   &query->filter.types);
}

/* ---- ranges ---- */

/* Read "2010..2015", "2010..", "..2015" or "2012"; *alone is set if it is a single number.  Returns false if it is none
 * of these. */
static bool parse_range(struct text text, struct filter_range *range, bool *alone)
{
	char copy[64], *end, *dots;

	if (text.length == 0 || text.length >= sizeof copy || memchr(text.bytes, '\0', text.length))
		return false;
	memcpy(copy, text.bytes, text.length);
	copy[text.length] = '\0';
	dots = strstr(copy, "..");
	if (dots && dots[2] == '.') /* not "0.1999" behind two dots */
		return false;
	*alone = dots == NULL;
	*range = (struct filter_range){-INFINITY, INFINITY};
	if (dots)
		*dots = '\0';
	if (*copy) {
		range->low = strtod(copy, &end);
		if (*end || end == copy)
			return false;
	}
	if (dots && dots[2]) {
		range->high = strtod(dots + 2, &end);
		if (*end || end == dots + 2)
			return false;
	}
	return !isnan(range->low) && !isnan(range->high) && (*copy || (dots && dots[2]));
}

/* Read a number, or `open` if the value is nil.  Returns false if it is neither. */
static bool read_end(const msgpack_object *value, double open, double *out)
{
	struct question ignored;

	*out = open;
	return value->type == MSGPACK_OBJECT_NIL || param_real(&ignored, value, "", -DBL_MAX, DBL_MAX, out) == 0;
}

/* Read a range.  A single number means exactly this number if `exact` is set, as for years; else it is the lower end,
 * as for members and scores. */
static int read_range(struct question *question, const msgpack_object *value, const char *what, bool exact,
		      struct filter_range *range)
{
	const msgpack_object *ends = value->via.array.ptr;
	bool alone = false, good;
	struct text text;

	if (param_bytes(value, &text)) {
		good = parse_range(text, range, &alone);
	} else if (value->type == MSGPACK_OBJECT_ARRAY) {
		good = value->via.array.size == 2 && read_end(&ends[0], -INFINITY, &range->low) &&
		       read_end(&ends[1], INFINITY, &range->high);
	} else {
		alone = true;
		range->high = INFINITY;
		good = value->type != MSGPACK_OBJECT_NIL && read_end(value, 0, &range->low);
	}
	if (!good)
		return question_refuse(
		    question, "%s must be a number, [low, high] with nil for an open end, or \"low..high\"", what);
	if (alone && exact)
		range->high = range->low;
	if (range->low > range->high)
		return question_refuse(question, "%s ends before it begins: %g..%g", what, range->low, range->high);
	return 0;
}

static int read_year(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	const bool known = question->model->traits.years;

	if (option_give(question, query, FILTER_YEAR, known, what, "the years of shows") < 0)
		return -1;
	return read_range(question, value, what, true, &query->filter.year);
}

static int read_members(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	const bool known = question->model->traits.members;

	if (option_give(question, query, FILTER_MEMBERS, known, what, "how many people list a show") < 0)
		return -1;
	return read_range(question, value, what, false, &query->filter.members);
}

static int read_score(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	const bool known = question->model->file.catalogue.means != NULL;

	if (option_give(question, query, FILTER_SCORE, known, what, "the mean ratings of shows") < 0)
		return -1;
	return read_range(question, value, what, false, &query->filter.score);
}

/* ---- other options ---- */

static int read_limit(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	int64_t limit;

	if (param_integer(question, value, what, 1, QUERY_MAX_ITEMS, &limit) < 0)
		return -1;
	query->limit = (size_t)limit;
	return 0;
}

static int read_min_ratings(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	(void)option_give(question, query, FILTER_MIN_RATINGS, true, what, "");
	return param_integer(question, value, what, 0, INT64_MAX, &query->filter.min_ratings);
}

static int read_shrink(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (param_real(question, value, what, 0, DBL_MAX, &query->shrink) < 0)
		return -1;
	if (query->shrink > 0 && !question->model->file.catalogue.counts)
		return question_refuse(question, "%s: the model does not know how many ratings are behind a show",
				       what);
	return 0;
}

static int read_popularity(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (param_real(question, value, what, -1, 1, &query->popularity) < 0)
		return -1;
	if (query->popularity != 0 && !question->model->traits.popularity)
		return question_refuse(question, "%s: the model knows neither the members nor the ratings of shows",
				       what);
	return 0;
}

static int read_sequels(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;
	struct text choice;
	int place = -1;

	if (param_bytes(value, &choice))
		place = text_place(SEQUELS_CHOICES, choice);
	if (place >= 0 && (place != SEQUELS_ONLY || query->kind != QUERY_CULT)) {
		query->sequels = (enum sequels)place;
		query->sequels_by_request = true;
		return 0;
	}
	return question_refuse(question, "%s must be %s", what,
			       query->kind == QUERY_CULT ? "\"hide\" or \"show\"" : "\"hide\", \"show\" or \"only\"");
}

static int read_cult(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	if (param_flag(question, value, what, &query->cult) < 0)
		return -1;
	if (query->cult && !question->model->traits.cult.values)
		return question_refuse(
		    question,
		    "%s: the model has neither its ratings nor the number and mean of the ratings of each show", what);
	return 0;
}

static int read_explain(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	struct query *query = to;

	const struct ranking *ranking = &question->model->ranking;
	const bool can = query->kind != QUERY_RECOMMEND || (ranking->ops && ranking->ops->parts);

	if (rpc_str_is(value, "auto")) {
		query->explain = can;
		query->explain_if_can = true;
		return 0;
	}
	if (param_flag(question, value, what, &query->explain) < 0)
		return -1;
	if (query->explain && !can)
		return question_refuse(question, "%s: the ranking %s cannot tell which shows an answer comes from",
				       what, ranking->name ? ranking->name : RANKED_BY_PREDICTION);
	return 0;
}

static int read_by(struct question *question, const msgpack_object *value, const char *what, void *to)
{
	const struct model *model = question->model;
	struct query *query = to;
	char there[256] = "";
	size_t used = 0;
	struct text name;

	if (param_text(question, value, what, &name) < 0)
		return -1;
	const struct measure *measure = model_measure(model, name);
	if (measure) {
		query->measure = measure;
		return 0;
	}
	for (unsigned i = 0; i < question->conf->n_similarities; i++) {
		if (text_compare(name, text_of(question->conf->similarities[i].plugin.info->name)) == 0)
			return question_refuse(question,
					       "%s: model %llu has nothing that \"%.*s\" learns; train again, with "
					       "`animectl retrain`",
					       what, (unsigned long long)model->version, (int)name.length, name.bytes);
	}
	for (unsigned i = 0; i < model->n_measures && used < sizeof there; i++)
		used += (size_t)snprintf(there + used, sizeof there - used, "%s\"%s\"", i ? ", " : "",
					 model->measures[i].name);
	return question_refuse(question, "%s must be a similarity that this model answers with: %s", what, there);
}

/* What `shrink` and `limit` are before an option has set them. */
#define NOT_GIVEN (-1.0)
#define NO_LIMIT  0

#define RANKED    (QUERY_SIMILAR | QUERY_RECOMMEND)
#define LISTED    (RANKED | QUERY_CULT)
#define EVERY     (LISTED | QUERY_SEARCH | QUERY_NEXT)

static const struct param_option rows[] = {
    {"limit", EVERY, read_limit},
    {"min_ratings", EVERY, read_min_ratings},
    {"genre", EVERY, read_genre},
    {"not_genre", EVERY, read_not_genre},
    {"type", EVERY, read_type},
    {"year", EVERY, read_year},
    {"members", EVERY, read_members},
    {"score", EVERY, read_score},
    {"exclude", EVERY, option_exclude},
    {"sequels", LISTED, read_sequels},
    {"shrink", RANKED, read_shrink},
    {"popularity", RANKED, read_popularity},
    {"cult", RANKED, read_cult},
    {"explain", RANKED, read_explain},
    {"by", QUERY_SIMILAR, read_by},
    {"only", EVERY, option_only},
    {"diverse", RANKED, option_diverse},
    {"random", QUERY_RECOMMEND, option_random},
    {"planned", QUERY_RECOMMEND, option_planned},
    {"ignore_dislikes", QUERY_RECOMMEND, option_ignore_dislikes},
    {"with", QUERY_RECOMMEND, option_with},
    {"with_scale", QUERY_RECOMMEND, option_with_scale},
    {"for", QUERY_RECOMMEND, option_for},
    {"scale", QUERY_RECOMMEND | QUERY_NEXT, option_scale},
};

/* Whether the values of items come from a plugin that learns. */
static bool learns(const struct model *model, const struct query *query)
{
	if (query->kind == QUERY_SIMILAR)
		return measure_learns(query->measure);
	return query->kind == QUERY_RECOMMEND && query_ranking_learns(model);
}

/* Set what no option has set.  The shrink and the least number of ratings of the configuration are for values that do
 * not count the evidence behind them; a plugin that learns does, and knows something of items that nobody has rated. */
static void complete(const struct question *question, struct query *query)
{
	const struct conf *conf = question->conf;
	const bool learnt = learns(question->model, query);
	struct filter *filter = &query->filter;

	filter->unrated = learnt || query->kind == QUERY_SEARCH || query->kind == QUERY_NEXT;
	if (query->limit == NO_LIMIT)
		query->limit = query->random ? 1 : conf->limit < QUERY_MAX_ITEMS ? conf->limit : QUERY_MAX_ITEMS;
	/* whoever plans to see a sequel wants to find it among what is planned */
	if ((filter->given & FILTER_BIT(FILTER_PLANNED)) && !query->sequels_by_request)
		query->sequels = SEQUELS_SHOW;
	if (query->shrink < 0)
		query->shrink =
		    (query->kind & RANKED) && !learnt && question->model->file.catalogue.counts ? conf->shrink : 0;
	if (!(filter->by_request & FILTER_BIT(FILTER_MIN_RATINGS)) && (query->kind & LISTED) && !learnt) {
		filter->given |= FILTER_BIT(FILTER_MIN_RATINGS);
		filter->min_ratings = conf->min_ratings;
	}
}

int query_read_options(struct question *question, uint32_t i, enum query_kind kind, struct query *query)
{
	const struct conf *conf = question->conf;
	const struct model *model = question->model;

	*query = (struct query){
	    .kind = kind,
	    .user = UINT32_MAX,
	    .measure = &model->measures[0],
	    .limit = NO_LIMIT,
	    .sequels = conf->sequels,
	    .shrink = NOT_GIVEN,
	};
	/* "only" needs a show to compare with, and `cult` has none */
	if (kind == QUERY_CULT && query->sequels == SEQUELS_ONLY)
		query->sequels = SEQUELS_HIDE;
	if (param_options(question, i, rows, sizeof rows / sizeof *rows, kind, query) < 0)
		return -1;
	complete(question, query);
	if (query->with_scale && !query->with)
		return question_refuse(question,
				       "the option \"with_scale\" is the scale of the list \"with\", which is "
				       "not given");
	query->explain = query->explain && !(query->with && query->explain_if_can);
	if (query->explain && query->with)
		return question_refuse(question, "the option \"explain\" is for one person, not for two with \"with\"");
	if (query->random && query->diverse > 0)
		return question_refuse(question, "the options \"random\" and \"diverse\" cannot be had together");
	return 0;
}

void query_free(struct query *query)
{
	filter_free(&query->filter);
	query_person_free(&query->person);
	query_person_free(&query->other);
	free(query->seen);
	free(query->ignored);
	free(query->terms);
	free(query->excluded);
	query->terms = NULL;
	query->n_terms = query->terms_room = 0;
}
