/* method-retrain.c - retrain() - train a new model in a child process; answered when the process is started.
 *                    cancel() - end that training; answered when the process has ended. */
#include "config.h"

#include "base/pack.h"
#include "methods/method.h"

static enum method_result retrain(struct request *request)
{
	struct retrain *running = &request->service->retrain;
	msgpack_packer *reply = request->question.reply;

	if (retrain_start(running, request->conn, &request->question.err) < 0)
		return METHOD_FAILED;
	rpc_pack_result(reply, request->question.msgid);
	(void)msgpack_pack_map(reply, 2);
	pack_int(reply, "pid", running->pid);
	pack_str(reply, "by", running->by);
	return METHOD_DONE;
}

static enum method_result cancel(struct request *request)
{
	struct question *question = &request->question;

	return retrain_cancel(&request->service->retrain, request->conn, question->msgid, &question->err) < 0
		   ? METHOD_FAILED
		   : METHOD_LATER;
}

const struct method method_retrain = {
    .name = "retrain",
    .mutating = true,
    .act = retrain,
    .params = "",
    .summary = "train a new model in the background",
};

const struct method method_cancel = {
    .name = "cancel",
    .mutating = true,
    .act = cancel,
    .params = "",
    .summary = "end the training that runs",
};
