/* secret.h - masks the passwords in a text that may be shown. */
#ifndef ANIMED_SECRET_H
#define ANIMED_SECRET_H

/* Returns a copy of a connection in which "***" stands for each password: in the form KEY=VALUE for a key that has
 * "pass" in it, passfile excepted, in the query of a URI too, and in a URI as SCHEME://USER:PASSWORD@HOST.  Where it is not clear how far a password goes, more is masked
 * rather than less.  The caller frees it with free().  NULL: out of memory. */
char *secret_masked(const char *text);

#endif
