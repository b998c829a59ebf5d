// What changes a job between two runs: output that was lost, a scope that is new, another visit.
#include <algorithm>
#include <array>
#include <utility>

#include "store/job_state.hpp"
#include "weft/url/identity.hpp"

namespace weft {

namespace {

constexpr int kBatch = 1024;  // rows in memory at a time

// The rules that a change of the scope's options can turn. What robots.txt, the page itself
// or a count refused stays refused.
constexpr const char* kScopeRules =
    "'scope', 'pattern', 'depth', 'url-length', 'path-depth', 'repeated-segments'";

std::string queued_pages_sql() {
  return fmt::format(
      "SELECT {} FROM url_admitted u LEFT JOIN url_admitted v ON v.id = u.via_id "
      "WHERE u.id >= ? AND u.state = 0 AND u.kind = 0 ORDER BY u.id LIMIT {}",
      kTaskColumns, kBatch);
}

// A refused URL with the columns of a page that would be queued (as the gate queues them).
std::string refused_sql(std::string_view which) {
  return fmt::format(
      "SELECT u.id, u.url, 0, u.depth, u.via_id, CASE u.requisite WHEN 1 THEN 1 ELSE 2 END, 0, "
      "u.requisite, u.fingerprint, NULL, v.url, u.rule "
      "FROM url_refused u LEFT JOIN url_admitted v ON v.id = u.via_id WHERE {}",
      which);
}

RefusedUrl refusal_of(const StoredTask& task, std::string rule) {
  return {.url = task.url.url,
          .rule = std::move(rule),
          .depth = task.url.depth,
          .via = task.url.via,
          .fingerprint = task.url.fingerprint,
          .requisite = task.url.requisite};
}

std::string host_of(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? host_key(*parsed).name : std::string();
}

}  // namespace

// --- output that was lost ---

Result<std::uint64_t> JobDb::take_back_past(std::uint64_t size) {
  State& state = *state_;
  Database& database = *state.database;
  std::uint64_t taken_back = 0;
  std::uint64_t end = 0;
  state.begin_step(JobReading::Step::opening, 0);
  auto done = state.whole([&]() -> Result<void> {
    // What was never admitted (robots.txt) is asked for when it is needed: forgotten.
    constexpr std::array kChanges{
        "DELETE FROM url_admitted WHERE fingerprint IS NULL AND id IN "
        "(SELECT url_id FROM fetch WHERE output_end > ?)",
        "UPDATE url_admitted SET state = 0, outcome = 0, attempts = 0, rule = NULL WHERE id IN "
        "(SELECT url_id FROM fetch WHERE output_end > ?)",
        "DELETE FROM fetch WHERE output_end > ?"};
    for (const char* change : kChanges) {
      if (auto changed = Statement(database, change).bind(size).run(); !changed) return changed;
      taken_back = database.rows_changed();
    }
    Statement last(database, "SELECT coalesce(max(output_end), 0) FROM fetch");
    if (last.next()) end = last.number(0);
    if (auto read = last.finish(); !read) return read;
    state.outputs.clear();
    if (taken_back > 0) {
      if (auto put = state.put_not_done(); !put) return put;
    }
    return state.put_meta("output_end", std::to_string(end));
  });
  if (!done) return tl::unexpected(done.error());
  return taken_back;
}

Result<std::vector<KeptFile>> JobDb::files_past(std::uint64_t end) {
  const auto first = state_->first_of_batch();
  if (!first) return tl::unexpected(first.error());
  Statement select(*state_->database,
                   "SELECT id, file, bytes, digest, file_modified_ns FROM fetch "
                   "JOIN url_admitted ON id = url_id "
                   "WHERE id >= ? AND output_end > ? AND file NOT NULL AND outcome = ?");
  select.bind(*first, end, outcome_number(Outcome::ok));
  std::vector<KeptFile> files;
  while (select.next()) {
    files.push_back({.id = select.number(0),
                     .path = std::string(select.text(1)),
                     .size = select.number(2),
                     .digest = std::string(select.text(3)),
                     .modified = select.is_null(4)
                                     ? std::nullopt
                                     : std::optional(wall_time_of_ns(select.number(4)))});
  }
  if (auto done = select.finish(); !done) return tl::unexpected(std::move(done).error());
  return files;
}

// --- a scope that is new ---

Result<std::uint64_t> JobDb::State::judge_queued(const Judge& judge) {
  Statement select(*database, queued_pages_sql());
  Statement remove(*database, "DELETE FROM url_admitted WHERE id = ?");
  Statement forget(*database, "DELETE FROM fetch WHERE url_id = ?");  // of the visit before
  std::uint64_t count = 0;
  for (std::uint64_t from = 0, end = 0;; from = end) {
    std::vector<std::pair<StoredTask, std::string>> refused;
    select.bind(from);
    while (select.next()) {
      StoredTask task = read_task(select);
      end = task.url.id + 1;
      reach(end);
      if (auto rule = judge(task)) refused.emplace_back(std::move(task), std::move(*rule));
    }
    if (auto done = select.finish(); !done) return tl::unexpected(done.error());
    if (end == from) return count;
    for (const auto& [task, rule] : refused) {
      auto done = remove.bind(task.url.id).run();
      if (done) done = forget.bind(task.url.id).run();
      if (done) done = refuse(refusal_of(task, rule));
      if (!done) return tl::unexpected(done.error());
      ++count;
    }
  }
}

Result<std::vector<JobDb::State::Candidate>> JobDb::State::judge_refused(const Judge& judge,
                                                                         std::uint64_t next_id,
                                                                         std::uint64_t before) {
  Statement select(*database, refused_sql(fmt::format("u.id >= ? AND u.id < ? AND u.rule IN ({}) "
                                                      "ORDER BY u.id LIMIT {}",
                                                      kScopeRules, kBatch)));
  Statement change_rule(*database, "UPDATE url_refused SET rule = ?2 WHERE id = ?1");
  std::vector<Candidate> candidates;
  for (std::uint64_t from = kFirstRefusedId, end = from;; from = end) {
    std::vector<std::pair<std::uint64_t, std::string>> changed;
    select.bind(from, before);
    while (select.next()) {
      StoredTask task = read_task(select);
      task.url.host = host_of(task.url.url);
      end = task.url.id + 1;
      reach(next_id + end - kFirstRefusedId);
      auto rule = judge(task);
      if (!rule) {
        candidates.push_back({task.url.fingerprint, task.url.id});
      } else if (*rule != select.text(kTaskColumnCount)) {
        changed.emplace_back(task.url.id, std::move(*rule));
      }
    }
    if (auto done = select.finish(); !done) return tl::unexpected(done.error());
    if (end == from) return candidates;
    for (const auto& [id, rule] : changed) {
      auto done = change_rule.bind(id, rule).run();
      if (!done) return tl::unexpected(done.error());
    }
  }
}

// A URL may have been refused in one place (too deep) and admitted in another, or have been
// refused twice: the first candidate of each fingerprint that is not admitted is good.
Result<void> JobDb::State::mark_known(std::vector<Candidate>& candidates) {
  std::sort(candidates.begin(), candidates.end());
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    candidates[i].known = candidates[i].fingerprint == candidates[i - 1].fingerprint;
  }
  Statement select(*database,
                   "SELECT fingerprint FROM url_admitted WHERE kind = 0 AND fingerprint NOT NULL");
  while (select.next()) {
    const std::uint64_t fingerprint = select.number(0);
    const auto found =
        std::lower_bound(candidates.begin(), candidates.end(), Candidate{fingerprint, 0});
    if (found != candidates.end() && found->fingerprint == fingerprint) found->known = true;
  }
  return select.finish();
}

