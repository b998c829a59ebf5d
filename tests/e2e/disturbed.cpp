#include "e2e/disturbed.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/jobs.hpp"

namespace weft::test {

namespace {

std::uint64_t seed_to_use() {
  const char* given = std::getenv("WEFT_SEED");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

}  // namespace

Site linked_site(int pages) {
  Site site;
  for (int page = 0; page < pages; ++page) {
    std::string body = fmt::format("<title>page {}</title><p>{}</p>", page, std::string(300, 'x'));
    for (int link = 1; link <= 3; ++link) {
      body += fmt::format("<a href=\"/{}.html\">x</a>\n", (3 * page + link) % pages);
    }
    body += fmt::format("<a href=\"/missing-{}\">x</a><a href=\"/0.html#top\">x</a>", page % 50);
    site.files[fmt::format("/{}.html", page)] = body;
  }
  return site;
}

EndState end_state(const Workplace& here, const std::string& job) {
  EndState state;
  std::set<std::string> seen;
  const Records records = here.records(job);
  for (const nlohmann::json& record : records.all()) {
    if (record.at("kind") == "robots") continue;
    CHECK_MESSAGE(seen.insert(record.at("url")).second, "twice: ", record.at("url"));
    state.records.insert(record.at("url").dump() + record.at("outcome").dump() +
                         record.at("status").dump() + record.at("digest").dump());
  }
  state.settled = ask(here.path(job),
                      "SELECT url, state, outcome FROM url WHERE kind <> 'robots' ORDER BY 1, 2");
  CHECK(ask(here.path(job), "PRAGMA integrity_check") == Rows{"ok"});
  return state;
}

Chance::Chance() : seed_(seed_to_use()), random_(seed_) {}

std::uint64_t size_of(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

void wait_until_written(const Process& process, const std::string& path, std::uint64_t bytes) {
  while (size_of(path) < bytes && !process.has_ended()) std::this_thread::yield();
}

void run_and_kill(const Command& command, Chance& chance, std::chrono::microseconds longest) {
  const std::chrono::microseconds lives(chance.up_to(static_cast<std::uint64_t>(longest.count())));
  const auto end = std::chrono::steady_clock::now() + lives;
  Process process(command);
  while (std::chrono::steady_clock::now() < end && !process.has_ended()) std::this_thread::yield();
  process.send(SIGKILL);
  process.wait();
}

}  // namespace weft::test
