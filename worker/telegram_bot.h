/* The Telegram bot's ear, a thread of its own: asks Telegram what was written (or tells it to bring
 * it by webhook), and answers what was kept (talk/telegram_in.h). */
#ifndef WORKER_TELEGRAM_BOT_H
#define WORKER_TELEGRAM_BOT_H

#include "out/telegram.h"

#include <stdbool.h>

struct telegram_bot;

/* By TELEGRAM_UPDATES. client: desk_telegram_bot, or a test's. NULL: out of memory, or no thread or
 * database; also when there is nothing to do (no bot, or "off"): *idle is true then. */
struct telegram_bot *telegram_bot_start(const struct desk_telegram *client, bool *idle);

/* Waits for a request that is under way (15 s at most), frees. NULL is fine. */
void telegram_bot_stop(struct telegram_bot *b);

#endif
