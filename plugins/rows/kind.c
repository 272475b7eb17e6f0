/* kind.c - the marks by which kinds of files begin. */
#include "config.h"

#include "rows/kind.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define A_PICTURE "is a picture; name the file of data"
#define A_TABLE   "; write it as CSV first, such as with pandas or DuckDB"
#define AS_CSV    "; save it as CSV"

struct mark {
	size_t at, length;
	const char *bytes, *what;
};

#define MARK(at, bytes, what)                                                                                          \
	{                                                                                                              \
		at, sizeof(bytes) - 1, bytes, what                                                                     \
	}

/* The more special ones come first. */
static const struct mark marks[] = {
    MARK(30, "[Content_Types].xml", "is a workbook of a spreadsheet" AS_CSV),
    MARK(30, "mimetypeapplication/vnd.oasis", "is a document of an office program" AS_CSV),
    MARK(0, "PK\3\4", "is a zip archive; unpack it, and name the file in it"),
    MARK(0, "PK\5\6", "is an empty zip archive"),
    MARK(0, "\x1f\x8b", "is packed twice, the second time with gzip; unpack it once: gunzip or unzstd"),
    MARK(0, "\x28\xb5\x2f\xfd", "is packed twice, the second time with Zstandard; unpack it once: gunzip or unzstd"),
    MARK(0, "BZh", "is packed with bzip2; unpack it: bunzip2 FILE"),
    MARK(0,
	 "\xfd"
	 "7zXZ\0",
	 "is packed with xz; unpack it: unxz FILE"),
    MARK(0, "\x5d\0\0", "is packed with lzma; unpack it: unlzma FILE"),
    MARK(0, "\x04\x22\x4d\x18", "is packed with lz4; unpack it: unlz4 FILE"),
    MARK(0, "7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it, and name the file in it"),
    MARK(0, "Rar!\x1a", "is a rar archive; unpack it, and name the file in it"),
    MARK(257, "ustar", "is a tar archive; unpack it, and name the file in it"),
    MARK(0, "SQLite format 3\0", "is an SQLite database; read it with the source sqlite"),
    MARK(0, "PAR1", "is a Parquet file" A_TABLE),
    MARK(0, "ARROW1", "is an Arrow file" A_TABLE),
    MARK(0, "FEA1", "is a Feather file" A_TABLE),
    MARK(0, "Obj\1", "is an Avro file" A_TABLE),
    MARK(0, "ORC", "is an ORC file" A_TABLE),
    MARK(0, "\x89HDF\r\n", "is an HDF5 file" A_TABLE),
    MARK(0, "\x93NUMPY", "is an array of NumPy" A_TABLE),
    MARK(0, "RDX", "is a file of R" A_TABLE),
    MARK(0, "PGDMP", "is a dump of PostgreSQL; restore it, and read it with the source postgres"),
    MARK(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old document of an office program" AS_CSV),
    MARK(0, "%PDF-", "is a PDF document; name the file of data"),
    MARK(0, "\x89PNG", A_PICTURE),
    MARK(0, "\xff\xd8\xff", A_PICTURE),
    MARK(0, "GIF8", A_PICTURE),
    MARK(8, "WEBP", A_PICTURE),
    MARK(0, "BM", A_PICTURE),
    MARK(0, "II*\0", A_PICTURE),
    MARK(0,
	 "\x7f"
	 "ELF",
	 "is a program; name the file of data"),
};

static bool has_mark(const struct mark *mark, const char *bytes, size_t size)
{
	return mark->at + mark->length <= size && memcmp(bytes + mark->at, mark->bytes, mark->length) == 0;
}

/* Whether there are no control characters but those of text. */
static bool is_text(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if ((unsigned char)bytes[i] < ' ' && !(bytes[i] && strchr("\t\r\n", bytes[i])))
			return false;
	}
	return true;
}

const char *kind_of_bytes(const char *bytes, size_t size)
{
	const bool text = is_text(bytes, size);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		/* a few letters may begin the name of a column too */
		if (has_mark(&marks[i], bytes, size) && !(text && marks[i].length <= 4))
			return marks[i].what;
	}
	return NULL;
}

static bool begins(const char *text, size_t size, const char *word)
{
	return size >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

const char *kind_of_text(const char *text, size_t size)
{
	size_t second;

	while (size > 0 && strchr(" \t\r\n", *text)) {
		text++;
		size--;
	}
	if (begins(text, size, "<!doctype html") || begins(text, size, "<html"))
		return "is an HTML page, such as a site shows in place of a file to who is not logged in; fetch the "
		       "file itself";
	if (begins(text, size, "<?xml"))
		return "is an XML file; this source reads tables of text";
	if (begins(text, size, "version https://git-lfs"))
		return "is a pointer of Git LFS; run \"git lfs pull\" where it comes from";
	if (size == 0 || (*text != '{' && *text != '['))
		return NULL;
	for (second = 1; second < size && strchr(" \t\r\n", text[second]); second++)
		;
	return second < size && strchr(*text == '{' ? "\"}" : "{[\"]", text[second])
		   ? "is JSON; read it with the source jsonl, a line for each row"
		   : NULL;
}
