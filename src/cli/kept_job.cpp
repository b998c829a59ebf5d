#include "cli/kept_job.hpp"

#include <filesystem>

#ifndef WEFT_VERSION
#define WEFT_VERSION "0 (built by hand)"
#endif

namespace weft {
namespace {

Result<void> remember_options(JobDb& db, const SavedOptions& options) {
  const auto json = to_json(options);
  if (!json) return tl::unexpected(json.error());
  return db.put_meta("options", *json);
}

std::vector<std::string> logins_of(const std::vector<Url>& seeds) {
  std::vector<std::string> logins;
  for (const Url& seed : seeds) {
    if (seed.has_credentials()) logins.push_back(seed.href());
  }
  return logins;
}

Result<std::vector<Url>> recall_logins(JobDb& db) {
  const auto json = recall(db, "logins");
  if (!json) return tl::unexpected(json.error());
  std::vector<Url> logins;
  if (json->empty()) return logins;
  const auto texts = parse_texts(*json);
  if (!texts) return tl::unexpected(texts.error());
  for (const std::string& text : *texts) {
    auto url = Url::parse(text);
    if (!url) return fail("a login is no URL");  // which would show its password
    logins.push_back(std::move(*url));
  }
  return logins;
}

Result<SavedOptions> recall_options(JobDb& db, std::string_view expected) {
  const auto command = recall(db, "command");
  if (!command) return tl::unexpected(command.error());
  if (command->empty()) return fail("it was stopped before it had begun");
  if (*command != expected) {
    return fail("it is a job of 'weft {}'", *command);
  }
  const auto json = recall(db, "options");
  if (!json) return tl::unexpected(json.error());
  return parse_saved_options(*json);
}

}  // namespace

Result<std::string> recall(JobDb& db, std::string_view key) {
  auto text = db.meta(key);
  if (!text) return tl::unexpected(std::move(text).error());
  return text->value_or("");
}

Started<void> remember_start(JobDb& db, const JobStart& start) {
  const auto options = to_json(start.options);
  if (!options) return wrong_use(options.error());
  Result<void> done = db.put_meta("command", start.command)
                          .and_then([&] { return db.put_meta("weft_version", WEFT_VERSION); })
                          .and_then([&] { return db.put_meta("options", *options); });
  for (const auto& [key, text] : start.texts) {
    if (done && !text.empty()) done = db.put_meta(key, text);
  }
  if (done) done = db.commit();
  if (!done) return refuse(ExitCode::cannot_write, std::move(done).error());
  return {};
}

Started<void> remember_crawl(JobDb& db, const CrawlOptions& options) {
  const auto logins = logins_of(options.crawl.seeds);
  return remember_start(db, {.command = kCrawlJob,
                             .options = options.to_save,
                             .texts = {{"logins", logins.empty() ? "" : to_json(logins)}}});
}

Result<void> remember_change(JobDb& db, const GivenAnew& given) {
  return remember_options(db, given.options)
      .and_then([&] { return db.put_meta(kJudgeAgain, given.changes_scope ? "yes" : ""); })
      .and_then([&] { return db.put_meta(kBeginVisit, given.begins_visit ? "yes" : ""); })
      .and_then([&] { return db.commit(); });
}

Started<KeptJob> open_kept_job(const std::string& path, std::string_view command) {
  std::error_code ignored;
  if (!std::filesystem::exists(path + "/job.db", ignored)) {  // say so before a lock is made
    auto none = JobDb::open(path);
    if (!none) return wrong_use(std::move(none).error());
  }
  auto dir = JobDir::open(path);
  if (!dir) return tl::unexpected(std::move(dir).error());
  auto db = JobDb::open(path);
  if (!db) return wrong_use(std::move(db).error());

  const auto refuse_it = [&path](const Error& why) {
    return wrong_use(
        {fmt::format("cannot go on with the job '{}': {}. Start afresh in another "
                     "directory.",
                     path, why.message)});
  };
  auto options = recall_options(**db, command);
  if (!options) return refuse_it(options.error());
  auto logins = recall_logins(**db);
  if (!logins) return refuse_it(logins.error());
  auto judge_again = recall(**db, kJudgeAgain);
  if (!judge_again) return refuse_it(judge_again.error());
  auto begin_visit = recall(**db, kBeginVisit);
  if (!begin_visit) return refuse_it(begin_visit.error());
  return KeptJob{.dir = std::move(*dir),
                 .db = std::move(*db),
                 .options = std::move(*options),
                 .logins = std::move(*logins),
                 .must_judge_again = !judge_again->empty(),
                 .must_begin_visit = !begin_visit->empty()};
}

}  // namespace weft
