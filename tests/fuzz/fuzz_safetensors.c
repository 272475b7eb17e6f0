/* Fuzzes model files: arbitrary bytes are refused with a reason, or can be read as a model from end to end. */
#include "config.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "store/modelfile.h"

#define SMALL                                                                                                          \
	"\xd8\0\0\0\0\0\0\0{\"item_factors\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]},"             \
	"\"item_ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"                                       \
	"\"user_factors\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[12,16]}}                  "             \
	"\0\0\0\0\0\0\0\0\0\0\200?\0\0\200?"

const struct fuzz_seed fuzz_seeds[] = {
    FUZZ_SEED(SMALL),
    FUZZ_SEED("\2\0\0\0\0\0\0\0{}"),
    FUZZ_SEED("\x32\0\0\0\0\0\0\0{\"__metadata__\":{\"link\":\"identity\",\"y_range\":\"[1\"}}"),
};
const size_t fuzz_seed_count = sizeof fuzz_seeds / sizeof *fuzz_seeds;

/* Read the item factors, the ids, and the extent of every title and user name. */
static void read_all(const struct modelfile *model)
{
	volatile float sum = 0;
	volatile size_t text = 0;

	for (size_t i = 0; i < (size_t)model->factors.n_items * model->factors.k; i++)
		sum += model->factors.item_factors[i];
	for (uint32_t i = 0; i < model->catalogue.n; i++) {
		text += (size_t)model->catalogue.ids[i];
		text += strings_at(&model->catalogue.titles, i).length;
	}
	for (uint32_t u = 0; u < model->factors.n_users; u++)
		text += strings_at(&model->users, u).length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct animed_error err = {""};
	struct modelfile model;
	char path[64];
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (modelfile_open(path, &model, &err) == 0) {
		read_all(&model);
		modelfile_close(&model);
	} else if (err.text[0] == '\0') {
		abort(); /* refused without a reason */
	}
	(void)close(fd);
	return 0;
}
