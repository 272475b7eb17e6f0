/* param-value.c - makes a value of a text, and a text of a value. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/spelling.h"
#include "config/expand.h"
#include "config/param-read.h"

void value_free(const struct animed_param *param, struct animed_value *value)
{
	switch (param->type) {
	case ANIMED_STRING:
	case ANIMED_PATH:
	case ANIMED_ENUM:
		free((char *)(uintptr_t)value->string);
		break;
	case ANIMED_LIST:
	case ANIMED_MATCH:
		for (size_t i = 0; i < value->list.n; i++)
			free((char *)(uintptr_t)value->list.at[i]);
		free((char **)(uintptr_t)value->list.at);
		break;
	default:
		break;
	}
	value->set = false;
}

static bool bounded(const struct animed_param *param)
{
	return param->min != 0 || param->max != 0;
}

static int check_bounds(const struct animed_param *param, double number, const char *text, struct animed_error *err)
{
	if (!bounded(param) || (number >= param->min && number <= param->max))
		return 0;
	return animed_fail(err, "%s is out of range; from %.15g to %.15g", text, param->min, param->max);
}

static int parse_bool(const char *text, struct animed_value *value, struct animed_error *err)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
		value->boolean = *text == 't';
		return 0;
	}
	return animed_fail(err, "\"%s\" is neither true nor false", text);
}

static int parse_int(const struct animed_param *param, const char *text, struct animed_value *value,
		     struct animed_error *err)
{
	char *end;

	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end)
		return animed_fail(err, "\"%s\" is not a whole number", text);
	value->integer = number;
	return check_bounds(param, (double)number, text, err);
}

static int parse_real(const struct animed_param *param, const char *text, struct animed_value *value,
		      struct animed_error *err)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end || !isfinite(number))
		return animed_fail(err, "\"%s\" is not a number", text);
	value->real = number;
	return check_bounds(param, number, text, err);
}

static int parse_range(const struct animed_param *param, const char *text, struct animed_value *value,
		       struct animed_error *err)
{
	double low, high;
	int length = 0;

	if (sscanf(text, " [ %lf , %lf ] %n", &low, &high, &length) != 2 || length == 0 || text[length] ||
	    !isfinite(low) || !isfinite(high) || low >= high)
		return animed_fail(err, "\"%s\" is not [low, high] with low below high", text);
	value->range[0] = low;
	value->range[1] = high;
	return check_bounds(param, low, text, err) < 0 ? -1 : check_bounds(param, high, text, err);
}

/* The text is one or more numbers with a unit behind each, which add up, or 0. */
static int parse_duration(const struct animed_param *param, const char *text, struct animed_value *value,
			  struct animed_error *err)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = {1, 60, 3600, 86400, 604800};
	const char *at = text;
	int64_t sum = 0;

	while (*at && strcmp(text, "0") != 0) {
		int64_t number = 0;
		const char *first = at;
		for (; *at >= '0' && *at <= '9'; at++) {
			if (number > INT64_MAX / 604800 / 10 - 10)
				return animed_fail(err, "\"%s\" is longer than time can be", text);
			number = number * 10 + (*at - '0');
		}
		const char *unit = *at ? strchr(units, *at) : NULL;
		if (at == first || !unit)
			return animed_fail(err, "\"%s\" is not a duration; write 90s, 30m, 24h, 7d or 1d12h", text);
		if (__builtin_add_overflow(sum, number * seconds[unit - units], &sum))
			return animed_fail(err, "\"%s\" is longer than time can be", text);
		at++;
	}
	if (!*text)
		return animed_fail(err, "a duration is expected here, such as 90s, 30m, 24h or 7d");
	value->integer = sum;
	return check_bounds(param, (double)sum, text, err);
}

/* Each line of the text is an element. */
static int parse_list(const char *text, struct animed_value *value, struct animed_error *err)
{
	size_t n = 0;

	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
		n++;
	char **list = calloc(n + 1, sizeof *list);
	value->list = (struct animed_list){(const char *const *)list, 0};
	for (const char *at = text; list && *at; at += strcspn(at, "\n"), at += *at == '\n') {
		if (!(list[value->list.n] = strndup(at, strcspn(at, "\n"))))
			break;
		value->list.n++;
	}
	if (list && value->list.n == n)
		return 0;
	value_free(&(const struct animed_param){.type = ANIMED_LIST}, value);
	return animed_fail(err, "out of memory");
}

/* The lines are names and texts in turn. */
static int parse_match(const char *text, struct animed_value *value, struct animed_error *err)
{
	if (parse_list(text, value, err) < 0)
		return -1;
	if (value->list.n % 2 == 0)
		return 0;
	value_free(&(const struct animed_param){.type = ANIMED_MATCH}, value);
	return animed_fail(err, "the last name has no value");
}

