/* RFC 6238 appendix B (SHA-1), with six digits; and codes as people type them. */
#include "wire/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char key[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* "12345678901234567890" */

static void vectors(void **state)
{
    static const struct {
        int64_t s;
        const char *code; /* the last six of the RFC's eight */
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[DESK_TOTP_LEN];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(desk_totp_code(key, rows[i].s / 30, code), 0);
        assert_string_equal(code, rows[i].code);
        assert_int_equal(desk_totp_check(key, rows[i].code, rows[i].s * 1000, 0), rows[i].s / 30);
    }
}

static void keys(void **state)
{
    uint8_t bytes[DESK_TOTP_BYTES];
    char out[DESK_TOTP_KEY_LEN], code[DESK_TOTP_LEN];
    (void)state;
    memcpy(bytes, "12345678901234567890", sizeof bytes);
    assert_string_equal(desk_totp_key(bytes, out), key);
    assert_int_equal(desk_totp_code("", 1, code), DESK_EINVAL);
    assert_int_equal(desk_totp_code("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", 1, code), DESK_EINVAL);
    assert_int_equal(desk_totp_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", 1, code), DESK_EINVAL);
    assert_int_equal(desk_totp_check("x", "287082", 59000, 0), -1);
}

static void around_now(void **state)
{
    const int64_t now = 59 * 1000; /* step 1 */
    (void)state;
    assert_int_equal(desk_totp_check(key, "287 082", now, 0), 1);
    assert_int_equal(desk_totp_check(key, "287082", now + 30000, 0), 1); /* a step late */
    assert_int_equal(desk_totp_check(key, "287082", now - 30000, 0), 1); /* and early */
    assert_int_equal(desk_totp_check(key, "287082", now + 60000, 0), -1);
    assert_int_equal(desk_totp_check(key, "287082", now, 1), -1); /* given before */
    assert_int_equal(desk_totp_check(key, "287083", now, 0), -1);
    assert_int_equal(desk_totp_check(key, "28708", now, 0), -1);
    assert_int_equal(desk_totp_check(key, "2870822", now, 0), -1);
    assert_int_equal(desk_totp_check(key, "28708a", now, 0), -1);
    assert_int_equal(desk_totp_check(key, "", now, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(keys),
        cmocka_unit_test(around_now),
    };
    return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
