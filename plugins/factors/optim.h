/* optim.h - a model in training, and the two optimisers that train it. */
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
	double unit; /* what 1 is in the scores of the host; see factors.c */
	int epochs;
	double learning_rate; /* for SGD at the start, for Adam at the top of the cycle */
	double weight_decay;
	float *P, *Q;                  /* [n_users, width], [n_items, width] */
	float *bu, *bi;                /* [n_users], [n_items]; all zero and left alone where !biased */
	double train_loss, valid_loss; /* of the last epoch */
	int patience;                  /* stop after so many epochs without a better held-out loss; 0: never */
	int epochs_run;
	struct fit_best {
		float *P, *Q, *bu, *bi; /* copies; NULL where none are kept and the last epoch counts as the best */
		int epoch;
		double train_loss, valid_loss;
	} best;
};

/* Allocate P, Q and the biases, all zero, and room for the best epoch where it is kept.  The caller frees it with
 * fit_free(), on failure too.  Returns -1 where memory is short. */
int fit_allocate(struct fit *fit);
void fit_free(struct fit *fit);

/* End an epoch that has the losses in `fit`: tell the host, and keep the factors where they are the best so far.
 * Returns true where patience ends the training. */
bool fit_end_epoch(struct fit *fit, int epoch, double seconds);

/* After the last epoch, take the factors of the best one. */
void fit_take_best(struct fit *fit);

/* Initialise P, Q and the biases, then train for fit->epochs epochs or until patience ends.  Where the training is
 * cancelled or memory is short, returns -1 and fills err. */
int optim_notebook(struct fit *fit, struct animed_error *err);
int optim_sgd(struct fit *fit, struct animed_error *err);

/* Work out the mean score, the biases in closed form where fit->biased, and the constants of each row for SGD.  fit->bu
 * and fit->bi are zero when it is called; rows without ratings get the bias that is expected of them.  Returns -1 where
 * memory is short. */
int fit_rows(struct fit *fit, const uint32_t *user_counts, const uint32_t *item_counts, struct sgd_row *users,
	     struct sgd_row *items);

/* z and the score for a pair; see struct animed_scale. */
float fit_z(const struct fit *fit, uint32_t user, uint32_t item);
float scale_score(const struct animed_scale *scale, float z);

/* The mean squared error over fit->data->valid; NaN where it is empty. */
double fit_valid_loss(const struct fit *fit);

/* Count how many of the training ratings name each of n rows in `column`.  The caller frees the array.  NULL where
 * memory is short. */
uint32_t *count_rows(const struct animed_ratings *ratings, const uint32_t *column, uint32_t n);

/* Monotonic time in seconds. */
double now_seconds(void);

/* Zeros for `count` elements of `size` bytes, aligned to KERNEL_ALIGN.  The caller frees them with free().  NULL where
 * memory is short. */
void *alloc_aligned(size_t count, size_t size);

#endif