Result<std::uint64_t> JobDb::State::admit_refused(std::vector<Candidate> candidates,
                                                  std::uint64_t next_id) {
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.refused_id < b.refused_id; });
  Statement select(*database, refused_sql("u.id = ?"));
  Statement remove(*database, "DELETE FROM url_refused WHERE id = ?");
  std::uint64_t count = 0;
  for (const Candidate& candidate : candidates) {
    select.bind(candidate.refused_id);
    AdmittedUrl url;
    if (select.next()) url = read_task(select).url;
    auto done = select.finish();
    if (done) done = remove.bind(candidate.refused_id).run();
    if (done && !candidate.known) {
      url.id = next_id + count++;
      url.host = host_of(url.url);
      done = admit(url);
    }
    if (!done) return tl::unexpected(done.error());
  }
  return count;
}

Result<JobDb::Judged> JobDb::judge_again(const Judge& judge) {
  State& state = *state_;
  if (auto done = state.load_hosts(); !done) return tl::unexpected(done.error());
  Judged judged;
  auto done = state.whole([&]() -> Result<void> {
    const auto next = next_id();
    if (!next) return tl::unexpected(next.error());
    const auto before = state.next_refused_id();
    if (!before) return tl::unexpected(before.error());
    state.begin_step(JobReading::Step::judging, *next + *before - kFirstRefusedId);
    const auto refused = state.judge_queued(judge);
    if (!refused) return tl::unexpected(refused.error());
    judged.refused = *refused;
    auto candidates = state.judge_refused(judge, *next, *before);
    if (!candidates) return tl::unexpected(candidates.error());
    if (auto marked = state.mark_known(*candidates); !marked) return marked;
    const auto admitted = state.admit_refused(std::move(*candidates), *next);
    if (!admitted) return tl::unexpected(admitted.error());
    judged.admitted = *admitted;
    if (*admitted > 0) {
      if (auto put = state.put_not_done(); !put) return put;
    }
    return state.put_meta(kJudgeAgain, "");
  });
  if (!done) return tl::unexpected(done.error());
  state.begin_step(JobReading::Step::opening, 0);
  return judged;
}

