// A sitemap fetched: its URLs come to the gate, an index's sitemaps to be read in turn.
#include "crawl/crawl_handler.hpp"
#include "weft/base/log.hpp"
#include "weft/net/decode.hpp"
#include "weft/page/sitemap.hpp"

namespace weft {

namespace {

// robots.txt names an index, the index sitemaps; an index in an index is against the
// protocol but met. Redirects count too.
constexpr int kMaxSitemapHops = 4;

constexpr std::uint32_t kSitemapDepth = 1;  // as if the seed had linked what it lists

}  // namespace

void CrawlHandler::finish_sitemap(const Task& task, TransferResult& result) {
  Response& response = result.response;
  Record record = this->record(task, result);
  const auto next_hop = static_cast<std::uint8_t>(task.hops + 1);

  const auto location = response.headers.get("Location");
  if (record.outcome == Outcome::http_error && response.status < 400 && location) {
    record.outcome = Outcome::redirect;
    record.error.reset();
    record.location = *location;
    const auto target = Url::resolve(task.url, *location);
    if (target && task.hops < kMaxSitemapHops) {
      shared_.gate.admit_sitemap(*target, next_hop, found_);
    }
  } else if (record.outcome == Outcome::ok || record.outcome == Outcome::too_large) {
    // What is too large or damaged is read as far as it goes.
    const DecodeLimits limits{.max_size = Bytes{kSitemapMaxBytes}};
    Decoded decoded = decode(response.headers.get("Content-Encoding").value_or(""),
                             std::move(response.body), limits);
    if (decoded.outcome == Outcome::ok) {
      decoded = gunzip_if_gzip(std::move(decoded.body), limits);
    }
    if (record.outcome == Outcome::ok && decoded.outcome != Outcome::ok) {
      fail_decoding(record, decoded.outcome, decoded.message);
    }
    record.bytes = decoded.body.size();
    const SitemapUrls sitemap = read_sitemap(decoded.body);
    if (!sitemap.damage.empty()) {
      log(LogLevel::warning, "damaged sitemap url={} why={}", record.url, sitemap.damage);
    }
    const std::shared_ptr<const Via> via = via_of(task);
    for (const std::string& text : sitemap.urls) {
      auto url = Url::resolve(task.url, text);
      if (!url) {
        shared_.gate.refuse(text, {rule_of(url.error()), kSitemapDepth, via}, found_);
        continue;
      }
      ++record.links;
      if (sitemap.kind != SitemapKind::index) {
        shared_.gate.admit({.url = std::move(*url), .depth = kSitemapDepth}, via, found_);
      } else if (task.hops < kMaxSitemapHops) {
        shared_.gate.admit_sitemap(*url, next_hop, found_);
      }
    }
  }
  write(std::move(record));
}

}  // namespace weft
