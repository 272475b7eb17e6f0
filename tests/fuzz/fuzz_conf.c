/* Arbitrary bytes as a configuration: every outcome is a configuration or errors that say where. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf.h"
#include "fuzz.h"

#define SEED(text) {text, sizeof text - 1}

const struct fuzz_seed fuzz_seeds[] = {
    SEED("socket: /tmp/s\nlog: info\ntrain: {valid_pct: 0.1, seed: 1}\nlimits: {depth: 9}\n"),
    SEED("pipeline:\n  source: {plugin: csv, ratings: {path: ${HOME:-x}/r}, items: {path: i}}\n  model: {y_range: [0, 5]}\n"),
    SEED("a: &x [1, *x]\nb: *x\n"),
    SEED("? {a: b}\n: c\n"),
};
const size_t fuzz_n_seeds = sizeof fuzz_seeds / sizeof *fuzz_seeds;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors;
	struct conf *conf;
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)setenv("ANIMED_PLUGINS", BUILDDIR "/plugins/.libs", 1);
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
