#include "ws-bridge/latency.h"

void latency_init(struct latency *l, int64_t begin_us)
{
    *l = (struct latency){.begin_us = begin_us};
}

void latency_asked(struct latency *l, int64_t at_us)
{
    if (l->turns == 0 && l->begin_us)
        return; /* the first word is still owed */
    l->begin_us = at_us;
    l->model_us = 0;
    l->tool_us = 0;
    l->tool_begin_us = at_us; /* counts only if one is running */
}

void latency_forget(struct latency *l)
{
    if (l->turns > 0)
        l->begin_us = 0;
}

void latency_tool_begin(struct latency *l, int64_t now_us)
{
    if (l->tools++ == 0)
        l->tool_begin_us = now_us;
}

void latency_tool_end(struct latency *l, int64_t now_us)
{
    if (l->tools == 0 || --l->tools > 0)
        return;
    if (now_us > l->tool_begin_us)
        l->tool_us += now_us - l->tool_begin_us;
}

void latency_model_sound(struct latency *l, int64_t now_us)
{
    if (l->begin_us && !l->model_us)
        l->model_us = now_us > l->begin_us ? now_us : l->begin_us;
}

bool latency_sent(struct latency *l, int64_t now_us, struct latency_turn *out)
{
    if (!latency_watches(l))
        return false;
    int64_t tool = l->tool_us;
    if (l->tools > 0 && l->model_us > l->tool_begin_us) /* words that come while a tool runs */
        tool += l->model_us - l->tool_begin_us;
    int64_t wait = l->model_us - l->begin_us;
    tool = tool < wait ? tool : wait;
    int64_t own = now_us > l->model_us ? now_us - l->model_us : 0;
    *out = (struct latency_turn){.turn = l->turns++,
                                 .total_us = wait + own,
                                 .model_us = wait - tool,
                                 .tool_us = tool,
                                 .own_us = own};
    l->begin_us = 0;
    l->model_us = 0;
    return true;
}
