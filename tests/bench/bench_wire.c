/* What travels: media messages, signatures, TwiML. */
#include "bench.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/form.h"
#include "wire/media_msg.h"
#include "wire/twilio_sig.h"
#include "wire/twiml.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* ---- one media message in, one out ----------------------------------------------------------- */

static char media_in[512];
static size_t media_len;
static struct desk_buf media_out;

static void media_prepare(void)
{
    char payload[217];
    memset(payload, 'f', 216);
    payload[212] = 'A', payload[213] = 'b', payload[214] = '+', payload[215] = '/';
    payload[216] = '\0';
    media_len = (size_t)snprintf(
        media_in, sizeof media_in,
        "{\"event\":\"media\",\"sequenceNumber\":\"4\",\"media\":{\"track\":\"inbound\","
        "\"chunk\":\"2\",\"timestamp\":\"5\",\"payload\":\"%s\"},"
        "\"streamSid\":\"MZaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        payload);
    desk_buf_init(&media_out, 4096);
}

static void media_ours(void)
{
    struct desk_media_msg m;
    MUST(desk_media_msg_parse(&m, media_in, media_len) == DESK_OK);
    desk_buf_reset(&media_out);
    desk_media_build_media(&media_out, m.stream_sid, m.payload.p, m.payload.n);
    MUST(desk_buf_ok(&media_out));
    desk_media_msg_clear(&m);
}

static void media_jansson(void)
{
    json_t *in = json_loadb(media_in, media_len, 0, NULL);
    json_t *media = json_object_get(in, "media");
    json_t *out = json_pack("{s:s, s:O, s:{s:O}}", "event", "media", "streamSid",
                            json_object_get(in, "streamSid"), "media", "payload",
                            json_object_get(media, "payload"));
    char *text = json_dumps(out, JSON_COMPACT);
    MUST(text);
    free(text);
    json_decref(out);
    json_decref(in);
}

static char media_copy[512];

static void media_memcpy(void)
{
    memcpy(media_copy, media_in, media_len);
    KEEP(media_copy);
}

/* ---- one webhook's signature ----------------------------------------------------------------- */

static const char sig_body[] =
    "AccountSid=ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&ApiVersion=2010-04-01&CallSid="
    "CAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb&CallStatus=ringing&Called=%2B14155550100&CalledCity=&"
    "CalledCountry=US&CalledState=CA&CalledZip=&Caller=%2B14155550134&CallerCity=SAN+FRANCISCO&"
    "CallerCountry=US&CallerState=CA&CallerZip=94103&Direction=inbound&From=%2B14155550134&FromCity"
    "=SAN+FRANCISCO&FromCountry=US&FromState=CA&FromZip=94103&To=%2B14155550100&ToCity=&ToCountry="
    "US&ToState=CA&ToZip=";
static const char sig_url[] = "https://desk.example.com/voice/incoming?tenant=a";
static const char *const sig_tokens[] = {"0123456789abcdef0123456789abcdef"};
static struct desk_arena *sig_arena;
static struct desk_form sig_form;
static char sig_header[DESK_TWILIO_SIG_LEN];
static char sig_text[2048];
static size_t sig_len;

static void sig_prepare(void)
{
    sig_arena = desk_arena_new(1 << 20);
    MUST(desk_form_parse(&sig_form, sig_arena, sig_body, strlen(sig_body)) == DESK_OK);
    MUST(desk_twilio_sign(sig_url, &sig_form, sig_tokens[0], sig_header) == DESK_OK);
    sig_len = (size_t)snprintf(sig_text, sizeof sig_text, "%s", sig_url);
    for (size_t i = 0; i < sig_form.n; i++)
        sig_len += (size_t)snprintf(sig_text + sig_len, sizeof sig_text - sig_len, "%s%s",
                                    sig_form.pairs[i].name, sig_form.pairs[i].value);
}

static void sig_ours(void)
{
    struct desk_twilio_check c = {.method = "POST",
                                  .url = sig_url,
                                  .form = &sig_form,
                                  .body = sig_body,
                                  .body_len = strlen(sig_body),
                                  .content_type = "application/x-www-form-urlencoded",
                                  .signature = sig_header,
                                  .tokens = sig_tokens,
                                  .n_tokens = 1};
    size_t n = 0;
    MUST(desk_twilio_verify(&c, NULL, 0, &n) == DESK_OK);
}

static void sig_hmac(void)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    MUST(HMAC(EVP_sha1(), sig_tokens[0], (int)strlen(sig_tokens[0]),
              (const unsigned char *)sig_text, sig_len, mac, &n));
    KEEP(mac[0]);
}

/* ---- the answer to a call -------------------------------------------------------------------- */

static const char greeting[] = "Thanks for calling Reliable Plumbing & Heating. One moment please.";

static void twiml_ours(void)
{
    struct desk_twiml t;
    desk_twiml_init(&t);
    desk_twiml_say(&t, &(struct desk_twiml_say){.voice = "Polly.Joanna"}, greeting);
    desk_twiml_connect_open(&t, "/voice/next");
    desk_twiml_stream_open(
        &t, &(struct desk_twiml_stream){.url = "wss://desk.example.com/media-stream"});
    desk_twiml_parameter(&t, "token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
    desk_twiml_close(&t);
    desk_twiml_close(&t);
    MUST(desk_twiml_end(&t) == DESK_OK);
    desk_twiml_clear(&t);
}

static void twiml_printf(void)
{
    static char out[4096];
    int n =
        snprintf(out, sizeof out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say voice=\"%s\">%s</Say>"
                 "<Connect action=\"%s\"><Stream url=\"%s\"><Parameter name=\"%s\" "
                 "value=\"%s\"/></Stream></Connect></Response>",
                 "Polly.Joanna", greeting, "/voice/next", "wss://desk.example.com/media-stream",
                 "token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
    char *copy = n > 0 ? malloc((size_t)n + 1) : NULL; /* ours is on the heap as well */
    MUST(copy);
    memcpy(copy, out, (size_t)n + 1);
    KEEP(copy);
    free(copy);
}

int main(void)
{
    media_prepare();
    sig_prepare();
    bench("media message in and out / jansson", media_ours, media_jansson);
    bench("media message in and out / memcpy", media_ours, media_memcpy);
    bench("twilio signature check / bare HMAC-SHA1", sig_ours, sig_hmac);
    bench("twiml of an answered call / snprintf", twiml_ours, twiml_printf);
    desk_buf_clear(&media_out);
    desk_arena_free(sig_arena);
    return 0;
}
