/* Pictures of texts: what some bytes are, Twilio's names in addresses, the sealed file, the small
 * likeness made in a child of its own, and the whole delivery against a stand-in for Twilio, on a
 * database opened with the worker's own rights. */
#include "worker/kinds.h"
#include "worker/small.h"
#include "worker/small_image.h"
#include "worker/worker.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "db/seal.h"
#include "queries.h"
#include "store/calls.h"
#include "store/files_gone.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/picture_file.h"
#include "store/pictures.h"
#include "store/recording_file.h"
#include "store/recordings.h"
#include "store/records.h"
#include "store/tenants.h"
#include "store/texts_in.h"
#include "wire/picture.h"

#include <gif_lib.h>
#include <png.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW  1795000000000LL
#define FROM "+14155550134"

static char dir[] = "/tmp/desk-picture-XXXXXX";
static struct desk_db *db, *admin;
static struct desk_arena *look;

/* ---- pictures -------------------------------------------------------------------------------- */

/* Left half red, right half blue. */
static const uint8_t *png_of(unsigned w, unsigned h, size_t *n)
{
    png_image p = {.version = PNG_IMAGE_VERSION, .width = w, .height = h, .format = PNG_FORMAT_RGB};
    uint8_t *rgb = calloc((size_t)w * h, 3), *out = NULL;
    png_alloc_size_t size = 0;
    for (size_t i = 0; i < (size_t)w * h; i++)
        rgb[3 * i + (i % w < w / 2 ? 0 : 2)] = 250;
    assert_true(png_image_write_get_memory_size(p, size, 0, rgb, 0, NULL));
    out = desk_arena_alloc(look, size);
    assert_true(png_image_write_to_memory(&p, out, &size, 0, rgb, 0, NULL));
    free(rgb);
    *n = size;
    return out;
}

static struct desk_buf likeness_of(const void *bytes, size_t n, bool want)
{
    struct desk_buf out;
    desk_buf_init(&out, DESK_MAX_SMALL);
    assert_int_equal(small_make(bytes, n, &out), want);
    return out;
}

/* Width and height out of a baseline JPEG's frame header. */
static void size_of(const struct desk_buf *b, unsigned *w, unsigned *h)
{
    const uint8_t *p = (const uint8_t *)b->p;
    *w = *h = 0;
    for (size_t i = 2; i + 9 < b->len && p[i] == 0xff; i += 2 + (size_t)(p[i + 2] << 8 | p[i + 3]))
        if (p[i + 1] == 0xc0 || p[i + 1] == 0xc2) {
            *h = (unsigned)(p[i + 5] << 8 | p[i + 6]);
            *w = (unsigned)(p[i + 7] << 8 | p[i + 8]);
            return;
        }
}

/* The same JPEG with EXIF that says how it lies. */
static const uint8_t *turned(const struct desk_buf *jpeg, uint8_t turn, size_t *n)
{
    static const uint8_t exif[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
                                   0,    42,   0, 0,  0,   8,   0,   1,   1, 0x12, 0,   3,
                                   0,    0,    0, 1,  0,   1,   0,   0,   0, 0,    0,   0};
    uint8_t *out = desk_arena_alloc(look, jpeg->len + sizeof exif);
    memcpy(out, jpeg->p, 2);
    memcpy(out + 2, exif, sizeof exif);
    out[2 + 29] = turn;
    memcpy(out + 2 + sizeof exif, jpeg->p + 2, jpeg->len - 2);
    *n = jpeg->len + sizeof exif;
    return out;
}

static void bytes_say_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        enum desk_picture_kind kind;
    } rows[] = {
        {"\xff\xd8\xff\xe0....", 8, DESK_PICTURE_JPEG},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, DESK_PICTURE_PNG},
        {"\x89PNG\r\n\x1a\n\0\0\0\rABCD", 16, DESK_PICTURE_NONE},
        {"\x89PNG\r\n\x1a\n", 8, DESK_PICTURE_NONE},
        {"GIF89a..", 8, DESK_PICTURE_GIF},
        {"GIF87a..", 8, DESK_PICTURE_GIF},
        {"RIFF\1\0\0\0WEBPVP8 ", 16, DESK_PICTURE_WEBP},
        {"RIFF\1\0\0\0WAVEfmt ", 16, DESK_PICTURE_NONE},
        {"\0\0\0\x18"
         "ftypheic",
         12, DESK_PICTURE_HEIC},
        {"\0\0\0\x18"
         "ftypmif1",
         12, DESK_PICTURE_HEIC},
        {"\0\0\0\x18"
         "ftypqt  ",
         12, DESK_PICTURE_NONE},
        {"<svg xmlns=", 11, DESK_PICTURE_NONE},
        {"<html><script>", 14, DESK_PICTURE_NONE},
        {"%PDF-1.7", 8, DESK_PICTURE_NONE},
        {"\xff\xd8", 2, DESK_PICTURE_NONE},
        {"", 0, DESK_PICTURE_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_picture_look(rows[i].bytes, rows[i].n), rows[i].kind);
    assert_int_equal(desk_picture_look(NULL, 0), DESK_PICTURE_NONE);
    for (int k = DESK_PICTURE_JPEG; k < DESK_PICTURE__MAX; k++)
        assert_int_equal(desk_picture_parse(desk_picture_name((enum desk_picture_kind)k)), k);
    assert_int_equal(desk_picture_parse("svg"), DESK_PICTURE_NONE);
    assert_int_equal(desk_picture_parse(NULL), DESK_PICTURE_NONE);
    assert_string_equal(desk_picture_type(DESK_PICTURE_WEBP), "image/webp");
    assert_false(desk_picture_shown(DESK_PICTURE_HEIC));
}

