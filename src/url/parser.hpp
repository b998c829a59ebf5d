// The parser of http and https URLs: the WHATWG URL standard's basic URL parser (§4.4)
// with the states that other schemes and setters need left out.
//
// It writes href_ from left to right and never looks back but for "..", so a plain
// reference costs the one allocation that holds the result.
#pragma once

#include <string>
#include <string_view>

#include "weft/url/url.hpp"

namespace weft {

class UrlParser {
 public:
  // `base` may be null: the text then stands alone.
  static tl::expected<Url, UrlError> parse(std::string_view text, const Url* base);

 private:
  using Parsed = tl::expected<void, UrlError>;

  UrlParser(std::string_view text, const Url* base) : rest_(text), base_(base) {}

  Parsed read();
  Parsed read_relative();
  Parsed read_authority(std::string_view scheme);
  void read_credentials(std::string_view userinfo);
  Parsed read_host_and_port(std::string_view text);
  void read_absolute_path();
  void read_segments();
  void read_query();
  void copy_from_base(std::size_t length);
  void drop_last_segment();

  std::string_view rest_;  // what is still to be read
  const Url* base_;
  Url url_;
};

}  // namespace weft
