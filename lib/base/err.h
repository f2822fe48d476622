/* Result codes of everything that can fail, and the one table that says what each means outside. */
#ifndef DESK_BASE_ERR_H
#define DESK_BASE_ERR_H

#define DESK_MUST __attribute__((warn_unused_result))

enum desk_rc {
    DESK_OK = 0,
    DESK_DONE,      /* nothing (more) to do; not an error */
    DESK_EINVAL,    /* the peer's input is wrong */
    DESK_EAUTH,     /* not signed in, or a bad signature or token */
    DESK_EFORBID,   /* signed in, but not allowed */
    DESK_ENOTFOUND, /* no such thing in this tenant */
    DESK_EMETHOD,   /* path exists, method does not */
    DESK_EMEDIA,    /* a kind of content that is not read here */
    DESK_ECONFLICT, /* exists already, or changed meanwhile */
    DESK_ESTALE,    /* If-Match names another version */
    DESK_EBUSY,     /* a lock or a pool is taken; try again */
    DESK_ELIMIT,    /* a stated maximum was passed */
    DESK_ERATE,     /* asked too often: wait */
    DESK_EUPSTREAM, /* an outside service failed */
    DESK_ENOMEM,
    DESK_EINTERNAL, /* our own fault */
    DESK_RC__MAX
};

struct desk_rc_info {
    const char *name;  /* problem+json "code", e.g. "not_found" */
    int http;          /* HTTP status */
    const char *title; /* a sentence for a person */
    int log_level;     /* enum desk_log_level */
};

/* The row for rc; out-of-range codes give the row of DESK_EINTERNAL. Never NULL. */
const struct desk_rc_info *desk_rc_info(enum desk_rc rc);

/* Short name for logs ("not_found"). Never NULL. */
const char *desk_rc_name(enum desk_rc rc);

#endif
