/* job.c - carries a request to the pool and its answer back. */
#include "config.h"

#include "methods/job.h"

#include <stdlib.h>
#include <string.h>

struct request_job {
	uv_work_t work;
	LIST_ENTRY(request_job) link; /* of service->jobs */
	struct clients *clients;
	uint64_t conn;
	const struct method *method;
	struct model *model; /* a reference */

	/* the pool's thread owns these while it works, then the loop */
	struct question question; /* without parameters until the thread has unpacked them */
	struct packed reply;
	int status; /* of the method */

	size_t size;
	char bytes[]; /* of the message */
};

/* ---- in a thread ---- */

/* Unpack the parameters.  The loop has unpacked the same bytes before, so this fails only where memory is short. */
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
	msgpack_zone zone;

	if (!msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE)) {
		job->status = question_out_of_memory(&job->question);
		return;
	}
	job->status = unpack(job, &zone);
	if (job->status == 0)
		job->status = job->method->ask(&job->question);
	if (job->status == 0 && job->reply.broken)
		job->status = question_out_of_memory(&job->question);
	msgpack_zone_destroy(&zone);
}

/* ---- on the loop ---- */

static void finish(uv_work_t *work, int status)
{
	struct request_job *job = work->data;
	struct conn *conn = clients_find(job->clients, job->conn);

	LIST_REMOVE(job, link);
	/* a cancelled job is of a connection that is closed */
	if (status == 0 && job->status < 0)
		job->clients->errors++;
	if (conn && status == 0) {
		if (job->status < 0)
			rpc_pack_error(&conn->out.packer, job->question.msgid, &job->question.err);
		else
			packed_append(&conn->out, job->reply.bytes.data, job->reply.bytes.size);
		conn_answered(conn);
	}
	model_unref(job->model);
	packed_free(&job->reply);
	free(job);
}

int job_start(const struct request *request, const struct method *method, const struct message *message)
{
	struct service *service = request->service;
	struct request_job *job = calloc(1, sizeof *job + message->size);

	if (!job)
		return -1;
	memcpy(job->bytes, message->bytes, message->size);
	job->size = message->size;
	packed_init(&job->reply);
	job->clients = &service->clients;
	job->conn = request->conn->id;
	job->method = method;
	job->model = model_ref(service->served.model);
	job->question = (struct question){
	    .conf = service->conf, .model = job->model, .msgid = request->question.msgid, .reply = &job->reply.packer};
	job->work.data = job;
	LIST_INSERT_HEAD(&service->jobs, job, link);
	request->conn->in_flight++;
	/* fails only without a work function */
	(void)uv_queue_work(service->clients.loop, &job->work, run, finish);
	return 0;
}

void jobs_cancel(const struct service *service, uint64_t conn)
{
	struct request_job *job;

	LIST_FOREACH (job, &service->jobs, link) {
		if (job->conn == conn)
			(void)uv_cancel((uv_req_t *)&job->work); /* a job that has begun runs to its end */
	}
}
