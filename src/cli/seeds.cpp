#include "cli/seeds.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>

#include "cli/text_file.hpp"
#include "weft/base/text.hpp"
#include "weft/url/typed.hpp"

namespace weft {
namespace {

// More bad lines of one list than this are counted, not shown: it is no list of URLs.
constexpr std::size_t kMostComplaints = 20;

// Lines of any length in bounded memory: what is past the longest URL is dropped, and the
// line is then too long to be one.
class LineReader {
 public:
  explicit LineReader(std::istream& in) : buffer_(*in.rdbuf()) {}

  bool next(std::string& line) {
    line.clear();
    int c = buffer_.sbumpc();
    if (c == kEnd) return false;
    for (; c != kEnd && c != '\n'; c = buffer_.sbumpc()) {
      if (line.size() <= kMaxUrlLength) line += static_cast<char>(c);
    }
    return true;
  }

 private:
  static constexpr int kEnd = std::char_traits<char>::eof();
  std::streambuf& buffer_;
};

Result<void> read_file(const std::string& path, const Complain& complain, Seeds& to) {
  std::ifstream file;
  if (path != "-") {
    if (auto opened = open_text_file(path, file); !opened) {
      return fail("cannot read the list '{}': {}", path, opened.error().message);
    }
  }
  try {
    read_list(path == "-" ? std::cin : file, path == "-" ? "standard input" : path, complain, to);
  } catch (const std::ios_base::failure& reason) {  // what a stream's buffer does on EIO
    return fail("cannot read the list '{}' to its end: {}", path, reason.what());
  }
  return {};
}

std::string none_left(std::span<const std::string> urls, std::span<const std::string> files,
                      const Seeds& seeds) {
  if (urls.empty() && files.empty()) {
    return "no URL to start from: write one, as in 'weft crawl https://example.org/', or name a "
           "list with -i FILE";
  }
  return fmt::format("no URL to start from: '{}'{} holds none{}", files.front(),
                     files.size() > 1 ? " and the other lists" : "",
                     seeds.bad_lines > 0 ? " that can be read" : "");
}

}  // namespace

Result<Url> parse_seed(std::string_view text) { return parse_typed_url(text, UrlUse::page); }

void read_list(std::istream& in, std::string_view name, const Complain& complain, Seeds& to) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  LineReader lines(in);
  std::string line;
  std::size_t bad = 0;
  for (std::size_t number = 1; lines.next(line); ++number) {
    std::string_view text = line;
    if (number == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trim(text);
    if (text.empty() || text.front() == '#') continue;
    if (auto url = parse_seed(text)) {
      to.urls.push_back(std::move(*url));
    } else if (++bad <= kMostComplaints) {
      complain(fmt::format("{}:{}: {}", name, number, url.error().message));
    }
  }
  if (bad > kMostComplaints) {
    complain(fmt::format("{}: {} more lines are no URLs", name, bad - kMostComplaints));
  }
  to.bad_lines += bad;
}

Result<Seeds> read_seeds(std::span<const std::string> urls, std::span<const std::string> files,
                         const Complain& complain) {
  Seeds seeds;
  for (const std::string& text : urls) {
    auto url = parse_seed(text);
    if (!url) return tl::unexpected(std::move(url).error());
    seeds.urls.push_back(std::move(*url));
  }
  if (std::ranges::count(files, "-") > 1) return fail("standard input can be read only once");
  for (const std::string& path : files) {
    if (auto read = read_file(path, complain, seeds); !read) return tl::unexpected(read.error());
  }
  if (seeds.urls.empty()) return tl::unexpected(Error{none_left(urls, files, seeds)});
  return seeds;
}

}  // namespace weft
