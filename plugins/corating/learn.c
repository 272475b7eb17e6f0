/* learn.c - learns step by step, and hands out the tensors. */
#include "config.h"

#include "corating/learn.h"

#include <stdlib.h>

#include "corating/corating.h"

enum { TENSORS = SPARSE_ROWS_TENSORS + 3 + 2 * FEATURES_TENSORS };

/* What release() frees. */
struct lesson {
	struct learnt learnt;
	struct animed_tensor tensors[TENSORS];
};

static bool alloc_learnt(struct learnt *learnt, size_t items)
{
	learnt->ratings = calloc(items + 1, sizeof *learnt->ratings);
	learnt->content = calloc(items + 1, sizeof *learnt->content);
	learnt->known = calloc(items + 1, sizeof *learnt->known);
	return learnt->ratings && learnt->content && learnt->known;
}

static int learn_contents(const struct learning *learning, struct learnt *learnt, struct animed_error *err)
{
	const struct animed_items *items = learning->items;
	const double text = learning->values[CORATING_TEXT].real;
	const struct animed_strings none = {0};

	if (features_genres(&learnt->genres, items, err) < 0)
		return -1;
	return features_words(&learnt->words, text > 0 ? &items->synopses : &none, items->n, text, err);
}

static int learn_grouped(struct learning *learning, struct learnt *learnt, struct animed_error *err)
{
	const struct animed_host *host = learning->host;

	if (!alloc_learnt(learnt, learning->items->n))
		return animed_fail(err, "out of memory");
	if (learn_partial(learning, learnt, err) < 0 || learn_contents(learning, learnt, err) < 0 ||
	    learn_scales(learning, learnt, err) < 0)
		return -1;
	host->log(host->ctx, ANIMED_INFO, "corating: partial correlations of %u of %u items", learning->by.n,
		  learning->items->n);
	return 0;
}

static int learn_all(struct learning *learning, struct learnt *learnt, struct animed_error *err)
{
	const uint32_t least = (uint32_t)learning->values[CORATING_MIN_RATINGS].integer;
	const uint32_t most = (uint32_t)learning->values[CORATING_ITEMS].integer;

	if (by_item_make(&learning->by, learning->data, least, most, err) < 0)
		return -1;
	const int status = learn_grouped(learning, learnt, err);
	by_item_free(&learning->by);
	return status;
}

static void list_tensors(const struct learnt *learnt, uint32_t n, struct animed_tensor tensors[TENSORS])
{
	struct animed_tensor *at = tensors;

	sparse_rows_write(&learnt->partial, at);
	at += SPARSE_ROWS_TENSORS;
	*at++ = (struct animed_tensor){"ratings", ANIMED_F32, n, learnt->ratings};
	*at++ = (struct animed_tensor){"content", ANIMED_F32, n, learnt->content};
	*at++ = (struct animed_tensor){"known", ANIMED_F32, n, learnt->known};
	features_write(&learnt->genres, &genres_tensors, at);
	features_write(&learnt->words, &words_tensors, at + FEATURES_TENSORS);
}

static void free_lesson(struct lesson *lesson)
{
	sparse_rows_free(&lesson->learnt.partial);
	features_free(&lesson->learnt.genres);
	features_free(&lesson->learnt.words);
	free(lesson->learnt.ratings);
	free(lesson->learnt.content);
	free(lesson->learnt.known);
	free(lesson);
}

int corating_learn(const struct animed_value *values, const struct animed_dataset *data,
		   const struct animed_items *items, const struct animed_host *host, struct animed_learnt *learnt,
		   struct animed_error *err)
{
	struct learning learning = {values, data, items, host, {0}};
	struct lesson *lesson = calloc(1, sizeof *lesson);

	*learnt = (struct animed_learnt){0};
	if (!lesson)
		return animed_fail(err, "out of memory");
	if (learn_all(&learning, &lesson->learnt, err) < 0) {
		free_lesson(lesson);
		return -1;
	}
	list_tensors(&lesson->learnt, items->n, lesson->tensors);
	*learnt = (struct animed_learnt){{TENSORS, lesson->tensors}, lesson};
	return 0;
}

void corating_release(struct animed_learnt *learnt)
{
	free_lesson(learnt->opaque);
	*learnt = (struct animed_learnt){0};
}
