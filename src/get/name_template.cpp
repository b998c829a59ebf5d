#include "weft/get/name_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "get/path_parts.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"
#include "weft/get/names.hpp"
#include "weft/url/identity.hpp"
#include "weft/url/percent.hpp"

namespace weft {

namespace {

// In the order of NameTemplate::Variable.
constexpr std::array<std::string_view, 11> kVariables{
    "scheme", "host", "port", "path", "dir", "file", "stem", "ext", "query", "hash", "n"};

constexpr std::size_t kWidest = 18;

std::string all_variables() { return fmt::format("{{{}}}", fmt::join(kVariables, "}, {")); }

// A value that is part of one part of the path, whatever it holds.
std::string in_one_part(std::string_view value) {
  std::string one(value);
  std::ranges::replace(one, '/', '_');
  return one;
}

// Each segment of the URL's path, decoded by itself: %2F separates nothing.
std::string decoded(std::string_view path) {
  std::string all;
  for (const std::string_view segment : get::parts_of(path)) {
    if (!all.empty()) all += '/';
    all += in_one_part(percent_decode(segment));
  }
  return all;
}

}  // namespace

class NameTemplateParser {
 public:
  using Variable = NameTemplate::Variable;

  explicit NameTemplateParser(std::string_view text) : text_(text) {}

  Result<NameTemplate> parse() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool is_doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
      if ((c == '{' || c == '}') && is_doubled) {
        add_text(c);
        at_ += 2;
      } else if (c == '}') {
        return wrong_brace("}", "closes nothing");
      } else if (c == '{') {
        if (auto read = variable(); !read) return tl::unexpected(std::move(read).error());
      } else {
        add_text(c);
        ++at_;
      }
    }
    return checked();
  }

 private:
  tl::unexpected<Error> wrong(std::string_view why) const {
    return fail("'{}' is no template for names: {}", shown(text_), why);
  }
  tl::unexpected<Error> wrong_brace(std::string_view brace, std::string_view why) const {
    return wrong(fmt::format("the '{0}' at its character {1} {2}: write '{0}{0}' for one", brace,
                             at_ + 1, why));
  }

  void add_text(char c) {
    auto& pieces = result_.pieces_;
    if (pieces.empty() || pieces.back().variable != Variable::text) pieces.emplace_back();
    pieces.back().text += c;
  }

  Result<void> variable() {
    const std::size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) {
      return wrong_brace("{", "is not closed");
    }
    std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    std::optional<std::string_view> width;
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
      width = name.substr(colon + 1);
      name = name.substr(0, colon);
    }
    const auto* const found = std::ranges::find(kVariables, name);
    if (found == kVariables.end()) {
      return wrong("{" + shown(name) + "} is not known. There are " + all_variables() + ".");
    }
    NameTemplate::Piece piece{static_cast<Variable>(found - kVariables.begin())};
    if (width) {
      const auto digits = width_of(*width);
      if (piece.variable != Variable::n || !digits) {
        return wrong(fmt::format("only {{n}} may have a width, from {{n:1}} to {{n:{}}}", kWidest));
      }
      piece.width = *digits;
    }
    result_.pieces_.push_back(std::move(piece));
    at_ = end + 1;
    return {};
  }

  static std::optional<std::size_t> width_of(std::string_view digits) {
    if (digits.empty() || digits.size() > 2 || !std::ranges::all_of(digits, is_ascii_digit)) {
      return std::nullopt;
    }
    std::size_t width = 0;
    for (const char c : digits) width = width * 10 + static_cast<std::size_t>(c - '0');
    return width >= 1 && width <= kWidest ? std::optional(width) : std::nullopt;
  }

  Result<NameTemplate> checked() {
    if (text_.empty()) return fail("a template for names is empty: the default is '{{file}}'");
    if (text_.starts_with('/'))
      return wrong("it begins with '/'; names are below the directory of downloads");
    if (text_.ends_with('/')) return wrong("it ends in '/': write a name after it, such as {file}");
    for (const std::string_view part : get::parts_of(text_)) {
      if (part == "..") return wrong("'..' would leave the directory of downloads");
    }
    const bool has_variable = std::ranges::any_of(
        result_.pieces_, [](const auto& piece) { return piece.variable != Variable::text; });
    if (!has_variable)
      return wrong("every file would have this name. Use {file}, {path}, {n} and the like.");
    return std::move(result_);
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  NameTemplate result_;
};

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
  if (text == "flat") text = "{file}";
  if (text == "host") text = "{host}/{file}";
  return NameTemplateParser(text).parse();
}

std::string NameTemplate::value_of(const Piece& piece, const NameParts& parts,
                                   std::string_view file) {
  const Url& url = parts.url;
  const std::string_view path = url.path();
  switch (piece.variable) {
    case Variable::scheme:
      return std::string(url.scheme());
    case Variable::host:
      return std::string(url.host());
    case Variable::port:
      return fmt::format("{}", url.port());
    case Variable::path:
      return decoded(path.ends_with('/') ? std::string(path) + "index.html" : std::string(path));
    case Variable::dir:
      return decoded(path.substr(0, path.rfind('/')));
    case Variable::file:
      return std::string(file);
    case Variable::stem:
      return std::string(split_file_name(file).stem);
    case Variable::ext: {
      const std::string_view extension = split_file_name(file).extension;
      return std::string(extension.substr(extension.empty() ? 0 : 1));
    }
    case Variable::query:
      return in_one_part(percent_decode(url.query()));
    case Variable::hash:
      return fmt::format("{:016x}", fingerprint(url));
    case Variable::n:
      return fmt::format("{:0{}}", parts.line, piece.width);
    case Variable::text:
      return piece.text;
  }
  return {};
}

std::string NameTemplate::expand(const NameParts& parts) const {
  const std::string file = file_name(parts.url, parts.served);
  std::string path;
  for (const Piece& piece : pieces_) path += value_of(piece, parts, file);
  std::string safe = get::safe_parts(path);
  return safe.empty() ? file : safe;
}

}  // namespace weft
