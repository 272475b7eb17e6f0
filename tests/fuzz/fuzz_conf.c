/* Fuzzes the configuration: arbitrary bytes give a configuration, or errors that say where they are. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/conf.h"
#include "fuzz.h"
#include "places.h"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED("socket: /tmp/s\nlog: info\ntrain: {valid_pct: 0.1, seed: 1}\nlimits: {depth: 9}\n"),
    FUZZ_SEED("pipeline:\n  source: {plugin: csv, ratings: {path: ${HOME:-x}/r}, items: {path: i}}\n  model: {y_range: "
	      "[0, 5]}\n"),
    FUZZ_SEED("a: &x [1, *x]\nb: *x\n"),
    FUZZ_SEED("? {a: b}\n: c\n"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

/* Load the plugins once and keep them, so that not every configuration loads and unloads them. */
static void load_plugins(void)
{
	static struct plugin source, model, similarity;
	struct animed_error err;

	if (source.info)
		return;
	if (setenv("ANIMED_PLUGINS", BUILDDIR "/plugins", 1) < 0 ||
	    plugin_open(BUILDDIR "/plugins", "csv", ANIMED_SOURCE, &source, &err) < 0 ||
	    plugin_open(BUILDDIR "/plugins", "bias", ANIMED_MODEL, &model, &err) < 0 ||
	    plugin_open(BUILDDIR "/plugins", "cosine", ANIMED_SIMILARITY, &similarity, &err) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors;
	struct conf *conf;
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	load_plugins();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (conf_load(path, &conf, &errors) < 0 && errors.n == 0)
		abort(); /* refused without a reason */
	for (size_t i = 0; i < errors.n; i++) {
		if (!strchr(errors.lines[i], ':'))
			abort();
	}
	conf_free(conf);
	conf_errors_free(&errors);
	(void)close(fd);
	return 0;
}
