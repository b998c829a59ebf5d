// What a body is: the declared media type (MIME Sniffing §4) and, where none is
// declared or it cannot be trusted, what the bytes look like (§7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft {

struct MediaType {
  std::string essence;  // "text/html", lower case
  std::string charset;  // value of the charset parameter as written; empty: none
  std::string text;     // the whole type, serialised
};

// MIME Sniffing §4.4; nothing where the value is not a MIME type.
std::optional<MediaType> parse_media_type(std::string_view value);

// The essence of a body without a usable Content-Type, by its first 1445 bytes: text/plain or
// application/octet-stream where no signature is known. MP3 counts only with an ID3 tag.
std::string sniff_media_type(std::string_view body);

enum class PageType : unsigned char { html, css, feed, other };
PageType page_type(std::string_view essence);  // html: text/html, application/xhtml+xml;
                                               // feed: rss, atom, and XML types to look into

}  // namespace weft