// --- another visit ---

Result<std::uint64_t> JobDb::visit() { return state_->number_in_meta("visit", 1); }

Result<void> JobDb::State::forget_troubles() {
  return database->run("UPDATE host SET times_set_aside = 0, trouble = '' WHERE slots NOT NULL");
}

Result<std::uint64_t> JobDb::begin_visit() {
  State& state = *state_;
  const auto number = visit();
  if (!number) return tl::unexpected(number.error());
  state.begin_step(JobReading::Step::queueing, 0);
  std::uint64_t queued = 0;
  auto done = state.whole([&]() -> Result<void> {
    // The ids of robots.txt fetches may be given anew: nothing may refer to them. The outcome
    // of the visit before stays with what is queued.
    const std::array changes{
        std::string("DELETE FROM robots"),
        std::string("DELETE FROM fetch WHERE url_id IN "
                    "(SELECT id FROM url_admitted WHERE kind = 1 AND state = 1)"),
        std::string("UPDATE url_admitted SET via_id = NULL WHERE via_id IN "
                    "(SELECT id FROM url_admitted WHERE kind = 1 AND state = 1)"),
        std::string("DELETE FROM url_admitted WHERE kind = 1 AND state = 1"),
        std::string("UPDATE fetch SET output_end = NULL WHERE output_end NOT NULL"),
        fmt::format("UPDATE url_admitted SET state = 0, attempts = 0, rule = NULL "
                    "WHERE state = 1 AND outcome <> {}",
                    outcome_number(Outcome::refused_scope))};
    for (const std::string& change : changes) {
      if (auto changed = state.database->run(change.c_str()); !changed) return changed;
    }
    queued = state.database->rows_changed();
    state.outputs.clear();
    if (auto forgotten = state.forget_troubles(); !forgotten) return forgotten;
    for (const auto& [key, value] : {std::pair<std::string_view, std::string>("output_end", "0"),
                                     {"visit", std::to_string(*number + 1)},
                                     {kBeginVisit, ""}}) {
      if (auto put = state.put_meta(key, value); !put) return put;
    }
    return state.put_not_done();
  });
  if (!done) return tl::unexpected(done.error());
  state.begin_step(JobReading::Step::opening, 0);
  return queued;
}

}  // namespace weft
