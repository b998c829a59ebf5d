// robots.txt: a judgement is made for every link of every page, a file is parsed once a
// host. Beside them the other readers of this room whose cost a page pays.
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"
#include "weft/page/charset.hpp"
#include "weft/page/robots.hpp"
#include "weft/page/sitemap.hpp"

namespace {

using namespace weft;

// Mostly plain prefixes and some wildcards, as the long files of shops and wikis are.
std::string robots_file(int rules) {
  std::string text = "User-agent: *\n";
  for (int i = 0; i < rules; ++i) {
    const std::string n = std::to_string(i);
    switch (i % 10) {
      case 0:
        text += "Disallow: /*?sort" + n + "=\n";
        break;
      case 1:
        text += "Disallow: /*/print" + n + "$\n";
        break;
      case 2:
        text += "Allow: /wiki/Special:" + n + "/public\n";
        break;
      default:
        text += "Disallow: /wiki/Special:" + n + "/\n";
    }
  }
  return text;
}

void judge_rows(int rules) {
  const auto robots = Robots::parse(robots_file(rules), "weft");
  const std::vector<std::string> targets = {
      "/wiki/Main_Page", "/wiki/Special:199/x", "/library/functions.html",
      "/a/long/path/to/some/page/of/a/site/index.html?page=2&lang=en", "/wiki/%E3%83%84?q=%2Fx"};
  const double rate = bench::per_second([&] {
    for (const auto& target : targets) bench::keep(robots.judge(target));
    return targets.size();
  });
  bench::row("robots judge, " + std::to_string(rules) + " rules", 1e9 / rate, "ns");
}

void parse_row() {
  const std::string file = robots_file(10'000);
  const double rate = bench::per_second([&] {
    bench::keep(Robots::parse(file, "weft"));
    return file.size();
  });
  bench::row("robots parse", rate / 1e6, "MB/s");
}

void sitemap_row() {
  std::string xml = "<?xml version=\"1.0\"?><urlset>";
  for (int i = 0; i < 10'000; ++i) {
    xml += "<url><loc>https://www.example.org/some/page/number/" + std::to_string(i) +
           "</loc><lastmod>2026-01-02</lastmod></url>\n";
  }
  xml += "</urlset>";
  const double rate = bench::per_second([&] {
    bench::keep(read_sitemap(xml));
    return xml.size();
  });
  bench::row("sitemap", rate / 1e6, "MB/s");
}

void decode_rows() {
  const std::string plain(96, 'a');
  for (const auto& [encoding, letters] :
       {std::pair<std::string_view, std::string_view>{"windows-1252", "\xE9\xE8"},
        {"windows-1251", "\xEF\xF0\xE8\xE2\xE5\xF2"},
        {"shift_jis", "\x83\x65\x83\x58\x83\x67"}}) {
    std::string body;
    while (body.size() < 95'000) body.append(plain).append(letters);
    std::string buffer;
    const double rate = bench::per_second([&] {
      bench::keep(to_utf8(body, encoding, buffer));
      return body.size();
    });
    bench::row("decode " + std::string(encoding), rate / 1e6, "MB/s");
    const double small = bench::per_second([&] {
      bench::keep(to_utf8(letters, encoding, buffer));
      return std::size_t{1};
    });
    bench::row("decode a word of " + std::string(encoding), 1e9 / small, "ns");
  }
}

}  // namespace

int main() {
  judge_rows(20);
  judge_rows(200);
  judge_rows(10'000);
  parse_row();
  sitemap_row();
  decode_rows();
}
