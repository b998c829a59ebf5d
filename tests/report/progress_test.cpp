#include "weft/report/progress.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "support/manual_clock.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using test::ManualClock;

// Sets or unsets a variable of the environment while it lives.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    const char* const before = std::getenv(name);
    if (before != nullptr) before_ = before;
    set(value);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }

  const char* name_;
  std::optional<std::string> before_;
};

std::string read_all(int fd) {
  std::string text;
  char chunk[4096];
  for (ssize_t n = 0; (n = ::read(fd, chunk, sizeof chunk)) > 0;) {
    text.append(chunk, static_cast<std::size_t>(n));
  }
  return text;
}

// A terminal of so many columns; written() is what has been written since last asked.
class Terminal {
 public:
  explicit Terminal(unsigned short columns) : screen_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    ::grantpt(screen_);
    ::unlockpt(screen_);
    fd_ = ::open(::ptsname(screen_), O_RDWR | O_NOCTTY);
    REQUIRE(fd_ >= 0);
    ::fcntl(screen_, F_SETFL, O_NONBLOCK);
    resize(columns);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(fd_);
    ::close(screen_);
  }

  void resize(unsigned short columns) {
    const winsize size{24, columns, 0, 0};
    ::ioctl(screen_, TIOCSWINSZ, &size);
  }
  int fd() const { return fd_; }
  std::string written() { return read_all(screen_); }

 private:
  int screen_;
  int fd_ = -1;
};

