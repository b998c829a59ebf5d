// The real program, run in a directory of its own, and the records it leaves there.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::test {

// What pages.jsonl holds, in its order.
class Records {
 public:
  // Fails the test at a line that is not one whole JSON object.
  explicit Records(std::string_view text);

  const std::vector<nlohmann::json>& all() const { return records_; }

  // Pages with this outcome, by URL, in the file's order.
  std::vector<std::string> pages(std::string_view outcome) const;

  // The one record of a URL; fails the test where there is none, or more.
  const nlohmann::json& of(std::string_view url) const;
  std::string outcome_of(std::string_view url) const { return of(url).at("outcome"); }

 private:
  std::vector<nlohmann::json> records_;
};

// A user's directory, in which the program is run.
class Workplace {
 public:
  Command command(std::vector<std::string> words, std::string input = {}) const;
  Ended run(std::vector<std::string> words, std::string input = {}) const {
    return test::run(command(std::move(words), std::move(input)));
  }

  std::string path(const std::string& name) const { return directory_ / name; }
  void write(const std::string& name, std::string_view text) const { write_file(path(name), text); }
  std::string read(const std::string& name) const { return contents(path(name)); }
  Records records(const std::string& job = "job") const {
    return Records(read(job + "/pages.jsonl"));
  }
  std::vector<std::string> files() const;  // everything in it, sorted

 private:
  const TempDir directory_;
};

// May file systems be made, in a namespace of their own? If not, says what is skipped.
bool may_mount();

}  // namespace weft::test
