/* cmd-show.c - animectl show: prints what is known of a show. */
#include "config.h"

#include "ctl/ctl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_text(const char *label, char *text)
{
	if (text && *text)
		(void)printf("%-10s %s\n", label, text);
	free(text);
}

static void print_count(const char *label, const msgpack_object *value)
{
	if (!ctl_is_nil(value))
		(void)printf("%-10s %" PRId64 "\n", label, ctl_int(value));
}

/* Say so where a better known show has the name, too. */
static void print_also(const msgpack_object *also)
{
	if (also->type != MSGPACK_OBJECT_MAP)
		return;
	char *name = ctl_item_name(also);
	(void)printf("there is also %s, which is better known\n", name);
	free(name);
}

static void print(const struct ctl *ctl, const msgpack_object *result)
{
	const msgpack_object *item = ctl_get(result, "item"), *mean = ctl_get(item, "mean");
	char *typed = ctl_words(ctl, 0), *synopsis = ctl_text(ctl_get(item, "synopsis"));

	char *name = ctl_matched_name(result, typed);
	(void)puts(name);
	free(name);
	free(typed);
	print_also(ctl_get(result, "also"));
	print_text("Also", ctl_list(ctl_get(item, "alt_titles")));
	print_text("Genres", ctl_list(ctl_get(item, "genres")));
	print_text("Tags", ctl_list(ctl_get(item, "tags")));
	print_count("Episodes", ctl_get(item, "episodes"));
	print_count("Members", ctl_get(item, "members"));
	print_count("Ratings", ctl_get(item, "ratings"));
	if (!ctl_is_nil(mean))
		(void)printf("%-10s %.2f\n", "Mean", ctl_real(mean));
	print_text("Page", ctl_text(ctl_get(item, "link")));
	print_text("Picture", ctl_text(ctl_get(item, "picture")));
	if (synopsis && *synopsis)
		(void)printf("\n%s\n", synopsis);
	free(synopsis);
}

static enum ctl_exit exec(const struct ctl *ctl)
{
	msgpack_sbuffer params;
	msgpack_packer packer;
	char *title = ctl_words(ctl, 0);

	ctl_pack_params(&packer, &params);
	msgpack_pack_array(&packer, 1);
	ctl_pack_item(&packer, title);
	enum ctl_exit status = ctl_call(ctl, "show", &params, print);
	msgpack_sbuffer_destroy(&params);
	free(title);
	return status;
}

const struct cmd_entry cmd_show = {
    .name = "show",
    .args = "TITLE",
    .summary = "print what is known of a show",
    .min_args = 1,
    .max_args = -1,
    .exec = exec,
};
