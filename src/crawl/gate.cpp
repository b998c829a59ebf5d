#include "weft/crawl/gate.hpp"

namespace weft {

Gate::Gate(const CrawlConfig& config, const Scope& scope, RuleCounts& refused)
    : scope_(scope),
      refused_(refused),
      strip_query_(config.strip_query),
      pages_per_host_(config.traps.pages_per_host) {}

Fingerprint Gate::identity(const Url& url) const {
  if (strip_query_.empty()) return fingerprint(url);
  return fingerprint(without_query_keys(url, strip_query_));
}

Admission Gate::turn_away(Fingerprint fingerprint, Rule rule) {
  if (turned_away_.insert(fingerprint)) refused_.add(rule);
  return {Admitted::refused, rule};
}

bool Gate::host_is_full(const Url& url) {
  if (pages_per_host_ == 0) return false;
  const Lock lock(mutex_);
  std::uint64_t& pages = pages_[host_key(url)];
  if (pages >= pages_per_host_) return true;
  ++pages;
  return false;
}

Admission Gate::admit(Found found, const std::shared_ptr<const std::string>& via,
                      std::vector<Task>& tasks, const Url* redirected_from) {
  // Credentials are the user's to give: a seed's are kept by the crawl, a page's dropped.
  if (found.url.has_credentials()) found.url = found.url.without_credentials();

  const Fingerprint id = identity(found.url);
  const bool respelt = redirected_from != nullptr && !(*redirected_from == found.url) &&
                       identity(*redirected_from) == id;
  if (const std::optional<Rule> rule = scope_.judge(found)) {
    // What is too deep here may have been fetched from nearer.
    if (!respelt && visited_.contains(id)) return {Admitted::duplicate};
    return turn_away(id, *rule);
  }
  if (!visited_.insert(id) && !respelt) return {Admitted::duplicate};
  if (!found.requisite && !respelt && host_is_full(found.url)) {
    return turn_away(id, Rule::pages_per_host);
  }
  tasks.push_back({.url = std::move(found.url),
                   .priority = found.requisite ? Priority::high : Priority::normal,
                   .requisite = found.requisite,
                   .hops = found.hops,
                   .depth = found.depth,
                   .via = via});
  return {Admitted::queued};
}

Rule Gate::refuse(UrlError error) {
  const Rule rule = error == UrlError::not_http ? Rule::not_http : Rule::bad_url;
  refused_.add(rule);
  return rule;
}

void Gate::refuse(const Url& url, Rule rule) {
  const Fingerprint id = identity(url);
  if (!visited_.contains(id)) turn_away(id, rule);
}

bool Gate::admit_sitemap(const Url& url, std::uint8_t hops, std::vector<Task>& tasks) {
  if (!sitemaps_.insert(fingerprint(url))) return false;
  tasks.push_back({.url = url.has_credentials() ? url.without_credentials() : url,
                   .kind = TaskKind::sitemap,
                   .priority = Priority::high,
                   .hops = hops});
  return true;
}

}  // namespace weft