#define ME "ME0123456789abcdef0123456789abcdef"

static void only_twilios_name_is_taken_of_an_address(void **state)
{
    (void)state;
    assert_string_equal(
        desk_picture_sid(look,
                         "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/" ME),
        ME);
    assert_string_equal(desk_picture_sid(look, "https://evil.example/" ME "?x=1"), ME);
    static const char *const none[] = {NULL,
                                       "",
                                       "no address",
                                       "https://x/Media/ME12",
                                       "https://x/Media/RE0123456789abcdef0123456789abcdef",
                                       "https://x/Media/ME0123456789abcdef0123456789abcdeg",
                                       "https://x/Media/" ME "/../secret",
                                       "https://x/" ME "00"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(desk_picture_sid(look, none[i]));
}

/* ---- the small likeness ---------------------------------------------------------------------- */

static void a_likeness_is_small_and_a_jpeg(void **state)
{
    (void)state;
    size_t n;
    unsigned w, h;
    const uint8_t *png = png_of(1600, 400, &n);
    struct desk_buf small = likeness_of(png, n, true);
    assert_int_equal(desk_picture_look(small.p, small.len), DESK_PICTURE_JPEG);
    size_of(&small, &w, &h);
    assert_int_equal(w, SMALL_EDGE);
    assert_int_equal(h, SMALL_EDGE / 4);
    /* a likeness of the likeness: JPEG in, the same size out */
    struct desk_buf again = likeness_of(small.p, small.len, true);
    size_of(&again, &w, &h);
    assert_int_equal(w, SMALL_EDGE);
    assert_int_equal(h, SMALL_EDGE / 4);
    desk_buf_clear(&again);
    /* EXIF: it lies on its side */
    for (uint8_t t = 1; t <= 9; t++) {
        const uint8_t *on_its_side = turned(&small, t, &n);
        again = likeness_of(on_its_side, n, true);
        size_of(&again, &w, &h);
        bool lies = t >= 5 && t <= 8;
        assert_int_equal(w, lies ? SMALL_EDGE / 4 : SMALL_EDGE);
        assert_int_equal(h, lies ? SMALL_EDGE : SMALL_EDGE / 4);
        desk_buf_clear(&again);
    }
    desk_buf_clear(&small);
    png = png_of(1, 2000, &n); /* as thin as can be */
    small = likeness_of(png, n, true);
    size_of(&small, &w, &h);
    assert_int_equal(w, 1);
    assert_int_equal(h, SMALL_EDGE);
    desk_buf_clear(&small);
}

static void what_is_broken_gets_none(void **state)
{
    (void)state;
    size_t n;
    const uint8_t *png = png_of(64, 64, &n);
    struct desk_buf small = likeness_of(png, n, true), none;
    none = likeness_of(png, n / 2, false);
    desk_buf_clear(&none);
    none = likeness_of("GIF89a......", 12, false);
    desk_buf_clear(&none);
    none = likeness_of("\xff\xd8\xff\xe0 no picture at all", 22, false);
    desk_buf_clear(&none);
    none = likeness_of("", 0, false);
    desk_buf_clear(&none);
    /* it says to be 60000 x 60000 */
    uint8_t *huge = desk_arena_alloc(look, n);
    memcpy(huge, png, n);
    huge[18] = huge[22] = 0xea, huge[19] = huge[23] = 0x60;
    none = likeness_of(huge, n, false);
    desk_buf_clear(&none);
    /* flipped bytes end in some picture or none, never in ours */
    for (size_t i = 20; i < small.len; i += small.len / 40 + 1) {
        struct desk_buf out;
        char kept = small.p[i];
        small.p[i] = (char)~kept;
        desk_buf_init(&out, DESK_MAX_SMALL);
        (void)small_decode(small.p, small.len, &out);
        desk_buf_clear(&out);
        small.p[i] = kept;
    }
    desk_buf_clear(&small);
}

/* ---- the other kinds ------------------------------------------------------------------------- */

static int gif_put(GifFileType *g, const GifByteType *bytes, int n)
{
    desk_buf_add(g->UserData, bytes, (size_t)n);
    return n;
}

/* Upper half red, lower half blue, its left column clear. */
static struct desk_buf gif_of(int w, int h, bool interlaced)
{
    static const int from[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    const GifColorType colors[4] = {{250, 0, 0}, {0, 0, 250}, {1, 1, 1}, {2, 2, 2}};
    const GraphicsControlBlock clear = {.TransparentColor = 2};
    struct desk_buf out;
    GifByteType *row = calloc((size_t)w, 1), ext[4];
    int why;
    desk_buf_init(&out, 1024 * 1024);
    GifFileType *g = EGifOpen(&out, gif_put, &why);
    ColorMapObject *map = GifMakeMapObject(4, colors);
    EGifSetGifVersion(g, true);
    assert_int_equal(EGifPutScreenDesc(g, w, h, 2, 0, map), GIF_OK);
    size_t n = EGifGCBToExtension(&clear, ext);
    assert_int_equal(EGifPutExtension(g, GRAPHICS_EXT_FUNC_CODE, (int)n, ext), GIF_OK);
    assert_int_equal(EGifPutImageDesc(g, 0, 0, w, h, interlaced, NULL), GIF_OK);
    for (int pass = 0; pass < (interlaced ? 4 : 1); pass++)
        for (int y = interlaced ? from[pass] : 0; y < h; y += interlaced ? step[pass] : 1) {
            memset(row, y < h / 2 ? 0 : 1, (size_t)w);
            row[0] = 2;
            assert_int_equal(EGifPutLine(g, row, w), GIF_OK);
        }
    assert_int_equal(EGifCloseFile(g, &why), GIF_OK);
    GifFreeMapObject(map);
    free(row);
    return out;
}

/* Left half red, right half clear. */
static struct desk_buf webp_of(int w, int h)
{
    struct desk_buf out;
    uint8_t *rgba = calloc((size_t)w * (size_t)h, 4), *made = NULL;
    for (int i = 0; i < w * h; i++)
        if (i % w < w / 2)
            rgba[4 * i] = 250, rgba[4 * i + 3] = 255;
    size_t n = WebPEncodeLosslessRGBA(rgba, w, h, 4 * w, &made);
    desk_buf_init(&out, 1024 * 1024);
    desk_buf_add(&out, made, n);
    assert_true(n && desk_buf_ok(&out));
    WebPFree(made);
    free(rgba);
    return out;
}

/* The same twice, one after the other. */
static struct desk_buf moving_webp_of(int w, int h)
{
    struct desk_buf one = webp_of(w, h), out;
    WebPMux *mux = WebPMuxNew();
    WebPData all;
    const WebPMuxFrameInfo frame = {.bitstream = {(const uint8_t *)one.p, one.len},
                                    .duration = 100,
                                    .id = WEBP_CHUNK_ANMF,
                                    .dispose_method = WEBP_MUX_DISPOSE_NONE,
                                    .blend_method = WEBP_MUX_BLEND};
    for (int i = 0; i < 2; i++)
        assert_int_equal(WebPMuxPushFrame(mux, &frame, 1), WEBP_MUX_OK);
    const WebPMuxAnimParams params = {.bgcolor = 0, .loop_count = 0};
    assert_int_equal(WebPMuxSetAnimationParams(mux, &params), WEBP_MUX_OK);
    assert_int_equal(WebPMuxAssemble(mux, &all), WEBP_MUX_OK);
    desk_buf_init(&out, 1024 * 1024);
    desk_buf_add(&out, all.bytes, all.size);
    WebPDataClear(&all);
    WebPMuxDelete(mux);
    desk_buf_clear(&one);
    return out;
}

static void is_colour(const struct image *im, unsigned x, unsigned y, int r, int g, int b)
{
    const uint8_t *p = im->rgb + ((size_t)y * im->w + x) * 3;
    const int want[3] = {r, g, b};
    for (int i = 0; i < 3; i++)
        if (abs(p[i] - want[i]) > 20)
            fail_msg("at %u,%u: %d %d %d", x, y, p[0], p[1], p[2]);
}

static void small_of(const struct desk_buf *b, unsigned w, unsigned h)
{
    unsigned is_w, is_h;
    struct desk_buf small = likeness_of(b->p, b->len, true);
    assert_int_equal(desk_picture_look(small.p, small.len), DESK_PICTURE_JPEG);
    size_of(&small, &is_w, &is_h);
    assert_int_equal(is_w, w);
    assert_int_equal(is_h, h);
    desk_buf_clear(&small);
}

static void gif_is_made_small(void **state)
{
    (void)state;
    for (int interlaced = 0; interlaced < 2; interlaced++) {
        struct image im = {.turn = 1};
        struct desk_buf gif = gif_of(640, 201, interlaced);
        assert_true(small_read_gif(gif.p, gif.len, &im));
        for (unsigned y = 0; y < 201; y += 7) {
            is_colour(&im, 0, y, 255, 255, 255);
            is_colour(&im, 1, y, y < 100 ? 250 : 0, 0, y < 100 ? 0 : 250);
        }
        free(im.rgb);
        small_of(&gif, SMALL_EDGE, 100);
        struct desk_buf none = likeness_of(gif.p, gif.len / 2, false);
        desk_buf_clear(&none);
        /* it says to be 65535 x 65535 */
        memset(gif.p + 6, 0xff, 4);
        none = likeness_of(gif.p, gif.len, false);
        desk_buf_clear(&none);
        desk_buf_clear(&gif);
    }
}

static void webp_is_made_small(void **state)
{
    (void)state;
    struct desk_buf webp[2] = {webp_of(640, 200), moving_webp_of(640, 200)};
    for (int i = 0; i < 2; i++) {
        struct image im = {.turn = 1};
        assert_true(small_read_webp(webp[i].p, webp[i].len, &im));
        is_colour(&im, im.w / 4, im.h / 2, 250, 0, 0);
        is_colour(&im, im.w * 3 / 4, im.h / 2, 255, 255, 255);
        free(im.rgb);
        small_of(&webp[i], SMALL_EDGE, 100);
        struct desk_buf none = likeness_of(webp[i].p, webp[i].len / 2, false);
        desk_buf_clear(&none);
        for (size_t k = 12; k < webp[i].len; k += webp[i].len / 60 + 1) {
            struct desk_buf any;
            webp[i].p[k] = (char)~webp[i].p[k];
            desk_buf_init(&any, DESK_MAX_SMALL);
            (void)small_decode(webp[i].p, webp[i].len, &any);
            desk_buf_clear(&any);
            webp[i].p[k] = (char)~webp[i].p[k];
        }
        desk_buf_clear(&webp[i]);
    }
    struct desk_buf tiny = webp_of(3, 2000);
    small_of(&tiny, 1, SMALL_EDGE);
    desk_buf_clear(&tiny);
}

static struct desk_buf file_of(const char *path)
{
    struct desk_buf out;
    desk_buf_init(&out, 1024 * 1024);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        desk_buf_add(&out, piece, n);
    fclose(f);
    return out;
}

/* As an iPhone sends it: tiles, with a likeness of its own; without one, and on its side. Behind
 * the walls, where libde265 makes a thread of its own. */
static void heic_is_made_small(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned w, h;
    } rows[] = {{"tests/data/picture/own_likeness.heic", 320, 240},
                {"tests/data/picture/plain.heic", 320, 240},
                {"tests/data/picture/turned.heic", 240, 320}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_buf heic = file_of(rows[i].path);
        small_of(&heic, rows[i].w, rows[i].h);
        struct desk_buf none = likeness_of(heic.p, heic.len / 2, false);
        desk_buf_clear(&none);
        for (size_t k = 16; k < heic.len; k += heic.len / 12 + 1) { /* some picture or none */
            struct desk_buf any;
            heic.p[k] = (char)~heic.p[k];
            desk_buf_init(&any, DESK_MAX_SMALL);
            (void)small_make(heic.p, heic.len, &any);
            desk_buf_clear(&any);
            heic.p[k] = (char)~heic.p[k];
        }
        desk_buf_clear(&heic);
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

static void a_file_opens_as_what_it_is_and_as_nothing_else(void **state)
{
    (void)state;
    char path[DESK_PIC_PATH], full[300];
    static uint8_t piece[DESK_PIC_PIECE];
    size_t n, size = 2 * DESK_PIC_PIECE + 100;
    uint8_t *bytes = desk_arena_alloc(look, size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 7);
    struct desk_picfile f = {.key = desk_store_the_key(),
                             .path = desk_picfile_path(path, "pic_1", NOW),
                             .tenant_id = "ten_1",
                             .id = "pic_1",
                             .bytes = (int64_t)size};
    assert_int_equal(desk_picfile_read(&f, 0, piece, &n), DESK_ENOTFOUND);
    assert_int_equal(desk_picfile_write(&f, bytes), DESK_OK);
    assert_int_equal(desk_picfile_write(&f, bytes),
                     DESK_OK); /* an attempt that was killed before */
    for (int64_t k = 0; k < 3; k++) {
        assert_int_equal(desk_picfile_read(&f, k, piece, &n), DESK_OK);
        assert_int_equal(n, k < 2 ? DESK_PIC_PIECE : 100);
        assert_memory_equal(piece, bytes + k * DESK_PIC_PIECE, n);
    }
    assert_int_equal(desk_picfile_read(&f, 3, piece, &n), DESK_DONE);
    snprintf(full, sizeof full, "%s/pictures/%s.pic", dir, path);
    FILE *raw = fopen(full, "r");
    assert_non_null(raw);
    static char text[200000];
    size_t got = fread(text, 1, sizeof text, raw);
    fclose(raw);
    assert_null(memmem(text, got, bytes + 1000, 64)); /* sealed */
    struct desk_picfile others = f;
    others.tenant_id = "ten_2";
    assert_int_equal(desk_picfile_read(&others, 0, piece, &n), DESK_EINTERNAL);
    others = f;
    others.bytes = DESK_PIC_PIECE; /* it was longer */
    assert_int_equal(desk_picfile_read(&others, 0, piece, &n), DESK_EINTERNAL);
    assert_int_equal(truncate(full, (off_t)got - 1), 0);
    assert_int_equal(desk_picfile_read(&f, 0, piece, &n), DESK_EINTERNAL);
    assert_int_equal(desk_picfile_remove(&f), DESK_OK);
    assert_int_equal(desk_picfile_remove(&f), DESK_OK);
    f.path = "../../etc/passwd";
    assert_int_equal(desk_picfile_write(&f, bytes), DESK_EINVAL);
    assert_int_equal(desk_picfile_read(&f, 0, piece, &n), DESK_EINVAL);
    assert_int_equal(desk_picfile_remove(&f), DESK_EINVAL);
}

/* ---- the delivery ---------------------------------------------------------------------------- */

static struct {
    const void *bytes;
    size_t n;
    enum desk_outbox_end end;
    int fetched;
    char message[64], sid[64];
} out;

static void fake_picture(const struct desk_twilio_account *account, const char *message_sid,
                         const char *sid, const struct desk_twilio_sink *to,
                         struct desk_outbox_result *r)
{
    const char *p = out.bytes;
    out.fetched++;
    assert_string_equal(account->sid, "AC1");
    snprintf(out.message, sizeof out.message, "%s", message_sid);
    snprintf(out.sid, sizeof out.sid, "%s", sid);
    r->end = out.end;
    for (size_t at = 0; out.end == DESK_END_SENT && at < out.n; at += 4000)
        if (!to->data(to->ctx, p + at, out.n - at < 4000 ? out.n - at : 4000)) {
            r->end = DESK_END_UNKNOWN;
            return;
        }
    if (out.end != DESK_END_SENT)
        snprintf(r->why, sizeof r->why, "Twilio had a failure of its own (HTTP 500).");
}

static const struct desk_twilio_media media = {.picture = fake_picture};
static const struct outbox_services outside = {.media = &media, .small = small_make};

static unsigned serial;
static char call_id[40], text_id[40];

static void a_talk(void)
{
    serial++;
    snprintf(call_id, sizeof call_id, "call_%u", serial);
    snprintf(text_id, sizeof text_id, "text_%u", serial);
    const struct desk_call c = {.id = call_id,
                                .tenant_id = "ten_1",
                                .location_id = "loc_1",
                                .call_sid = call_id,
                                .direction = "inbound",
                                .caller_kind = "new",
                                .from_number = FROM,
                                .to_number = "+18605550100",
                                .mode = DESK_MODE_GATHER,
                                .channel = DESK_CHANNEL_TEXT,
                                .status = "in-progress",
                                .started_at = NOW,
                                .updated_at = NOW};
    const struct desk_text_in t = {.id = text_id,
                                   .tenant_id = "ten_1",
                                   .call_id = call_id,
                                   .session_id = "vs_1",
                                   .pair_key = "k",
                                   .message_sid = text_id,
                                   .text = "",
                                   .pictures = 1,
                                   .made = "pictures",
                                   .state = DESK_TEXT_NONE,
                                   .created_at = NOW};
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    enum desk_rc rc = desk_call_insert(admin, &c);
    rc = rc ? rc : desk_text_in_insert(admin, &t);
    assert_int_equal(desk_tx_end(admin, rc), DESK_OK);
}

static struct desk_picture a_picture(const char *from)
{
    struct desk_picture p = {.id = desk_arena_fmt(look, "pic_d%u", serial),
                             .tenant_id = "ten_1",
                             .text_id = text_id,
                             .call_id = call_id,
                             .message_sid = "MM1",
                             .media_sid = ME,
                             .state = DESK_PIC_WAITING,
                             .created_at = NOW};
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_picture_add(admin, look, &p, from)), DESK_OK);
    return p;
}

static struct desk_picture now_of(const struct desk_picture *p)
{
    struct desk_picture is;
    assert_int_equal(desk_picture_get(admin, look, "ten_1", p->id, &is), DESK_OK);
    return is;
}

static struct desk_outbox_result deliver(const struct desk_picture *p, int64_t attempt)
{
    struct desk_outbox_result r = {.end = DESK_END__MAX};
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    const struct desk_outbox row = {.id = "out_1",
                                    .tenant_id = "ten_1",
                                    .call_id = call_id,
                                    .kind = DESK_OUTBOX_PICTURE,
                                    .payload = desk_arena_fmt(a, "{\"picture\":\"%s\"}", p->id),
                                    .attempts = attempt,
                                    .max_attempts = DESK_OUTBOX_ATTEMPTS};
    const struct outbox_work w = {.services = &outside, .db = db, .arena = a, .row = &row};
    outbox_kind_find(DESK_OUTBOX_PICTURE)->deliver(&w, &r);
    desk_arena_free(a);
    return r;
}

static bool has_event(const char *name)
{
    struct desk_event *v;
    size_t n, hits = 0;
    assert_int_equal(desk_event_list(admin, look, "ten_1", call_id, 100, &v, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        hits += strcmp(v[i].name, name) == 0;
    return hits == 1;
}

static void a_picture_is_fetched_once_looked_at_and_sealed(void **state)
{
    (void)state;
    static uint8_t piece[DESK_PIC_PIECE];
    size_t n, got;
    a_talk();
    struct desk_picture p = a_picture(NULL);
    memset(&out, 0, sizeof out);
    out.bytes = png_of(700, 500, &n), out.n = n, out.end = DESK_END_SENT;
    assert_int_equal(deliver(&p, 1).end, DESK_END_SENT);
    assert_string_equal(out.message, "MM1");
    assert_string_equal(out.sid, ME);
    struct desk_picture is = now_of(&p);
    assert_string_equal(is.state, DESK_PIC_READY);
    assert_string_equal(is.kind, "png");
    assert_int_equal(is.bytes, n);
    assert_true(is.small_bytes > 100);
    struct desk_picfile f = {.key = desk_store_the_key(),
                             .path = is.path,
                             .tenant_id = "ten_1",
                             .id = is.id,
                             .bytes = is.bytes};
    assert_int_equal(desk_picfile_read(&f, 0, piece, &got), DESK_OK);
    assert_memory_equal(piece, out.bytes, got);
    f.small = true, f.bytes = is.small_bytes;
    assert_int_equal(desk_picfile_read(&f, 0, piece, &got), DESK_OK);
    assert_int_equal(desk_picture_look(piece, got), DESK_PICTURE_JPEG);
    struct desk_outbox_result again = deliver(&p, 2);
    assert_int_equal(again.end, DESK_END_SENT);
    assert_string_equal(again.remote_state, "ready");
    assert_int_equal(out.fetched, 1);
}

static void what_is_none_is_refused_and_told(void **state)
{
    (void)state;
    memset(&out, 0, sizeof out);
    out.bytes = "<html><script>alert(1)</script>", out.n = 31, out.end = DESK_END_SENT;
    a_talk();
    struct desk_picture p = a_picture(NULL);
    assert_int_equal(deliver(&p, 1).end, DESK_END_SENT);
    assert_string_equal(now_of(&p).state, DESK_PIC_REFUSED);
    assert_non_null(strstr(now_of(&p).why, "no picture"));
    assert_null(now_of(&p).path);
    assert_true(has_event("picture_refused"));
    /* too large */
    out.n = DESK_MAX_PICTURE + 1;
    char *large = desk_arena_alloc(look, out.n);
    memset(large, 0, out.n);
    out.bytes = memcpy(large, "\xff\xd8\xff\xe0", 4);
    a_talk();
    p = a_picture(NULL);
    assert_int_equal(deliver(&p, 1).end, DESK_END_SENT);
    assert_string_equal(now_of(&p).state, DESK_PIC_REFUSED);
    assert_non_null(strstr(now_of(&p).why, "too large"));
    /* Twilio does not give it: again, and at the end it says so */
    out.end = DESK_END_AGAIN;
    a_talk();
    p = a_picture(NULL);
    assert_int_equal(deliver(&p, 1).end, DESK_END_AGAIN);
    assert_string_equal(now_of(&p).state, DESK_PIC_WAITING);
    assert_int_equal(deliver(&p, DESK_OUTBOX_ATTEMPTS).end, DESK_END_AGAIN);
    assert_string_equal(now_of(&p).state, DESK_PIC_FAILED);
    assert_non_null(strstr(now_of(&p).why, "HTTP 500"));
}

static void what_it_belongs_to(void **state)
{
    (void)state;
    char key[DESK_BLIND_LEN];
    desk_blind(desk_store_the_key(), "ten_1", FROM, key);
    a_talk();
    assert_null(a_picture(FROM).lead_id); /* none there yet */
    /* a lead that comes out of that talk takes it along */
    const struct desk_lead l = {.id = "lead_1",
                                .tenant_id = "ten_1",
                                .call_id = call_id,
                                .who_key = key,
                                .job = "a leak",
                                .state = "open",
                                .created_at = NOW,
                                .updated_at = NOW};
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    enum desk_rc rc = desk_lead_insert(admin, &l);
    rc = rc ? rc : desk_pictures_to_lead(admin, "ten_1", call_id, "lead_1");
    assert_int_equal(desk_tx_end(admin, rc), DESK_OK);
    struct desk_picture *rows;
    size_t n;
    assert_int_equal(desk_pictures_of_lead(admin, look, "ten_1", "lead_1", &rows, &n), DESK_OK);
    assert_int_equal(n, 1);
    /* the next talk's belong to their newest open lead; a stranger's do not */
    const char *first = desk_arena_strdup(look, call_id);
    a_talk();
    struct desk_picture p = a_picture(FROM);
    assert_string_equal(p.lead_id, "lead_1");
    assert_string_equal(p.about_call_id, first);
    a_talk();
    assert_null(a_picture("+14155550199").lead_id);
}

/* ---- files go with their rows ---------------------------------------------------------------- */

static bool there(const char *folder, const char *path, const char *end)
{
    char full[400];
    snprintf(full, sizeof full, "%s/%s/%s%s", dir, folder, path, end);
    return access(full, F_OK) == 0;
}

/* A talk with a picture that is here; its path. */
static const char *kept_picture(void)
{
    size_t n;
    a_talk();
    struct desk_picture p = a_picture(NULL);
    memset(&out, 0, sizeof out);
    out.bytes = png_of(700, 500, &n), out.n = n, out.end = DESK_END_SENT;
    assert_int_equal(deliver(&p, 1).end, DESK_END_SENT);
    const char *path = now_of(&p).path;
    assert_true(there("pictures", path, ".pic") && there("pictures", path, ".small"));
    return path;
}

static void delete_call(struct desk_db *as, const char *id)
{
    assert_int_equal(DESK_TX_BEGIN(as), DESK_OK);
    char sql[200];
    snprintf(sql, sizeof sql, "DELETE FROM call WHERE tenant_id = 'ten_1' AND id = '%s'", id);
    assert_int_equal(desk_tx_end(as, desk_db_script(as, sql)), DESK_OK);
}

static size_t notes(void)
{
    void *rows;
    size_t n = 99;
    assert_int_equal(desk_db_rows(admin, DESK_Q_FILE_GONE_LIST, DESK_ARGS(DESK_T(""), DESK_I(50)),
                                  &desk_file_gone_fields, look, 50, &rows, &n),
                     DESK_OK);
    return n;
}

static void a_file_goes_when_its_row_goes(void **state)
{
    (void)state;
    const char *path = kept_picture();
    /* not when the deleting is taken back */
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_db_script(admin, "DELETE FROM call"), DESK_OK);
    assert_int_equal(desk_tx_end(admin, DESK_EBUSY), DESK_EBUSY);
    assert_int_equal(job_files(db), DESK_OK);
    assert_true(there("pictures", path, ".pic"));
    /* killed behind the deleting: the note stays, the worker removes both */
    delete_call(admin, call_id);
    assert_true(there("pictures", path, ".pic"));
    assert_int_equal(notes(), 1);
    assert_int_equal(job_files(db), DESK_OK);
    assert_false(there("pictures", path, ".pic") || there("pictures", path, ".small"));
    assert_int_equal(notes(), 0);
    /* killed between a file and its note: it is done again */
    path = kept_picture();
    delete_call(admin, call_id);
    const struct desk_picfile f = {.path = path};
    assert_int_equal(desk_picfile_remove(&f), DESK_OK);
    assert_int_equal(job_files(db), DESK_OK);
    assert_false(there("pictures", path, ".small"));
    assert_int_equal(notes(), 0);
}

static const char *a_recording(const char *id)
{
    char path[DESK_REC_PATH];
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE] = {0};
    desk_recfile_path(path, id, NOW);
    const struct desk_recording r = {.id = id,
                                     .tenant_id = "ten_1",
                                     .call_id = call_id,
                                     .kind = DESK_REC_OWN,
                                     .state = DESK_REC_READY,
                                     .path = desk_arena_strdup(look, path),
                                     .consent = DESK_CONSENT_NOT_NEEDED,
                                     .started_at = NOW};
    assert_int_equal(desk_recfile_create(&f, desk_store_the_key(), path, "ten_1", id), DESK_OK);
    assert_int_equal(desk_recfile_put(&f, DESK_REC_CALLER, 0, sound), DESK_OK);
    desk_recfile_close(&f);
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_recording_insert(admin, &r)), DESK_OK);
    assert_true(there("recordings", path, ""));
    return r.path;
}

