/* table-count.c - counts the rows of a table, and says which were left out and which cells could not be read. */
#include "config.h"

#include <string.h>

#include "rows/table-private.h"

int rows_fail_at(const struct rows_table *table, uint64_t place, const char *what, struct animed_error *err)
{
	const unsigned long long number = place;

	return table->places == ROWS_LINES ? animed_fail(err, "%s:%llu: %s", table->name, number, what)
					   : animed_fail(err, "row %llu of %s: %s", number, table->name, what);
}

static void add_unread(struct batch_unread *sum, const struct batch_unread *more, uint64_t base)
{
	const uint64_t n = sum->n + more->n;

	if (sum->n == 0) {
		*sum = *more;
		sum->place += base;
	}
	sum->n = n;
}

int rows_count(struct rows_table *table, const struct batch *batch, uint64_t base, struct animed_error *err)
{
	const struct animed_host *host = table->load->host;
	const uint64_t known = batch->rejects < BATCH_SHOWN ? batch->rejects : BATCH_SHOWN;
	struct animed_error what;
	char why[BATCH_REASON + 32];

	if (table->rejects == 0 && batch->rejects > 0) {
		table->first = batch->first[0];
		table->first.place += base;
	}
	for (uint64_t i = 0; i < known && table->shown < BATCH_SHOWN; i++, table->shown++) {
		(void)snprintf(why, sizeof why, "row left out: %s", batch->first[i].reason);
		(void)rows_fail_at(table, base + batch->first[i].place, why, &what);
		host->log(host->ctx, ANIMED_WARN, "%s", what.text);
	}
	table->rows += batch->rows;
	table->unrated_rows += batch->unrated;
	table->others += batch->others;
	table->rejects += batch->rejects + batch->dropped;
	where_add(&table->seen, &batch->seen);
	for (size_t c = 0; c < BATCH_COUNTS; c++)
		add_unread(&table->unread[c], &batch->unread[c], base);
	if (batch->of == 0)
		return 0;
	if (table->of == 0)
		table->of = batch->of;
	if (table->of == batch->of)
		return 0;
	(void)snprintf(why, sizeof why,
		       "a score out of %d, where those before it are out of %d; bring them to one scale", batch->of,
		       table->of);
	return rows_fail_at(table, base + batch->of_place, why, err);
}

static void say_unread(const struct rows_table *table, enum batch_count column)
{
	static const char *const names[] = {[BATCH_EPISODES] = "episodes", [BATCH_MEMBERS] = "members"};
	const struct animed_host *host = table->load->host;
	const struct batch_unread *unread = &table->unread[column];
	char why[160];
	struct animed_error what;

	if (unread->n == 0)
		return;
	(void)snprintf(why, sizeof why, "no number of %s: \"%s\"; %llu of %llu rows are so", names[column],
		       unread->text, (unsigned long long)unread->n, (unsigned long long)table->rows);
	(void)rows_fail_at(table, unread->place, why, &what);
	host->log(host->ctx, ANIMED_WARN, "%s", what.text);
}

/* ---- rows of other kinds ---- */

/* Write the first values of a column that are none of those wanted: "Planned, Dropped". */
static const char *list_others(const struct where_seen *seen, size_t column, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < seen->n[column]; i++)
		used += (size_t)snprintf(out + used, size - used, "%s\"%s\"", i ? ", " : "", seen->others[column][i]);
	return out;
}

enum { OTHERS_SIZE = WHERE_SHOWN * (WHERE_TEXT + 4) + 1 };

/* Warn of values that no row has, which may be misspelt. */
static void warn_of_values(const struct rows_table *table)
{
	const struct animed_host *host = table->load->host;
	const struct where *where = &table->where;
	char others[OTHERS_SIZE];

	for (size_t p = 0; where->n > 0 && p + 1 < where->pairs->n && p / 2 < WHERE_PAIRS; p += 2) {
		size_t c = 0;
		if (table->seen.pairs >> (p / 2) & 1)
			continue;
		while (strcmp(where->columns[c], where->pairs->at[p]) != 0)
			c++;
		(void)list_others(&table->seen, c, others, sizeof others);
		host->log(host->ctx, ANIMED_WARN, "%s: no row has \"%s\" in column \"%s\" (%s.where)%s%s", table->name,
			  where->pairs->at[p + 1], where->columns[c], rows_table_group(table),
			  *others ? "; there are: " : "", others);
	}
}

/* Fail since the rule leaves no row. */
static int none_left(const struct rows_table *table, struct animed_error *err)
{
	char list[600] = "", others[OTHERS_SIZE];
	size_t used = 0;

	for (size_t c = 0; c < table->where.n && used < sizeof list; c++) {
		if (table->seen.n[c] > 0)
			used += (size_t)snprintf(list + used, sizeof list - used, "; column \"%s\" has %s",
						 table->where.columns[c],
						 list_others(&table->seen, c, others, sizeof others));
	}
	return animed_fail(err, "%s: %s.where leaves none of %llu row%s%s", table->name, rows_table_group(table),
			   (unsigned long long)table->others, table->others == 1 ? "" : "s", list);
}

/* ---- the end ---- */

static void add_to_stats(const struct rows_table *table)
{
	struct animed_source_stats *stats = table->load->stats;

	*(table->kind == ROWS_ITEMS ? &stats->other_items : &stats->others) += table->others;
	switch (table->kind) {
	case ROWS_ITEMS:
		stats->item_rows += table->rows;
		stats->item_rejects += table->rejects;
		break;
	case ROWS_RATINGS:
		stats->rating_rows += table->rows;
		stats->rating_rejects += table->rejects;
		stats->unrated += table->unrated_rows;
		if (table->range) {
			stats->score_low = (float)table->range->range[0];
			stats->score_high = (float)table->range->range[1];
		}
		break;
	case ROWS_FAVOURITES:
		stats->favourite_rows += table->rows;
		stats->favourite_rejects += table->rejects;
		break;
	case ROWS_DETAILS:
		stats->detail_rows += table->rows;
		stats->detail_rejects += table->rejects;
		break;
	}
}

int rows_table_end(struct rows_table *table, struct animed_error *err)
{
	const struct animed_host *host = table->load->host;
	const double most = rows_value(table->load, "max_rejects")->real;

	if ((table->batch->rows > 0 || table->batch->others > 0) && rows_table_give(table, table->batch, 0, err) < 0)
		return -1;
	add_to_stats(table);
	if (table->rows == 0 && table->others > 0)
		return none_left(table, err);
	if (!table->load->stats->limited)
		warn_of_values(table);
	for (size_t c = 0; c < BATCH_COUNTS; c++)
		say_unread(table, c);
	if (table->rejects > table->shown)
		host->log(host->ctx, ANIMED_WARN, "%s: %llu more row%s left out", table->name,
			  (unsigned long long)(table->rejects - table->shown),
			  table->rejects - table->shown == 1 ? "" : "s");
	if ((double)table->rejects <= most * (double)table->rows)
		return 0;
	return animed_fail(err,
			   "%s: %llu of %llu rows are malformed, the first %s %llu: %s; mend the %s or the columns, "
			   "or raise max_rejects (%g)",
			   table->name, (unsigned long long)table->rejects, (unsigned long long)table->rows,
			   table->places == ROWS_LINES ? "on line" : "is row", (unsigned long long)table->first.place,
			   table->first.reason, table->places == ROWS_LINES ? "file" : "query", most);
}
