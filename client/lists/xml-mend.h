/* xml-mend.h - mends what programs that do not escape text write in place of XML. */
#ifndef CLIENT_LIST_XML_MEND_H
#define CLIENT_LIST_XML_MEND_H

#include "lists/list.h"

/* Copy the text with "&" and "<" that begin neither an entity nor a tag escaped, as in "Tom & Jerry" and "I <3 you", and
 * with blanks for control characters.  The first place is told.  *length receives the length of the copy, which the
 * caller frees.  Ends the program where memory is short. */
char *list_xml_mend(struct list *list, const char *text, size_t size, size_t *length);

#endif
