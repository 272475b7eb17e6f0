/* schedule.c - computes when the next scheduled training is due. */
#include "config.h"

#include "control/schedule.h"

#define MINUTE 60000

void schedule_init(struct schedule *schedule, int64_t every, int64_t last, int64_t now)
{
	schedule->every = every;
	schedule->next = last == INT64_MIN ? now : (last < now ? last : now) + every;
}

bool schedule_is_due(struct schedule *schedule, int64_t now)
{
	if (schedule->every == 0)
		return false;
	if (schedule->next > now + schedule->every)
		schedule->next = now + schedule->every;
	return schedule->next <= now;
}

void schedule_advance(struct schedule *schedule, int64_t now)
{
	if (schedule->next <= now)
		schedule->next += ((now - schedule->next) / schedule->every + 1) * schedule->every;
}

int64_t schedule_sleep(const struct schedule *schedule, int64_t now)
{
	const int64_t left = schedule->next - now;

	return left < 0 ? 0 : left < MINUTE ? left : MINUTE;
}
