// Reads every .html file given, or below the folders given, with both readers, and says where
// the scan was certain and wrong: compare_readers [--every N] [--requisites] [--anchor-text]
// DIR|FILE...
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "page/link_scan.hpp"
#include "weft/page/links.hpp"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Totals {
  std::size_t pages = 0;
  std::size_t bytes = 0;
  std::size_t links = 0;
  std::size_t certain = 0;
  std::size_t certain_bytes = 0;
  std::size_t differ = 0;
  std::size_t cut = 0;  // by gumbo's budgets
  Clock::duration scan{};
  Clock::duration tree{};
  std::map<std::string_view, std::size_t> doubts;
};

double megabytes_per_second(std::size_t bytes, Clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds > 0 ? static_cast<double>(bytes) / 1e6 / seconds : 0;
}

void compare(const fs::path& path, weft::ReadOptions options, Totals& totals) {
  std::ifstream file(path, std::ios::binary);
  const std::string html(std::istreambuf_iterator<char>(file), {});
  ++totals.pages;
  totals.bytes += html.size();

  weft::PageLinks scan;
  auto start = Clock::now();
  const weft::page::Doubt doubt = weft::page::scan_while_certain(html, options, scan);
  if (doubt == weft::page::Doubt::none) totals.scan += Clock::now() - start;

  options.parser = weft::Parser::gumbo;
  start = Clock::now();
  const weft::PageLinks tree = read_html(html, options);
  totals.tree += Clock::now() - start;
  totals.links += tree.links.size();
  if (doubt != weft::page::Doubt::none) {
    ++totals.doubts[describe(doubt)];
    return;
  }
  ++totals.certain;
  totals.certain_bytes += html.size();
  if (tree.reader != weft::Reader::gumbo) {
    ++totals.cut;
    return;
  }
  const std::string difference = first_difference(scan, tree);
  if (difference.empty()) return;
  ++totals.differ;
  fmt::print("{}: {}\n", path.string(), difference);
}

std::vector<fs::path> pages_below(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> pages;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const bool is_page = entry.is_regular_file() && !entry.is_symlink();
    const fs::path extension = entry.path().extension();
    if (is_page && (extension == ".html" || extension == ".htm")) pages.push_back(entry.path());
  }
  return pages;
}

void print(const Totals& totals) {
  const double share =
      totals.pages == 0 ? 0 : 100.0 * static_cast<double>(totals.certain) / totals.pages;
  fmt::print("{} pages, {:.1f} MB, {} links: certain {} ({:.2f} %), {} differ", totals.pages,
             static_cast<double>(totals.bytes) / 1e6, totals.links, totals.certain, share,
             totals.differ);
  if (totals.cut > 0) fmt::print(", {} not compared", totals.cut);
  fmt::print("; scan {:.0f} MB/s, gumbo {:.1f} MB/s\n",
             megabytes_per_second(totals.certain_bytes, totals.scan),
             megabytes_per_second(totals.bytes, totals.tree));
  for (const auto& [doubt, pages] : totals.doubts) fmt::print("  {}: {}\n", doubt, pages);
}

}  // namespace

int main(int argc, char** argv) {
  weft::ReadOptions options{.requisites = false};
  std::size_t every = 1;
  std::vector<fs::path> pages;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--requisites") {
      options.requisites = true;
    } else if (word == "--anchor-text") {
      options.anchor_text = true;
    } else if (word == "--every" && i + 1 < argc) {
      every = std::max(1ul, std::strtoul(argv[++i], nullptr, 10));
    } else {
      for (fs::path& page : pages_below(word)) pages.push_back(std::move(page));
    }
  }
  Totals totals;
  for (std::size_t i = 0; i < pages.size(); i += every) compare(pages[i], options, totals);
  print(totals);
  return totals.differ == 0 && totals.pages > 0 ? 0 : 1;
}
