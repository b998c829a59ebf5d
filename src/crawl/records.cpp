// What is written down of a task, and how it reaches the sinks, the journal and the frontier.
#include "crawl/crawl_handler.hpp"
#include "crawl/robots_note.hpp"
#include "weft/engine/job_tasks.hpp"

namespace weft {

Outcome outcome_of(int status) {
  if (status >= 200 && status < 300) return Outcome::ok;
  return status == 304 ? Outcome::not_modified : Outcome::http_error;
}

void fail_decoding(Record& record, Outcome outcome, const std::string& message) {
  record.outcome = outcome;
  record.error = RecordError{std::string(name(outcome)), message};
}

Record CrawlHandler::record(const Task& task) const {
  return {.sequence = task.sequence,
          .url = task.url.href(),
          .kind = task.kind,
          .depth = task.depth,
          .via = task.via == nullptr ? std::string() : task.via->url,
          .attempts = task.attempts,
          .fetched_at = shared_.clock.wall(),
          .host = host_key(task.url).name};
}

Record CrawlHandler::record(const Task& task, const TransferResult& result) const {
  const Response& response = result.response;
  Record record = this->record(task);
  record.outcome = result.outcome == Outcome::ok ? outcome_of(response.status) : result.outcome;
  record.status = response.status;
  record.wire_bytes = response.body.size();
  record.ms = response.timings;
  record.ip = response.ip;
  record.http = response.http_version;
  record.etag = response.headers.get("ETag").value_or("");
  record.last_modified = response.headers.get("Last-Modified").value_or("");
  if (result.outcome != Outcome::ok) {
    record.error = RecordError{std::string(name(result.outcome)), result.message};
  } else if (record.outcome == Outcome::http_error) {
    record.error = RecordError{"http_error", fmt::format("status {}", response.status)};
  }
  return record;
}

Record CrawlHandler::unasked(const Task& task, Outcome outcome, RecordError error,
                             std::string rule) const {
  Record record = this->record(task);
  record.outcome = outcome;
  record.fetched_at.reset();
  record.error = std::move(error);
  record.rule = std::move(rule);
  return record;
}

// Where robots.txt could not be had because the host was not reached, that is what happened
// to the page: no rule has refused it.
Settlement CrawlHandler::refuse_by_robots(const Task& task, Outcome outcome, RecordError error) {
  const bool refused = outcome == Outcome::refused_robots;
  if (refused) shared_.refused.add(Rule::robots);
  if (shared_.on_planned) shared_.on_planned(task.url, name(Rule::robots));
  write(unasked(task, outcome, std::move(error), refused ? std::string(name(Rule::robots)) : ""));
  return {};
}

void CrawlHandler::give_up(const Task& task, Outcome outcome, const std::string& message) {
  Record record = unasked(task, outcome, {std::string(name(outcome)), message}, "");
  if (task.kind != TaskKind::robots) return write(std::move(record));
  settle_robots(unreachable(*task.robots_for, outcome, message), std::move(record));
}

void CrawlHandler::compare(const Task& task, Record& record) {
  const LastVisit* const last = task.last_visit.get();
  const bool was_had = last != nullptr && last->was_had();
  if (record.outcome == Outcome::not_modified) {
    record.change = "unchanged";
    if (was_had) record.digest = last->digest;
  } else if (record.outcome == Outcome::ok) {
    record.change = !was_had ? "new" : record.digest == last->digest ? "unchanged" : "changed";
  } else if (was_had && (record.status == 404 || record.status == 410)) {
    record.change = "gone";
  }
}

std::shared_ptr<const Via> CrawlHandler::via_of(const Task& task) {
  return std::make_shared<const Via>(Via{task.sequence, task.url.href()});
}

// The journal has it before the frontier does: what may be fetched is written down.
void CrawlHandler::deliver(JournalEntry entry) {
  Admissions found = std::exchange(found_, {});
  number_tasks(found.tasks, shared_.frontier, shared_.keeps_job, entry);
  entry.refused = std::move(found.refused);
  const bool failed =
      entry.record && is_failure(entry.record->outcome) && entry.record->kind == RecordKind::page;
  shared_.sinks.push(std::move(entry));  // where it cannot, the crawl is being stopped
  if (!found.tasks.empty()) shared_.frontier.push(std::move(found.tasks));
  if (failed && shared_.config.fail_fast) {
    shared_.stop(StopHow::finish_transfers, StopReason::first_failure);
  }
}

}  // namespace weft
