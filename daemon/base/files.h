/* files.h - directories. */
#ifndef ANIMED_FILES_H
#define ANIMED_FILES_H

#include "animed-plugin.h"

/* Make the directory `dir` (absolute) with its parents, each 0700, where they are missing. */
int make_dirs(const char *dir, struct animed_error *err);

#endif
