/* pairs-read.c - reads pairs of shows with votes. */
#include "config.h"

#include "evaluate/pairs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"

/* Read a whole number and what ends it: a comma or, for the last one, the end of the line. */
static bool read_number(char **at, bool last, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(*at, &end, 10);
	if (end == *at || errno != 0)
		return false;
	end += strspn(end, " \t\r\n");
	if (last ? *end != '\0' : *end != ',')
		return false;
	*at = end + 1;
	return true;
}

static bool read_pair(char *at, struct pair *pair)
{
	return read_number(&at, false, &pair->query) && read_number(&at, false, &pair->partner) &&
	       read_number(&at, true, &pair->votes) && pair->votes >= 0;
}

static int read_lines(FILE *file, const char *path, struct pairs *pairs, struct animed_error *err)
{
	char *line = NULL, shown[QUOTE_SIZE];
	size_t size = 0;
	int status = 0;

	for (unsigned number = 1; status == 0 && getline(&line, &size, file) > 0; number++) {
		char *at = line;
		if (number == 1 && strncmp(at, "\xef\xbb\xbf", 3) == 0)
			at += 3;
		at += strspn(at, " \t\r\n");
		const bool word = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
		if (!*at || *at == '#' || (word && number == 1))
			continue;
		if (grow((void **)&pairs->at, &pairs->room, pairs->n + 1, sizeof *pairs->at) < 0) {
			status = animed_fail(err, "%s: not enough memory for %zu pairs", path, pairs->n);
		} else if (!read_pair(at, &pairs->at[pairs->n])) {
			text_quote((struct text){at, strcspn(at, "\r\n")}, shown);
			status = animed_fail(err,
					     "%s:%u: %s is not QUERY,PARTNER,VOTES: two ids and a number of votes from "
					     "0 up, as in 1,205,120",
					     path, number, shown);
		} else {
			pairs->n++;
		}
	}
	if (status == 0 && !feof(file)) /* getline() does not mark the stream where memory is short */
		status = animed_fail(err, "%s: cannot be read: %s", path, strerror(errno));
	free(line);
	return status;
}

/* The pairs are sorted by their places first, which keeps of equal ones the order of the file. */
static int compare(const struct pair *a, const struct pair *b)
{
	if (a->query != b->query)
		return a->query < b->query ? -1 : 1;
	return (a->partner > b->partner) - (a->partner < b->partner);
}

static int by_pair(const void *a, const void *b, void *at)
{
	const struct pair *pairs = at;
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;
	const int order = compare(&pairs[x], &pairs[y]);

	return order != 0 ? order : (x > y) - (x < y);
}

/* Sort the pairs, and keep of equal ones the last. */
static int sort(struct pairs *pairs)
{
	size_t *order = malloc((pairs->n + 1) * sizeof *order), n = 0;
	struct pair *sorted = malloc((pairs->n + 1) * sizeof *sorted);

	if (!order || !sorted) {
		free(order);
		free(sorted);
		return -1;
	}
	for (size_t i = 0; i < pairs->n; i++)
		order[i] = i;
	qsort_r(order, pairs->n, sizeof *order, by_pair, pairs->at);
	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *pair = &pairs->at[order[i]];
		if (n > 0 && compare(&sorted[n - 1], pair) == 0)
			n--;
		sorted[n++] = *pair;
	}
	free(order);
	free(pairs->at);
	*pairs = (struct pairs){.at = sorted, .n = n, .room = pairs->n + 1};
	return 0;
}

int pairs_read(const char *path, struct pairs *pairs, struct animed_error *err)
{
	FILE *file = fopen(path, "re");

	*pairs = (struct pairs){.at = NULL};
	if (!file)
		return animed_fail(err, "%s: %s", path, strerror(errno));
	int status = read_lines(file, path, pairs, err);
	(void)fclose(file);
	if (status == 0 && pairs->n == 0)
		status = animed_fail(err, "%s: no pairs; a line is QUERY,PARTNER,VOTES, as in 1,205,120", path);
	if (status == 0 && sort(pairs) < 0)
		status = animed_fail(err, "%s: not enough memory for %zu pairs", path, pairs->n);
	return status;
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->at);
	*pairs = (struct pairs){.at = NULL};
}
