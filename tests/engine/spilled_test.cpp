// Host queues whose tails lie in a store.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <thread>

#include "support/manual_clock.hpp"
#include "weft/engine/frontier.hpp"

using namespace weft;
using namespace std::chrono_literals;
using weft::test::ManualClock;

namespace {

// Knows tasks by their numbers; answers when told to.
class TableStore final : public TaskStore {
 public:
  void load(TailRequest request) override {
    const Lock lock(mutex_);
    requests_.push_back(std::move(request));
  }
  void keep(HostNote note) override {
    const Lock lock(mutex_);
    notes_.push_back(std::move(note));
  }

  // What the journal does before a task is pushed.
  Task enter(Frontier& frontier, Task task) {
    task.sequence = frontier.reserve(1);
    know(static_cast<TaskId>(task.sequence), task);
    return task;
  }
  void know(TaskId id, const Task& task) {
    const Lock lock(mutex_);
    known_[id] = {task.url.href(), task.priority, task.depth};
  }
  void forget(TaskId id) {
    const Lock lock(mutex_);
    known_.erase(id);
  }

  // Answers what has been asked; false if nothing was.
  bool answer(Frontier& frontier) {
    std::vector<TailRequest> requests;
    {
      const Lock lock(mutex_);
      requests.swap(requests_);
    }
    for (const TailRequest& request : requests) {
      most_at_once = std::max(most_at_once, request.ids.size());
      frontier.refill(request, tasks(request));
    }
    return !requests.empty();
  }

  std::vector<HostNote> notes() const {
    const Lock lock(mutex_);
    return notes_;
  }

  std::size_t most_at_once = 0;

 private:
  struct Known {
    std::string url;
    Priority priority = Priority::normal;
    std::uint32_t depth = 0;
  };

  std::vector<Task> tasks(const TailRequest& request) const {
    const Lock lock(mutex_);
    std::vector<Task> tasks;
    for (const TaskId id : request.ids) {
      const auto known = known_.find(id);
      if (known == known_.end()) continue;
      tasks.push_back({.url = Url::parse(known->second.url).value(),
                       .priority = known->second.priority,
                       .depth = known->second.depth,
                       .sequence = id});
    }
    return tasks;
  }

  mutable Mutex mutex_;
  std::map<TaskId, Known> known_ GUARDED_BY(mutex_);
  std::vector<TailRequest> requests_ GUARDED_BY(mutex_);
  std::vector<HostNote> notes_ GUARDED_BY(mutex_);
};

struct Bench {
  explicit Bench(FrontierConfig config = {}) : frontier(with(config), clock, &store) {}

  static FrontierConfig with(FrontierConfig config) {
    config.robots_first = false;
    config.tasks_in_memory = 32;
    return config;
  }

  void push(Task task) { frontier.push(store.enter(frontier, std::move(task))); }
  void push_pages(int count, const std::string& host = "http://a/") {
    for (int i = 0; i < count; ++i) push({.url = Url::parse(host + std::to_string(i)).value()});
  }

  // All that can be had now, in order; the store answers whenever it is asked.
  std::vector<Task> take_all() {
    std::vector<Task> tasks;
    do {
      while (true) {
        Taken taken = frontier.take(0);
        if (!taken.lease) break;
        tasks.push_back(std::move(taken.lease->task()));
        std::move(*taken.lease).settle({.feedback = Feedback::good});
      }
    } while (store.answer(frontier));
    return tasks;
  }

  ManualClock clock;
  TableStore store;
  Frontier frontier;
};

}  // namespace

