/* file-name.h - the title in the name of a video file. */
#ifndef ANIMED_FILE_NAME_H
#define ANIMED_FILE_NAME_H

#include "base/columns.h"

/* Write the title and season that a text has to *title, which is emptied first, if it looks like the name of a video file:
 * "[Group] One Punch Man - 01 [1080p].mkv", "naruto.S02E05.720p", "Naruto S1E5".  What stands in brackets, the extension,
 * the words for resolution and format, and the episode with all behind it are left out.  *is_one receives whether any of
 * these was there and a title is left.  Returns 0, or -1 where memory is short. */
int file_name_title(struct text text, struct text_buffer *title, bool *is_one);

#endif
