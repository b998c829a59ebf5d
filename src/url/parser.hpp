// The parser of http and https URLs: the WHATWG URL standard's basic URL parser (§4.4)
// with the states that other schemes and setters need left out. To the standard ftp is like
// http, and so are ftps and sftp here.
//
// It writes href_ from left to right and never looks back but for "..", so a plain
// reference costs the one allocation that holds the result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weft/url/url.hpp"

namespace weft {

struct UrlScheme;

class UrlParser {
 public:
  enum class Schemes : std::uint8_t { web, download };

  // `base` may be null: the text then stands alone.
  static tl::expected<Url, UrlError> parse(std::string_view text, const Url* base, Schemes schemes);

 private:
  using Parsed = tl::expected<void, UrlError>;

  UrlParser(std::string_view text, const Url* base, Schemes schemes)
      : rest_(text), base_(base), schemes_(schemes) {}

  Parsed read();
  Parsed read_relative();
  Parsed read_authority(const UrlScheme& scheme);
  void read_credentials(std::string_view userinfo);
  Parsed read_host_and_port(std::string_view text, std::uint16_t standard);
  void read_absolute_path();
  void read_segments();
  void read_query();
  void copy_from_base(std::size_t length);
  void drop_last_segment();

  std::string_view rest_;  // what is still to be read
  const Url* base_;
  const Schemes schemes_;
  Url url_;
};

}  // namespace weft
