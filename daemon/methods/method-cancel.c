/* method-cancel.c - cancel() - end the training that runs; answered when its process is gone. */
#include "config.h"

#include "methods/methods.h"

static enum method_result call(struct request *request)
{
	return retrain_cancel(request->server, request->conn, request->msgid, &request->err) < 0 ? METHOD_FAILED
												 : METHOD_LATER;
}

const struct method method_cancel = {
    .name = "cancel",
    .flags = METHOD_MUTATING,
    .call = call,
    .params = "",
    .summary = "end the training that runs",
};
