#include "weft/crawl/gate.hpp"

#include "weft/base/utf8.hpp"

namespace weft {

namespace {

std::optional<std::uint64_t> sequence_of(const std::shared_ptr<const Via>& via) {
  return via == nullptr ? std::nullopt : std::optional(via->sequence);
}

// The job tells what a reference was, not the whole of an image written into a page.
std::string shortened(std::string_view reference) {
  constexpr std::size_t kMost = 200;
  std::string text;
  for (std::size_t at = 0; at < reference.size();) {
    const Utf8Char next = utf8_at(reference, at);
    if (text.size() + next.length > kMost) return text + "...";
    text += next.valid ? reference.substr(at, next.length) : kReplacementUtf8;
    at += next.length;
  }
  return text;
}

}  // namespace

Gate::Gate(const CrawlConfig& config, const Scope& scope, RuleCounts& refused)
    : scope_(scope),
      refused_(refused),
      strip_query_(config.strip_query),
      pages_per_host_(config.traps.pages_per_host) {}

Fingerprint Gate::identity(const Url& url) const {
  if (strip_query_.empty()) return fingerprint(url);
  return fingerprint(without_query_keys(url, strip_query_));
}

bool Gate::turn_away(Fingerprint fingerprint, Rule rule) {
  if (!turned_away_.insert(fingerprint)) return false;
  refused_.add(rule);
  return true;
}

bool Gate::host_is_full(const Url& url) {
  if (pages_per_host_ == 0) return false;
  const Lock lock(mutex_);
  std::uint64_t& pages = pages_[host_key(url)];
  if (pages >= pages_per_host_) return true;
  ++pages;
  return false;
}

Admission Gate::admit(Found found, const std::shared_ptr<const Via>& via, Admissions& to,
                      const Url* redirected_from) {
  // Credentials are the user's to give: a seed's are kept by the crawl, a page's dropped.
  if (found.url.has_credentials()) found.url = found.url.without_credentials();

  const Fingerprint id = identity(found.url);
  const bool respelt = redirected_from != nullptr && !(*redirected_from == found.url) &&
                       identity(*redirected_from) == id;
  std::optional<Rule> rule = scope_.judge(found);
  if (rule) {
    // What is too deep here may have been fetched from nearer.
    if (!respelt && visited_.contains(id)) return {Admitted::duplicate};
  } else {
    if (!visited_.insert(id) && (!respelt || respelt_.contains(id))) return {Admitted::duplicate};
    if (!found.requisite && !respelt && host_is_full(found.url)) rule = Rule::pages_per_host;
  }
  if (rule) {
    if (turn_away(id, *rule)) {
      to.refused.push_back({.url = found.url.href(),
                            .rule = std::string(name(*rule)),
                            .depth = found.depth,
                            .via = sequence_of(via),
                            .fingerprint = id,
                            .requisite = found.requisite});
    }
    return {Admitted::refused, *rule};
  }
  to.tasks.push_back({.url = std::move(found.url),
                      .priority = found.requisite ? Priority::high : Priority::normal,
                      .requisite = found.requisite,
                      .hops = found.hops,
                      .depth = found.depth,
                      .identity = id,
                      .via = via});
  return {Admitted::queued};
}

void Gate::refuse(std::string_view reference, const Unfollowed& why, Admissions& to) {
  const Fingerprint id = fingerprint_of_text(reference);
  if (!turn_away(id, why.rule)) return;
  to.refused.push_back({.url = shortened(reference),
                        .rule = std::string(name(why.rule)),
                        .depth = why.depth,
                        .via = sequence_of(why.via),
                        .fingerprint = id});
}

void Gate::refuse(const Url& url, const Unfollowed& why, Admissions& to) {
  const Fingerprint id = identity(url);
  if (visited_.contains(id) || !turn_away(id, why.rule)) return;
  to.refused.push_back({.url = url.without_credentials().href(),
                        .rule = std::string(name(why.rule)),
                        .depth = why.depth,
                        .via = sequence_of(why.via),
                        .fingerprint = id});
}

bool Gate::admit_sitemap(const Url& url, std::uint8_t hops, Admissions& to) {
  const Fingerprint id = fingerprint(url);
  if (!sitemaps_.insert(id)) return false;
  to.tasks.push_back({.url = url.has_credentials() ? url.without_credentials() : url,
                      .kind = TaskKind::sitemap,
                      .priority = Priority::high,
                      .hops = hops,
                      .identity = id});
  return true;
}

void Gate::restore(const KnownUrl& known, const HostKey& host) {
  if (!known.fingerprint) return;
  if (known.kind == RecordKind::sitemap) sitemaps_.insert(*known.fingerprint);
  if (known.kind != RecordKind::page) return;
  const bool is_new = visited_.insert(*known.fingerprint);
  if (!is_new) respelt_.insert(*known.fingerprint);
  if (pages_per_host_ == 0 || known.requisite || !is_new) return;
  const Lock lock(mutex_);
  ++pages_[host];
}

}  // namespace weft
