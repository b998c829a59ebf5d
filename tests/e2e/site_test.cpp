// A whole site: what there is to find is known, so what was found can be compared with it,
// by the records and by the server's own log.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "e2e/weft_run.hpp"
#include "support/nginx.hpp"

namespace weft::test {
namespace {

using Targets = std::set<std::string>;

constexpr int kPages = 120;
constexpr std::chrono::milliseconds kCrawlDelay{4};
const std::string kOrigin = "http://127.0.0.1:@PORT@";

// Which page of the tree a link leads to, written in all the ways that mean one URL.
std::string spelt(int page, int way) {
  switch (way % 7) {
    case 0:
      return fmt::format("{}.html", page);
    case 1:
      return fmt::format("/p/{}.html", page);
    case 2:
      return fmt::format("{}/p/{}.html", kOrigin, page);
    case 3:
      return fmt::format("{}.html#part", page);
    case 4:
      return fmt::format("/%70/{}.html", page);
    case 5:
      return fmt::format("../p/./x/../{}.html", page);
    default:
      return fmt::format(" \n//{}/p/{}.html\t", kOrigin.substr(kOrigin.find("//") + 2), page);
  }
}

std::string link_to(const std::string& reference) {
  return fmt::format("<a href=\"{}\">x</a>\n", reference);
}

// A tree of pages, some of which lead elsewhere besides.
std::string tree_page(int page) {
  std::string body = fmt::format("<title>page {}</title><p>{}</p>", page, std::string(500, 'x'));
  for (const int child : {2 * page + 1, 2 * page + 2}) {
    if (child < kPages) body += link_to(spelt(child, child));
  }
  for (int way = 0; way < 7; ++way) body += link_to(spelt(page / 3, way));
  if (page % 10 == 0) {
    body += link_to(fmt::format("/private/{}.html", page));
    body += link_to(fmt::format("/missing/{}.html", page));
    body += link_to(fmt::format("/moved/{}.html", page));
    body += link_to("http://127.0.0.2:@PORT@/away.html");
    body += link_to("mailto:someone@example.org") + link_to("javascript:void(0)");
  }
  return body;
}

Site site() {
  Site site{.config = R"(
    gzip on; gzip_min_length 1;
    location /moved/ { rewrite ^/moved/(.*)$ /landed/$1 redirect; }
    location = /round { return 302 /round/; }
    location = /round/ { return 302 /round; })"};
  for (int page = 0; page < kPages; ++page) {
    site.files[fmt::format("/p/{}.html", page)] = tree_page(page);
    if (page % 10 != 0) continue;
    site.files[fmt::format("/landed/{}.html", page)] = "landed";
    site.files[fmt::format("/private/{}.html", page)] = "private";
  }
  site.files["/index.html"] = R"(<link rel=stylesheet href=style.css>
    <a href="/p/0.html">tree</a> <a href="/list.html?page=2">2</a> <a href="list.html?page=3&amp;x">3</a>
    <a href="/based.html">b</a> <map><area href="area.html"></map> <iframe src="framed.html"></iframe>
    <a rel=nofollow href="/unfollowed.html">n</a> <img src="picture.png"> <a href="/round">r</a>
    <a href="notes.txt">t</a> <!-- <a href="/commented.html"> --> <form action="/form.html"></form>)";
  site.files["/style.css"] = "body { background: url(picture.png) }";
  site.files["/picture.png"] = "not a picture";
  site.files["/list.html"] = "a list";
  site.files["/based.html"] =
      R"(<base href="/deep/er/"><a href="down.html">d</a><base href="/no/">)";
  site.files["/deep/er/down.html"] = R"(<a href="">the same</a><a href="#">the same</a>)";
  site.files["/area.html"] = R"(<meta http-equiv=refresh content="5; url=/refreshed.html">)";
  site.files["/refreshed.html"] = "refreshed";
  site.files["/framed.html"] = "framed";
  site.files["/unfollowed.html"] = "not to be followed";
  site.files["/commented.html"] = "only in a comment";
  site.files["/form.html"] = "only in a form";
  site.files["/notes.txt"] = "<a href=\"/commented.html\">text is not HTML</a>";
  site.files["/robots.txt"] = fmt::format(
      "User-agent: *\nDisallow: /private/\nCrawl-delay: {}\nSitemap: "
      "http://127.0.0.1:@PORT@/map.xml\n",
      static_cast<double>(kCrawlDelay.count()) / 1000);
  std::string map =
      R"(<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">)";
  for (int i = 0; i < 5; ++i) {
    map += fmt::format("<url><loc>http://127.0.0.1:@PORT@/unlinked/{}.html</loc></url>", i);
    site.files[fmt::format("/unlinked/{}.html", i)] = "only in the sitemap";
  }
  site.files["/map.xml"] =
      map + "<url><loc>http://127.0.0.1:@PORT@/private/map.html</loc></url></urlset>";
  return site;
}

// What a crawl from "/" has to find.
struct Truth {
  Targets found{"/",          "/list.html?page=2", "/list.html?page=3&x", "/based.html",
                "/area.html", "/framed.html",      "/refreshed.html",     "/deep/er/down.html",
                "/notes.txt"};
  Targets redirects{"/round", "/round/"};
  Targets missing;
  Targets disallowed{"/private/map.html"};
};

