/* cmd-tune.c - animed tune: search for the parameters of the model that have the least error. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "command/command.h"
#include "evaluate/tune-print.h"

static const struct cmdline_option options[] = {
    {"trials", 'n', "N", "how many sets of parameters to try; 37, or what --time allows"},
    {"time", 't', "SECONDS", "how long the search may take"},
    {"seed", 0, "N", "decides what is tried and held out; train.seed"},
    {"set", 0, "NAME=LOW..HIGH", "search a parameter there; NAME=VALUE: not at all"},
    {"json", 0, NULL, "print all trials as JSON"},
    {NULL, 0, NULL, NULL},
};

/* The usual search tries the configuration and three brackets. */
enum { USUAL_TRIALS = 1 + 3 * TUNE_BRACKET, MOST_TRIALS = 1000000 };

static int read_wish(const struct conf *conf, const struct cmdline *line, struct tune_wish *wish)
{
	int64_t trials = 0, seconds = 0, seed = (int64_t)conf->seed;

	if (cmdline_number(line, "animed", "trials", 2, &trials) < 0 ||
	    cmdline_number(line, "animed", "time", 1, &seconds) < 0 ||
	    cmdline_number(line, "animed", "seed", 0, &seed) < 0)
		return -1;
	if (trials > MOST_TRIALS) {
		(void)fprintf(stderr, "animed: --trials: at most %d\n", MOST_TRIALS);
		return -1;
	}
	if (trials == 0 && seconds == 0)
		trials = USUAL_TRIALS;
	*wish = (struct tune_wish){(uint64_t)seed, (size_t)trials, (double)seconds};
	return 0;
}

static int read_space(const struct conf *conf, const struct cmdline *line, struct tune_space *space)
{
	const char *sets[CMDLINE_GIVEN];
	struct animed_error err;
	size_t n = 0;

	while ((sets[n] = cmdline_nth(line, "set", n)) && n + 1 < CMDLINE_GIVEN)
		n++;
	if (tune_space_init(space, conf->model.plugin.info->params, conf->model.values, sets, n, &err) == 0)
		return 0;
	(void)fprintf(stderr, "animed: tune: %s\n", err.text);
	tune_space_free(space);
	return -1;
}

static void log_space(const struct tune_space *space)
{
	for (size_t d = 0; d < space->n; d++) {
		const struct tune_dim *dim = &space->dims[d];
		log_write(ANIMED_INFO, "searching %s from %g to %g%s", space->table[dim->param].name, dim->low,
			  dim->high, dim->logarithmic ? ", logarithmically" : "");
	}
}

/* Search and print.  A search that a signal cuts off prints what was measured, and fails. */
static int search(const struct conf *conf, const struct tune_space *space, const struct tune_wish *wish, bool json,
		  struct animed_error *err)
{
	struct tune_run tune;
	struct foreground foreground;

	log_space(space);
	int status = tune_run(&tune, conf, space, wish, &foreground, err);
	progress_clear(&foreground.progress);
	if (status == 0 && (json ? tune_print_json(&tune, stdout) : tune_print_text(&tune, stdout)) < 0)
		status = animed_fail(err, "out of memory");
	if (status == 0 && foreground_cancelled(&foreground))
		status = animed_fail(err, "cancelled; what was measured until then is printed");
	tune_run_free(&tune);
	return status;
}

static int run(const struct conf *conf, const struct cmdline *line, struct animed_error *err)
{
	struct tune_space space;
	struct tune_wish wish;

	if (read_wish(conf, line, &wish) < 0 || read_space(conf, line, &space) < 0)
		return EXIT_USAGE;
	const int status = search(conf, &space, &wish, cmdline_get(line, "json"), err);
	tune_space_free(&space);
	return status < 0 ? -1 : EXIT_SUCCESS;
}

const struct command command_tune = {
    .name = "tune",
    .args = "",
    .summary = "search for better parameters of the model",
    .options = options,
    .run = run,
};
