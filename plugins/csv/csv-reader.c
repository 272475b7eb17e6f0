/* csv-reader.c - parses the pieces of a file in several threads and hands their rows over in the order of the file.
 *
 * The pieces go round in a ring.  The calling thread reads them and hands them over; it and the other threads parse
 * them.  So the rows reach the handler in order, and it needs no lock. */
#include "config.h"

#include "csv/csv-reader.h"

#include <pthread.h>
#include <stdlib.h>

#include "csv/csv-file.h"
#include "csv/csv-parse.h"

enum {
	BLOCKS_PER_THREAD = 3, /* one being parsed, one read ahead and one that waits to be handed over */
	MAX_THREADS = 8,       /* the handler takes rows in one thread, a third of the work: more threads would wait */
};

enum block_state { BLOCK_EMPTY, BLOCK_READ, BLOCK_PARSING, BLOCK_PARSED };

struct block {
	enum block_state state; /* guarded by the lock; the rest belongs to the thread whose turn it is by the state */
	struct csv_text text;
	bool last, plain; /* as in struct csv_piece */
	void *rows;       /* the handler's object */
	uint64_t lines;
	struct csv_fault fault;
	struct animed_error unread; /* why reading stopped here; fault.what points to its text */
};

struct reader {
	const char *path;
	const struct csv_handler *handler;
	struct csv_file *file;
	uint64_t line; /* the line on which the next block to hand over begins */
	pthread_mutex_t lock;
	pthread_cond_t turned; /* signalled when the state of a block, or `stop`, has changed */
	bool stop;
	struct block *ring;
	size_t n_blocks;
	size_t filled, taken, handed; /* how many blocks were read, taken for parsing, handed over */
	bool end;                     /* the file has been read */
	bool header;                  /* the file has a header */
};

static int fail_at(const struct reader *reader, uint64_t line, const char *what, struct animed_error *err)
{
	return animed_fail(err, "%s:%llu: %s", reader->path, (unsigned long long)line, what);
}

/* Where parsed rows go. */
struct into {
	const struct csv_handler *handler;
	void *rows;
};

static int pass_row(void *ctx, const struct row *row)
{
	const struct into *into = ctx;

	return into->handler->row(into->handler->ctx, into->rows, row);
}

static int pass_bad(void *ctx, uint64_t line, const char *why)
{
	const struct into *into = ctx;

	return into->handler->bad(into->handler->ctx, into->rows, line, why);
}

static void parse_block(const struct reader *reader, struct csv_parse *parse, struct block *block)
{
	struct into into = {reader->handler, block->rows};
	const struct csv_taker taker = {&into, pass_row, pass_bad};

	const struct csv_piece piece = {block->text.bytes, block->text.size, block->last, block->plain};

	if (!block->fault.what)
		block->fault = csv_parse_piece(parse, &piece, &taker, &block->lines);
}

/* Take the next block that waits to be parsed; NULL where none does.  Called with the lock held. */
static struct block *take(struct reader *reader)
{
	struct block *block = &reader->ring[reader->taken % reader->n_blocks];

	if (reader->taken == reader->filled)
		return NULL;
	block->state = BLOCK_PARSING;
	reader->taken++;
	return block;
}

static void give_back(struct reader *reader, struct block *block)
{
	block->state = BLOCK_PARSED;
	(void)pthread_cond_broadcast(&reader->turned);
}

static void *run_thread(void *arg)
{
	struct reader *reader = arg;
	struct csv_parse *parse = csv_parse_new(csv_file_format(reader->file));

	(void)pthread_mutex_lock(&reader->lock);
	while (!reader->stop) {
		struct block *block = parse ? take(reader) : NULL;
		if (!block) {
			(void)pthread_cond_wait(&reader->turned, &reader->lock);
			continue;
		}
		(void)pthread_mutex_unlock(&reader->lock);
		parse_block(reader, parse, block);
		(void)pthread_mutex_lock(&reader->lock);
		give_back(reader, block);
	}
	(void)pthread_mutex_unlock(&reader->lock);
	csv_parse_free(parse);
	return NULL;
}

/* Read the next piece into an empty block.  An error is kept in the block until its turn to be handed over. */
static void read_block(struct reader *reader, struct block *block)
{
	int status = csv_file_next(reader->file, &block->text, &block->last, &block->plain, &block->unread);

	block->lines = 0;
	block->fault = (struct csv_fault){status < 0 ? block->unread.text : NULL, 0};
	reader->end = status <= 0 || block->last;
	if (status == 0)
		return;
	(void)pthread_mutex_lock(&reader->lock);
	block->state = BLOCK_READ;
	reader->filled++;
	(void)pthread_cond_broadcast(&reader->turned);
	(void)pthread_mutex_unlock(&reader->lock);
}

