/* Tests the reader of each kind of list on small files. */
#include "config.h"

#include <zlib.h>

#include "lists/finish.h"
#include "lists/formats.h"
#include "lists/json-text.h"
#include "lists/own-json.h"
#include "scratch.h"

static struct list list;
static const struct list_format *format;
static struct list_error err;

static void close_list(void)
{
	list_free(&list);
	scratch_close();
}

/* Read a text as a file, and check its kind, its scale and its entries, which are JSON as my list has it, a line each.
 * Scores are those of the file. */
static void expect_read(const char *text, const char *kind, double scale, const char *entries)
{
	char *found = NULL;
	size_t size;
	FILE *out = open_memstream(&found, &size);

	list_free(&list);
	ck_assert_msg(list_read(scratch_text("list", text), NULL, 0, &list, &format, &err) == 0, "%s", err.text);
	for (size_t i = 0; i < list.n; i++) {
		json_t *object = list_entry_json(&list.entries[i]);
		char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(10));
		(void)fprintf(out, "%s\n", line);
		free(line);
		json_decref(object);
	}
	(void)fclose(out);
	ck_assert_str_eq(found, entries);
	ck_assert_str_eq(format->name, kind);
	ck_assert(list.scale >= scale && list.scale <= scale);
	free(found);
}

