/* fault.c - an allocator that fails on request, and otherwise calls the allocator of the C library. */
#include "config.h"

#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PROCESSES = 4, FRAMES = 24, PLACE = 256 };

/* The counters and the orders of one process.  fault.py repeats this layout. */
struct account {
	_Atomic uint64_t seen;      /* allocations since the account was armed */
	_Atomic uint64_t first;     /* number of the first allocation to fail, counted from 1; 0: none fails */
	_Atomic uint64_t row;       /* how many fail in a row, from `first` on */
	_Atomic uint64_t failed;    /* how many have failed */
	_Atomic int64_t live;       /* blocks that are allocated and not freed */
	_Atomic uint64_t pid;       /* of the process that uses the account; 0: free */
	char places[FRAMES][PLACE]; /* the calls that led to the first failure, innermost first: FILE+OFFSET */
};

/* The allocator of glibc, which exports its functions under these names too. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *block);

static struct account early; /* counts until begin() has taken an account */
static struct account *account = &early;

/* ---- counting ---- */

static char program[PLACE - 32]; /* path of the executable; dladdr() gives argv[0], which the program may change */

/* Record the calls that led here.  This allocates nothing: the first call of backtrace(), which loads a library, was
 * made by begin(). */
static void note_place(void)
{
	void *frames[FRAMES + 2];
	const int n = backtrace(frames, FRAMES + 2);
	Dl_info info;

	for (int i = 2; i < n; i++) {                              /* skip this function and the allocator's */
		const char *address = (const char *)frames[i] - 1; /* in the call: the frame has the address after it */
		if (!dladdr(address, &info) || !info.dli_fname)
			continue;
		(void)snprintf(account->places[i - 2], PLACE, "%.200s+0x%tx",
			       strchr(info.dli_fname, '/') ? info.dli_fname : program,
			       address - (const char *)info.dli_fbase);
	}
}

static bool fails(void)
{
	const uint64_t n = atomic_fetch_add(&account->seen, 1) + 1, first = atomic_load(&account->first);

	if (first == 0 || n < first || n - first >= atomic_load(&account->row))
		return false;
	if (atomic_fetch_add(&account->failed, 1) == 0)
		note_place();
	errno = ENOMEM;
	return true;
}

static void *counted(void *block)
{
	if (block)
		atomic_fetch_add(&account->live, 1);
	return block;
}

/* ---- the allocator ---- */

void *malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
	if (old && size == 0) {
		free(old);
		return NULL;
	}
	if (fails())
		return NULL;
	void *block = __libc_realloc(old, size);
	return old ? block : counted(block);
}

void *aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : counted(__libc_memalign(align, size));
}

void *memalign(size_t align, size_t size)
{
	return aligned_alloc(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	const int before = errno;
	void *block = aligned_alloc(align, size);

	errno = before; /* posix_memalign() reports failure by its result only */
	if (!block)
		return ENOMEM;
	*out = block;
	return 0;
}

void free(void *block)
{
	if (!block)
		return;
	atomic_fetch_sub(&account->live, 1);
	__libc_free(block);
}

/* ---- the control ---- */

/* Map the accounts from the file; without a file, map memory that forked processes share.  Returns NULL on failure.
 * Every program that starts takes the next free account of a file: the first program has the first account, a program
 * that it starts has the next one. */
static struct account *open_accounts(const char *file)
{
	const size_t size = PROCESSES * sizeof *account;
	const int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
	void *map = MAP_FAILED;

	if (!file)
		map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	else if (fd >= 0)
		map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		(void)close(fd);
	return map == MAP_FAILED ? NULL : map;
}

__attribute__((constructor)) static void begin(void)
{
	struct account *accounts = open_accounts(getenv("FAULT_FILE"));
	const uint64_t pid = (uint64_t)getpid();
	void *frame;

	if (!accounts) {
		(void)fputs("fault.c: FAULT_FILE cannot be mapped\n", stderr);
		abort();
	}
	(void)backtrace(&frame, 1);
	(void)!readlink("/proc/self/exe", program, sizeof program - 1);
	for (int i = 0; i < PROCESSES; i++) {
		uint64_t none = 0;
		if (atomic_compare_exchange_strong(&accounts[i].pid, &none, pid)) {
			atomic_store(&accounts[i].live, atomic_load(&early.live));
			account = &accounts[i];
			return;
		}
	}
}

void fault_arm(uint64_t n, uint64_t row)
{
	atomic_store(&account->first, 0);
	atomic_store(&account->seen, 0);
	atomic_store(&account->failed, 0);
	memset(account->places, 0, sizeof account->places);
	atomic_store(&account->row, row);
	atomic_store(&account->first, n);
}

uint64_t fault_disarm(void)
{
	atomic_store(&account->first, 0);
	return atomic_load(&account->seen);
}

bool fault_struck(void)
{
	return atomic_load(&account->failed) > 0;
}

int64_t fault_live(void)
{
	return atomic_load(&account->live);
}

void fault_print(FILE *out)
{
	for (int i = 0; i < FRAMES && *account->places[i]; i++)
		(void)fprintf(out, "    %s\n", account->places[i]);
}
