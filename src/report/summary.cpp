#include "weft/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>
#include <utility>

#include "report/layout.hpp"
#include "weft/base/units.hpp"

namespace weft {

namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kIndent = 13;  // where what a label names begins
constexpr std::size_t kShownHosts = 8;
constexpr std::size_t kShownTroubles = 5;
constexpr std::size_t kHostColumns = 44;

using Count = std::pair<std::string, std::uint64_t>;

double per_second(std::uint64_t count, Clock::duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string headline(const SummaryInput& input) {
  const Totals& totals = input.tally.totals;
  const std::uint64_t all = totals.pages();
  const std::uint64_t pages = all - std::min(all, input.pages_before);
  std::string line = fmt::format("{} in {}", counted(pages, input.noun), to_text(input.elapsed));
  if (pages > 0)
    line += fmt::format(" ({:.1f} {}s/s)", per_second(pages, input.elapsed), input.noun);
  if (input.pages_before > 0) line += fmt::format(", {} in all", all);
  if (totals.bytes.count > 0) line += ", " + to_text(totals.bytes);
  if (totals.wire_bytes.count > 0 && totals.wire_bytes != totals.bytes) {
    line += fmt::format(" ({} as received)", to_text(totals.wire_bytes));
  }
  return line + '\n';
}

// One count a line under one label, the numbers aligned.
std::string counts_block(std::string_view label, const std::vector<Count>& counts) {
  std::size_t name_width = 0;
  std::size_t number_width = 0;
  for (const auto& [name, number] : counts) {
    name_width = std::max(name_width, name.size());
    number_width = std::max(number_width, fmt::formatted_size("{}", number));
  }
  std::string block;
  for (const auto& [name, number] : counts) {
    const std::string_view shown = block.empty() ? label : std::string_view();
    fmt::format_to(std::back_inserter(block), "  {:<{}}{:<{}}  {:>{}}\n", shown, kIndent - 2, name,
                   name_width, number, number_width);
  }
  return block;
}

std::string outcomes_block(const Totals& totals) {
  std::vector<Count> counts;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (totals.outcomes[i] > 0) counts.emplace_back(kOutcomeNames[i], totals.outcomes[i]);
  }
  const bool all_is_well = counts.size() == 1 && totals.of(Outcome::ok) > 0;
  return all_is_well ? std::string() : counts_block("outcomes", counts);
}

std::string changes_block(const Changes& changes) {
  if (changes.sum() == 0) return {};
  const std::string text = fmt::format("{} new, {} changed, {} unchanged, {} gone", changes.fresh,
                                       changes.changed, changes.unchanged, changes.gone);
  return labelled("since last", text, kIndent, kColumns);
}

std::string besides_block(const Totals& totals) {
  if (totals.sitemaps == 0) return {};
  return labelled("besides", counted(totals.sitemaps, "sitemap"), kIndent, kColumns);
}

// The end of a long name tells hosts of one site apart less than it tells sites apart.
std::string short_host(const std::string& host) {
  if (host.size() <= kHostColumns) return host;
  return "..." + host.substr(host.size() - (kHostColumns - 3));
}

std::string host_line(std::string_view host, const HostTally& tally, std::size_t width) {
  return fmt::format("    {:<{}}  {:>8}  {:>8}  {:>10}\n", host, width, tally.pages, tally.errors,
                     to_text(tally.bytes));
}

// The hosts with the most pages, then those with the most errors that are not among them.
std::vector<NamedHostTally> shown_hosts(const TallySnapshot& tally) {
  std::vector<NamedHostTally> shown;
  const auto add = [&](const std::vector<NamedHostTally>& hosts, std::size_t most) {
    for (const NamedHostTally& host : hosts) {
      const auto is_host = [&](const NamedHostTally& other) { return other.host == host.host; };
      if (shown.size() == most) return;
      if (std::none_of(shown.begin(), shown.end(), is_host)) shown.push_back(host);
    }
  };
  add(tally.by_pages, tally.by_errors.empty() ? kShownHosts : kShownHosts - 2);
  add(tally.by_errors, kShownHosts);
  return shown;
}

std::string hosts_block(const TallySnapshot& tally, std::string_view noun) {
  if (tally.hosts < 2) return {};
  const std::vector<NamedHostTally> hosts = shown_hosts(tally);
  const bool some_forgotten = tally.others.pages + tally.others.errors > 0;
  const std::string_view forgotten = "others, no longer told apart";
  std::size_t width = some_forgotten ? forgotten.size() : 5;
  for (const NamedHostTally& host : hosts) width = std::max(width, short_host(host.host).size());

  std::string block = fmt::format("  {:<{}}  {:>8}  {:>8}  {:>10}\n", "hosts", width + 2,
                                  fmt::format("{}s", noun), "errors", "size");
  for (const auto& [host, of_host] : hosts) block += host_line(short_host(host), of_host, width);
  if (some_forgotten) block += host_line(forgotten, tally.others, width);
  if (tally.hosts > hosts.size()) {
    block += fmt::format("    and {}\n", counted(tally.hosts - hosts.size(), "more host"));
  }
  return block;
}

std::string set_aside_block(const std::vector<TroubledHost>& hosts) {
  std::string block;
  for (std::size_t i = 0; i < std::min(hosts.size(), kShownTroubles); ++i) {
    const std::string text = printable(fmt::format("{}: {}", hosts[i].host, hosts[i].reason));
    block += labelled(i == 0 ? "set aside" : "", text, kIndent, kColumns);
  }
  if (hosts.size() > kShownTroubles) {
    const std::string more = "and " + counted(hosts.size() - kShownTroubles, "more host");
    block += labelled("", more, kIndent, kColumns);
  }
  return block;
}

std::string html_block(const ReadCounts& html) {
  if (html.scanned + html.parsed == 0) return {};
  std::string text =
      fmt::format("{} scanned, {} parsed", counted(html.scanned, "page"), html.parsed);
  if (html.audited > 0) {
    text += fmt::format(
        "; {} of them by both, {}", html.audited,
        html.differed == 0 ? "the same links" : fmt::format("{} with other links", html.differed));
  }
  std::string block = labelled("html", text, kIndent, kColumns);
  if (html.costly > 0) {
    const std::string costly =
        fmt::format("too costly to parse, read by their tags alone: {} of {}",
                    counted(html.costly, "page"), counted(html.costly_hosts, "host"));
    block += labelled("", costly, kIndent, kColumns);
  }
  return block;
}

std::string end_block(const SummaryInput& input) {
  std::string block;
  const std::string left =
      input.left_in_queue > 0 ? counted(input.left_in_queue, "URL") + " left in the queue" : "";
  if (!input.stopped_because.empty()) {
    const std::string why = printable(input.stopped_because);
    block += labelled("stopped", left.empty() ? why : why + "; " + left, kIndent, kColumns);
  } else if (!left.empty()) {
    block += labelled("not done", left, kIndent, kColumns);
  }
  for (const ResultPlace& place : input.results) {
    block += fmt::format("  {:<{}}{}\n", place.what, kIndent - 2, place.path);
  }
  if (!input.go_on.empty()) {
    block += fmt::format("  {:<{}}{}\n", "go on", kIndent - 2, input.go_on);
  }
  return block;
}

}  // namespace

std::string summary_text(const SummaryInput& input) {
  const Totals& totals = input.tally.totals;
  std::string text = headline(input);
  for (const std::string& block :
       {outcomes_block(totals) + besides_block(totals) + changes_block(totals.changes) +
            html_block(input.html),
        hosts_block(input.tally, input.noun),
        counts_block("refused", {input.refused.begin(), input.refused.end()}),
        set_aside_block(input.set_aside), end_block(input)}) {
    if (!block.empty()) text += '\n' + block;
  }
  return text;
}

}  // namespace weft
