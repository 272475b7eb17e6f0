/* parts.c - the order of the parts of a source. */
#include "config.h"

#include "rows/parts.h"

int rows_each_part(const struct rows_load *load, enum rows_from from, rows_read_part read, void *ctx,
		   struct animed_error *err)
{
	static const struct {
		enum rows_kind kind;
		const char *keys[2]; /* by enum rows_from */
	} parts[] = {
	    {ROWS_ITEMS, {"items.path", "items.query"}},
	    {ROWS_FAVOURITES, {"favourites.path", "favourites.query"}},
	    {ROWS_RATINGS, {"ratings.path", "ratings.query"}},
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *key = parts[i].keys[from];
		const struct animed_value *value = rows_value(load, key);
		if (value && read(ctx, load, parts[i].kind, key, value->string, err) < 0)
			return -1;
	}
	return 0;
}