static void so_do_recordings(void **state)
{
    (void)state;
    a_talk();
    const char *with_call = a_recording("rec_call"), *erased = a_recording("rec_erased");
    assert_int_equal(DESK_TX_BEGIN(admin), DESK_OK);
    assert_int_equal(desk_tx_end(admin, desk_recording_erase(admin, "ten_1", "rec_erased")),
                     DESK_OK);
    assert_int_equal(job_files(db), DESK_OK);
    assert_false(there("recordings", erased, ""));
    assert_true(there("recordings", with_call, ""));
    delete_call(admin, call_id);
    assert_int_equal(job_files(db), DESK_OK);
    assert_false(there("recordings", with_call, ""));
    assert_int_equal(notes(), 0);
}

static void what_has_no_row_is_found(void **state)
{
    (void)state;
    char full[400], path[DESK_PIC_PATH];
    const char *known = kept_picture();
    static const uint8_t bytes[100] = {0};
    struct desk_picfile stray = {.key = desk_store_the_key(),
                                 .path = desk_picfile_path(path, "pic_stray", NOW),
                                 .tenant_id = "ten_1",
                                 .id = "pic_stray",
                                 .bytes = sizeof bytes};
    assert_int_equal(desk_picfile_write(&stray, bytes), DESK_OK);
    snprintf(full, sizeof full, "%s/pictures/%s.pic", dir, path);
    struct timespec now[2] = {{.tv_sec = NOW / 1000}, {.tv_sec = NOW / 1000}};
    assert_int_equal(utimensat(AT_FDCWD, full, now, 0), 0);
    assert_int_equal(job_stray_files(db), DESK_OK);
    assert_true(there("pictures", path, ".pic")); /* its row may come yet */
    desk_clock_fake(NOW + 25LL * 3600 * 1000);
    struct timespec old[2] = {{.tv_sec = NOW / 1000 - 1}, {.tv_sec = NOW / 1000 - 1}};
    assert_int_equal(utimensat(AT_FDCWD, full, old, 0), 0);
    snprintf(full, sizeof full, "%s/pictures/%s.pic", dir, known);
    assert_int_equal(utimensat(AT_FDCWD, full, old, 0), 0);
    assert_int_equal(job_stray_files(db), DESK_OK);
    assert_true(there("pictures", known, ".pic"));
    assert_true(there("pictures", path, ".pic")); /* older than this database: of another one */
    snprintf(full, sizeof full, "%s/pictures/%s.pic", dir, path);
    assert_int_equal(utimensat(AT_FDCWD, full, now, 0), 0);
    assert_int_equal(job_stray_files(db), DESK_OK);
    assert_false(there("pictures", path, ".pic"));
    assert_true(there("pictures", known, ".pic"));
    desk_clock_fake(NOW);
}

