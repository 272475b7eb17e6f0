/* svg.c - writes the parts of a picture. */
#include "config.h"

#include "report/svg.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

/* A text of a picture is one line and cut here, so that it takes no memory. */
enum { LONGEST_TEXT = 4096 };

static bool allowed(utf8proc_int32_t code)
{
	/* what XML 1.0 allows, production 2 */
	return code == '\t' || code == '\n' || (code >= 0x20 && code != 0xfffe && code != 0xffff);
}

void xml_text(FILE *out, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		utf8proc_int32_t code;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, &code);
		const size_t step = n > 0 ? (size_t)n : 1;
		if (n <= 0 || !allowed(code))
			(void)fputs("\xef\xbf\xbd", out);
		else if (code == '&' || code == '<' || code == '>' || code == '"' || code == '\'')
			(void)fprintf(out, "&#%d;", (int)code);
		else
			(void)fwrite(text, 1, step, out);
		text += step;
		left -= step;
	}
}

void svg_text(FILE *out, double x, double y, const char *attributes, const char *fmt, ...)
{
	char text[LONGEST_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)fprintf(out, "<text x='%.1f' y='%.1f' %s>", x, y, attributes);
	xml_text(out, text);
	(void)fputs("</text>\n", out);
}

void svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *attributes)
{
	(void)fprintf(out, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' %s/>\n", x1, y1, x2, y2, attributes);
}

void svg_rect(FILE *out, double x, double y, double width, double height, const char *attributes, const char *title)
{
	(void)fprintf(out, "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' %s>", x, y, width, height, attributes);
	if (title) {
		(void)fputs("<title>", out);
		xml_text(out, title);
		(void)fputs("</title>", out);
	}
	(void)fputs("</rect>\n", out);
}