Truth truth() {
  Truth truth;
  for (int page = 0; page < kPages; ++page) {
    truth.found.insert(fmt::format("/p/{}.html", page));
    if (page % 10 != 0) continue;
    truth.found.insert(fmt::format("/landed/{}.html", page));
    truth.redirects.insert(fmt::format("/moved/{}.html", page));
    truth.missing.insert(fmt::format("/missing/{}.html", page));
    truth.disallowed.insert(fmt::format("/private/{}.html", page));
  }
  for (int i = 0; i < 5; ++i) truth.found.insert(fmt::format("/unlinked/{}.html", i));
  return truth;
}

// /%70/ is /p/ by another name (RFC 3986 §6.2.2.2): either may be asked for, not both.
std::string same_name(std::string target) {
  const std::size_t at = target.find("/%70/");
  return at == std::string::npos ? target : target.replace(at, 5, "/p/");
}

// The targets that are in `all` more than once.
std::vector<std::string> doubled(std::vector<std::string> all) {
  std::vector<std::string> twice;
  std::ranges::sort(all);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i] == all[i - 1]) twice.push_back(all[i]);
  }
  return twice;
}

Targets difference(const Targets& a, const Targets& b) {
  Targets only_in_a;
  std::ranges::set_difference(a, b, std::inserter(only_in_a, only_in_a.end()));
  return only_in_a;
}

void check_same(const Targets& got, const Targets& expected) {
  CHECK(difference(expected, got) == Targets{});  // missing
  CHECK(difference(got, expected) == Targets{});  // too much
}

struct Found {
  std::map<std::string, Targets> pages;  // by outcome
  std::vector<std::string> twice;
};

Found found_by(const Records& records, const std::string& origin) {
  Found found;
  std::vector<std::string> all;
  for (const nlohmann::json& record : records.all()) {
    const std::string url = record.at("url");
    REQUIRE(url.starts_with(origin));
    all.push_back(same_name(url.substr(origin.size())));
    if (record.at("kind") == "page") found.pages[record.at("outcome")].insert(all.back());
  }
  found.twice = doubled(all);
  return found;
}

void check_log(const std::vector<Served>& log, const Truth& truth) {
  std::vector<std::string> asked;
  auto first = std::chrono::milliseconds::max();
  auto last = std::chrono::milliseconds::min();
  for (const Served& served : log) {
    CHECK(served.address == "127.0.0.1");  // the other host is out of scope
    asked.push_back(same_name(served.target));
    first = std::min(first, served.started);
    last = std::max(last, served.started);
  }
  CHECK(doubled(asked) == std::vector<std::string>{});

  Targets expected{"/robots.txt", "/map.xml"};
  for (const Targets* part : {&truth.found, &truth.redirects, &truth.missing}) {
    expected.insert(part->begin(), part->end());
  }
  check_same({asked.begin(), asked.end()}, expected);
  CHECK(last - first >= kCrawlDelay * static_cast<int>(asked.size() - 2));  // one before the rule
}

TEST_CASE("a crawl finds every page of a site, each once, whatever the number of threads") {
  const Truth truth = weft::test::truth();
  for (const std::string threads : {"1", "2", "8"}) {
    CAPTURE(threads);
    const auto nginx = Nginx::start({site(), {.address = "127.0.0.2"}});
    if (nginx == nullptr) return;
    const Workplace here;
    const Ended ended = here.run({"crawl", nginx->url("/"), "-o", "job", "--threads", threads, "-j",
                                  "16", "--per-host", "16"});
    CHECK(ended.exit_code == 1);  // there are pages missing
    CHECK(ended.out.empty());
    check_log(nginx->stop(), truth);

    const Records records = here.records();
    const std::string origin = nginx->url("");
    Found found = found_by(records, origin);
    CHECK(found.twice == std::vector<std::string>{});
    check_same(found.pages["ok"], truth.found);
    check_same(found.pages["redirect"], truth.redirects);
    check_same(found.pages["http_error"], truth.missing);
    check_same(found.pages["refused_robots"], truth.disallowed);
    CHECK(found.pages.size() == 4);
  }
}

TEST_CASE("the record of a page tells what was received and where it was found") {
  const auto nginx = Nginx::start({site()});
  if (nginx == nullptr) return;
  const Workplace here;
  here.run({"crawl", nginx->url("/"), "-o", "job", "-d", "2"});
  const Records records = here.records();

  const nlohmann::json& page = records.of(nginx->url("/p/0.html"));
  CHECK(page["kind"] == "page");
  CHECK(page["status"] == 200);
  CHECK(page["depth"] == 1);
  CHECK(page["via"] == nginx->url("/"));
  CHECK(page["title"] == "page 0");
  CHECK(page["media_type"] == "text/html");
  CHECK(page["ip"] == "127.0.0.1");
  CHECK(page["http"] == "1.1");
  CHECK(page["attempts"] == 1);
  CHECK(page["error"].is_null());
  CHECK(page["wire_bytes"] < page["bytes"]);  // it came compressed
  CHECK(page["digest"].get<std::string>().starts_with("sha256:"));

  const nlohmann::json& moved = records.of(nginx->url("/moved/0.html"));
  CHECK(moved["status"] == 302);
  CHECK(moved["location"] == nginx->url("/landed/0.html"));
  CHECK(records.of(nginx->url("/landed/0.html"))["via"] == nginx->url("/moved/0.html"));

  const nlohmann::json& refused = records.of(nginx->url("/private/0.html"));
  CHECK(refused["status"].is_null());
  CHECK(refused["error"]["message"] == "robots.txt line 2: Disallow: /private/");
  CHECK(records.of(nginx->url("/robots.txt"))["kind"] == "robots");
  CHECK(records.of(nginx->url("/map.xml"))["kind"] == "sitemap");
}

}  // namespace
}  // namespace weft::test
