/* svg.h - the parts of a picture: escaped text, lines and rectangles.  Everything is written to a stream; the caller
 * checks the stream for errors at the end. */
#ifndef ANIMED_SVG_H
#define ANIMED_SVG_H

#include <stdint.h>
#include <stdio.h>

/* Write text into XML or HTML with markup escaped.  U+FFFD takes the place of what is not UTF-8 or XML does not
 * allow. */
void xml_text(FILE *out, const char *text);

/* `attributes` are written as they are ("class='axis' text-anchor='end'"); the text is escaped. */
__attribute__((format(printf, 5, 6))) void svg_text(FILE *out, double x, double y, const char *attributes,
						    const char *fmt, ...);
void svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *attributes);

/* A rectangle that shows `title` when it is pointed at; NULL: none. */
void svg_rect(FILE *out, double x, double y, double width, double height, const char *attributes, const char *title);

#endif
