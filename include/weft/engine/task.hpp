// One URL to be fetched, and how it came to be asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weft/store/record.hpp"
#include "weft/url/identity.hpp"
#include "weft/url/url.hpp"

namespace weft {

using TaskKind = RecordKind;

// Shares of a host's requests where all three wait: 8 high, 4 normal, 1 low; none
// starves. `first` goes before them all: robots.txt.
enum class Priority : std::uint8_t { first, high, normal, low };
inline constexpr int kPriorities = 4;

// Where a URL was found, shared by all that one page leads to.
struct Via {
  std::uint64_t sequence = 0;  // of the task it was
  std::string url;
};

// What a handler keeps with a task of its own; the engine only carries it.
class TaskData {
 public:
  virtual ~TaskData() = default;
};

struct Task {
  Url url;
  TaskKind kind = TaskKind::page;
  Priority priority = Priority::normal;
  bool requisite = false;      // fetched to show a page: its own pages are not followed
  std::uint8_t hops = 0;       // redirects, sitemap indexes, requisites of requisites before it
  std::uint16_t attempts = 0;  // requests already made for it
  std::uint32_t depth = 0;     // links from the nearest seed
  std::uint64_t sequence = 0;  // order of admission: Frontier::reserve
  Fingerprint identity = 0;    // what it counts as in the visited set
  bool parallel = false;       // its host is answering: a connection of its own pays at once
  bool is_stored = true;       // the store knows it: it may be spilled
  std::shared_ptr<const Via> via{};
  std::unique_ptr<const std::string> robots_for{};  // robots tasks: the origin they speak for
  std::unique_ptr<const LastVisit> last_visit{};    // recrawls: what it was when last had
  std::unique_ptr<TaskData> data{};
};

}  // namespace weft
