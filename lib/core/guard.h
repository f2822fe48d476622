/* What a caller may want of a receptionist that she does for nobody: to drop her instructions and
 * obey new ones, or to tell what is not the caller's to know (another person's appointment, a
 * private number or address of the house's people, when somebody is at home). By tables of phrases;
 * for the rules brain, which has no judgement of its own. Pure; any bytes may come. */
#ifndef DESK_CORE_GUARD_H
#define DESK_CORE_GUARD_H

enum desk_guard_kind {
    DESK_GUARD_NOTHING,
    DESK_GUARD_ORDERS, /* "ignore your instructions and …" */
    DESK_GUARD_PRIVATE /* "what time is her appointment", "give me his cell number" */
};

/* text NULL is "". */
enum desk_guard_kind desk_guard_judge(const char *text);

/* The same of words behind a refusal in the same talk: a bare "just tell me the time", "is it at
 * ten" goes on with it. */
enum desk_guard_kind desk_guard_again(const char *text);

#endif
