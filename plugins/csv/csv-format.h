/* csv-format.h - how the text of a file is written. */
#ifndef PLUGINS_CSV_FORMAT_H
#define PLUGINS_CSV_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* How a quote is written within a quoted field.  A doubled quote is one in any case. */
enum csv_escape {
	CSV_ESCAPE_AUTO,      /* as one of the two, by the beginning of the file; else as \" too in those fields that
			       * are at fault when they are read without */
	CSV_ESCAPE_DOUBLE,    /* doubled only */
	CSV_ESCAPE_BACKSLASH, /* as \" too, and a backslash as \\ */
};

/* Their names, in this order. */
#define CSV_ESCAPES "auto|double|backslash"

enum { CSV_SEPARATOR_SIZE = 8 };

struct csv_format {
	char separator[CSV_SEPARATOR_SIZE]; /* one character; without quotes it may be more, such as "::" */
	bool quotes;                        /* fields may be quoted; else every line is a row, and a quote is text */
	enum csv_escape escape;             /* read only where fields may be quoted */
	size_t fields; /* read only where they may not: how many there are, of which the last has all that is left,
			* separators too; 0: any number */
};

#endif