static int hand_over(struct reader *reader, struct block *block, struct animed_error *err)
{
	const uint64_t line = reader->line;

	const int status = reader->handler->block(reader->handler->ctx, block->rows, line, err);
	if (status != 0)
		return status;
	if (block->fault.what)
		return fail_at(reader, line + block->fault.line, block->fault.what, err);
	reader->line += block->lines;
	block->state = BLOCK_EMPTY;
	reader->handed++;
	return 0;
}

/* The work of the calling thread.  It first hands over what is next in the file, then reads so that the others have
 * work, then parses a block itself, and waits only where none of this can be done. */
static int run(struct reader *reader, struct csv_parse *parse, struct animed_error *err)
{
	while (!reader->end || reader->handed < reader->filled) {
		struct block *next = &reader->ring[reader->handed % reader->n_blocks], *taken = NULL;
		const bool room = !reader->end && reader->filled - reader->handed < reader->n_blocks;

		(void)pthread_mutex_lock(&reader->lock);
		bool parsed = reader->handed < reader->filled && next->state == BLOCK_PARSED;
		if (!parsed && !room) {
			taken = take(reader);
			while (!taken && next->state != BLOCK_PARSED)
				(void)pthread_cond_wait(&reader->turned, &reader->lock);
			parsed = !taken;
		}
		(void)pthread_mutex_unlock(&reader->lock);
		if (parsed) {
			const int status = hand_over(reader, next, err);
			if (status != 0)
				return status;
		} else if (taken) {
			parse_block(reader, parse, taken);
			(void)pthread_mutex_lock(&reader->lock);
			give_back(reader, taken);
			(void)pthread_mutex_unlock(&reader->lock);
		} else {
			read_block(reader, &reader->ring[reader->filled % reader->n_blocks]);
		}
	}
	return 0;
}

/* Start up to n threads beside the caller's, fewer where the system has no more.  Returns how many. */
static unsigned start_threads(struct reader *reader, pthread_t *threads, unsigned n)
{
	unsigned started = 0;

	while (started < n && pthread_create(&threads[started], NULL, run_thread, reader) == 0)
		started++;
	return started;
}

static void stop_threads(struct reader *reader, const pthread_t *threads, unsigned n)
{
	(void)pthread_mutex_lock(&reader->lock);
	reader->stop = true;
	(void)pthread_cond_broadcast(&reader->turned);
	(void)pthread_mutex_unlock(&reader->lock);
	for (unsigned i = 0; i < n; i++)
		(void)pthread_join(threads[i], NULL);
}

static int read_blocks(struct reader *reader, unsigned n, struct animed_error *err)
{
	struct csv_parse *parse = csv_parse_new(csv_file_format(reader->file));
	pthread_t *threads = calloc(n, sizeof *threads);
	int status = -1;

	reader->n_blocks = (size_t)n * BLOCKS_PER_THREAD;
	reader->ring = calloc(reader->n_blocks, sizeof *reader->ring);
	bool enough = parse && threads && reader->ring;
	for (size_t i = 0; enough && i < reader->n_blocks; i++)
		enough = (reader->ring[i].rows = reader->handler->open(reader->handler->ctx)) != NULL;
	if (enough) {
		const unsigned started = start_threads(reader, threads, n - 1);
		status = run(reader, parse, err);
		stop_threads(reader, threads, started);
	} else {
		animed_fail(err, "%s: out of memory", reader->path);
	}
	for (size_t i = 0; reader->ring && i < reader->n_blocks; i++) {
		free(reader->ring[i].text.bytes);
		if (reader->ring[i].rows)
			reader->handler->close(reader->ring[i].rows);
	}
	free(reader->ring);
	free(threads);
	csv_parse_free(parse);
	return status;
}

/* ---- the header ---- */

enum { MAX_TITLES = 10 }; /* how many rows may stand before the header */

/* Where the row that may be the header goes. */
struct header {
	const struct reader *reader;
	struct animed_error *err;
	int status; /* what the handler said of it */
	size_t fields;
};

static int pass_header(void *ctx, const struct row *row)
{
	struct header *header = ctx;
	const struct csv_handler *handler = header->reader->handler;
	struct row moved = *row;

	moved.place += header->reader->line;
	header->fields = row->n;
	header->status = handler->header(handler->ctx, &moved, header->err);
	return 0;
}