/* Refuse a text that is none of the choices, and suggest the nearest. */
static int no_such_choice(const char *choices, const char *text, struct animed_error *err)
{
	struct nearest nearest = nearest_to(text);
	struct text rest = text_of(choices), choice;

	while (text_member(&rest, &choice))
		(void)nearest_try(&nearest, choice);
	if (!nearest.found.bytes)
		return animed_fail(err, "\"%s\" is none of %s", text, choices);
	return animed_fail(err, "\"%s\" is none of %s; did you mean \"%.*s\"?", text, choices,
			   (int)nearest.found.length, nearest.found.bytes);
}

static int parse_enum(const struct animed_param *param, const char *text, struct animed_value *value,
		      struct animed_error *err)
{
	if (text_place(param->choices, text_of(text)) < 0)
		return no_such_choice(param->choices, text, err);
	value->string = strdup(text);
	return value->string ? 0 : animed_fail(err, "out of memory");
}

static int parse_as_type(const struct animed_param *param, const char *text, struct animed_value *value,
			 struct animed_error *err)
{
	switch (param->type) {
	case ANIMED_BOOL:
		return parse_bool(text, value, err);
	case ANIMED_INT:
		return parse_int(param, text, value, err);
	case ANIMED_REAL:
		return parse_real(param, text, value, err);
	case ANIMED_RANGE:
		return parse_range(param, text, value, err);
	case ANIMED_DURATION:
		return parse_duration(param, text, value, err);
	case ANIMED_LIST:
		return parse_list(text, value, err);
	case ANIMED_MATCH:
		return parse_match(text, value, err);
	case ANIMED_ENUM:
		return parse_enum(param, text, value, err);
	case ANIMED_STRING:
	case ANIMED_PATH: /* a word that stands for no path; value_parse() makes the paths */
		value->string = strdup(text);
		return value->string ? 0 : animed_fail(err, "out of memory");
	}
	return animed_fail(err, "the table gives it no type");
}

int value_parse(const struct animed_param *param, const char *text, const char *base, struct animed_value *value,
		struct animed_error *err)
{
	const bool path =
	    param->type == ANIMED_PATH && !(param->choices && text_place(param->choices, text_of(text)) >= 0);
	char *expanded = path ? expand_path(text, base, err) : expand_text(text, err);
	struct animed_value parsed = {.set = true};
	int status = 0;

	if (!expanded)
		return -1;
	if (path) {
		parsed.string = expanded;
	} else {
		status = parse_as_type(param, expanded, &parsed, err);
		free(expanded);
	}
	if (status == 0)
		*value = parsed;
	return status;
}

/* Print the number with the fewest digits from which the same number is read. */
static int print_real(char **out, double number)
{
	char text[32];

	for (int digits = 6; digits <= 17; digits++) {
		(void)snprintf(text, sizeof text, "%.*g", digits, number);
		if (fabs(strtod(text, NULL) - number) <= 0)
			break;
	}
	*out = strdup(text);
	return *out ? 0 : -1;
}

/* Print the duration in the largest unit of which it is a multiple. */
static char *duration_text(int64_t seconds)
{
	const struct {
		int64_t seconds;
		char unit;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	char *text = NULL;
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	return seconds == 0                                                                            ? strdup("0")
	       : asprintf(&text, "%lld%c", (long long)(seconds / units[i].seconds), units[i].unit) < 0 ? NULL
												       : text;
}

static char *list_text(const struct animed_list *list)
{
	struct text_buffer text = {NULL, 0, 0};
	int status = text_buffer_add(&text, "", 0);

	for (size_t i = 0; status == 0 && i < list->n; i++) {
		status = text_buffer_add(&text, list->at[i], strlen(list->at[i]));
		if (status == 0)
			status = text_buffer_add(&text, "\n", 1);
	}
	if (status == 0)
		return text.bytes;
	free(text.bytes);
	return NULL;
}

static char *escape_dollars(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1), *to = out;

	for (; out && *text; text++) {
		if (*text == '$')
			*to++ = '$';
		*to++ = *text;
	}
	if (out)
		*to = '\0';
	return out;
}

char *value_text(const struct animed_param *param, const struct animed_value *value)
{
	char *text = NULL;

	switch (param->type) {
	case ANIMED_BOOL:
		return strdup(value->boolean ? "true" : "false");
	case ANIMED_INT:
		return asprintf(&text, "%lld", (long long)value->integer) < 0 ? NULL : text;
	case ANIMED_REAL:
		return print_real(&text, value->real) < 0 ? NULL : text;
	case ANIMED_RANGE:
		return asprintf(&text, "[%.15g, %.15g]", value->range[0], value->range[1]) < 0 ? NULL : text;
	case ANIMED_DURATION:
		return duration_text(value->integer);
	case ANIMED_LIST:
	case ANIMED_MATCH: {
		char *lines = list_text(&value->list);
		text = lines ? escape_dollars(lines) : NULL;
		free(lines);
		return text;
	}
	case ANIMED_STRING:
	case ANIMED_PATH:
	case ANIMED_ENUM:
		return escape_dollars(value->string);
	}
	return NULL;
}
