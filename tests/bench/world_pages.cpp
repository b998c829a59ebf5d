#include "bench/world_pages.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace weft::bench {

namespace {

constexpr std::string_view kText =
    "Time passed and nobody knew why the system of this city had been made the way it was, nor "
    "whom to ask; so people &amp; things went on as they had, year after year.\n";
constexpr std::size_t kHugeBlock = 64 * 1024;
constexpr std::size_t kBombBlock = 1'000'000;  // zeros; compressed about 1 kB
constexpr std::size_t kFontPage = 49'000;
constexpr std::size_t kDivPage = 200'000;

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += kText;
  text.resize(size);
  return text;
}

// Deflated so that it may stand anywhere in a stream: byte-aligned, without looking back.
std::string deflated_part(std::string_view text, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2");
  }
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

void append_little_endian(std::uint32_t value, std::string& out) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 255);
}

}  // namespace

WorldPages::WorldPages(const HostRange& range) : range_(range) {
  switch (range.kind) {
    case Kind::huge:
      block_ = text_of(kHugeBlock);
      repeat_ = range.size.count / kHugeBlock;
      break;
    case Kind::bomb:
      make_bomb();
      break;
    case Kind::good:
    case Kind::silent:
    case Kind::drip:
    case Kind::dripheader:
    case Kind::refuse:
    case Kind::nested:
      block_ = text_of(range.kind == Kind::good ? range.size.count : 3000);
  }
}

void WorldPages::make_bomb() {
  const std::string zeros(kBombBlock, '\0');
  block_ = deflated_part(zeros, Z_FULL_FLUSH);
  // Blocks of nothing (RFC 1951 §3.2.4) bring the ratio down.
  constexpr std::string_view kNothing("\0\0\0\xFF\xFF", 5);
  while (range_.ratio != 0 && block_.size() < kBombBlock / range_.ratio) block_ += kNothing;
  block_crc_ = crc_of(zeros);
  repeat_ = range_.size.count / kBombBlock;
}

std::optional<std::uint64_t> WorldPages::page_of(std::string_view target) const {
  if (target == "/") return 0;
  if (!target.starts_with("/p")) return std::nullopt;
  std::uint64_t number = 0;
  const char* const last = target.data() + target.size();
  const auto [end, error] = std::from_chars(target.data() + 2, last, number);
  if (error != std::errc{} || end != last || number == 0) return std::nullopt;
  if (!range_.is_endless() && number >= range_.pages) return std::nullopt;
  return number;
}

std::string WorldPages::links(std::uint64_t number) const {
  constexpr std::uint64_t kNoEnd = 1'000'000'000'000'000'000;
  const std::uint64_t pages = range_.is_endless() ? kNoEnd : range_.pages;
  std::uint64_t from = number + 1;
  std::uint64_t to = number + 2;
  switch (range_.shape) {
    case Shape::star:
      to = number == 0 ? pages : from;
      break;
    case Shape::chain:
      break;
    case Shape::tree:
      from = std::min(number, kNoEnd / 10) * 10 + 1;
      to = from + 10;
      break;
  }
  std::string html;
  for (std::uint64_t page = from; page < std::min(to, pages); ++page) {
    fmt::format_to(std::back_inserter(html), "<li><a href=\"/p{}\">page {}</a></li>\n", page, page);
  }
  return html;
}

std::string WorldPages::head(std::string_view status, std::string_view more,
                             std::uint64_t length) const {
  return fmt::format("HTTP/1.1 {}\r\n{}{}Content-Length: {}\r\n\r\n", status, more,
                     range_.close ? "Connection: close\r\n" : "", length);
}

Answer WorldPages::page(std::uint64_t number) const {
  switch (range_.kind) {
    case Kind::good:
    case Kind::silent:
    case Kind::drip:
    case Kind::dripheader:
    case Kind::refuse:
      break;
    case Kind::nested:
      return nested(number);
    case Kind::huge:
      return huge(number);
    case Kind::bomb:
      return bomb(number);
  }
  return plain_page(number);
}

Answer WorldPages::plain_page(std::uint64_t number) const {
  std::string body = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>Page {}</title></head>\n<body><ul>\n{}</ul>\n<p>",
      number, links(number));
  constexpr std::string_view kEnd = "</p></body></html>\n";
  const std::size_t used = body.size() + kEnd.size();
  if (block_.size() > used) body.append(block_, 0, block_.size() - used);
  body += kEnd;
  return {.start = head("200 OK", "Content-Type: text/html\r\n", body.size()) + body};
}

Answer WorldPages::robots() const {
  constexpr std::string_view kBody = "User-agent: *\nAllow: /\n";
  std::string start = head("200 OK", "Content-Type: text/plain\r\n", kBody.size());
  start += kBody;
  return {.start = std::move(start)};
}

Answer WorldPages::not_found() const { return {.start = head("404 Not Found", "", 0)}; }

std::string WorldPages::dripping_head() const {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n";
}

Answer WorldPages::nested(std::uint64_t number) const {
  const bool font = range_.depth == Depth::font || (range_.depth == Depth::both && number % 2 == 0);
  std::string body = "<!DOCTYPE html>\n<body><ul>\n" + links(number) + "</ul>\n";
  for (std::uint64_t i = 0; body.size() < (font ? kFontPage : kDivPage); ++i) {
    if (font) {
      // Sizes that differ, so that no two formatting elements are the same to a parser.
      fmt::format_to(std::back_inserter(body), "<p><font size={}>", i);
    } else {
      body += "<div>";
    }
  }
  return {.start = head("200 OK", "Content-Type: text/html\r\n", body.size()) + body};
}

Answer WorldPages::huge(std::uint64_t number) const {
  const std::string begin = "<!DOCTYPE html>\n<body><ul>\n" + links(number) + "</ul>\n<p>";
  return {.start = head("200 OK", "Content-Type: text/html\r\n",
                        begin.size() + repeat_ * block_.size()) +
                   begin,
          .block = block_,
          .repeat = repeat_};
}

// One gzip member of parts that were deflated each for itself (RFC 1952 §2.3.1).
Answer WorldPages::bomb(std::uint64_t number) const {
  const std::string begin = "<!DOCTYPE html>\n<body><ul>\n" + links(number) + "</ul>\n<p>";
  std::string start("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);
  start += deflated_part(begin, Z_FULL_FLUSH);

  std::string end = deflated_part("", Z_FINISH);
  uLong crc = crc_of(begin);
  for (std::size_t i = 0; i < repeat_; ++i) crc = crc32_combine(crc, block_crc_, kBombBlock);
  append_little_endian(static_cast<std::uint32_t>(crc), end);
  append_little_endian(static_cast<std::uint32_t>(begin.size() + repeat_ * kBombBlock), end);

  return {.start = head("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
                        start.size() + repeat_ * block_.size() + end.size()) +
                   start,
          .block = block_,
          .repeat = repeat_,
          .end = std::move(end)};
}

}  // namespace weft::bench
