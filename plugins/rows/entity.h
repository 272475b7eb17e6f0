/* entity.h - replaces the character references of HTML that exported texts have. */
#ifndef PLUGINS_ENTITY_H
#define PLUGINS_ENTITY_H

#include <stddef.h>

/* Replace those with the names of HTML 4, such as &deg;, and those with numbers, such as &#39; and &#x27;, in place.
 * Returns the new length. */
size_t decode_entities(char *text);

/* The same for names with '|' between them: a reference to a bar, which belongs to a name, becomes '/'. */
size_t decode_entities_of_names(char *text);

#endif
