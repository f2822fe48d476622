/* The caller's script: what is taken, what is refused and why, order, sidecar texts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../cli/call_script.c"

#include <sys/stat.h>

/* The mouth has its own libraries; here only the words matter. */
static int spoken, played;

enum desk_rc sim_sound_speak(struct sim_sound *out, enum sim_voice voice, const char *text,
                             char *why, size_t n)
{
    assert_int_equal(voice, SIM_VOICE_CALLER);
    spoken++;
    memset(out, 0, sizeof *out);
    if (strcmp(text, "unspeakable") == 0) {
        snprintf(why, n, "cannot be said");
        return DESK_EINTERNAL;
    }
    out->ulaw = malloc(1);
    return DESK_OK;
}

enum desk_rc sim_sound_file(struct sim_sound *out, const char *path, char *why, size_t n)
{
    (void)path, (void)why, (void)n;
    played++;
    memset(out, 0, sizeof *out);
    out->ulaw = malloc(1);
    return DESK_OK;
}

void sim_sound_clear(struct sim_sound *s)
{
    free(s->ulaw);
}

static char dir[] = "/tmp/test-script-XXXXXX";
static char why[400];

static const char *file(const char *name, const char *text)
{
    static char path[200];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return path;
}

static enum desk_rc read_text(struct desk_sim_script **s, const char *text)
{
    *s = desk_sim_script_new();
    assert_non_null(*s);
    why[0] = '\0';
    return desk_sim_script_read(*s, file("script.txt", text), why, sizeof why);
}

static void whole_language(void **state)
{
    struct desk_sim_script *s;

    (void)state;
    file("a.wav", "x");
    file("a.txt", "two\nlines \n");
    assert_int_equal(read_text(&s, "\xef\xbb\xbf# all of it\r\n"
                                   "say  Hello there  \r\n"
                                   "\taudio a.wav\n"
                                   "press 1w2W*#A\n"
                                   "wait\n\n"
                                   "interrupt\n"
                                   "interrupt 0.25\n"
                                   "silence 2.5\n"
                                   "expect-audio 3\n"
                                   "hangup"),
                     DESK_OK);
    assert_int_equal(s->n, 9);
    assert_int_equal(s->steps[0].kind, DESK_SIM_SAY);
    assert_string_equal(s->steps[0].text, "Hello there");
    assert_string_equal(s->steps[0].words, "Hello there");
    assert_int_equal(s->steps[1].kind, DESK_SIM_AUDIO);
    assert_true(strncmp(s->steps[1].text, dir, strlen(dir)) == 0);
    assert_string_equal(s->steps[1].words, "two lines");
    assert_string_equal(s->steps[2].text, "1w2W*#A");
    assert_int_equal(s->steps[3].kind, DESK_SIM_WAIT);
    assert_int_equal(s->steps[4].ms, 1000);
    assert_int_equal(s->steps[5].ms, 250);
    assert_int_equal(s->steps[6].ms, 2500);
    assert_int_equal(s->steps[7].kind, DESK_SIM_EXPECT);
    assert_int_equal(s->steps[8].kind, DESK_SIM_HANGUP);
    spoken = played = 0;
    assert_int_equal(desk_sim_script_render(s, why, sizeof why), DESK_OK);
    assert_int_equal(desk_sim_script_render(s, why, sizeof why), DESK_OK); /* once is enough */
    assert_int_equal(spoken, 1);
    assert_int_equal(played, 1);
    desk_sim_script_free(s);
}

static void refusals(void **state)
{
    static const struct {
        const char *text, *line, *what;
    } cases[] = {
        {"dance", "line 1", "unknown command \"dance\""},
        {"\n\nsay", "line 3", "say wants words"},
        {"says hello", "line 1", "unknown command"},
        {"press", "line 1", "press wants keys"},
        {"press 12x", "line 1", "press wants keys"},
        {"press 12345678901234567890123456789012345678901234567890123456789012345", "line 1",
         "keys"},
        {"wait 3", "line 1", "wait wants nothing"},
        {"silence", "line 1", "silence wants seconds"},
        {"silence -1", "line 1", "silence wants seconds"},
        {"silence 1s", "line 1", "silence wants seconds"},
        {"silence nan", "line 1", "silence wants seconds"},
        {"silence 3601", "line 1", "silence wants seconds"},
        {"interrupt soon", "line 1", "interrupt wants seconds"},
        {"audio", "line 1", "audio wants a sound file"},
        {"audio gone.wav", "line 1", "cannot read"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk_sim_script *s;
        assert_int_equal(read_text(&s, cases[i].text), DESK_EINVAL);
        if (!strstr(why, cases[i].line) || !strstr(why, cases[i].what))
            fail_msg("\"%s\": %s", cases[i].text, why);
        desk_sim_script_free(s);
    }
}

static void limits(void **state)
{
    struct desk_sim_script *s;
    char *text = malloc(DESK_MAX_SIM_LINE + 200);
    size_t n = 0;

    (void)state;
    assert_non_null(text);
    memset(text, 'a', DESK_MAX_SIM_LINE + 150);
    memcpy(text, "say ", 4);
    text[DESK_MAX_SIM_LINE + 150] = '\0';
    assert_int_equal(read_text(&s, text), DESK_ELIMIT);
    assert_non_null(strstr(why, "line 1"));
    desk_sim_script_free(s);
    free(text);

    s = desk_sim_script_new();
    assert_non_null(s);
    while (n < DESK_MAX_SIM_STEPS &&
           desk_sim_script_add(s, DESK_SIM_WAIT, NULL, 0, why, sizeof why) == DESK_OK)
        n++;
    assert_int_equal(n, DESK_MAX_SIM_STEPS);
    assert_int_equal(desk_sim_script_add(s, DESK_SIM_WAIT, NULL, 0, why, sizeof why), DESK_ELIMIT);
    desk_sim_script_free(s);
}

static void unreadable(void **state)
{
    struct desk_sim_script *s = desk_sim_script_new();

    (void)state;
    assert_int_equal(desk_sim_script_read(s, "/tmp/no-such-script", why, sizeof why), DESK_EINVAL);
    assert_non_null(strstr(why, "/tmp/no-such-script"));
    assert_int_equal(desk_sim_script_read(s, dir, why, sizeof why), DESK_EINVAL);
    assert_int_equal(desk_sim_script_add(s, DESK_SIM_SAY, "unspeakable", 0, why, sizeof why),
                     DESK_OK);
    assert_int_equal(desk_sim_script_render(s, why, sizeof why), DESK_EINTERNAL);
    assert_non_null(strstr(why, "cannot be said"));
    desk_sim_script_free(s);
    desk_sim_script_free(NULL);
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int drop_dir(void **state)
{
    static const char *const names[] = {"script.txt", "a.wav", "a.txt"};
    char path[200];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_language),
        cmocka_unit_test(refusals),
        cmocka_unit_test(limits),
        cmocka_unit_test(unreadable),
    };

    return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
