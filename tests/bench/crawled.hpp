// URLs and records as a crawl of documentation sites has them, by number.
#pragma once

#include <fmt/core.h>

#include <string>

#include "weft/store/journal.hpp"

namespace weft::bench {

inline constexpr std::uint64_t kHosts = 10'000;
inline constexpr std::uint64_t kUrlsOfPage = 50;

inline AdmittedUrl url_of(std::uint64_t id) {
  const std::string host = fmt::format("host{}.example.org", id * 7919 % kHosts);
  return {.id = id,
          .url = fmt::format("https://{}/library/section-{}/concurrent.futures-{}.html", host,
                             id % 97, id),
          .depth = 3,
          .via = id / kUrlsOfPage,
          .priority = 2,
          .fingerprint = id * 0x9E37'79B9'7F4A'7C15,
          .host = host};
}

inline Record record_of(std::uint64_t id) {
  using namespace std::chrono_literals;
  AdmittedUrl url = url_of(id);
  return {.sequence = id,
          .url = std::move(url.url),
          .status = 200,
          .depth = 3,
          .via = "https://docs.example.org/3/library/index.html",
          .media_type = "text/html",
          .charset = "utf-8",
          .bytes = 95123,
          .wire_bytes = 18123,
          .digest = "sha256:" + std::string(64, 'a'),
          .links = 312,
          .title = "concurrent.futures \xE2\x80\x94 Launching parallel tasks",
          .attempts = 1,
          .fetched_at = Clock::wall_time(1767323045678ms),
          .ms = {.dns = 0us, .connect = 412us, .tls = 2100us, .first_byte = 3250us, .total = 4ms},
          .ip = "93.184.215.14",
          .http = "1.1",
          .host = std::move(url.host)};
}

}  // namespace weft::bench
