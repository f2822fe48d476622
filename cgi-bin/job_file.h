/* What came out of a job (store/jobs.h), as a file that is sent piece by piece. */
#ifndef DESK_CGI_JOB_FILE_H
#define DESK_CGI_JOB_FILE_H

#include "cgi-bin/web.h"

/* The reply to req: a CSV file under that name. The job must be done, and of req's business. Its
 * pieces are read while they are sent: on req->db, by whoever sends the reply. */
DESK_MUST enum desk_rc desk_job_file(struct desk_request *req, const char *job_id,
                                     const char *name);

#endif
