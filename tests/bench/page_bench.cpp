// Reading links: gumbo's tree against the scan, and the small parsers, in MB/s on one
// thread. Pages of a folder where one is given (page_bench DIR, or WEFT_BENCH_PAGES), else a
// page of our own in the manner of generated documentation, and those of the generated site.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "bench/generated_site.hpp"
#include "weft/page/links.hpp"

namespace {

using weft::ReadOptions;

constexpr std::size_t kMostBytes = 64u << 20;  // of a folder's pages

std::string documentation_page() {
  std::string page =
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Index &#8212; "
      "Docs</title>"
      "<link rel=\"stylesheet\" type=\"text/css\" href=\"../_static/pygments.css?v=1\" />"
      "<script src=\"../_static/doctools.js\"></script></head><body><div class=\"body\" "
      "role=\"main\">";
  for (int i = 0; i < 800; ++i) {
    const std::string id = std::to_string(i);
    page += "<section id=\"s" + id + "\"><h2>Part " + id + "<a class=\"headerlink\" href=\"#s" +
            id +
            "\" title=\"Link to this heading\">\xC2\xB6</a></h2>\n<p>Some text that says what "
            "<a class=\"reference internal\" href=\"module" +
            id +
            ".html#f\"><code class=\"xref\">"
            "<span class=\"pre\">f()</span></code></a> does &amp; why.</p>\n<!-- part -->"
            "<pre><span class=\"kn\">import</span> <span class=\"nn\">os</span></pre></section>\n";
  }
  return page + "</div></body></html>";
}

std::vector<std::string> own_pages() {
  std::vector<std::string> pages = {documentation_page()};
  const weft::bench::GeneratedSite site(10'000);
  for (std::uint64_t i = 0; i < 20; ++i) pages.push_back(site.page(i));
  return pages;
}

std::vector<std::string> pages_of(const char* folder) {
  std::vector<std::string> pages;
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".html" || bytes > kMostBytes) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    pages.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    bytes += pages.back().size();
  }
  return pages;
}

void measure_reader(std::string_view name, const std::vector<std::string>& pages,
                    const ReadOptions& options) {
  std::size_t next = 0;
  const double bytes = weft::bench::per_second([&] {
    const std::string& page = pages[next++ % pages.size()];
    weft::bench::keep(read_html(page, options));
    return page.size();
  });
  weft::bench::row(name, bytes / 1e6, "MB/s");
}

void measure_css() {
  std::string css;
  for (int i = 0; i < 2'000; ++i) {
    css += ".c" + std::to_string(i) + " > a:hover { background: #fff url(img/" + std::to_string(i) +
           ".png) no-repeat; margin: 0 1px } /* a comment */\n";
  }
  const double bytes = weft::bench::per_second([&] {
    weft::LinkList links;
    weft::read_css(css, links);
    weft::bench::keep(links);
    return css.size();
  });
  weft::bench::row("css", bytes / 1e6, "MB/s");
}

}  // namespace

int main(int argc, char** argv) {
  const char* named = std::getenv("WEFT_BENCH_PAGES");  // NOLINT(concurrency-mt-unsafe): at start
  const char* folder = argc > 1 ? argv[1] : named;
  const std::vector<std::string> pages = folder != nullptr ? pages_of(folder) : own_pages();
  if (pages.empty()) return 1;
  ReadOptions options;
  measure_reader("automatic", pages, options);
  options.parser = weft::Parser::gumbo;
  measure_reader("tree", pages, options);
  options.tree_memory = weft::Bytes{0};
  measure_reader("scan", pages, options);
  options.requisites = false;
  measure_reader("scan-anchors-only", pages, options);
  measure_css();
}
