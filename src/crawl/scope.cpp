#include "weft/crawl/scope.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "weft/url/identity.hpp"

namespace weft {

namespace {

std::string_view without_root_dot(std::string_view host) {
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  return host;
}

// http and https on their default ports are one place.
std::uint16_t scope_port(const Url& url) {
  return url.port() == 443 ? std::uint16_t{80} : url.port();
}

std::string_view folder(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

int count_segments(std::string_view path) {
  const auto slashes = std::count(path.begin(), path.end(), '/');
  return static_cast<int>(path.ends_with('/') ? slashes - 1 : slashes);
}

// How often the path's most frequent segment stands in it.
int most_repeats(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t begin = 1; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  std::sort(segments.begin(), segments.end());
  int most = 0;
  int run = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    run = i > 0 && segments[i] == segments[i - 1] ? run + 1 : 1;
    most = std::max(most, run);
  }
  return most;
}

}  // namespace

Scope::Scope(const CrawlConfig& config)
    : kind_(config.scope),
      depth_(config.limit_depth ? std::optional(config.depth) : std::nullopt),
      traps_(config.traps) {
  for (const Url& seed : config.seeds) {
    open(seed, areas_);
    if (kind_ == ScopeKind::domain) domains_.insert(registrable_domain(seed.host()));
  }
}

Scope::~Scope() = default;

Result<std::unique_ptr<Scope>> Scope::create(const CrawlConfig& config) {
  std::unique_ptr<Scope> scope(new Scope(config));
  if (Result<void> compiled = scope->compile(config); !compiled) {
    return tl::unexpected(compiled.error());
  }
  return scope;
}

Result<void> Scope::compile(const CrawlConfig& config) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  for (const UrlPattern& pattern : config.patterns) {
    auto regex = std::make_unique<re2::RE2>(pattern.regex, options);
    const bool include = pattern.verdict == UrlPattern::Verdict::include;
    if (!regex->ok()) {
      return fail("bad regular expression '{}': {}. The syntax is RE2's.", pattern.regex,
                  regex->error());
    }
    has_include_ = has_include_ || include;
    patterns_.push_back({pattern.verdict, std::move(regex)});
  }
  return {};
}

void Scope::open(const Url& seed, Areas& areas) const {
  areas[std::string(without_root_dot(seed.host()))].push_back(
      {scope_port(seed), std::string(folder(seed.path()))});
}

bool Scope::lies_in(const Areas& areas, const Url& url, bool whole_host) const {
  const auto found = areas.find(without_root_dot(url.host()));
  if (found == areas.end()) return false;
  const std::uint16_t port = scope_port(url);
  return std::any_of(found->second.begin(), found->second.end(), [&](const Area& area) {
    return area.port == port && (whole_host || url.path().starts_with(area.prefix));
  });
}

bool Scope::in_scope(const Url& url, bool whole_host) const {
  switch (kind_) {
    case ScopeKind::any:
      return true;
    case ScopeKind::domain:
      return domains_.contains(registrable_domain(url.host()));
    case ScopeKind::host:
      whole_host = true;
      break;
    case ScopeKind::prefix:
      break;
  }
  if (lies_in(areas_, url, whole_host)) return true;
  const Lock lock(mutex_);
  return lies_in(adopted_, url, whole_host);
}

bool Scope::covers_host(const Url& url) const { return in_scope(url, true); }

void Scope::adopt(const Url& seed, const Url& target) {
  if (in_scope(target, false)) return;
  if (registrable_domain(seed.host()) != registrable_domain(target.host())) return;
  {
    const Lock lock(mutex_);
    open(target, adopted_);
  }
  ++changes_;
}

std::optional<Rule> Scope::judge_patterns(const Url& url, bool is_seed) const {
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (!re2::RE2::PartialMatch(url.href(), *pattern->regex)) continue;
    const bool include = pattern->verdict == UrlPattern::Verdict::include;
    return include ? std::nullopt : std::optional(Rule::pattern);
  }
  // What no pattern names is out where something is included, but a crawl may start
  // from a page that is not itself wanted.
  return has_include_ && !is_seed ? std::optional(Rule::pattern) : std::nullopt;
}

std::optional<Rule> Scope::judge_traps(const Found& found) const {
  if (found.hops > traps_.redirect_hops) return Rule::redirect_hops;
  if (found.url.href().size() > traps_.url_length) return Rule::url_length;
  const std::string_view path = found.url.path();
  const int segments = count_segments(path);
  if (segments > traps_.path_depth) return Rule::path_depth;
  if (segments > traps_.repeated_segments && most_repeats(path) > traps_.repeated_segments) {
    return Rule::repeated_segments;
  }
  return std::nullopt;
}

std::optional<Rule> Scope::judge(const Found& found) const {
  if (!found.requisite) {
    if (!in_scope(found.url, false)) return Rule::scope;
    if (depth_ && found.depth > *depth_) return Rule::depth;
  }
  if (!patterns_.empty()) {
    const bool may_start = found.depth == 0 || found.requisite;
    if (const auto rule = judge_patterns(found.url, may_start)) return rule;
  }
  return judge_traps(found);
}

}  // namespace weft
