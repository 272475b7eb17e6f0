/* input.h - reads the text of a file as UTF-8, whatever it is packed with and whatever encoding it is in. */
#ifndef PLUGINS_INPUT_H
#define PLUGINS_INPUT_H

#include "animed-plugin.h"

/* What the parameter "encoding" may be.  auto: UTF-8, or UTF-16 where the file begins with its mark. */
#define INPUT_ENCODINGS "auto|utf-8|latin1|cp1252|utf-16|utf-16le|utf-16be|cp1251|shift_jis|euc-jp|gb18030"

struct input;

/* What stands in the text for a byte, or a unit of UTF-16, that means nothing in the encoding.  It is in no UTF-8, and no
 * text in a Western encoding has the two letters that it would be. */
#define INPUT_NOTHING "\xf8\xff"

enum { INPUT_ROOM = 16 }; /* more than a character takes */

/* Open a file, packed or not, in one of the encodings.  One that is known to be no text is refused.  On failure returns -1 and fills err, without the path. */
int input_open(const char *path, const char *encoding, struct input **out, struct animed_error *err);
void input_close(struct input *input);

/* Read up to `room` >= INPUT_ROOM bytes of UTF-8, without a byte order mark; *n receives how many, 0 at the end.  What stands
 * for no character in the encoding becomes INPUT_NOTHING; what is not converted is passed on as it is.  On
 * failure returns -1 and fills err. */
int input_read(struct input *input, char *to, size_t room, size_t *n, struct animed_error *err);

#endif
