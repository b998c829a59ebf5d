// A site of any size whose pages all cost the same, the same bytes on every machine.
//
// A page links to its ten children in a tree (so that every page is reached), to twenty near
// it and to ten far off: relative, from the root and with fragments, among text, tables, code
// and comments. It is some 6 KB with 46 links, whatever the size of the site.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace weft::bench {

class GeneratedSite {
 public:
  explicit GeneratedSite(std::uint64_t pages) : pages_(pages) {}

  static std::string path(std::uint64_t i) {
    return i == 0 ? "/index.html" : fmt::format("/part-{:02}/chapter-{}.html", i % kFolders, i);
  }

  std::string page(std::uint64_t i) const {
    std::string html;
    html.reserve(8192);
    fmt::format_to(
        std::back_inserter(html),
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Chapter "
        "{} &#8212; A site</title>\n<link rel=\"stylesheet\" href=\"/style.css?v=1\">"
        "<script>if (1 < 2) document.title += \"<a href='x'>\";</script></head>\n"
        "<body><nav><ul>\n",
        i);
    for (std::uint64_t child = 1; child <= 10; ++child) {
      html += "<li>";
      anchor(i, (10 * i + child) % pages_, html);
      html += "</li>\n";
    }
    html +=
        "</ul></nav>\n<main role=\"main\">\n<!-- <a href=\"/comment.html\">not a link</a> -->\n";
    for (std::uint64_t part = 0; part < 10; ++part) section(i, part, html);
    html +=
        "</main>\n<footer><a href=\"mailto:a@example.invalid\">mail</a> <a "
        "href=\"http://other.invalid/\">elsewhere</a> <a href=\"#top\">top</a></footer>\n"
        "</body></html>\n";
    return html;
  }

 private:
  static constexpr std::uint64_t kFolders = 97;
  static constexpr std::string_view kText =
      "Time passed and nobody knew why the system of this city had been made the way it was, "
      "nor whom to ask; so people &amp; things went on as they had, year after year. ";

  void section(std::uint64_t i, std::uint64_t part, std::string& html) const {
    fmt::format_to(std::back_inserter(html),
                   "<section id=\"s{0}\"><h2>Part {0}<a class=\"headerlink\" href=\"#s{0}\" "
                   "title=\"Link to this heading\">\xC2\xB6</a></h2>\n<p>",
                   part);
    html += kText;
    anchor(i, (i + 1 + part) % pages_, html);
    html += ' ';
    anchor(i, (i + mixed(i + part) % 300) % pages_, html);
    html += "</p>\n<table><tr><td>one</td><td><code>f()</code></td></tr><tr><td>";
    anchor(i, mixed(i * 16 + part) % pages_, html);
    html += "</td><td>two</td></tr></table></section>\n";
  }

  // One of the ways in which pages write the link to page `to`.
  static void anchor(std::uint64_t from, std::uint64_t to, std::string& html) {
    const std::string target = path(to);
    const auto out = std::back_inserter(html);
    switch (mixed(from * 31 + to) % 4) {
      case 0:
        fmt::format_to(out, "<a href=\"{}\">chapter {}</a>", target, to);
        break;
      case 1:
        fmt::format_to(out, "<a class=\"reference internal\" href=\"{}#s{}\"><em>chapter</em></a>",
                       target, to % 10);
        break;
      default:
        fmt::format_to(out, "<a class=\"reference\" href=\"{}{}\"\n  title=\"&gt; {}\">read</a>",
                       from == 0 ? "" : "..", from == 0 ? target.substr(1) : target, to);
    }
  }

  static std::uint64_t mixed(std::uint64_t x) {
    x = (x + 1) * 0x9E37'79B9'7F4A'7C15;
    x = (x ^ (x >> 30)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27)) * 0x94D0'49BB'1331'11EB;
    return x ^ (x >> 31);
  }

  const std::uint64_t pages_;
};

}  // namespace weft::bench
