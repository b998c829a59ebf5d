#include "weft/get/digest_headers.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weft/base/base64.hpp"
#include "weft/base/text.hpp"

namespace weft {

namespace {

using Checksums = std::vector<Checksum>;

void add(Checksums& to, DigestAlgorithm algorithm, std::optional<std::string> digest) {
  if (digest && digest->size() == digest_size(algorithm)) to.push_back({algorithm, *digest});
}

// A dictionary of structured fields (RFC 8941 §3.2), of which the byte sequences are read and
// all else is passed over. After the first thing that is wrong nothing of it holds (§4.2).
class DigestDictionary {
 public:
  explicit DigestDictionary(std::string_view text) : rest_(trim(text)) {}

  Checksums read() {
    while (!rest_.empty() && ok_) {
      member();
      skip_whitespace();
      if (rest_.empty()) break;
      expect(',');
      skip_whitespace();
      if (rest_.empty()) ok_ = false;  // a comma with nothing after it
    }
    return ok_ ? std::move(found_) : Checksums{};
  }

 private:
  void member() {
    const std::string_view key = read_key();
    std::optional<std::string> digest;
    if (take('=')) digest = item();
    while (ok_ && take(';')) {
      skip_whitespace();
      read_key();
      if (take('=')) item();
    }
    const auto algorithm = parse_digest_algorithm(key);
    if (!ok_ || !algorithm) return;
    std::erase_if(found_, [&](const Checksum& earlier) { return earlier.algorithm == *algorithm; });
    add(found_, *algorithm, std::move(digest));
  }

  std::string_view read_key() {
    const auto is_key = [](char c) {
      return (is_ascii_alpha(c) && c == ascii_lower(c)) || is_ascii_digit(c) || c == '_' ||
             c == '-' || c == '.' || c == '*';
    };
    const bool begins = !rest_.empty() && is_key(rest_[0]) && !is_ascii_digit(rest_[0]);
    if (!begins) ok_ = false;
    return take_while(is_key);
  }

  // The bytes of a byte sequence; nothing of any other item.
  std::optional<std::string> item() {
    if (take(':')) return byte_sequence();
    if (take('"')) {
      string();
    } else if (take('(')) {
      inner_list();
    } else if (take_while([](char c) {
                 return c > ' ' && c < '\x7f' && c != ',' && c != ';';
               }).empty()) {
      ok_ = false;
    }
    return std::nullopt;
  }

  std::optional<std::string> byte_sequence() {
    auto bytes = decode_base64(take_while([](char c) { return c != ':'; }));
    expect(':');
    if (!bytes) ok_ = false;
    return bytes;
  }

  void string() {
    while (ok_ && !take('"')) {
      if (take('\\') && rest_.empty()) ok_ = false;
      drop();
    }
  }

  void inner_list() {
    while (ok_ && !take(')')) {
      if (take('"')) {
        string();
      } else {
        drop();
      }
    }
  }

  void skip_whitespace() {
    take_while([](char c) { return c == ' ' || c == '\t'; });
  }

  template <class Holds>
  std::string_view take_while(Holds&& holds) {
    const auto* const end = std::ranges::find_if_not(rest_, holds);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool take(char c) {
    const bool is_there = rest_.starts_with(c);
    if (is_there) rest_.remove_prefix(1);
    return is_there;
  }
  void expect(char c) {
    if (!take(c)) ok_ = false;
  }
  void drop() {
    if (rest_.empty()) {
      ok_ = false;
    } else {
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  bool ok_ = true;
  Checksums found_;
};

// IANA's HTTP digest algorithm values: CRC32c is hexadecimal, of one to eight digits.
std::optional<std::string> crc_of(std::string_view hex) {
  if (hex.empty() || hex.size() > 8) return std::nullopt;
  const auto crc =
      parse_checksum(DigestAlgorithm::crc32c, std::string(8 - hex.size(), '0').append(hex));
  return crc ? std::optional(crc->digest) : std::nullopt;
}

// "SHA-256=BASE64,md5=BASE64" (RFC 3230 §4.3.2).
Checksums read_digest(std::string_view text) {
  Checksums found;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = trim(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = one.find('=');
    const auto algorithm = parse_digest_algorithm(trim(one.substr(0, equals)));
    if (equals == std::string_view::npos || !algorithm) continue;
    const std::string_view value = trim(one.substr(equals + 1));
    add(found, *algorithm,
        algorithm == DigestAlgorithm::crc32c ? crc_of(value) : decode_base64(value));
  }
  return found;
}

// RFC 9110 §5.3: several lines of one header are one list.
std::string joined(const Headers& headers, std::string_view name) {
  std::string list;
  for (const std::string_view line : headers.get_all(name)) {
    if (!list.empty()) list += ", ";
    list += line;
  }
  return list;
}

void append(Checksums& to, Checksums more) { std::ranges::move(more, std::back_inserter(to)); }

}  // namespace

SaidDigests digests_of(int status, const Headers& headers) {
  const bool is_part = status == 206;
  SaidDigests said;
  append(said.whole, DigestDictionary(joined(headers, "Repr-Digest")).read());
  append(said.whole, read_digest(joined(headers, "Digest")));
  append(is_part ? said.part : said.whole,
         DigestDictionary(joined(headers, "Content-Digest")).read());
  const auto md5 = headers.get("Content-MD5");
  if (md5 && !is_part) add(said.whole, DigestAlgorithm::md5, decode_base64(trim(*md5)));
  return said;
}

}  // namespace weft
