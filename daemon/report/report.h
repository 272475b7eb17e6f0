/* report.h - the report of a training run, as a page or a picture: what was trained on what, how the error fell with
 * the epochs, and for which ratings it is high. */
#ifndef ANIMED_REPORT_H
#define ANIMED_REPORT_H

#include "base/host.h"
#include "data/dataset.h"

struct report_epoch {
	double train_loss, valid_loss; /* mean squared errors; valid_loss is NaN where nothing is held out */
	double seconds;
};

/* Stands between a training and its host, and keeps the figures of each epoch. */
struct recorder {
	struct host_relay relay; /* relay.host is to be given to the training */
	struct report_epoch *epochs;
	size_t n, room;
	bool lost; /* memory was short for an epoch: the training goes on, and there will be no report */
};

/* Begin to record what goes to the host `to`.  To be freed with recorder_free(). */
void recorder_begin(struct recorder *recorder, const struct animed_host *to);
void recorder_free(struct recorder *recorder);

/* Ratings that are alike in one respect: their score, their prediction, or how well their item or user is known. */
struct report_bin {
	double low, high; /* the range [low, high) of it; high is INFINITY where it has no end */
	uint64_t n;
	double rmse; /* of the predictions; NaN where n is 0 */
	double mean; /* mean score */
	double mean_predicted;
};

enum { REPORT_BINS = 40 };

struct report_bins {
	/* each bin is one value, a range of whole numbers, or a range of any numbers */
	enum { BIN_VALUE, BIN_COUNTS, BIN_RANGE } kind;
	size_t n;
	struct report_bin at[REPORT_BINS];
};

/* The numbers of a report. */
struct report {
	const char *variant;
	char *parameters; /* "factors 128, epochs 20" */
	uint64_t version, seed;
	int64_t time; /* seconds since the epoch */
	char digest[DIGEST_SIZE];
	uint32_t n_users, n_items;
	uint64_t n_ratings, n_train, n_valid;
	double rmse, mae; /* on the held-out ratings; NaN where there are none */
	double rmse_mean; /* of predicting the mean of the training ratings for all */
	const struct report_epoch *epochs;
	size_t n_epochs;
	int best_epoch;
	struct report_bins scores;           /* all ratings by score; no predictions in them */
	struct report_bins by_item, by_user; /* held-out ratings by how many training ratings their item, user has */
	struct report_bins calibration;      /* held-out ratings by prediction */
};

/* Check that a report can be written there, by its extension and folder, before time is spent on a training.  Returns
 * 0. Where it cannot, returns -1 and fills err. */
int report_check(const char *path, struct animed_error *err);

/* Collect the numbers and write them to `path`, by way of a temporary file beside it.  On failure returns -1 and fills
 * err. */
int report_write(const char *path, const struct conf *conf, const struct dataset *dataset,
		 const struct animed_dataset *view, const struct animed_train_result *result,
		 const struct recorder *recorder, uint64_t version, struct animed_error *err);

/* The parts of report_write(): report_measure() works out the numbers (all but variant, parameters, version, seed, time
 * and digest) and returns -1 where memory is short; the others write the documents from the numbers. */
int report_measure(struct report *report, const struct animed_ratings *all, const struct animed_dataset *view,
		   const struct animed_model_ops *model, const struct animed_factors *factors);
void report_svg(const struct report *report, FILE *out);
void report_picture(const struct report *report, FILE *out); /* the <svg> element alone, for a page */
void report_html(const struct report *report, FILE *out);

#endif
