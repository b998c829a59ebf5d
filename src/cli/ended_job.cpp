#include "cli/ended_job.hpp"

#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/kept_job.hpp"

namespace weft {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kEnd = "end";

Json to_json(const HostTally& tally) { return {tally.pages, tally.errors, tally.bytes.count}; }

HostTally host_tally_of(const Json& json) {
  return {.pages = json.at(0).get<std::uint64_t>(),
          .errors = json.at(1).get<std::uint64_t>(),
          .bytes = {json.at(2).get<std::uint64_t>()}};
}

Json to_json(const std::vector<NamedHostTally>& hosts) {
  Json list = Json::array();
  for (const auto& [host, tally] : hosts) list.push_back({host, to_json(tally)});
  return list;
}

std::vector<NamedHostTally> hosts_of(const Json& list) {
  std::vector<NamedHostTally> hosts;
  for (const Json& host : list) {
    hosts.push_back({host.at(0).get<std::string>(), host_tally_of(host.at(1))});
  }
  return hosts;
}

Json to_json(const Totals& totals) {
  const Changes& changes = totals.changes;
  return {{"outcomes", totals.outcomes},
          {"robots", totals.robots},
          {"sitemaps", totals.sitemaps},
          {"bytes", totals.bytes.count},
          {"wire_bytes", totals.wire_bytes.count},
          {"changes", {changes.fresh, changes.changed, changes.unchanged, changes.gone}}};
}

Totals totals_of(const Json& json) {
  const Json& changes = json.at("changes");
  Totals totals{.robots = json.at("robots").get<std::uint64_t>(),
                .sitemaps = json.at("sitemaps").get<std::uint64_t>(),
                .bytes = {json.at("bytes").get<std::uint64_t>()},
                .wire_bytes = {json.at("wire_bytes").get<std::uint64_t>()},
                .changes = {.fresh = changes.at(0).get<std::uint64_t>(),
                            .changed = changes.at(1).get<std::uint64_t>(),
                            .unchanged = changes.at(2).get<std::uint64_t>(),
                            .gone = changes.at(3).get<std::uint64_t>()}};
  const Json& outcomes = json.at("outcomes");
  for (std::size_t i = 0; i < kOutcomes; ++i) totals.outcomes[i] = outcomes.at(i);
  return totals;
}

Json to_json(const JobEnd& end) {
  Json set_aside = Json::array();
  for (const auto& [host, reason] : end.set_aside) set_aside.push_back({host, reason});
  return {{"totals", to_json(end.tally.totals)},       {"by_pages", to_json(end.tally.by_pages)},
          {"by_errors", to_json(end.tally.by_errors)}, {"hosts", end.tally.hosts},
          {"others", to_json(end.tally.others)},       {"refused", end.refused},
          {"set_aside", std::move(set_aside)}};
}

JobEnd end_of(const Json& json) {
  JobEnd end{.tally = {.totals = totals_of(json.at("totals")),
                       .by_pages = hosts_of(json.at("by_pages")),
                       .by_errors = hosts_of(json.at("by_errors")),
                       .hosts = json.at("hosts").get<std::size_t>(),
                       .others = host_tally_of(json.at("others"))}};
  for (const auto& [rule, count] : json.at("refused").items()) {
    end.refused[rule] = count.get<std::uint64_t>();
  }
  for (const Json& host : json.at("set_aside")) {
    end.set_aside.push_back({host.at(0).get<std::string>(), host.at(1).get<std::string>()});
  }
  return end;
}

}  // namespace

std::vector<TroubledHost> troubled(const std::vector<HostTrouble>& troubles) {
  std::vector<TroubledHost> hosts;
  for (const HostTrouble& trouble : troubles) hosts.push_back({trouble.host, trouble.reason});
  return hosts;
}

// What a server has said may be no UTF-8.
Result<void> remember_end(JobDb& db, const JobEnd& end) {
  return db.put_meta(kEnd, to_json(end).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<std::optional<JobEnd>> recall_end(JobDb& db) {
  const auto is_done = db.is_done();
  if (!is_done) return tl::unexpected(is_done.error());
  if (!*is_done) return std::nullopt;
  const auto text = recall(db, kEnd);
  if (!text) return tl::unexpected(text.error());
  try {
    return end_of(Json::parse(*text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::uint64_t settled_in(const Totals& totals) {
  return std::accumulate(totals.outcomes.begin(), totals.outcomes.end(),
                         totals.robots + totals.sitemaps);
}

}  // namespace weft