/* Check that a file is refused with a reason that has `part` in it, and begins with the file's name. */
static void expect_refused(const char *text, const char *part)
{
	const char *path = scratch_text("list", text);

	list_free(&list);
	ck_assert_int_eq(list_read(path, NULL, 0, &list, &format, &err), -1);
	ck_assert_msg(strstr(err.text, part), "%s", err.text);
	ck_assert_msg(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
}

static void expect_told(const char *part)
{
	for (size_t i = 0; i < list_told(&list); i++) {
		if (strstr(list.told[i], part))
			return;
	}
	ck_abort_msg("none of %zu lines has \"%s\"; the first is %s", list.n_told, part,
		     list.n_told ? list.told[0] : "none");
}

/* ---- XML ---- */

#define XML_HEAD                                                                                                       \
	"<?xml version=\"1.0\" encoding=\"UTF-8\" "                                                                    \
	"?>\n<myanimelist>\n<myinfo><user_export_type>1</user_export_type></myinfo>\n"
#define XML_TAIL "</myanimelist>\n"
#define XML_SHOW(id, title, more)                                                                                      \
	"<anime><series_animedb_id>" id "</series_animedb_id><series_title>" title "</series_title>" more "</anime>\n"

static const char xml[] =
    XML_HEAD XML_SHOW("1", "<![CDATA[Cowboy Bebop]]>",
		      "<series_type>TV</series_type><series_episodes>26</series_episodes>"
		      "<my_watched_episodes>27</my_watched_episodes><my_start_date>2019-00-00</my_start_date>"
		      "<my_score>10</my_score><my_status>Completed</my_status>"
		      "<my_times_watched>2</my_times_watched><my_comments><![CDATA[See you]]></my_comments>"
		      "<my_rewatching></my_rewatching>")
	XML_SHOW("6", "<![CDATA[Trigun]]>", "<my_score>0</my_score><my_status>Plan to Watch</my_status>")
	    XML_SHOW("19", "Monster", "<my_score></my_score><my_status>On-Hold</my_status>")
		XML_SHOW("20", "Naruto", "<my_score>3</my_score><my_status>Dropped</my_status>")
		    XML_SHOW("33", "Berserk", "<my_status>Watching</my_status><my_rewatching>1</my_rewatching>")
			XML_TAIL;

static const char xml_entries[] =
    "{\"mal\":1,\"title\":\"Cowboy Bebop\",\"status\":\"completed\",\"score\":10,\"progress\":27,\"repeats\":2,"
    "\"notes\":\"See you\"}\n"
    "{\"mal\":6,\"title\":\"Trigun\",\"status\":\"planned\"}\n"
    "{\"mal\":19,\"title\":\"Monster\",\"status\":\"on_hold\"}\n"
    "{\"mal\":20,\"title\":\"Naruto\",\"status\":\"dropped\",\"score\":3}\n"
    "{\"mal\":33,\"title\":\"Berserk\",\"status\":\"completed\"}\n";

START_TEST(the_xml_of_myanimelist_is_read)
{
	expect_read(xml, "mal", 10, xml_entries);
	ck_assert_uint_eq(list.n_told, 0);
	expect_read(XML_HEAD XML_TAIL, "mal", 10, "");
	expect_read("\n  " XML_HEAD XML_TAIL, "mal", 10, "");
}
END_TEST

START_TEST(gzip_is_told_by_the_content)
{
	static const char bytes[] = "\x1f\x8b\x08 this is no stream";
	const char *path = scratch_path("animelist.xml");
	gzFile file = gzopen(path, "wb");

	ck_assert_int_eq(gzputs(file, xml), (int)strlen(xml));
	ck_assert_int_eq(gzclose(file), Z_OK);
	ck_assert_int_eq(list_read(path, NULL, 0, &list, &format, &err), 0);
	ck_assert_uint_eq(list.n, 5);
	list_free(&list);

	/* a name that lies */
	ck_assert_int_eq(list_read(scratch_text("list.xml.gz", xml), NULL, 0, &list, &format, &err), 0);
	ck_assert_uint_eq(list.n, 5);
	list_free(&list);

	FILE *packed = fopen(path, "re");
	char cut[200];
	ck_assert_uint_eq(fread(cut, 1, sizeof cut, packed), sizeof cut);
	(void)fclose(packed);
	ck_assert_int_eq(list_read(scratch_write("cut", cut, sizeof cut), NULL, 0, &list, &format, &err), -1);
	ck_assert_msg(strstr(err.text, "gzip stream is cut off"), "%s", err.text);
	list_free(&list);
	ck_assert_int_eq(list_read(scratch_write("bad", bytes, sizeof bytes), NULL, 0, &list, &format, &err), -1);
	ck_assert_msg(strstr(err.text, "gzip stream is damaged"), "%s", err.text);
}
END_TEST

START_TEST(what_is_not_escaped_is_read)
{
	expect_read(XML_HEAD XML_SHOW("1", "Tom & Jerry &amp; &#65; <3 &nbsp;", "")
			XML_SHOW("2",
				 "A\x02"
				 "B",
				 "<my_comments><![CDATA[a & b]]></my_comments>") XML_TAIL,
		    "mal", 10,
		    "{\"mal\":1,\"title\":\"Tom & Jerry & A <3 &nbsp;\",\"status\":\"completed\"}\n"
		    "{\"mal\":2,\"title\":\"A B\",\"status\":\"completed\",\"notes\":\"a & b\"}\n");
	expect_told("3 \"&\" and \"<\" are not escaped, the first on line 4");
	expect_read(XML_HEAD XML_SHOW("1", "A & B", "") XML_TAIL, "mal", 10,
		    "{\"mal\":1,\"title\":\"A & B\",\"status\":\"completed\"}\n");
	expect_told("line 4: a \"&\"");
}
END_TEST

START_TEST(the_encoding_is_the_one_that_it_is)
{
	static const char entry[] = "{\"mal\":1,\"title\":\"Caf\xc3\xa9\",\"status\":\"completed\"}\n";

	expect_read("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><myanimelist>" XML_SHOW("1", "Caf\xe9", "")
			XML_TAIL,
		    "mal", 10, entry);
	expect_read("<?xml version=\"1.0\" encoding=\"utf-16\"?><myanimelist>" XML_SHOW("1", "Caf\xc3\xa9", "")
			XML_TAIL,
		    "mal", 10, entry);
	/* what is no encoding at all is told, where it is little */
	expect_read("<myanimelist>" XML_SHOW("1", "Caf\xe9", "") XML_TAIL, "mal", 10,
		    "{\"mal\":1,\"title\":\"Caf?\",\"status\":\"completed\"}\n");
	expect_told("line 1: 1 byte is not UTF-8, read as \"?\"");
	expect_refused("<myanimelist>" XML_SHOW("1", "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9", "") XML_TAIL, "list:1:");
}
END_TEST

START_TEST(xml_that_breaks_off_is_read_up_to_there)
{
	expect_read(XML_HEAD XML_SHOW("1", "A", "") XML_SHOW("2", "B", "</my_x>"), "mal", 10,
		    "{\"mal\":1,\"title\":\"A\",\"status\":\"completed\"}\n");
	expect_told("line 5: mismatched tag; the list is read up to there");
	expect_read(XML_HEAD XML_SHOW("1", "A", "") "<anime><series_title><![CDATA[B", "mal", 10,
		    "{\"mal\":1,\"title\":\"A\",\"status\":\"completed\"}\n");
	expect_refused(XML_HEAD "<anime><series_title>B", "list:4:");
}
END_TEST

START_TEST(manga_is_refused)
{
	static const char *const manga =
	    "<manga><manga_mangadb_id>2</manga_mangadb_id><manga_title>Berserk</manga_title>"
	    "<my_score>10</my_score><my_status>Reading</my_status></manga>";
	char text[512];

	(void)snprintf(text, sizeof text,
		       "<myanimelist><myinfo><user_export_type>2</user_export_type></myinfo>%s" XML_TAIL, manga);
	expect_refused(text, "is a list of manga");
	/* some programs swap the types */
	(void)snprintf(text, sizeof text, XML_HEAD "%s" XML_TAIL, manga);
	expect_refused(text, "is a list of manga");
	expect_read("<myanimelist><myinfo><user_export_type>2</user_export_type></myinfo>" XML_SHOW("1", "A", "")
			XML_TAIL,
		    "mal", 10, "{\"mal\":1,\"title\":\"A\",\"status\":\"completed\"}\n");
	expect_refused("<myanimelist><myinfo><user_export_type>2</user_export_type></myinfo></myanimelist>",
		       "is a list of manga");
	expect_refused(
	    "{\"data\":{\"MediaListCollection\":{\"lists\":[{\"entries\":[{\"media\":{\"id\":1,\"type\":\"MANGA\"},"
	    "\"status\":\"CURRENT\",\"score\":1}]}]}}}",
	    "is a list of manga");
	expect_refused("{\"user\":\"a\",\"export\":{\"type\":\"manga\"},\"entries\":[]}", "is a list of manga");
}
END_TEST

START_TEST(strange_xml_is_refused)
{
	expect_refused("<rss><channel/></rss>", "begins with <rss>");
	expect_refused("<!DOCTYPE html><html></html>", "HTML page");
	expect_refused("<!DOCTYPE a [<!ENTITY b \"c\">]><myanimelist/>", "DOCTYPE");
	expect_refused("<myanimelist>", "is no whole XML");
	expect_refused("", "is empty");
	expect_refused("PK\3\4 and so on", "zip archive");
}
END_TEST

/* ---- AniList ---- */

#define ANILIST_SHOW(id, mal, title, status, score)                                                                    \
	"{\"media\":{\"id\":" id ",\"idMal\":" mal ",\"title\":{\"romaji\":\"" title "\"},\"seasonYear\":2017},"       \
	"\"status\":\"" status "\",\"score\":" score ",\"progress\":3,\"repeat\":1,\"notes\":null}"
#define ANILIST(entries) "{\"data\":{\"MediaListCollection\":{\"lists\":[{\"name\":\"a\",\"entries\":[" entries "]}]}}}"

START_TEST(anilist_is_read)
{
	expect_read(
	    "{\"anime\":{\"lists\":[{\"name\":\"Watching\",\"isCustomList\":false,\"status\":\"CURRENT\",\"entries\":"
	    "[" ANILIST_SHOW("7", "null", "Abyss", "CURRENT", "85") "," ANILIST_SHOW(
		"8", "80", "B", "REPEATING",
		"0") "]},{\"isCustomList\":true,\"entries\":[" ANILIST_SHOW("7", "null", "Abyss", "CURRENT",
									    "85") "," ANILIST_SHOW("9", "90", "C",
												   "PAUSED",
												   "40") "]}]},"
													 "\"manga\":{"
													 "\"lists\":[{"
													 "\"entries\":["
													 "{}]}]}}",
	    "anilist", 100,
	    "{\"anilist\":7,\"title\":\"Abyss\",\"year\":2017,\"status\":\"watching\",\"score\":85,\"progress\":3,"
	    "\"repeats\":1}\n"
	    "{\"mal\":80,\"anilist\":8,\"title\":\"B\",\"year\":2017,\"status\":\"completed\",\"progress\":3,"
	    "\"repeats\":1}\n"
	    "{\"mal\":90,\"anilist\":9,\"title\":\"C\",\"year\":2017,\"status\":\"on_hold\",\"score\":40,"
	    "\"progress\":3,\"repeats\":1}\n");
	ck_assert_uint_eq(list.repeats, 1);
	ck_assert_uint_eq(list.others, 1);
	ck_assert(list.scale_guessed);
}
END_TEST

START_TEST(the_five_scales_of_anilist_are_told_apart)
{
	static const struct {
		const char *a, *b;
		double scale;
	} scores[] = {{"70", "9", 100}, {"7", "10", 10}, {"4.5", "2", 10},
		      {"5", "4", 5},    {"3", "1", 3},   {"0", "0", 10}};
	char text[1024];

	for (size_t i = 0; i < sizeof scores / sizeof *scores; i++) {
		(void)snprintf(text, sizeof text,
			       "{\"lists\":[{\"entries\":[{\"media\":{\"id\":1},\"score\":%s},{\"media\":{\"id\":2},"
			       "\"score\":%s}]}]}",
			       scores[i].a, scores[i].b);
		list_free(&list);
		ck_assert_int_eq(list_read(scratch_text("list", text), NULL, 0, &list, &format, &err), 0);
		ck_assert_msg(list.scale >= scores[i].scale && list.scale <= scores[i].scale, "%s", text);
	}
	/* where the answer has the format, it counts */
	expect_read(
	    "{\"data\":{\"MediaListCollection\":{\"user\":{\"mediaListOptions\":{\"scoreFormat\":\"POINT_10\"}},"
	    "\"lists\":[{\"entries\":[{\"media\":{\"id\":1},\"score\":3}]}]}}}",
	    "anilist", 10, "{\"anilist\":1,\"status\":\"completed\",\"score\":3}\n");
	ck_assert(!list.scale_guessed);
	/* and what is said counts more */
	list_free(&list);
	ck_assert_int_eq(list_read(scratch_text("list", ANILIST("{\"media\":{\"id\":1},\"score\":3}")), NULL, 100,
				   &list, &format, &err),
			 0);
	ck_assert(list.scale >= 100 && !list.scale_guessed);
}
END_TEST

START_TEST(the_gdpr_data_of_anilist_are_read)
{
	expect_read(
	    "{\"user\":{\"id\":1},\"lists\":[{\"id\":5,\"series_id\":21,\"series_type\":0,\"score\":85,\"status\":2,"
	    "\"progress\":4},{\"series_id\":22,\"series_type\":1,\"score\":50,\"status\":2},{\"series_id\":23,"
	    "\"series_type\":0,\"score\":0,\"status\":\"PLANNING\"}],\"favourites\":[]}",
	    "anilist-gdpr", 100,
	    "{\"anilist\":21,\"status\":\"completed\",\"score\":85,\"progress\":4}\n"
	    "{\"anilist\":23,\"status\":\"planned\"}\n");
	ck_assert_uint_eq(list.others, 1);
}
END_TEST

/* ---- other sites ---- */

START_TEST(kitsu_is_read)
{
	expect_read(
	    "{\"data\":[{\"type\":\"libraryEntries\",\"attributes\":{\"status\":\"completed\",\"progress\":26,"
	    "\"reconsumeCount\":1,\"notes\":\"good\",\"rating\":\"4.5\",\"ratingTwenty\":18},\"relationships\":{"
	    "\"anime\":{"
	    "\"data\":{\"id\":\"1\"}}}},"
	    "{\"type\":\"libraryEntries\",\"attributes\":{\"status\":\"planned\",\"rating\":\"0.0\",\"ratingTwenty\":"
	    "null},"
	    "\"relationships\":{\"anime\":{\"data\":{\"id\":\"2\"}}}},"
	    "{\"type\":\"libraryEntries\",\"attributes\":{\"status\":\"on_hold\",\"rating\":\"3.5\"},"
	    "\"relationships\":{\"anime\":{\"data\":{\"id\":\"3\"}}}},"
	    "{\"type\":\"libraryEntries\",\"attributes\":{\"status\":\"current\"},"
	    "\"relationships\":{\"manga\":{\"data\":{\"id\":\"3\"}}}}],"
	    "\"included\":[{\"id\":\"1\",\"type\":\"anime\",\"attributes\":{\"canonicalTitle\":\"Cowboy Bebop\","
	    "\"startDate\":\"1998-04-03\"},\"relationships\":{\"mappings\":{\"data\":[{\"type\":\"mappings\",\"id\":"
	    "\"9\"}]}}},"
	    "{\"id\":\"9\",\"type\":\"mappings\",\"attributes\":{\"externalSite\":\"myanimelist/"
	    "anime\",\"externalId\":\"1\"}}]}",
	    "kitsu", 20,
	    "{\"mal\":1,\"kitsu\":1,\"title\":\"Cowboy Bebop\",\"year\":1998,\"status\":\"completed\",\"score\":18,"
	    "\"progress\":26,\"repeats\":1,\"notes\":\"good\"}\n"
	    "{\"kitsu\":2,\"status\":\"planned\"}\n"
	    "{\"kitsu\":3,\"status\":\"on_hold\",\"score\":14}\n");
	ck_assert_uint_eq(list.others, 1);
}
END_TEST

START_TEST(anime_planet_is_read)
{
	expect_read("{\"user\":{\"name\":\"a\"},\"export\":{\"type\":\"anime\",\"version\":\"1\"},\"entries\":["
		    "{\"name\":\"A\",\"status\":\"watched\",\"rating\":4.5,\"times\":2,\"eps\":12},"
		    "{\"name\":\"B\",\"status\":\"won't watch\",\"rating\":0,\"times\":0,\"eps\":0},"
		    "{\"name\":\"C\",\"status\":\"want to watch\"},{\"name\":\"D\",\"status\":\"stalled\"}]}",
		    "anime-planet", 5,
		    "{\"title\":\"A\",\"status\":\"completed\",\"score\":4.5,\"progress\":12,\"repeats\":1}\n"
		    "{\"title\":\"B\",\"status\":\"unwanted\"}\n"
		    "{\"title\":\"C\",\"status\":\"planned\"}\n"
		    "{\"title\":\"D\",\"status\":\"on_hold\"}\n");
}
END_TEST

START_TEST(myanimelist_as_json_is_read)
{
	expect_read(
	    "{\"data\":[{\"node\":{\"id\":227,\"title\":\"FLCL\"},\"list_status\":{\"status\":\"plan_to_watch\","
	    "\"score\":0,\"num_episodes_watched\":0,\"comments\":\"\"}},{\"node\":{\"id\":1,\"title\":\"Cowboy "
	    "Bebop\"},"
	    "\"list_status\":{\"status\":\"watching\",\"is_rewatching\":true,\"score\":7,\"num_episodes_watched\":2}}],"
	    "\"paging\":{\"next\":\"https://\"}}",
	    "mal-api", 10,
	    "{\"mal\":227,\"title\":\"FLCL\",\"status\":\"planned\"}\n"
	    "{\"mal\":1,\"title\":\"Cowboy Bebop\",\"status\":\"completed\",\"score\":7,\"progress\":2}\n");
	expect_told("one page of an answer");
	expect_read(
	    "[{\"anime_id\":1,\"anime_title\":\"A\",\"score\":9,\"status\":2},{\"anime_id\":2,\"anime_title\":86,"
	    "\"score\":0,\"status\":6},{\"anime_id\":3,\"anime_title\":\"C\",\"score\":0,\"status\":5}]",
	    "load-json", 10,
	    "{\"mal\":1,\"title\":\"A\",\"status\":\"completed\",\"score\":9}\n{\"mal\":2,\"status\":\"planned\"}\n");
	expect_told("entry 3: the status \"5\" is unknown");
}
END_TEST

START_TEST(simkl_and_trakt_are_read)
{
	expect_read(
	    "{\"anime\":[{\"status\":\"plantowatch\",\"user_rating\":null,\"watched_episodes_count\":0,\"show\":{"
	    "\"title\":\"A\",\"year\":2001,\"ids\":{\"simkl\":5,\"mal\":\"1\",\"anidb\":\"23\"}}},{\"status\":\"hold\","
	    "\"user_rating\":8,\"show\":{\"title\":\"B\",\"ids\":{\"mal\":\"2\"}}}],\"shows\":[{}],\"movies\":[]}",
	    "simkl", 10,
	    "{\"mal\":1,\"anidb\":23,\"simkl\":5,\"title\":\"A\",\"year\":2001,\"status\":\"planned\"}\n"
	    "{\"mal\":2,\"title\":\"B\",\"status\":\"on_hold\",\"score\":8}\n");
	ck_assert_uint_eq(list.others, 1);
	expect_read("[{\"rating\":8,\"type\":\"movie\",\"movie\":{\"title\":\"Perfect "
		    "Blue\",\"year\":1997,\"ids\":{\"trakt\":554}}},"
		    "{\"rating\":8,\"type\":\"episode\",\"show\":{\"title\":\"X\",\"ids\":{}}}]",
		    "simkl", 10, "{\"title\":\"Perfect Blue\",\"year\":1997,\"status\":\"completed\",\"score\":8}\n");
}
END_TEST

START_TEST(yamtrack_is_read)
{
	expect_read(
	    "\"media_id\",\"source\",\"media_type\",\"title\",\"season_number\",\"score\",\"progress\",\"status\","
	    "\"repeats\",\"notes\"\r\n"
	    "\"1668\",\"tmdb\",\"tv\",\"Friends\",\"\",\"\",\"24\",\"In progress\",\"0\",\"\"\r\n"
	    "\"227\",\"mal\",\"anime\",\"FLCL\",\"\",\"9.0\",\"2\",\"In progress\",\"0\",\"two\r\nlines\"\r\n"
	    "\"2\",\"mal\",\"manga\",\"Berserk\",\"\",\"\",\"0\",\"Completed\",\"0\",\"\"\r\n"
	    "\"9\",\"manual\",\"anime\",\"Mine\",\"\",\"\",\"0\",\"Planning\",\"0\",\"\"\r\n",
	    "yamtrack", 10,
	    "{\"mal\":227,\"title\":\"FLCL\",\"status\":\"watching\",\"score\":9,\"progress\":2,\"notes\":"
	    "\"two\\nlines\"}\n{\"title\":\"Mine\",\"status\":\"planned\"}\n");
	ck_assert_uint_eq(list.others, 2);
}
END_TEST

/* ---- rows ---- */

START_TEST(csv_is_read_by_its_header)
{
	expect_read(
	    "\xef\xbb\xbfTitle;My Score;Status;Year\nA;8,5;Completed;1999\n;;;\n\"B \"\"b\"\"\";;Plan to watch;\n",
	    "csv", 10,
	    "{\"title\":\"A\",\"year\":1999,\"status\":\"completed\",\"score\":8.5}\n"
	    "{\"title\":\"B \\\"b\\\"\",\"status\":\"planned\"}\n");
	expect_read("mal_id,score\n1,80\n2,-\n3,unrated\n4,high\n,5\n", "csv", 100,
		    "{\"mal\":1,\"status\":\"completed\",\"score\":80}\n{\"mal\":2,\"status\":\"completed\"}\n"
		    "{\"mal\":3,\"status\":\"completed\"}\n{\"mal\":4,\"status\":\"completed\"}\n");
	expect_told("row 5: the score \"high\" is no number");
	expect_told("row 6: has neither a title nor an id");
	expect_read("name,rating,your rating\nA,9.1,4/5\nB,2\nC,9,x,y\n", "csv", 5,
		    "{\"title\":\"A\",\"status\":\"completed\",\"score\":4}\n");
	expect_told("row 3: has 2 cells where the header has 3");
	expect_told("row 4: has 4 cells");
	expect_refused("A,9\nB,8\n", "has to name the columns");
	expect_refused("title,score\n\"A,9\nB,8\n", "a quote is out of place");
	expect_refused("title,score\n\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9,9\n", "list:2: is not UTF-8");
	expect_refused("\xff\xfet\0i\0", "UTF-16");
}
END_TEST

START_TEST(json_is_read_by_its_keys)
{
	expect_read("[{\"title\":\"A\",\"score\":\"9\",\"status\":\"dropped\"},7,{\"mal_id\":5,\"my score\":8.5}]",
		    "json", 10,
		    "{\"title\":\"A\",\"status\":\"dropped\",\"score\":9}\n{\"mal\":5,\"status\":\"completed\","
		    "\"score\":8.5}\n");
	expect_told("entry 2: is no object");
	expect_read(
	    "{\"title\":\"A\",\"score\":9}\n{\"title\":\"B\",\"score\":null}\n", "json", 10,
	    "{\"title\":\"A\",\"status\":\"completed\",\"score\":9}\n{\"title\":\"B\",\"status\":\"completed\"}\n");
	expect_read("{\"anime\":{\"title\":\"A\",\"id\":4},\"score\":9}\n", "json", 10,
		    "{\"mal\":4,\"title\":\"A\",\"status\":\"completed\",\"score\":9}\n");
	expect_read("[]", "json", 10, "");
	expect_refused("{\"errors\":[{\"message\":\"x\"}]}", "an error that the site answered: \"x\"");
	expect_refused("[{\"title\":\"A\"},\n {\"title\":}]", "list:2:");
	expect_refused("{\"title\":\"A\"}\n{\"title\":\"B\"\n", "list:3:");
}
END_TEST

START_TEST(titles_are_fit_to_print)
{
	expect_read("[{\"title\":\"\\u001b[31mA\\n\\tB \",\"status\":\"seen\"}]", "json", 10,
		    "{\"title\":\"\xef\xbf\xbd[31mA  B\",\"status\":\"completed\"}\n");
}
END_TEST

START_TEST(scores_beyond_the_scale_are_told)
{
	const char *path = scratch_text("list", "title,score\nA,9\nB,4\n");

	ck_assert_int_eq(list_read(path, NULL, 5, &list, &format, &err), 0);
	ck_assert(list.entries[0].score <= 0 && list.entries[1].score >= 4);
	expect_told("\"A\" has the score 9, beyond the scale");
	list_rescale(&list);
	ck_assert(list.entries[1].score >= 8 && list.entries[1].score <= 8 && list.scale >= LIST_SCALE);
}
END_TEST

START_TEST(a_format_may_be_named)
{
	const char *path = scratch_text("list", "media_id,source,media_type,title\n1,mal,anime,A\n");

	ck_assert_int_eq(list_read(path, "csv", 0, &list, &format, &err), 0);
	ck_assert_str_eq(format->name, "csv");
	ck_assert_uint_eq(list.n, 1);
	list_free(&list);
	ck_assert_int_eq(list_read(path, "kitsu", 0, &list, &format, &err), -1);
	ck_assert_msg(strstr(err.text, "is CSV, and the libraryEntries of Kitsu is JSON"), "%s", err.text);
	ck_assert(list_format_exists("anilist") && !list_format_exists("auto"));
	char *names = list_format_names();
	ck_assert_msg(strstr(names, "mal, ") && strstr(names, " or csv"), "%s", names);
	free(names);
}
END_TEST

START_TEST(what_is_too_large_is_refused)
{
	char *text = malloc(LIST_ENTRIES * 8 + 64), *at = text;

	at += sprintf(at, "mal_id\n");
	for (int i = 1; i <= LIST_ENTRIES + 1; i++)
		at += sprintf(at, "%d\n", i);
	expect_refused(text, "has more than 100000 entries");
	free(text);
	text = calloc(1, LIST_VALUES + 10);
	memset(text, '[', LIST_VALUES + 5);
	expect_refused(text, "has more than 4000000 values");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("readers");
	TCase *tests = tcase_create("lists");

	tcase_add_checked_fixture(tests, scratch_open, close_list);
	tcase_add_test(tests, the_xml_of_myanimelist_is_read);
	tcase_add_test(tests, gzip_is_told_by_the_content);
	tcase_add_test(tests, what_is_not_escaped_is_read);
	tcase_add_test(tests, the_encoding_is_the_one_that_it_is);
	tcase_add_test(tests, xml_that_breaks_off_is_read_up_to_there);
	tcase_add_test(tests, manga_is_refused);
	tcase_add_test(tests, strange_xml_is_refused);
	tcase_add_test(tests, anilist_is_read);
	tcase_add_test(tests, the_five_scales_of_anilist_are_told_apart);
	tcase_add_test(tests, the_gdpr_data_of_anilist_are_read);
	tcase_add_test(tests, kitsu_is_read);
	tcase_add_test(tests, anime_planet_is_read);
	tcase_add_test(tests, myanimelist_as_json_is_read);
	tcase_add_test(tests, simkl_and_trakt_are_read);
	tcase_add_test(tests, yamtrack_is_read);
	tcase_add_test(tests, csv_is_read_by_its_header);
	tcase_add_test(tests, json_is_read_by_its_keys);
	tcase_add_test(tests, titles_are_fit_to_print);
	tcase_add_test(tests, scores_beyond_the_scale_are_told);
	tcase_add_test(tests, a_format_may_be_named);
	tcase_add_test(tests, what_is_too_large_is_refused);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
