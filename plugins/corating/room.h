/* room.h - arrays that grow. */
#ifndef PLUGINS_ROOM_H
#define PLUGINS_ROOM_H

#include <stdint.h>
#include <stdlib.h>

/* Make room for n elements of `size` bytes in the array *at, which has room for *room of them, by doubling.  What is
 * new is not set.  Returns 0, or -1 where memory is short; the array is then as it was. */
static inline int room_for(void **at, size_t *room, size_t n, size_t size)
{
	if (n <= *room)
		return 0;
	const size_t more = n > 2 * *room ? n : 2 * *room;
	void *grown = more <= SIZE_MAX / size ? realloc(*at, more * size) : NULL;
	if (!grown)
		return -1;
	*at = grown;
	*room = more;
	return 0;
}

#endif