// A pipe: what is written where there is no terminal.
class Pipe {
 public:
  Pipe() { REQUIRE(::pipe2(ends_, O_NONBLOCK) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  int fd() const { return ends_[1]; }
  std::string written() { return read_all(ends_[0]); }

 private:
  int ends_[2];
};

ProgressState busy() {
  return {.pages = 1204,
          .in_flight = 64,
          .queued = 12077,
          .hosts = 3,
          .errors = 2,
          .bytes = 51_MiB,
          .waiting_for = "slow.example: 2s between requests",
          .elapsed = 34700ms};
}

struct OnTerminal {
  Environment term{"TERM", "xterm"};
  Environment no_color{"NO_COLOR", nullptr};
  ManualClock clock;
};

TEST_CASE_FIXTURE(OnTerminal, "a terminal gets one line, rewritten in place") {
  Terminal terminal(200);
  const Environment plain("NO_COLOR", "1");
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  CHECK(progress.mode() == ProgressMode::bar);
  progress.draw(busy());
  CHECK(terminal.written() ==
        "\r34s  1204 pages  64 in flight  12077 queued  3 hosts  2 errors  51.0 MiB  "
        "waiting for slow.example: 2s between requests\x1b[J\r");

  ProgressState next = busy();
  next.pages += 100;
  next.waiting_for.clear();
  clock.advance(2s);
  progress.draw(next);
  CHECK(terminal.written() ==
        "\r34s  1304 pages  50.0/s  64 in flight  12077 queued  3 hosts  2 errors  51.0 MiB"
        "\x1b[J\r");
}

TEST_CASE_FIXTURE(OnTerminal, "what is under way stands below, and the cursor before it all") {
  Terminal terminal(60);
  const Environment plain("NO_COLOR", "1");
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  ProgressState state{.noun = "file", .counts_bytes = true};
  state.transfers = {{1, "a", 1_MiB, 4_MiB}, {2, "b", 1_MiB, 2_MiB}};
  progress.draw(state);
  CHECK(terminal.written().ends_with(" 50%\x1b[J\x1b[2A\r"));
  clock.advance(1s);
  state.transfers = {{2, "b", Bytes{1536 << 10}, 2_MiB}};
  progress.draw(state);
  const std::string written = terminal.written();
  CHECK(written.find("\n  b") != std::string::npos);
  CHECK(written.find("512.0 KiB/s") != std::string::npos);
  CHECK(written.ends_with("1s left\x1b[J\x1b[1A\r"));
  progress.clear();
  CHECK(terminal.written() == "\r\x1b[J");
}

TEST_CASE_FIXTURE(OnTerminal, "what has not changed is not written again") {
  Terminal terminal(200);
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  progress.draw(busy());
  CHECK_FALSE(terminal.written().empty());
  progress.draw(busy());
  CHECK(terminal.written().empty());
}

TEST_CASE_FIXTURE(OnTerminal, "the line is taken away before other output and at the end") {
  Terminal terminal(200);
  {
    Progress progress(terminal.fd(), ProgressMode::automatic, clock);
    progress.clear();
    CHECK(terminal.written().empty());  // nothing stood there
    progress.draw(busy());
    (void)terminal.written();
    progress.clear();
    CHECK(terminal.written() == "\r\x1b[J");
    progress.draw(busy());  // comes back
    CHECK_FALSE(terminal.written().empty());
  }
  CHECK(terminal.written() == "\r\x1b[J");
}

TEST_CASE_FIXTURE(OnTerminal, "a narrow terminal gets the most telling parts") {
  const Environment plain("NO_COLOR", "1");
  struct Row {
    unsigned short columns;
    const char* line;
  };
  const Row rows[] = {
      {101,
       "34s  1204 pages  64 in flight  12077 queued  2 errors  "
       "waiting for slow.example: 2s between requests"},
      {80, "1204 pages  2 errors  waiting for slow.example: 2s between requests"},
      {40, "1204 pages  waiting for slow.example: 2"},
      {8, "1204 pa"},
      {1, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.columns);
    Terminal terminal(row.columns);
    Progress progress(terminal.fd(), ProgressMode::automatic, clock);
    progress.draw(busy());
    const std::string line = row.line;
    CHECK(terminal.written() == "\r" + line + "\x1b[J\r");
  }
}

TEST_CASE_FIXTURE(OnTerminal, "a terminal that is resized is measured anew") {
  Terminal terminal(80);
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  progress.draw(busy());
  (void)terminal.written();
  terminal.resize(8);
  progress.draw(busy());
  CHECK(terminal.written() == "\r1204 pa\x1b[J\r");
}

TEST_CASE_FIXTURE(OnTerminal, "wide characters count as two columns when the line is cut") {
  Terminal terminal(24);
  const Environment plain("NO_COLOR", "1");
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  progress.draw({.pages = 1, .waiting_for = "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"});
  // "1 page  waiting for " takes 20 of 23 columns: one ideograph fits, a second does not.
  CHECK(terminal.written() == "\r1 page  waiting for \xE6\x97\xA5\x1b[J\r");
}

TEST_CASE_FIXTURE(OnTerminal, "colours are for terminals that were not told NO_COLOR") {
  const auto drawn_with_colour = [&] {
    Terminal terminal(200);
    Progress progress(terminal.fd(), ProgressMode::automatic, clock);
    progress.draw(busy());
    return terminal.written().find("\x1b[33m2 errors\x1b[0m") != std::string::npos;
  };
  CHECK(drawn_with_colour());
  {
    const Environment no_colour("NO_COLOR", "1");
    CHECK_FALSE(drawn_with_colour());
  }
  const Environment empty("NO_COLOR", "");  // no-color.org: only where not empty
  CHECK(drawn_with_colour());
}

TEST_CASE_FIXTURE(OnTerminal, "a host's name cannot steer the terminal") {
  Terminal terminal(200);
  const Environment plain("NO_COLOR", "1");
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  progress.draw({.pages = 1, .waiting_for = "\x1b[2Jevil"});
  CHECK(terminal.written().find("waiting for ?[2Jevil\x1b[J\r") != std::string::npos);
}

TEST_CASE_FIXTURE(OnTerminal, "without a terminal there is a plain line every ten seconds") {
  Pipe pipe;
  Progress progress(pipe.fd(), ProgressMode::automatic, clock);
  CHECK(progress.mode() == ProgressMode::plain);
  ProgressState state = busy();
  for (int second = 0; second < 25; ++second) {
    progress.draw(state);
    state.pages += 10;
    clock.advance(1s);
  }
  progress.clear();
  CHECK(pipe.written() ==
        "34s, 1304 pages, 10.0/s, 64 in flight, 12077 queued, 3 hosts, 2 errors, 51.0 MiB, "
        "waiting for slow.example: 2s between requests\n"
        "34s, 1404 pages, 10.0/s, 64 in flight, 12077 queued, 3 hosts, 2 errors, 51.0 MiB, "
        "waiting for slow.example: 2s between requests\n");
}

TEST_CASE_FIXTURE(OnTerminal, "a terminal that cannot rewrite a line gets plain lines") {
  Terminal terminal(80);
  const Environment dumb("TERM", "dumb");
  CHECK(Progress(terminal.fd(), ProgressMode::automatic, clock).mode() == ProgressMode::plain);
}

TEST_CASE_FIXTURE(OnTerminal, "a bar that was asked for is drawn anywhere, without colours") {
  Pipe pipe;
  const Environment columns("COLUMNS", "50");
  Progress progress(pipe.fd(), ProgressMode::bar, clock);
  progress.draw(busy());
  CHECK(pipe.written() == "\r1204 pages  waiting for slow.example: 2s between \x1b[J\r");
}

TEST_CASE_FIXTURE(OnTerminal, "none writes nothing") {
  Terminal terminal(80);
  {
    Progress progress(terminal.fd(), ProgressMode::none, clock);
    for (int second = 0; second < 25; ++second) {
      progress.draw(busy());
      clock.advance(1s);
    }
    progress.clear();
  }
  CHECK(terminal.written().empty());
}

TEST_CASE("the rate follows what happens of late") {
  ManualClock clock;
  SmoothedRate rate;
  CHECK_FALSE(rate.per_second());
  rate.add(5000, clock.now());  // a resumed run does not begin at zero
  CHECK_FALSE(rate.per_second());

  std::uint64_t count = 5000;
  const auto run = [&](int seconds, std::uint64_t each) {
    for (int i = 0; i < seconds * 10; ++i) {
      clock.advance(100ms);
      count += each / 10;
      rate.add(count, clock.now());
    }
    return *rate.per_second();
  };
  CHECK(run(1, 100) == doctest::Approx(100));  // at once, not rising from zero
  CHECK(run(10, 100) == doctest::Approx(100));
  const double falling = run(5, 0);
  CHECK(falling > 10);
  CHECK(falling < 50);
  CHECK(run(30, 0) < 1);
  CHECK(run(30, 200) == doctest::Approx(200).epsilon(0.01));
}

TEST_CASE("two samples at one instant do not divide by zero") {
  ManualClock clock;
  SmoothedRate rate;
  rate.add(1, clock.now());
  rate.add(2, clock.now());
  CHECK_FALSE(rate.per_second());
  clock.advance(1s);
  rate.add(11, clock.now());
  CHECK(*rate.per_second() == doctest::Approx(10));  // the one in between is not lost
}

TEST_CASE("the modes have the names that the option takes") {
  CHECK(*parse_progress_mode("auto") == ProgressMode::automatic);
  CHECK(*parse_progress_mode("bar") == ProgressMode::bar);
  CHECK(*parse_progress_mode("plain") == ProgressMode::plain);
  CHECK(*parse_progress_mode("none") == ProgressMode::none);
  CHECK(parse_progress_mode("fancy").error().message ==
        "'fancy' is no kind of progress: write auto, bar, plain or none");
}

TEST_CASE_FIXTURE(OnTerminal, "a job that is read says how far, and the run begins below nothing") {
  Terminal terminal(60);
  Progress progress(terminal.fd(), ProgressMode::automatic, clock);
  progress.draw(JobReading::State{.step = JobReading::Step::restoring});
  CHECK(terminal.written() == "\rreading the job\x1b[J\r");
  progress.draw({.step = JobReading::Step::restoring, .read = 2'400'000, .total = 5'012'345});
  CHECK(terminal.written() == "\rreading the job: 2,400,000 of 5,012,345 URLs\x1b[J\r");
  progress.draw({.step = JobReading::Step::judging, .read = 999, .total = 1000});
  CHECK(terminal.written() ==
        "\rjudging the job's URLs by the new scope: 999 of 1,000 URLs\x1b[J\r");
  progress.clear();
  CHECK(terminal.written() == "\r\x1b[J");
}

TEST_CASE_FIXTURE(OnTerminal,
                  "where there is no terminal a reading has a line at once, then now and then") {
  Pipe pipe;
  Progress progress(pipe.fd(), ProgressMode::automatic, clock);
  const JobReading::State reading{.step = JobReading::Step::counting, .read = 7, .total = 20};
  progress.draw(reading);
  progress.draw(reading);
  CHECK(pipe.written() == "counting the job's records: 7 of 20 URLs\n");
  clock.advance(Progress::kPlainInterval);
  progress.draw(reading);
  CHECK(pipe.written() == "counting the job's records: 7 of 20 URLs\n");
}

}  // namespace
}  // namespace weft
