// The part of a host's queue that is not in memory: numbers of tasks, nearest depth first
// where depth counts, by shares of priority within one.
//
// Threads: the frontier's mutex guards it.
// Memory:  4 to 8 bytes a task.
#pragma once

#include <limits>
#include <map>
#include <vector>

#include "engine/shares.hpp"
#include "weft/base/ring.hpp"
#include "weft/engine/task_store.hpp"

namespace weft {

class Spilled {
 public:
  bool empty() const { return levels_.empty(); }

  // The least depth in it; the largest number where there is none.
  std::uint32_t nearest() const {
    return empty() ? std::numeric_limits<std::uint32_t>::max() : levels_.begin()->first;
  }

  // `depth`: zero for all where it does not count.
  void add(TaskId id, Priority priority, std::uint32_t depth) {
    levels_[depth].queues[static_cast<std::size_t>(priority)].push(id);
  }

  // At most `count`, of one depth.
  std::vector<TaskId> take(std::size_t count) {
    std::vector<TaskId> ids;
    if (empty()) return ids;
    const auto nearest = levels_.begin();
    Level& level = nearest->second;
    while (ids.size() < count && !level.empty()) ids.push_back(level.pop());
    if (level.empty()) levels_.erase(nearest);
    return ids;
  }

 private:
  struct Level {
    bool empty() const {
      for (const Ring<TaskId>& queue : queues) {
        if (!queue.empty()) return false;
      }
      return true;
    }
    TaskId pop() {
      std::array<bool, kPriorities> waiting{};
      for (std::size_t i = 1; i < queues.size(); ++i) waiting[i] = !queues[i].empty();
      return queues[shares.next(waiting)].pop();
    }

    std::array<Ring<TaskId>, kPriorities> queues;
    Shares shares;
  };
  std::map<std::uint32_t, Level> levels_;
};

}  // namespace weft