/* A child that deletes rows and removes files is killed wherever it is; afterwards every file has a
 * row or a note, and the worker's next round removes the rest. */
#define PICTURES 12

static void child_deletes(int told)
{
    struct desk_db *mine;
    struct desk_arena *a = desk_arena_new(1024 * 1024);
    char sql[200];
    size_t n;
    if (!a || desk_store_open(&mine, DESK_ZONE_ADMIN_CLI, 5000))
        _exit(1);
    for (unsigned i = serial - PICTURES + 1; i <= serial; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM call WHERE id = 'call_%u'", i);
        if (DESK_TX_BEGIN(mine) || desk_tx_end(mine, desk_db_script(mine, sql)) ||
            write(told, "x", 1) != 1 || desk_files_gone_remove(mine, a, &n))
            _exit(1);
    }
    pause();
}

static void killed_in_between_nothing_stays(void **state)
{
    (void)state;
    for (int round = 1; round < PICTURES; round += 3) {
        const char *paths[PICTURES];
        int told[2], left = 0;
        char got;
        for (int i = 0; i < PICTURES; i++)
            paths[i] = kept_picture();
        assert_int_equal(pipe(told), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (!pid)
            child_deletes(told[1]);
        for (int i = 0; i < round; i++)
            assert_int_equal(read(told[0], &got, 1), 1);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        close(told[0]);
        close(told[1]);
        assert_int_equal(job_files(db), DESK_OK);
        assert_int_equal(notes(), 0);
        for (int i = 0; i < PICTURES; i++) {
            bool row = false;
            assert_int_equal(
                desk_file_known(admin, DESK_FILE_PICTURE, strrchr(paths[i], '/') + 1, &row),
                DESK_OK);
            assert_int_equal(there("pictures", paths[i], ".pic"), row);
            assert_int_equal(there("pictures", paths[i], ".small"), row);
            left += row;
        }
        assert_true(left <= PICTURES - round);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static int begin(void **state)
{
    (void)state;
    char why[200], env[80];
    const struct desk_tenant t = {.id = "ten_1",
                                  .slug = "a",
                                  .name = "Harwick",
                                  .profile = "{}",
                                  .created_at = NOW,
                                  .updated_at = NOW};
    const struct desk_location l = {.id = "loc_1",
                                    .tenant_id = "ten_1",
                                    .name = "Main",
                                    .zone = "America/New_York",
                                    .hours = "{}",
                                    .created_at = NOW};
    if (!mkdtemp(dir))
        return -1;
    snprintf(env, sizeof env, "%s/none.env", dir);
    FILE *f = fopen(env, "w");
    if (!f || fclose(f) || desk_settings_load(env, why, sizeof why))
        return -1;
    desk_log_init("test", DESK_LOG_ERROR);
    desk_setting_override(DESK_S_FRONTDESK_DATA, dir);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "token");
    desk_clock_fake(NOW);
    look = desk_arena_new(64 * 1024 * 1024);
    if (desk_store_key(true, why, sizeof why) || desk_store_create(&admin) || DESK_TX_BEGIN(admin))
        return -1;
    enum desk_rc rc = desk_tenant_insert(admin, &t);
    rc = rc ? rc : desk_location_insert(admin, &l);
    return desk_tx_end(admin, rc) || desk_store_open(&db, DESK_ZONE_WORKER, 300) ? -1 : 0;
}

static int gone(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int finish(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_db_close(admin);
    desk_arena_free(look);
    desk_clock_fake(0);
    return nftw(dir, gone, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], SMALL_ARG) == 0) /* the child of this very test */
        return small_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_say_what_they_are),
        cmocka_unit_test(only_twilios_name_is_taken_of_an_address),
        cmocka_unit_test(a_likeness_is_small_and_a_jpeg),
        cmocka_unit_test(what_is_broken_gets_none),
        cmocka_unit_test(gif_is_made_small),
        cmocka_unit_test(webp_is_made_small),
        cmocka_unit_test(heic_is_made_small),
        cmocka_unit_test(a_file_opens_as_what_it_is_and_as_nothing_else),
        cmocka_unit_test(a_picture_is_fetched_once_looked_at_and_sealed),
        cmocka_unit_test(what_is_none_is_refused_and_told),
        cmocka_unit_test(what_it_belongs_to),
        cmocka_unit_test(a_file_goes_when_its_row_goes),
        cmocka_unit_test(so_do_recordings),
        cmocka_unit_test(what_has_no_row_is_found),
        cmocka_unit_test(killed_in_between_nothing_stays),
    };
    return cmocka_run_group_tests_name("picture", tests, begin, finish);
}
