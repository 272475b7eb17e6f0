/* optim.h - what a training run works on, and the two optimisers that can do it. */
#ifndef PLUGINS_OPTIM_H
#define PLUGINS_OPTIM_H

#include "animed-plugin.h"
#include "factors/kernels.h"

/* A model in training.  Rows of P and Q are `width` floats apart (kernel_width(k)), the padding zero. */
struct fit {
	const struct animed_dataset *data;
	const struct animed_host *host;
	uint64_t seed;
	uint32_t k, width;
	bool biased;
	bool implicit; /* with the implicit term of SVD++; sgd only */
	struct animed_scale scale;
	int epochs;
	double learning_rate; /* of SGD at the start, of Adam at the top of the cycle */
	double weight_decay;
	float *P, *Q;                  /* [n_users, width], [n_items, width] */
	float *bu, *bi;                /* [n_users], [n_items]; all zero and left alone where !biased */
	double train_loss, valid_loss; /* of the last epoch */
	int patience;                  /* stop after so many epochs without a better held-out loss; 0: never */
	int epochs_run;
	struct fit_best {
		float *P, *Q, *bu, *bi; /* copies; NULL where nothing is kept, and the last epoch is the best one */
		int epoch;
		double train_loss, valid_loss;
	} best;
};

/* Allocate P, Q and the biases, all zero, and what the best epoch is kept in, if it is.  -1: not enough memory;
 * fit_free() in either case. */
int fit_allocate(struct fit *fit);
void fit_free(struct fit *fit);

/* An epoch is finished, with fit's losses: tell the host, keep its factors if they are the best so far.  True: stop,
 * since patience is at an end. */
bool fit_end_epoch(struct fit *fit, int epoch, double seconds);

/* After the last epoch: make the best one fit's own. */
void fit_take_best(struct fit *fit);

/* Initialise P, Q and the biases, then train for fit->epochs or until patience ends.  -1: cancelled, or memory is
 * short. */
int optim_notebook(struct fit *fit, struct animed_error *err);
int optim_sgd(struct fit *fit, struct animed_error *err);

/* The mean score, where fit->biased the biases in closed form, and what SGD wants to know of each row, from the data.
 * fit->bu and bi are zero when called; rows without ratings get the bias that is expected of them.  -1: not enough
 * memory. */
int fit_rows(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts, struct sgd_row *users,
	     struct sgd_row *items);

/* z and the score for a pair; see struct animed_scale. */
float fit_z(const struct fit *fit, uint32_t user, uint32_t item);
float scale_score(const struct animed_scale *scale, float z);

/* The mean squared error over fit->data->valid; NaN where it is empty. */
double fit_valid_loss(const struct fit *fit);

/* For each of n rows, how many of the training ratings name it in `column`; a new array, NULL where memory is short. */
uint32_t *count_rows(const struct animed_ratings *ratings, const uint32_t *column, uint32_t n);

/* Monotonic time in seconds. */
double now_seconds(void);

/* size bytes of zeros aligned to KERNEL_ALIGN, to be freed with free(); NULL where memory is short. */
void *alloc_aligned(size_t count, size_t size);

#endif
