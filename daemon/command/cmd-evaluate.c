/* cmd-evaluate.c - animed evaluate: measure the configured model on ratings that it was not trained on. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "evaluate/evaluate.h"
#include "evaluate/pairs.h"
#include "train/foreground.h"

static const struct cmdline_option options[] = {
    {"split", 's', "HOW", "what is hidden: random (ratings), leave-out (some of each user), users (new ones)"},
    {"valid-pct", 'p', "P", "random, users: the share of ratings hidden; default train.valid_pct"},
    {"leave", 'k', "N", "leave-out: ratings hidden of each user; default 5"},
    {"users", 'u', "N", "users: how many are left out of training; default a tenth"},
    {"at-least", 0, "N", "users: only those with so many ratings are left out; default 20"},
    {"threshold", 't', "SCORE", "what is rated so or higher is relevant; default 3/4 up the range"},
    {"top", 'n', "N", "the length of the lists of recommendations; default 10"},
    {"seed", 0, "N", "decides everything random; default train.seed"},
    {"repeat", 0, "N", "do it with so many seeds; default 1"},
    {"pairs", 0, "FILE", "measure what `similar` answers by pairs of shows: a CSV file of QUERY,PARTNER,VOTES"},
    {"json", 0, NULL, "print JSON"},
    {NULL, 0, NULL, NULL},
};

static int complain(const char *option, const char *value, const char *what)
{
	(void)fprintf(stderr, "animed: --%s: \"%s\" is not %s\n", option, value, what);
	return -1;
}

static int read_real(const struct cmdline *line, const char *name, double *out)
{
	const char *text = cmdline_get(line, name);
	char *end;

	if (!text)
		return 0;
	errno = 0;
	*out = strtod(text, &end);
	if (errno != 0 || end == text || *end != '\0' || !isfinite(*out))
		return complain(name, text, "a number");
	return 1;
}

static int read_whole(const struct cmdline *line, const char *name, int64_t least, int64_t most, int64_t *out)
{
	char what[64];
	const int got = cmdline_number(line, "animed", name, least, out);

	if (got <= 0 || *out <= most)
		return got;
	(void)snprintf(what, sizeof what, "a whole number up to %lld", (long long)most);
	return complain(name, cmdline_get(line, name), what);
}

static int read_split(const struct cmdline *line, enum evaluate_split *out)
{
	const char *text = cmdline_get(line, "split");

	for (int split = SPLIT_RANDOM; text && split <= SPLIT_USERS; split++) {
		if (strcmp(text, evaluate_split_name((enum evaluate_split)split)) == 0) {
			*out = (enum evaluate_split)split;
			return 0;
		}
	}
	return text ? complain("split", text, "random, leave-out or users") : 0;
}

/* Refuse options that the split would ignore: whoever gives one expects it to count. */
static int check_split(const struct cmdline *line, enum evaluate_split split)
{
	static const struct {
		const char *option;
		bool of[SPLIT_USERS + 1];
	} rows[] = {
	    {"valid-pct", {[SPLIT_RANDOM] = true, [SPLIT_USERS] = true}},
	    {"leave", {[SPLIT_LEAVE_OUT] = true}},
	    {"users", {[SPLIT_USERS] = true}},
	    {"at-least", {[SPLIT_USERS] = true}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!cmdline_get(line, rows[i].option) || rows[i].of[split])
			continue;
		(void)fprintf(stderr, "animed: --%s has no meaning with --split %s\n", rows[i].option,
			      evaluate_split_name(split));
		return -1;
	}
	return 0;
}