static int refuse_header(void *ctx, uint64_t line, const char *why)
{
	struct header *header = ctx;

	header->status = fail_at(header->reader, header->reader->line + line, why, header->err);
	return 0;
}

static int pass_first(void *ctx, const struct row *row)
{
	const struct csv_handler *handler = ctx;

	handler->first(handler->ctx, row);
	return 0;
}

static int ignore_bad(void *ctx, uint64_t line, const char *why)
{
	(void)ctx;
	(void)line;
	(void)why;
	return 0;
}

/* Parse the text of one row.  *lines receives how many lines it has. */
static int parse_row(const struct reader *reader, const struct csv_text *text, const struct csv_taker *taker,
		     uint64_t *lines, struct animed_error *err)
{
	struct csv_parse *parse = csv_parse_new(csv_file_format(reader->file));

	if (!parse)
		return animed_fail(err, "%s: out of memory", reader->path);
	const struct csv_piece piece = {text->bytes, text->size, true, false};
	const struct csv_fault fault = csv_parse_piece(parse, &piece, taker, lines);
	csv_parse_free(parse);
	return fault.what ? fail_at(reader, reader->line + fault.line, fault.what, err) : 0;
}

/* Try one row as the header.  Returns 1 where it is, 0 where it is not and *header says why.  On failure, where there is
 * nothing more to try, returns -1 and fills err. */
static int try_header(struct reader *reader, struct csv_text *text, struct header *header, struct animed_error *err)
{
	const struct csv_taker taker = {header, pass_header, refuse_header};
	struct animed_error why;
	uint64_t lines;
	const int found = csv_file_header(reader->file, text, &reader->line, &why);

	if (found < 0)
		return fail_at(reader, reader->line, why.text, err);
	if (found == 0)
		return animed_fail(err, "%s: the file is empty; a header line was expected", reader->path);
	header->status = -1;
	header->fields = 0;
	(void)fail_at(reader, reader->line, "the header line names no column", header->err);
	if (parse_row(reader, text, &taker, &lines, err) < 0)
		return -1;
	if (header->status == 0 && !reader->header)
		return 1;
	reader->line += lines;
	return header->status == 0;
}

/* Find the header: the first row, or one of the next where the first ones are titles.  Where none fits, the error is
 * that of the first one that looks like a header, since it has several fields. */
static int read_header(struct reader *reader, struct csv_text *text, struct animed_error *err)
{
	struct animed_error why, unused;
	struct header header = {.reader = reader, .err = &why};
	bool told = false;

	for (int tries = 0; tries < MAX_TITLES; tries++) {
		/* what ends the search later on says less than why the first row is no header */
		const int status = try_header(reader, text, &header, tries == 0 ? err : &unused);
		if (status != 0)
			return status < 0 ? -1 : 0;
		if (tries == 0 || (!told && header.fields > 1))
			*err = why;
		told |= header.fields > 1;
		if (!reader->header)
			break;
	}
	return -1;
}

static int look_at_first(struct reader *reader, struct csv_text *text, struct animed_error *err)
{
	const struct csv_taker taker = {(void *)(uintptr_t)reader->handler, pass_first, ignore_bad};
	struct animed_error why;
	uint64_t lines;
	const int found = csv_file_peek(reader->file, text, &why);

	if (found < 0)
		return fail_at(reader, reader->line, why.text, err);
	return found ? parse_row(reader, text, &taker, &lines, err) : 0;
}

int csv_read(const char *path, const struct csv_handler *handler, const struct csv_options *options,
	     struct animed_error *err)
{
	struct reader reader = {.path = path,
				.handler = handler,
				.line = 1,
				.header = options->header,
				.lock = PTHREAD_MUTEX_INITIALIZER,
				.turned = PTHREAD_COND_INITIALIZER};
	struct csv_text row = {NULL, 0, 0};
	int status = csv_file_open(path, options, &reader.file, err);

	if (status == 0)
		status = read_header(&reader, &row, err);
	if (status == 0)
		status = look_at_first(&reader, &row, err);
	if (status == 0)
		status = read_blocks(&reader, options->threads < MAX_THREADS ? options->threads : MAX_THREADS, err);
	csv_file_close(reader.file);
	free(row.bytes);
	(void)pthread_mutex_destroy(&reader.lock);
	(void)pthread_cond_destroy(&reader.turned);
	return status;
}