TEST_CASE("past what memory may hold a queue's tail is spilled, and comes back in order, once") {
  Bench bench;
  bench.push_pages(1000);
  CHECK(bench.frontier.state().queued == 1000);
  CHECK(bench.frontier.state().spilled >= 1000 - 33);
  const std::vector<Task> tasks = bench.take_all();
  REQUIRE(tasks.size() == 1000);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CHECK(tasks[i].url.href() == "http://a/" + std::to_string(i));
  }
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("while the store has not answered the frontier is not drained") {
  Bench bench;
  bench.push_pages(200);
  int taken_before = 0;
  while (true) {
    Taken taken = bench.frontier.take(0);
    CHECK_FALSE(taken.drained);
    if (!taken.lease) break;
    ++taken_before;
    std::move(*taken.lease).settle({.feedback = Feedback::good});
  }
  CHECK(taken_before < 200);
  CHECK(bench.take_all().size() + static_cast<std::size_t>(taken_before) == 200);
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("a task the store no longer has does not keep the frontier from being drained") {
  Bench bench;
  bench.push_pages(100);
  for (TaskId id = 40; id < 100; ++id) bench.store.forget(id);
  CHECK(bench.take_all().size() == 40);
  CHECK(bench.frontier.state().queued == 0);
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("each host keeps a head in memory, however many hosts there are") {
  Bench bench;
  for (int host = 0; host < 50; ++host) {
    bench.push_pages(40, "http://h" + std::to_string(host) + "/");
  }
  const FrontierState state = bench.frontier.state();
  CHECK(state.queued - state.spilled <= 50 * 16 + 33);
  CHECK(bench.take_all().size() == 50 * 40);
  CHECK(bench.store.most_at_once <= 32);
}

TEST_CASE("hosts whose turn is far away wait in the store, and come back") {
  Bench bench({.transfers = 1});  // 66 hosts are near
  for (int host = 0; host < 200; ++host) {
    bench.push_pages(3, "http://h" + std::to_string(host) + "/");
  }
  while (bench.store.answer(bench.frontier)) {
  }
  const FrontierState state = bench.frontier.state();
  CHECK(state.queued == 600);
  CHECK(state.queued - state.spilled <= 33 + 66 * 3);
  CHECK(bench.take_all().size() == 600);
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("what is spilled keeps its share by priority") {
  Bench bench;
  bench.push_pages(300);
  for (int i = 0; i < 100; ++i) {
    bench.push({.url = Url::parse("http://a/high" + std::to_string(i)).value(),
                .priority = Priority::high});
  }
  const std::vector<Task> tasks = bench.take_all();
  REQUIRE(tasks.size() == 400);
  std::size_t high = 0;
  for (std::size_t i = 0; i < 200; ++i) high += tasks[i].priority == Priority::high ? 1 : 0;
  CHECK(high == 100);  // of those after the head two thirds, until there are no more
}

TEST_CASE("by depth what is nearer comes first, whether it is in memory or spilled") {
  Bench bench({.by_depth = true});
  for (const std::uint32_t depth : {3U, 1U, 2U, 0U, 2U, 1U}) {
    for (int i = 0; i < 100; ++i) {
      const std::string url = "http://a/" + std::to_string(depth) + "/" + std::to_string(i);
      bench.push({.url = Url::parse(url).value(), .depth = depth});
    }
  }
  const std::vector<Task> tasks = bench.take_all();
  REQUIRE(tasks.size() == 600);
  // The first depth seen is under way before the others are known; after it they are in order.
  std::size_t out_of_order = 0;
  for (std::size_t i = 1; i < tasks.size(); ++i) {
    if (tasks[i].depth < tasks[i - 1].depth) ++out_of_order;
  }
  CHECK(out_of_order <= 1);
}

TEST_CASE("what a former run left is asked for by its numbers") {
  Bench bench;
  std::vector<QueuedId> ids;
  for (TaskId id = 5; id < 105; ++id) {
    bench.store.know(id, {.url = Url::parse("http://a/" + std::to_string(id)).value()});
    ids.push_back({.id = id});
  }
  bench.frontier.restore_sequence(105);
  bench.frontier.restore(HostKey{"a"}, ids);
  CHECK(bench.frontier.state().queued == 100);
  CHECK(bench.frontier.reserve(1) == 105);
  const std::vector<Task> tasks = bench.take_all();
  REQUIRE(tasks.size() == 100);
  CHECK(tasks.front().sequence == 5);
  CHECK(tasks.back().sequence == 104);
}

TEST_CASE("restored tasks wait for robots.txt unless the origin is open already") {
  FrontierConfig config;
  TableStore store;
  const ManualClock clock;
  for (const bool open : {false, true}) {
    Frontier frontier(config, clock, &store);
    store.know(1, {.url = Url::parse("http://a/1").value()});
    if (open) {
      frontier.open(Url::parse("http://a/").value(), 0ms, clock.now() + 1h);
    }
    const std::vector<QueuedId> ids{{.id = 1}};
    frontier.restore_sequence(2);
    frontier.restore(HostKey{"a"}, ids);
    store.answer(frontier);
    Taken taken = frontier.take(0);
    REQUIRE(taken.lease);
    CHECK(taken.lease->task().url.href() == (open ? "http://a/1" : "http://a/robots.txt"));
    std::move(*taken.lease).settle({});
  }
}

TEST_CASE("a host that asked to be left alone is left alone by the next run too") {
  Bench bench;
  bench.push_pages(1);
  Taken taken = bench.frontier.take(0);
  std::move(*taken.lease)
      .settle({.feedback = Feedback::overloaded,
               .leave_alone = 30s,
               .retry_after = 30s,
               .reason = "it answered 503"});
  const std::vector<HostNote> notes = bench.store.notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].host == "a");
  CHECK(notes[0].not_before == bench.clock.wall() + 30s);
  CHECK(notes[0].trouble == "it answered 503");
  CHECK(notes[0].slots < 4);

  Bench next;
  next.clock.advance(10s);  // between the runs
  next.frontier.restore(notes[0]);
  next.push_pages(1);
  CHECK_FALSE(next.frontier.take(0).lease);
  next.clock.advance(20s);
  CHECK(next.frontier.take(0).lease);
}

TEST_CASE("a host that is well is never told of") {
  Bench bench;
  bench.push_pages(100);
  CHECK(bench.take_all().size() == 100);
  CHECK(bench.store.notes().empty());
}

TEST_CASE("threads that push, take and settle lose nothing while the store answers beside them") {
  constexpr int kWorkers = 3;
  constexpr int kPages = 3000;
  ManualClock clock;
  TableStore store;
  Frontier frontier(Bench::with({.workers = kWorkers}), clock, &store);
  Mutex mutex;
  std::multiset<std::string> seen;
  std::atomic<int> pushed{0};
  std::atomic<bool> done{false};
  const auto push = [&] {
    const int number = pushed.fetch_add(1);
    if (number >= kPages) return;
    const std::string host = "http://h" + std::to_string(number % 7) + "/";
    frontier.push(
        store.enter(frontier, {.url = Url::parse(host + std::to_string(number)).value()}));
  };
  for (int i = 0; i < 500; ++i) push();

  std::thread storekeeper([&] {
    while (!done) {
      if (!store.answer(frontier)) std::this_thread::yield();
    }
  });
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&, worker] {
      while (true) {
        Taken taken = frontier.take(worker);
        if (taken.drained) return;
        if (!taken.lease) {
          std::this_thread::yield();
          continue;
        }
        {
          const Lock lock(mutex);
          seen.insert(taken.lease->task().url.href());
        }
        push();
        push();
        std::move(*taken.lease).settle({.feedback = Feedback::good});
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  done = true;
  storekeeper.join();
  CHECK(seen.size() == kPages);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == kPages);
}
