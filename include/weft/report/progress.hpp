// The status of a run while it lasts: a few lines rewritten in place on a terminal, a line
// every ten seconds where there is none.
//
//   34s  1204 pages  42.8/s  64 in flight  12077 queued  waiting for slow.example: ...
//
// A run that knows how much there is to do shows a bar, and the time left; one that has large
// transfers under way, those too (src/report/status_lines.hpp). Where the terminal is narrow
// the less telling parts are left out first.
//
// Threads:   one thread calls everything.
// Ownership: `fd` and the clock must outlive it; `fd` is not closed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"
#include "weft/base/units.hpp"
#include "weft/store/job_reading.hpp"

namespace weft {

enum class ProgressMode : std::uint8_t { automatic, bar, plain, none };
Result<ProgressMode> parse_progress_mode(std::string_view text);  // "auto", "bar", ...

// One of the largest under way.
struct TransferState {
  std::uint64_t id = 0;  // the same from one draw to the next
  std::string name{};
  Bytes done{};
  std::optional<Bytes> size{};
};

struct ProgressState {
  std::string_view noun = "page";
  std::uint64_t pages = 0;  // done
  std::uint64_t in_flight = 0;
  std::uint64_t queued = 0;
  std::uint64_t hosts = 0;
  std::uint64_t errors = 0;
  Bytes bytes{};
  std::string waiting_for{};  // empty: for nothing
  Clock::duration elapsed{};
  bool counts_bytes = false;  // how fast they come tells more than how many pages do

  // Of a run that knows how much there is to do, and nothing while it does not.
  std::optional<std::uint64_t> total{};  // pages, done and failed ones among them
  std::uint64_t settled = 0;             // of these
  double begun = 0;                      // of those under way: half of one is 0.5
  std::optional<Bytes> left{};           // to come, where all that is left has a size
  Bytes had{};                           // of the total

  std::vector<TransferState> transfers{};  // the largest first
};

// How fast a count grows, recent growth counting most: it forgets within some 10 s.
class SmoothedRate {
 public:
  void add(std::uint64_t count, Clock::time_point now);
  std::optional<double> per_second() const;  // nothing before two samples

 private:
  std::optional<Clock::time_point> last_at_;
  std::uint64_t last_count_ = 0;
  double grown_ = 0;  // both fade alike, so that their quotient has no bias to zero
  double seconds_ = 0;
};

struct Rates;
struct Screen;

class Progress {
 public:
  static constexpr auto kPlainInterval = std::chrono::seconds(10);

  // automatic: bar where `fd` is a terminal that can rewrite a line, otherwise plain. The
  // environment's TERM, NO_COLOR and COLUMNS are read here.
  Progress(int fd, ProgressMode mode, const Clock& clock);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  ProgressMode mode() const { return mode_; }  // never automatic

  // Draws where something changed; as often as the caller likes.
  void draw(const ProgressState& state);

  // The same while a job is read back, before the run begins:
  //   reading the job: 2,400,000 of 5,012,345 URLs
  void draw(const JobReading::State& reading);

  // Takes the status away: before anything else is written, and at the end.
  void clear();

 private:
  void measure(const ProgressState& state);
  Rates rates(const ProgressState& state) const;
  void draw_bar(std::vector<std::string> lines);
  void draw_plain(const std::string& line);
  Screen screen() const;

  const int fd_;
  const Clock& clock_;
  ProgressMode mode_;
  bool has_colours_ = false;
  std::size_t default_columns_ = 80;
  SmoothedRate pages_;
  SmoothedRate bytes_;
  SmoothedRate settled_;                             // thousandths
  std::map<std::uint64_t, SmoothedRate> transfers_;  // by id
  // What stands on the terminal, the cursor before it: so that neither what a user types nor
  // another width moves the lines away from it.
  std::vector<std::string> drawn_;
  Clock::time_point plain_due_;
  bool has_read_ = false;  // was the reading of a job drawn?
};

}  // namespace weft
