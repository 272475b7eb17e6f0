/* retrain-status.h - what `status` tells of trainings. */
#ifndef ANIMED_RETRAIN_STATUS_H
#define ANIMED_RETRAIN_STATUS_H

#include "control/retrain-schedule.h"

/* Pack the entry "retrain". */
void retrain_pack_status(msgpack_packer *packer, const struct retrain *retrain,
			 const struct retrain_schedule *schedule);

#endif
