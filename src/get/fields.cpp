#include "get/fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "weft/base/digits.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/url/typed.hpp"

namespace weft::get {

namespace {

constexpr std::size_t kMostTold = 50;
constexpr std::size_t kMostOfKey = 500;
constexpr std::size_t kMostUrls = 1000;  // mirrors of one file; nobody has as many

struct FieldName {
  std::string_view name;
  Field field;
};
constexpr FieldName kFieldNames[] = {
    {"url", Field::url},           {"urls", Field::url},       {"out", Field::out},
    {"filename", Field::out},      {"dir", Field::dir},        {"checksum", Field::checksum},
    {"header", Field::header},     {"headers", Field::header}, {"referer", Field::referer},
    {"priority", Field::priority}, {"size", Field::size},
};

constexpr std::pair<std::string_view, Priority> kPriorityNames[] = {
    {"high", Priority::high}, {"normal", Priority::normal}, {"low", Priority::low}};

// What says how much of a body is wanted, or frames one, is not the user's to say: parts of a
// file are asked for as its download goes.
constexpr std::string_view kOurHeaders[] = {"range", "if-range", "content-length",
                                            "transfer-encoding"};

// Both in one pass with no early exit, which becomes a few vector instructions.
struct Characters {
  bool ascii = true;
  bool controls = false;
};
Characters characters_of(std::string_view text) {
  unsigned char all = 0;
  bool controls = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    all |= byte;
    controls |= byte < 0x20 || byte == 0x7F;
  }
  return {all < 0x80, controls};
}

std::string with_octets_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    for (const char byte : text.substr(at, c.valid ? 0 : c.length)) {
      const auto value = static_cast<unsigned char>(byte);
      encoded += {'%', kHex[value >> 4], kHex[value & 0xF]};
    }
    if (c.valid) encoded += text.substr(at, c.length);
    at += c.length;
  }
  return encoded;
}

}  // namespace

void Notes::once(std::uint64_t line, std::string_view key, std::string text) {
  key = key.substr(0, kMostOfKey);
  if (told_.size() == kMostTold || told_.contains(key)) return;
  told_.emplace(key);
  add(line, std::move(text));
}

std::optional<Field> field_named(std::string_view name) {
  for (const auto& known : kFieldNames) {
    if (equals_ignoring_case(name, known.name)) return known.field;
  }
  return std::nullopt;
}

Result<Url> parse_wanted_url(std::string_view text) {
  const Characters characters = characters_of(text);
  // The URL standard drops tabs and line ends: two URLs would become one.
  if (characters.controls) {
    return fail("'{}' is no URL to fetch: it holds a control character", shown(text));
  }
  if (characters.ascii) return parse_typed_url(text, UrlUse::download);
  return parse_typed_url(with_octets_encoded(text), UrlUse::download);
}

std::string too_long_why(std::string_view beginning) {
  return fmt::format("'{}' is over {} MiB long", shown(beginning), kLongestEntry >> 20);
}

void WantedBuilder::refuse_at(std::uint64_t line, std::string why) {
  if (!bad_) bad_ = BadLine{line, std::move(why)};
}

void WantedBuilder::add_url(std::string_view text) {
  auto url = parse_wanted_url(text);
  const std::size_t urls = wanted_.urls.size() + bad_urls_.size();
  if (urls == kMostUrls) return refuse_at(wanted_.line, fmt::format("over {} URLs", kMostUrls));
  if (url) {
    wanted_.urls.push_back(std::move(*url));
  } else {
    bad_urls_.push_back(std::move(url.error().message));
  }
}

void WantedBuilder::add_header(std::uint64_t line, std::string_view name, std::string_view value) {
  Header header{std::string(trim(name)), std::string(trim(value))};
  const bool ours = std::ranges::any_of(kOurHeaders, [&](std::string_view known) {
    return equals_ignoring_case(header.name, known);
  });
  if (ours) {
    return refuse_at(line,
                     fmt::format("the header '{}' cannot be set: what part of a file is asked "
                                 "for is decided as it is downloaded",
                                 header.name));
  }
  if (!is_sendable(header)) {
    return refuse_at(line, fmt::format("'{}' is no header: write it as 'Name: value'",
                                       shown(header.name + ": " + header.value)));
  }
  wanted_.headers.push_back(std::move(header));
}

void WantedBuilder::set_at(std::uint64_t line, Field field, std::string_view value) {
  value = trim(value);
  if (value.empty()) return;
  switch (field) {
    case Field::url:
      return add_url(value);
    case Field::out:
      wanted_.out = value;
      return;
    case Field::dir:
      wanted_.dir = value;
      return;
    case Field::checksum:
      if (auto checksum = parse_checksum(value)) {
        wanted_.checksum = std::move(*checksum);
      } else {
        refuse_at(line, std::move(checksum.error().message));
      }
      return;
    case Field::header: {
      const std::size_t colon = value.find(':');
      if (colon == value.npos) {
        return refuse_at(line,
                         fmt::format("'{}' is no header: write it as 'Name: value'", shown(value)));
      }
      return add_header(line, value.substr(0, colon), value.substr(colon + 1));
    }
    case Field::referer:
      referer_ = value;
      return;
    case Field::priority:
      for (const auto& [name, priority] : kPriorityNames) {
        if (!equals_ignoring_case(value, name)) continue;
        wanted_.priority = priority;
        return;
      }
      return refuse_at(
          line, fmt::format("the priority '{}' is none of high, normal and low", shown(value)));
    case Field::size:
      wanted_.size = parse_digits(value);
      if (!wanted_.size) {
        refuse_at(line, fmt::format("the size '{}' is no number of bytes", shown(value)));
      }
      return;
  }
}

GoodOrBad WantedBuilder::finish(Notes& notes) {
  if (!bad_ && wanted_.urls.empty()) {
    refuse_at(wanted_.line, bad_urls_.empty() ? "it has no URL" : std::move(bad_urls_.front()));
  }
  if (!referer_.empty() && !bad_) {
    // aria2's manual, --referer: "*" is the file's own URL.
    const std::string own = wanted_.urls.front().without_credentials().href();
    add_header(wanted_.line, "Referer", referer_ == "*" ? own : referer_);
  }
  if (bad_) return std::move(*bad_);
  for (const std::string& why : bad_urls_) {
    notes.add(wanted_.line, fmt::format("{}; its other sources are used", why));
  }
  return std::move(wanted_);
}

}  // namespace weft::get
