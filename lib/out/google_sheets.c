#include "out/google_sheets.h"
#include "wire/form.h"

#include <stdio.h>
#include <string.h>

#define URL_MAX 4096

/* .../v4/spreadsheets/ID */
static void url_begin(const struct desk_google_sheet *s, struct desk_buf *url)
{
    size_t n = strlen(s->api_url);
    while (n && s->api_url[n - 1] == '/')
        n--;
    desk_buf_init(url, URL_MAX);
    desk_buf_add(url, s->api_url, n);
    desk_buf_str(url, "/v4/spreadsheets/");
    desk_url_encode(url, s->spreadsheet, strlen(s->spreadsheet));
}

/* …/values/'Leads'!A1:L1; rows "1" or "" (whole columns). A quote in a tab's name is doubled. */
static void url_range(const struct desk_google_sheet *s, const char *last, const char *row,
                      const char *after, struct desk_buf *url)
{
    struct desk_buf range;
    desk_buf_init(&range, 1000);
    desk_buf_chr(&range, '\'');
    for (const char *p = s->tab; *p; p++) {
        desk_buf_chr(&range, *p);
        if (*p == '\'')
            desk_buf_chr(&range, '\'');
    }
    desk_buf_fmt(&range, "'!A%s:%s%s", row, last, row);
    url_begin(s, url);
    desk_buf_str(url, "/values/");
    desk_url_encode(url, desk_buf_cstr(&range), range.len);
    desk_buf_str(url, after);
    url->failed = url->failed || !desk_buf_ok(&range);
    desk_buf_clear(&range);
}

static enum desk_google_end send_to(const struct desk_google_sheet *s, struct desk_buf *url,
                                    struct desk_google_request q, json_t **answer,
                                    struct desk_google_result *r)
{
    q.who = s->who;
    q.url = desk_buf_cstr(url);
    *answer = NULL;
    if (desk_buf_ok(url))
        desk_google_send(&q, answer, r);
    else
        desk_google_ended(r, DESK_GOOGLE_REFUSED, "The name of the sheet is too long.");
    desk_buf_clear(url);
    return r->end;
}

static const char *last_column(const struct desk_google_sheet *s, char out[2])
{
    out[0] = (char)('A' + (s->n ? s->n - 1 : 0) % 26);
    out[1] = '\0';
    return out;
}

/* {"majorDimension":"ROWS","values":[[…]]} */
static json_t *rows_json(const char *const *v, size_t n)
{
    json_t *row = json_array();
    for (size_t i = 0; row && i < n; i++)
        if (json_array_append_new(row, json_string(v[i] ? v[i] : ""))) {
            json_decref(row);
            row = NULL;
        }
    return row ? json_pack("{s:s, s:[o]}", "majorDimension", "ROWS", "values", row) : NULL;
}

/* ---- a tab with its header ------------------------------------------------------------------- */

static enum desk_google_end tab_make(const struct desk_google_sheet *s,
                                     struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer, *body = json_pack("{s:[{s:{s:{s:s}}}]}", "requests", "addSheet", "properties",
                                      "title", s->tab);
    url_begin(s, &url);
    desk_buf_str(&url, ":batchUpdate");
    /* made twice is refused by Google: two of that name cannot be */
    send_to(s, &url, (struct desk_google_request){.method = "POST", .body = body, .safe = true},
            &answer, r);
    json_decref(answer);
    json_decref(body);
    return r->end;
}

/* MISSING: there is no such tab. */
static enum desk_google_end header_read(const struct desk_google_sheet *s, bool *empty,
                                        struct desk_google_result *r)
{
    char last[2];
    struct desk_buf url;
    json_t *answer;
    url_range(s, last_column(s, last), "1", "", &url);
    send_to(s, &url, (struct desk_google_request){.method = "GET", .safe = true}, &answer, r);
    *empty = json_array_size(json_array_get(json_object_get(answer, "values"), 0)) == 0;
    json_decref(answer);
    if (r->end == DESK_GOOGLE_REFUSED && r->http == 400 && strstr(r->why, "parse range"))
        r->end = DESK_GOOGLE_MISSING;
    return r->end;
}

static enum desk_google_end header_write(const struct desk_google_sheet *s,
                                         struct desk_google_result *r)
{
    char last[2];
    struct desk_buf url;
    json_t *answer, *body = rows_json(s->header, s->n);
    url_range(s, last_column(s, last), "1", "?valueInputOption=RAW", &url);
    send_to(s, &url, (struct desk_google_request){.method = "PUT", .body = body, .safe = true},
            &answer, r);
    json_decref(answer);
    json_decref(body);
    return r->end;
}

static enum desk_google_end ready(const struct desk_google_sheet *s, struct desk_google_result *r)
{
    bool empty = false;
    enum desk_google_end end = header_read(s, &empty, r);
    if (end == DESK_GOOGLE_MISSING && r->http == 400) {
        end = tab_make(s, r);
        empty = true;
    }
    return !end && empty ? header_write(s, r) : end;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum desk_google_end append(const struct desk_google_sheet *s, const char *const *values,
                                   char *where, size_t n_where, struct desk_google_result *r)
{
    char last[2];
    struct desk_buf url;
    json_t *answer;
    snprintf(where, n_where, "%s", "");
    if (ready(s, r))
        return r->end;
    json_t *body = rows_json(values, s->n);
    url_range(s, last_column(s, last), "1",
              ":append?valueInputOption=RAW&insertDataOption=INSERT_ROWS", &url);
    send_to(s, &url, (struct desk_google_request){.method = "POST", .body = body}, &answer, r);
    const char *cells =
        json_string_value(json_object_get(json_object_get(answer, "updates"), "updatedRange"));
    snprintf(where, n_where, "%s", cells ? cells : "");
    json_decref(answer);
    json_decref(body);
    return r->end;
}

static enum desk_google_end find(const struct desk_google_sheet *s, const char *key, bool *there,
                                 struct desk_google_result *r)
{
    struct desk_buf url;
    json_t *answer, *row;
    size_t i;
    *there = false;
    url_range(s, "A", "", "", &url);
    send_to(s, &url, (struct desk_google_request){.method = "GET", .safe = true}, &answer, r);
    json_array_foreach(json_object_get(answer, "values"), i, row)
    {
        const char *cell = json_string_value(json_array_get(row, 0));
        *there = *there || (cell && strcmp(cell, key) == 0);
    }
    json_decref(answer);
    return r->end;
}

const struct desk_google_sheets desk_google_sheets_rest = {.append = append, .find = find};
