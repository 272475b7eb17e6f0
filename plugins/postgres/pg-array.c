/* pg-array.c - takes apart what array_out() of PostgreSQL writes. */
#include "config.h"

#include "postgres/pg-array.h"

#include <string.h>
#include <strings.h>

bool pg_is_array(unsigned type)
{
	/* the built-in types char[], int2[], int4[], text[], bpchar[], varchar[], int8[] */
	static const unsigned types[] = {1002, 1005, 1007, 1009, 1014, 1015, 1016};

	for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
		if (types[i] == type)
			return true;
	}
	return false;
}

/* Copy an element that is in quotes, from the first of them on, with its backslashes.  *to moves behind the copy.
 * Returns what follows. */
static const char *copy_quoted(const char *at, char **to)
{
	*(*to)++ = *at++;
	while (*at && *at != '"') {
		if (*at == '\\' && !at[1])
			break;
		if (*at == '\\')
			*(*to)++ = *at++;
		*(*to)++ = *at++;
	}
	*(*to)++ = '"';
	return *at ? at + 1 : at;
}

size_t pg_array_list(const char *array, char *out)
{
	char *to = out;

	*to++ = '[';
	/* bounds that do not begin at 1 come first: [0:1]={a,b} */
	for (const char *at = strchr(array, '{'); at && *at;) {
		const size_t plain = strcspn(at, "{},\"");
		if (plain == 0 && *at != '"') {
			at++;
			continue;
		}
		if (plain == 4 && strncasecmp(at, "NULL", 4) == 0) {
			at += plain;
			continue;
		}
		if (to > out + 1)
			*to++ = ',';
		if (plain == 0) {
			at = copy_quoted(at, &to);
			continue;
		}
		*to++ = '"';
		memcpy(to, at, plain);
		to += plain;
		*to++ = '"';
		at += plain;
	}
	*to++ = ']';
	*to = '\0';
	return (size_t)(to - out);
}
