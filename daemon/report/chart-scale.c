/* chart-scale.c - works out the places and the ticks of an axis. */
#include "config.h"

#include "report/chart-scale.h"

#include <math.h>

double scale_at(const struct scale *scale, double value)
{
	const double range = scale->high - scale->low;
	const double share = range > 0 ? (value - scale->low) / range : 0.5;

	return scale->from + share * (scale->to - scale->from);
}

double round_step(double step)
{
	if (!(step > 0) || !isfinite(step))
		return 1;
	const double power = pow(10, floor(log10(step))), times = step / power;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

struct ticks ticks_between(double low, double high, int about)
{
	struct ticks ticks = {.step = round_step((high - low) / about)};
	const double slack = 1e-9; /* of a step: a tick on the end counts */

	ticks.first = ceil(low / ticks.step - slack) * ticks.step;
	ticks.n = (int)floor((high - ticks.first) / ticks.step + slack) + 1;
	if (ticks.n < 1) {
		ticks.first = low;
		ticks.n = 1;
	}
	while (ticks.digits < 12 && pow(10, -ticks.digits) > ticks.step * (1 + slack))
		ticks.digits++;
	return ticks;
}
