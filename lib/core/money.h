/* Sums of money in what people say, and which of them the caller means to spend: "between fifteen
 * hundred and three grand", "$2,750", "9 rooms at 300 a room", "dos mil quinientos"; not areas,
 * years, addresses, rents, prices of other things, what others paid, or what the caller does not
 * have. English and Spanish. Pure; any bytes may come. */
#ifndef DESK_CORE_MONEY_H
#define DESK_CORE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

struct desk_budget {
    int64_t
        most;  /* the upper end, in whole dollars (or what the caller counts in); 0: none named */
    bool more; /* "over two thousand": more than most */
    bool no_ceiling; /* "money is no object" */
};

/* text NULL is "". */
void desk_money_budget(const char *text, struct desk_budget *b);

/* Does the budget lie above limit? */
bool desk_money_over(const struct desk_budget *b, int64_t limit);

#endif
