#include "cli/resume_command.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "cli/help.hpp"
#include "cli/options.hpp"

namespace weft {
namespace {

using Strings = std::vector<std::string>;

ResumeRequest read(const Strings& words) {
  CrawlOptions options;
  auto request = read_resume(words, crawl_options(options));
  REQUIRE_MESSAGE(request, request.error().message);
  REQUIRE(*request);
  return **request;
}

std::string refusal(const Strings& words) {
  CrawlOptions options;
  const auto request = read_resume(words, crawl_options(options));
  return request ? "" : request.error().message;
}

TEST_CASE("a job is resumed by its directory alone") {
  const ResumeRequest request = read({"site.weft"});
  CHECK(request.job == "site.weft");
  CHECK_FALSE(request.update);
  CHECK_FALSE(request.judge_again);
  CHECK(request.anew.empty());
}

TEST_CASE("what is given anew is for the job, and what is of one run for this one") {
  const ResumeRequest request = read({"-j", "8", "site.weft", "-q", "--wait", "1s"});
  CHECK(request.anew == SavedOptions{{"jobs", "8"}, {"wait", "1s"}});
  CHECK(request.for_this_run == SavedOptions{{"quiet", ""}});
  CHECK_FALSE(request.judge_again);
}

TEST_CASE("what changes the scope has everything judged again") {
  for (const Strings& given :
       {Strings{"--scope", "any"}, Strings{"--depth", "3"}, Strings{"--include", "a"},
        Strings{"--exclude", "a"}, Strings{"--max-path-depth", "9"},
        Strings{"--max-url-length", "99"}, Strings{"--max-repeats", "2"}}) {
    CAPTURE(given.front());
    CHECK(read({"site.weft", given[0], given[1]}).judge_again);
  }
}

TEST_CASE("what a job was built on cannot be changed") {
  CHECK(refusal({"site.weft", "--strip-query", "sid"}) ==
        "--strip-query cannot be changed when a job is resumed: what the job holds was fetched "
        "under what was said first. Leave it out, or start afresh with -o in another directory.");
  for (const Strings& given :
       {Strings{"-o", "x"}, Strings{"-i", "x"}, Strings{"--config", "x"}, Strings{"--no-job"},
        Strings{"--dry-run"}, Strings{"--jsonl", "x"}, Strings{"--links", "x"},
        Strings{"-H", "A: b"}, Strings{"--agent", "x"}, Strings{"--no-robots"},
        Strings{"--order", "input"}, Strings{"--update", "x"}, Strings{"--log-file", "x"}}) {
    CAPTURE(given.front());
    Strings words{"site.weft"};
    words.insert(words.end(), given.begin(), given.end());
    CHECK(refusal(words).find("cannot be changed when a job is resumed") != std::string::npos);
  }
}

TEST_CASE("a value is checked before the job is touched") {
  CHECK(refusal({"site.weft", "-j", "many"}) == "--jobs: 'many' is not a whole number");
  CHECK(refusal({"site.weft", "--exclude", "("}).starts_with("--exclude: bad regular expression"));
}

TEST_CASE("one job and nothing else is resumed") {
  CHECK(refusal({}).starts_with("no job given"));
  CHECK(refusal({"site.weft", "http://a/"}).find("without URLs") != std::string::npos);
  CHECK(refusal({"site.weft", "--jbos", "3"}).find("did you mean --jobs?") != std::string::npos);
}

TEST_CASE("--update asks for a job instead of URLs, with what a job may be given") {
  const auto update = read_update(Strings{"--update", "site.weft", "-j", "8"});
  REQUIRE(update);
  REQUIRE(*update);
  CHECK((*update)->job == "site.weft");
  CHECK((*update)->update);
  CHECK((*update)->anew == SavedOptions{{"jobs", "8"}});

  for (const Strings& words :
       {Strings{"--update", "site.weft", "http://a/"}, Strings{"--update", "a", "--update", "b"},
        Strings{"--update", "a", "-i", "x"}, Strings{"--update", "a", "-o", "x"},
        Strings{"--update", "a", "--no-job"}, Strings{"--update", ""}}) {
    CAPTURE(words.back());
    CHECK_FALSE(read_update(words));
  }
}

TEST_CASE("without --update a crawl is a new one") {
  for (const Strings& words :
       {Strings{"http://a/"}, Strings{"--help", "--update", "a"}, Strings{"--updaet", "a"}}) {
    const auto update = read_update(words);
    REQUIRE(update);
    CHECK_FALSE(update->has_value());
  }
}

TEST_CASE("the help of resume fits 80 columns and names what may be given, and no more") {
  const std::string help = resume_help();
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= kHelpColumns);
  }
  CrawlOptions options;
  const std::set<InJob> shown{InJob::may_change, InJob::judges, InJob::each_run};
  for (const OptionGroup& group : crawl_options(options)) {
    for (const Option& option : group.options) {
      CAPTURE(option.name);
      CHECK((help.find("--" + option.name + (option.value.empty() ? "" : " ")) !=
             std::string::npos) == shown.contains(option.in_job));
    }
  }
}

}  // namespace
}  // namespace weft
