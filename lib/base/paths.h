/* Where things are. The data folder is FRONTDESK_DATA; the share folder (templates, static, nginx,
 * businesses) is FRONTDESK_SHARE, else the source tree this program was built in, else
 * PREFIX/share/frontdesk. Each function fills out and returns it. */
#ifndef DESK_BASE_PATHS_H
#define DESK_BASE_PATHS_H

#define DESK_PATH_LEN 512

const char *desk_path_data(char out[DESK_PATH_LEN], const char *name); /* DATA/name */
const char *desk_path_run(char out[DESK_PATH_LEN],
                          const char *name);        /* DATA/run/name: sockets, … */
const char *desk_path_key(char out[DESK_PATH_LEN]); /* DATA/data.key */
const char *desk_path_db(char out[DESK_PATH_LEN]);
const char *desk_path_share(char out[DESK_PATH_LEN], const char *name); /* SHARE/name */
const char *
desk_path_program(char out[DESK_PATH_LEN],
                  const char *name); /* "bin/speech", "cgi-bin/hook.fcgi" beside this program */

#endif
