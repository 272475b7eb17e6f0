/* Tests masking the passwords of connections. */
#include "config.h"

#include <stdlib.h>

#include "base/secret.h"
#include "scratch.h"

static void expect(const char *text, const char *masked)
{
	char *out = secret_masked(text);

	ck_assert_ptr_nonnull(out);
	ck_assert_str_eq(out, masked);
	free(out);
}

START_TEST(text_without_a_password_stays)
{
	expect("", "");
	expect("anime", "anime");
	expect("host=/run user=joe dbname=a", "host=/run user=joe dbname=a");
	expect("postgresql://joe@host:5432/anime?connect_timeout=3",
	       "postgresql://joe@host:5432/anime?connect_timeout=3");
	expect("passfile=/home/joe/.pgpass", "passfile=/home/joe/.pgpass");
}
END_TEST

START_TEST(pairs)
{
	expect("password=geheim", "password=***");
	expect("user=joe password=geheim host=a", "user=joe password=*** host=a");
	expect("PASSWORD = 'ge heim' host=a", "PASSWORD = *** host=a");
	expect("password='it\\'s' sslpassword=b host=a", "password=*** sslpassword=*** host=a");
	expect("password=ge\\ heim host=a", "password=*** host=a");
	expect("password='open", "password=***");
	expect("password=a://b:c@d host=e", "password=*** host=e");
	expect("password=", "password=***");
	expect("passwort=geheim host=a", "passwort=*** host=a");
	expect("pass=geheim PassWord=b", "pass=*** PassWord=***");
}
END_TEST

START_TEST(uris)
{
	expect("postgresql://joe:geheim@host/anime", "postgresql://joe:***@host/anime");
	expect("postgres://joe:ge@he?im@host/anime", "postgres://joe:***@host/anime");
	expect("postgresql://host/anime?user=joe&password=geheim", "postgresql://host/anime?user=joe&password=***");
	expect("postgresql://joe:a@host/anime?password=b", "postgresql://joe:***@host/anime?password=***");
	expect("postgresql://host/anime?pass%77ord=geheim", "postgresql://host/anime?pass%77ord=***");
	expect("postgresql://host/anime?user=joe&%70asswort=geheim", "postgresql://host/anime?user=joe&%70asswort=***");
	expect("postgresql://host/anime?passfile=/x&user=joe", "postgresql://host/anime?passfile=/x&user=joe");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("secret");
	TCase *tc = tcase_create("secret");

	tcase_add_test(tc, text_without_a_password_stays);
	tcase_add_test(tc, pairs);
	tcase_add_test(tc, uris);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
