/* job.c - carries a request to the pool and its answer back. */
#include "config.h"

#include "methods/job.h"

#include <stdlib.h>

struct job {
	uv_work_t work;
	struct server *server;
	struct job *previous, *next; /* of server->jobs */
	uint64_t conn;
	const struct method *method;
	struct model *model; /* a reference; NULL: there was none */
	uint32_t msgid;
	msgpack_sbuffer bytes; /* of the parameters, which point into it */
	msgpack_zone zone;
	msgpack_object params;

	/* the thread's while it runs, then the loop's */
	msgpack_sbuffer reply;
	bool broken; /* memory was short in the middle of the reply */
	enum method_result result;
	struct rpc_error err;
};

/* ---- in a thread ---- */

static int write_reply(void *data, const char *bytes, size_t length)
{
	struct job *job = data;

	if (length > 0 && msgpack_sbuffer_write(&job->reply, bytes, length) != 0)
		job->broken = true;
	return job->broken ? -1 : 0;
}

static void run(uv_work_t *work)
{
	struct job *job = work->data;
	msgpack_packer packer;
	struct request request = {
	    .conf = job->server->conf,
	    .model = job->model,
	    .msgid = job->msgid,
	    .params = job->params.via.array.ptr,
	    .n_params = job->params.via.array.size,
	    .reply = &packer,
	};

	msgpack_packer_init(&packer, job, write_reply);
	job->result = job->method->call(&request);
	if (job->broken && job->result == METHOD_DONE) {
		job->result = METHOD_FAILED;
		(void)rpc_fail(&request.err, RPC_DAEMON_ERROR, RPC_INTERNAL, "out of memory");
	}
	job->err = request.err;
}

/* ---- on the loop ---- */

static void job_free(struct job *job)
{
	model_unref(job->model);
	msgpack_zone_destroy(&job->zone);
	msgpack_sbuffer_destroy(&job->bytes);
	msgpack_sbuffer_destroy(&job->reply);
	free(job);
}

static void unlink_job(struct job *job)
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
	struct job *job = work->data;
	struct conn *conn = conn_find(job->server, job->conn);

	unlink_job(job);
	/* cancelled jobs are of connections that are gone */
	if (status == 0 && job->result == METHOD_FAILED)
		job->server->errors++;
	if (conn && status == 0) {
		if (job->result == METHOD_FAILED)
			rpc_pack_error(&conn->packer, job->msgid, &job->err);
		else
			(void)conn->packer.callback(conn->packer.data, job->reply.data, job->reply.size);
		conn_answered(conn);
	}
	job_free(job);
}

/* msgpack-c may give an empty string no address. */
static int write_params(void *data, const char *bytes, size_t length)
{
	return length > 0 ? msgpack_sbuffer_write(data, bytes, length) : 0;
}

/* Take the parameters out of the connection's buffers. */
static int copy_params(struct job *job, const struct request *request)
{
	msgpack_packer packer;
	size_t end = 0;

	msgpack_packer_init(&packer, &job->bytes, write_params);
	if (msgpack_pack_array(&packer, request->n_params) != 0)
		return -1;
	for (uint32_t i = 0; i < request->n_params; i++) {
		if (msgpack_pack_object(&packer, request->params[i]) != 0)
			return -1;
	}
	return msgpack_unpack(job->bytes.data, job->bytes.size, &end, &job->zone, &job->params) ==
		       MSGPACK_UNPACK_SUCCESS
		   ? 0
		   : -1;
}

int job_start(const struct request *request, const struct method *method)
{
	struct server *server = request->server;
	struct job *job = calloc(1, sizeof *job);

	if (!job)
		return -1;
	if (!msgpack_zone_init(&job->zone, MSGPACK_ZONE_CHUNK_SIZE)) {
		free(job);
		return -1;
	}
	msgpack_sbuffer_init(&job->bytes);
	msgpack_sbuffer_init(&job->reply);
	job->server = server;
	job->conn = request->conn->id;
	job->method = method;
	job->model = request->model ? model_ref(request->model) : NULL;
	job->msgid = request->msgid;
	job->work.data = job;
	if (copy_params(job, request) < 0) {
		job_free(job);
		return -1;
	}
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
	for (struct job *job = server->jobs; job; job = job->next) {
		if (job->conn == conn)
			(void)uv_cancel((uv_req_t *)&job->work); /* one that has begun comes to its end */
	}
}