static int read_options(const struct cmdline *line, const struct conf *conf, struct evaluate_options *out)
{
	int64_t leave = 5, users = 0, least = 20, seed = (int64_t)conf->seed, repeat = 1, top = 10;

	*out = (struct evaluate_options){.share = conf->valid_pct, .threshold = NAN};
	if (read_split(line, &out->split) < 0 || check_split(line, out->split) < 0 ||
	    read_real(line, "valid-pct", &out->share) < 0 || read_real(line, "threshold", &out->threshold) < 0 ||
	    read_whole(line, "leave", 1, 1000000, &leave) < 0 || read_whole(line, "users", 1, INT32_MAX, &users) < 0 ||
	    read_whole(line, "at-least", 1, INT32_MAX, &least) < 0 ||
	    read_whole(line, "seed", 0, 9000000000000000, &seed) < 0 ||
	    read_whole(line, "repeat", 1, EVALUATE_REPEATS, &repeat) < 0 || read_whole(line, "top", 1, 1000, &top) < 0)
		return -1;
	if (out->split != SPLIT_LEAVE_OUT && !(out->share > 0 && out->share < 1)) {
		(void)fprintf(
		    stderr,
		    "animed: a share of %g hidden leaves nothing to measure; give --valid-pct between 0 and 1\n",
		    out->share);
		return -1;
	}
	out->leave_out = (size_t)leave;
	out->users = (uint32_t)users;
	out->least = (size_t)least;
	out->seed = (uint64_t)seed;
	out->repeat = (unsigned)repeat;
	out->top = (unsigned)top;
	return 0;
}

/* Returns 0 where the figures are printed.  On failure returns -1 and fills err. */
static int printed(int status, struct animed_error *err)
{
	if (status == 0)
		return EXIT_SUCCESS;
	return animed_fail(err, "cannot %s",
			   ferror(stdout) ? "write the figures" : "make JSON of the figures: out of memory");
}

/* Measure what `similar` answers. */
static int run_pairs(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	int64_t seed = (int64_t)conf->seed;
	struct pairs_result result;
	struct dataset *dataset;
	struct foreground foreground;

	for (size_t i = 0; i < sizeof options / sizeof *options - 1; i++) {
		const char *name = options[i].name;
		if (!cmdline_get(line, name) || strcmp(name, "pairs") == 0 || strcmp(name, "seed") == 0 ||
		    strcmp(name, "json") == 0)
			continue;
		(void)fprintf(stderr, "animed: --%s has no meaning with --pairs\n", name);
		return EXIT_USAGE;
	}
	if (read_whole(line, "seed", 0, 9000000000000000, &seed) < 0)
		return EXIT_USAGE;
	foreground_begin(&foreground, conf->threads);
	int status = foreground_load(&foreground, conf, &dataset, err);
	if (status == 0) {
		status = pairs_measure(conf, dataset, cmdline_get(line, "pairs"), (uint64_t)seed, &foreground.host,
				       &result, err);
		dataset_free(dataset);
	}
	foreground_end(&foreground);
	if (status < 0)
		return -1;
	if (cmdline_get(line, "json"))
		return printed(pairs_print_json(&result, stdout), err);
	pairs_print(&result, stdout);
	return EXIT_SUCCESS;
}

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	struct evaluate_options given;
	struct evaluation evaluation;
	struct dataset *dataset;
	struct foreground foreground;

	if (cmdline_get(line, "pairs"))
		return run_pairs(conf, line, err);
	if (read_options(line, conf, &given) < 0)
		return EXIT_USAGE;
	foreground_begin(&foreground, conf->threads);
	int status = foreground_load(&foreground, conf, &dataset, err);
	if (status == 0) {
		status = evaluate(conf, dataset, &given, &foreground.host, &evaluation, err);
		dataset_free(dataset);
	}
	foreground_end(&foreground);
	if (status < 0)
		return -1;
	if (cmdline_get(line, "json"))
		return printed(evaluate_print_json(&evaluation, stdout), err);
	evaluate_print(&evaluation, stdout);
	return EXIT_SUCCESS;
}

const struct command command_evaluate = {
    .name = "evaluate",
    .args = "",
    .summary = "measure the configured pipeline on ratings it was not trained on, next to baselines",
    .options = options,
    .run = run,
};
