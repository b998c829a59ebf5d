// The test program's main, and its closing line: "N passed, N failed", with
// ", N skipped" where tests had nothing to test with and so asserted nothing.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

struct Tally {
  unsigned passed = 0;
  unsigned failed = 0;
  std::vector<std::string> skipped;
};
Tally tally;

class TallyListener final : public doctest::IReporter {
 public:
  explicit TallyListener(const doctest::ContextOptions& /*options*/) {}

  void test_case_start(const doctest::TestCaseData& test) override { name_ = test.m_name; }
  void test_case_end(const doctest::CurrentTestCaseStats& test) override {
    if (test.failure_flags != 0) {
      ++tally.failed;
    } else if (test.numAssertsCurrentTest == 0) {
      tally.skipped.push_back(name_);
    } else {
      ++tally.passed;
    }
  }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& /*run*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*assertion*/) override {}
  void log_message(const doctest::MessageData& /*message*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}

 private:
  std::string name_;
};
DOCTEST_REGISTER_LISTENER("tally", 1, TallyListener);

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  const int result = context.run();
  if (context.shouldExit()) return result;  // --help, --list-test-cases, ...

  for (const std::string& name : tally.skipped) std::printf("skipped: %s\n", name.c_str());
  std::printf("%u passed, %u failed", tally.passed, tally.failed);
  if (!tally.skipped.empty()) std::printf(", %zu skipped", tally.skipped.size());
  std::printf("\n");
  return result;
}
