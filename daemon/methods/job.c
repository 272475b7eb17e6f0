/* job.c - carries a request to the pool and its answer back. */
#include "config.h"

#include "methods/job.h"

#include <stdlib.h>
#include <string.h>

struct request_job {
	uv_work_t work;
	struct server *server;
	struct request_job *previous, *next; /* of server->jobs */
	uint64_t conn;
	const struct method *method;
	struct model *model; /* a reference */

	/* the thread's while it runs, then the loop's */
	struct question question; /* without parameters until the thread has unpacked them */
	msgpack_sbuffer reply;
	bool broken; /* memory was short in the middle of the reply */
	int status;  /* of the method */

	size_t size;
	char bytes[]; /* of the message */
};

/* ---- in a thread ---- */

static int write_reply(void *data, const char *bytes, size_t length)
{
	struct request_job *job = data;

	if (length > 0 && msgpack_sbuffer_write(&job->reply, bytes, length) != 0)
		job->broken = true;
	return job->broken ? -1 : 0;
}

/* The loop has unpacked these bytes before, so nothing but memory can be amiss. */
static int unpack(struct request_job *job, msgpack_zone *zone)
{
	msgpack_object object;
	struct rpc_message message;
	size_t end = 0;

	if (msgpack_unpack(job->bytes, job->size, &end, zone, &object) != MSGPACK_UNPACK_SUCCESS ||
	    rpc_decode(&object, &message, &job->question.err) < 0)
		return question_out_of_memory(&job->question);
	job->question.params = message.params.via.array.ptr;
	job->question.n_params = message.params.via.array.size;
	return 0;
}

static void run(uv_work_t *work)
{
	struct request_job *job = work->data;
	msgpack_packer packer;
	msgpack_zone zone;

	if (!msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE)) {
		job->status = question_out_of_memory(&job->question);
		return;
	}
	msgpack_packer_init(&packer, job, write_reply);
	job->question.reply = &packer;
	job->status = unpack(job, &zone);
	if (job->status == 0)
		job->status = job->method->ask(&job->question);
	if (job->status == 0 && job->broken)
		job->status = question_out_of_memory(&job->question);
	msgpack_zone_destroy(&zone);
}

/* ---- on the loop ---- */

static void unlink_job(struct request_job *job)
{
	if (job->previous)
		job->previous->next = job->next;
	else
		job->server->jobs = job->next;
	if (job->next)
		job->next->previous = job->previous;
}

static void finish(uv_work_t *work, int status)
{
	struct request_job *job = work->data;
	struct conn *conn = conn_find(job->server, job->conn);

	unlink_job(job);
	/* cancelled jobs are of connections that are gone */
	if (status == 0 && job->status < 0)
		job->server->errors++;
	if (conn && status == 0) {
		if (job->status < 0)
			rpc_pack_error(&conn->packer, job->question.msgid, &job->question.err);
		else
			(void)conn->packer.callback(conn->packer.data, job->reply.data, job->reply.size);
		conn_answered(conn);
	}
	model_unref(job->model);
	msgpack_sbuffer_destroy(&job->reply);
	free(job);
}

int job_start(const struct request *request, const struct method *method, const char *bytes, size_t size)
{
	struct server *server = request->server;
	struct request_job *job = calloc(1, sizeof *job + size);

	if (!job)
		return -1;
	memcpy(job->bytes, bytes, size);
	job->size = size;
	msgpack_sbuffer_init(&job->reply);
	job->server = server;
	job->conn = request->conn->id;
	job->method = method;
	job->model = model_ref(server->served.model);
	job->question =
	    (struct question){.conf = request->question.conf, .model = job->model, .msgid = request->question.msgid};
	job->work.data = job;
	job->next = server->jobs;
	if (job->next)
		job->next->previous = job;
	server->jobs = job;
	request->conn->in_flight++;
	(void)uv_queue_work(&server->loop, &job->work, run, finish); /* fails only without a work function */
	return 0;
}

void jobs_cancel(const struct server *server, uint64_t conn)
{
	for (struct request_job *job = server->jobs; job; job = job->next) {
		if (job->conn == conn)
			(void)uv_cancel((uv_req_t *)&job->work); /* one that has begun comes to its end */
	}
}
