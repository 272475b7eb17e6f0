/* names.h - reads several names in one cell, such as genres, which each dataset writes in its own way. */
#ifndef PLUGINS_NAMES_H
#define PLUGINS_NAMES_H

#include <stddef.h>

/* Make "A|B" of the names in a cell, in place.  They may be written as ['A', "B"] or [A, B]; as maps of which the name
 * counts, [{'id': 1, 'name': 'A'}]; or as A|B.  [A] alone, and [A] B [C], are names.  References of HTML are
 * replaced, and what stands for no name is left out.  Returns the new length. */
size_t names_of_titles(char *text);

/* The same for genres, which may be written as [A], "A, B" or "A;B" too. */
size_t names_of_genres(char *text);

#endif
