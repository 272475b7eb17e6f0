/* pairs-print.c - prints the figures as a table for people and as JSON for scripts. */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "evaluate/pairs.h"

/* Print a figure in a column of 9, with a dash where there is none. */
static void print_figure(double value, FILE *out)
{
	if (isnan(value))
		(void)fprintf(out, "  %9s", "-");
	else
		(void)fprintf(out, "  %9.4f", value);
}

static void print_row(const struct pairs_result *result, unsigned i, enum pairs_part part, int width, FILE *out)
{
	const struct pairs_figures *figures = &result->at[i].parts[part];
	char ratings[64];

	(void)snprintf(ratings, sizeof ratings, "%" PRId64 " to %" PRId64, figures->least, figures->most);
	(void)fprintf(out, "%-*s  %-5s  %5zu  %14s", width, result->at[i].name, pairs_part_name(part), figures->shows,
		      figures->shows > 0 ? ratings : "-");
	print_figure(figures->ndcg, out);
	print_figure(figures->recall, out);
	(void)fprintf(out, "  %9zu", figures->unanswered);
	if (part == PAIRS_ALL)
		print_figure(result->at[i].overlap, out);
	(void)fputc('\n', out);
}

void pairs_print(const struct pairs_result *result, FILE *out)
{
	int width = (int)strlen("similarity");

	for (unsigned i = 0; i < result->n; i++)
		width = (int)strlen(result->at[i].name) > width ? (int)strlen(result->at[i].name) : width;
	(void)fprintf(out, "pairs      %s: %zu\n", result->file, result->pairs);
	(void)fprintf(out, "asked      shows with at least %d partners and %d ratings, of a model of all ratings\n",
		      PAIRS_PARTNERS, PAIRS_RATINGS);
	(void)fprintf(out,
		      "overlap    of models of two random halves of the ratings, seed %" PRIu64
		      ": %zu shows with at least %d ratings\n\n",
		      result->seed, result->overlap_shows, PAIRS_RATINGS);
	(void)fprintf(out, "%-*s  known  shows         ratings    NDCG@%d  recall@%d  no answer  overlap@%d\n", width,
		      "similarity", PAIRS_TOP, PAIRS_LONG, PAIRS_TOP);
	for (unsigned i = 0; i < result->n; i++) {
		for (int part = 0; part < PAIRS_PARTS; part++)
			print_row(result, i, (enum pairs_part)part, width, out);
	}
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

/* NULL: memory is short. */
static json_t *json_part(const struct pairs_figures *figures, const char *name)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:I}", "known", name, "shows", (json_int_t)figures->shows,
			 "least_ratings", (json_int_t)figures->least, "most_ratings", (json_int_t)figures->most, "ndcg",
			 number(figures->ndcg), "recall", number(figures->recall), "unanswered",
			 (json_int_t)figures->unanswered);
}

static json_t *json_similarity(const struct pairs_result *result, unsigned i)
{
	json_t *parts = json_array();
	int bad = 0;

	for (int part = 0; part < PAIRS_PARTS; part++)
		bad |= json_array_append_new(
		    parts, json_part(&result->at[i].parts[part], pairs_part_name((enum pairs_part)part)));
	json_t *object = json_pack("{s:s, s:o, s:o}", "name", result->at[i].name, "overlap",
				   number(result->at[i].overlap), "by_ratings", parts);
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

int pairs_print_json(const struct pairs_result *result, FILE *out)
{
	json_t *similarities = json_array();
	int bad = 0;

	for (unsigned i = 0; i < result->n; i++)
		bad |= json_array_append_new(similarities, json_similarity(result, i));
	json_t *object = json_pack("{s:s, s:I, s:I, s:I, s:o}", "file", result->file, "pairs",
				   (json_int_t)result->pairs, "seed", (json_int_t)result->seed, "overlap_shows",
				   (json_int_t)result->overlap_shows, "similarities", similarities);
	if (!bad)
		bad = object ? json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : -1;
	json_decref(object);
	(void)fputc('\n', out);
	return bad ? -1 : 0;
}
