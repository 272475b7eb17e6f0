/* say.c - says what is wrong with a file, and how its scores were read. */
#include "config.h"

#include "lists/say.h"

#include "ctl/memory.h"

/* How many lines are printed where not all are asked for. */
enum { FEW = 3 };

char *list_scale_text(const struct list *list)
{
	return memory_format("scores up to %g%s", list->scale,
			     list->scale_guessed ? " by the look of them; --scale says otherwise" : "");
}

void list_say(const struct list *list, const char *indent, const char *rest, bool all, FILE *out)
{
	const size_t n = list_told(list);

	for (size_t i = 0; i < n && (all || i < FEW); i++)
		(void)fprintf(out, "%s%s\n", indent, list->told[i]);
	if (!all && n > FEW)
		(void)fprintf(out, "%sand %zu more of that kind, which %s lists\n", indent, list->n_told - FEW, rest);
	else if (list->n_told > n)
		(void)fprintf(out, "%sand %zu more of that kind\n", indent, list->n_told - n);
}
