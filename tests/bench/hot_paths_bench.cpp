// The work a crawl does for every link, page and record, a row each.
//
//   hot_paths_bench              nanoseconds an operation
//   hot_paths_bench --list       the rows' names and how many operations tell enough
//   hot_paths_bench ROW COUNT    does COUNT operations of one row and says nothing
//
// Preparing a row is the same work for any COUNT up to the one listed, so that the
// instructions of two runs differ by those of the operations alone (scripts/bench
// --instructions).
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"
#include "bench/crawled.hpp"
#include "bench/generated_site.hpp"
#include "page/link_scan.hpp"
#include "support/temp_dir.hpp"
#include "weft/engine/frontier.hpp"
#include "weft/engine/visited_set.hpp"
#include "weft/page/links.hpp"
#include "weft/page/robots.hpp"
#include "weft/store/job_db.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

constexpr std::uint64_t kPages = 100;    // that the rows about links and pages read
constexpr std::uint64_t kSite = 10'000;  // of so many

using Work = std::function<void(std::uint64_t count)>;  // does so many operations

struct HotPath {
  std::string_view name;
  std::string_view unit;  // what one operation is
  std::uint64_t enough = 0;
  std::function<Work()> prepare;
};

// References as pages write them, each with the page it stands on.
struct Reference {
  const Url* base;
  std::string text;
};

struct Pages {
  std::vector<Url> bases;
  std::vector<std::string> html;
  std::vector<Reference> references;
  std::vector<Url> urls;
};

const Pages& pages() {
  static const Pages made = [] {
    Pages pages;
    const bench::GeneratedSite site(kSite);
    for (std::uint64_t i = 0; i < kPages; ++i) {
      pages.bases.push_back(Url::parse("http://docs.example.org" + site.path(i)).value());
      pages.html.push_back(site.page(i));
    }
    for (std::uint64_t i = 0; i < kPages; ++i) {
      const PageLinks read = read_html(pages.html[i], {.requisites = false});
      for (const Link& link : read.links) {
        auto url = Url::resolve(pages.bases[i], link.reference);
        if (!url) continue;  // mailto:
        pages.references.push_back({&pages.bases[i], std::string(link.reference)});
        pages.urls.push_back(std::move(*url));
      }
    }
    return pages;
  }();
  return made;
}

// Calls `use` with one after another of `things`, over and over.
template <class Thing, class Use>
Work over(const std::vector<Thing>& things, Use use) {
  return [&things, use, next = std::size_t{0}](std::uint64_t count) mutable {
    for (std::uint64_t i = 0; i < count; ++i) {
      use(things[next]);
      if (++next == things.size()) next = 0;
    }
  };
}

Work resolve() {
  return over(pages().references,
              [](const Reference& it) { bench::keep(Url::resolve(*it.base, it.text)); });
}

Work print() {
  return over(pages().urls, [](const Url& url) { bench::keep(fingerprint(url)); });
}

// A set that has a million already.
std::shared_ptr<VisitedSet> million() {
  auto set = std::make_shared<VisitedSet>();
  for (std::uint64_t i = 1; i <= 1'000'000; ++i) set->insert(i * 0x9E37'79B9'7F4A'7C15);
  return set;
}

Work visit_new() {
  return [set = million(), next = std::uint64_t{1'000'000}](std::uint64_t count) mutable {
    for (std::uint64_t i = 0; i < count; ++i)
      bench::keep(set->insert(++next * 0x9E37'79B9'7F4A'7C15));
  };
}

Work visit_known() {
  return [set = million(), next = std::uint64_t{0}](std::uint64_t count) mutable {
    for (std::uint64_t i = 0; i < count; ++i) {
      next = (next + 7919) % 1'000'000;
      bench::keep(set->insert((next + 1) * 0x9E37'79B9'7F4A'7C15));
    }
  };
}

Work link() {
  return over(pages().references, [set = million()](const Reference& it) {
    if (const auto url = Url::resolve(*it.base, it.text))
      bench::keep(set->insert(fingerprint(*url)));
  });
}

Work queue(std::uint64_t hosts, std::uint64_t most) {
  auto tasks = std::make_shared<std::vector<Task>>();
  for (std::uint64_t i = 0; i < most; ++i) {
    const std::string url = fmt::format("http://h{}.example/page-{}.html", i * 7919 % hosts, i);
    tasks->push_back({.url = Url::parse(url).value()});
  }
  static const SystemClock clock;
  auto frontier = std::make_shared<Frontier>(FrontierConfig{.robots_first = false}, clock);
  // A page's links at a time, then as many pages; in the end the tasks are used up again.
  return [tasks, frontier, next = std::size_t{0}](std::uint64_t count) mutable {
    constexpr std::uint64_t kLinks = 40;
    for (std::uint64_t done = 0; done < count; done += kLinks) {
      const std::uint64_t some = std::min(kLinks, count - done);
      std::vector<Task> found;
      std::vector<std::size_t> taken;
      for (std::uint64_t i = 0; i < some; ++i, next = (next + 1) % tasks->size()) {
        taken.push_back(next);
        found.push_back(std::move((*tasks)[next]));
      }
      frontier->push(std::move(found));
      for (const std::size_t place : taken) {
        Taken leased = frontier->take(0);
        if (!leased.lease) throw std::logic_error("nothing to take");
        Url url = leased.lease->task().url;
        std::move(*leased.lease).settle({.feedback = Feedback::good});
        (*tasks)[place] = {.url = std::move(url)};
      }
    }
  };
}

// Reads pages until `count` bytes are read.
template <class Read>
Work read_pages(Read read) {
  return [read, next = std::size_t{0}](std::uint64_t count) mutable {
    const std::vector<std::string>& html = pages().html;
    for (std::uint64_t bytes = 0; bytes < count; next = (next + 1) % html.size()) {
      bytes += html[next].size();
      read(html[next]);
    }
  };
}

Work scan() {
  return read_pages([](const std::string& html) {
    PageLinks page;
    if (page::scan_while_certain(html, {.requisites = false}, page) != page::Doubt::none) {
      throw std::logic_error("the scan was not certain");
    }
    bench::keep(page);
  });
}

Work tree() {
  return read_pages([](const std::string& html) {
    bench::keep(read_html(html, {.requisites = false, .parser = Parser::gumbo}));
  });
}

Work judge() {
  std::string file = "User-agent: *\n";
  for (int i = 0; i < 20; ++i) file += fmt::format("Disallow: /private-{}/*.cgi\n", i);
  return over(pages().urls, [robots = Robots::parse(file, "weft")](const Url& url) {
    bench::keep(robots.judge(url.path()));
  });
}

Work to_line() {
  return [record = bench::record_of(17)](std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) bench::keep(to_json(record));
  };
}

// Records that each bring five new URLs, sixty to a commit.
Work keep_in_job(std::uint64_t most) {
  constexpr std::uint64_t kNew = 5;
  constexpr std::uint64_t kCommit = 60;
  struct Kept {
    test::TempDir directory;
    std::unique_ptr<JobDb> job;
    std::vector<JournalEntry> entries;
  };
  auto kept = std::make_shared<Kept>();
  kept->job = std::move(JobDb::create(kept->directory.path()).value());
  std::uint64_t id = 0;
  JournalEntry seeds;
  for (; id < kNew; ++id) seeds.admitted.push_back(bench::url_of(id));
  if (!kept->job->write(seeds)) throw std::runtime_error("the job cannot be written");
  for (std::uint64_t i = 0; i < most; ++i) {
    JournalEntry entry{.record = bench::record_of(i)};
    for (std::uint64_t n = 0; n < kNew; ++n) entry.admitted.push_back(bench::url_of(id++));
    kept->entries.push_back(std::move(entry));
  }
  return [kept, next = std::size_t{0}](std::uint64_t count) mutable {
    for (std::uint64_t i = 0; i < count; ++i) {
      if (next == kept->entries.size()) return;
      const bool ends = (next + 1) % kCommit == 0;
      if (!kept->job->write(kept->entries[next++]) || (ends && !kept->job->commit())) {
        throw std::runtime_error("the job cannot be written");
      }
    }
  };
}

const std::vector<HotPath>& hot_paths() {
  static const std::vector<HotPath> paths = {
      {"resolve", "reference", 40'000, resolve},
      {"fingerprint", "URL", 40'000, print},
      {"visited, new", "URL", 40'000, visit_new},
      {"visited, known", "URL", 40'000, visit_known},
      {"resolve, fingerprint and visited", "link", 40'000, link},
      {"robots judge, 20 rules", "URL", 40'000, judge},
      {"push, take and settle, 1 host", "task", 20'000, [] { return queue(1, 20'000); }},
      {"push, take and settle, 5000 hosts", "task", 20'000, [] { return queue(5000, 20'000); }},
      {"scan", "byte", 2'000'000, scan},
      {"tree", "byte", 500'000, tree},
      {"record to JSON", "record", 10'000, to_line},
      {"record to job, five new URLs", "record", 2'000, [] { return keep_in_job(2'000); }},
  };
  return paths;
}

void measure(const HotPath& path) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const Work work = path.prepare();  // each round afresh: some use things up
    const auto start = Clock::now();
    work(path.enough);
    const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
    const double each = spent.count() / static_cast<double>(path.enough);
    best = round == 0 ? each : std::min(best, each);
  }
  bench::row(path.name, best, fmt::format("ns/{}", path.unit));
}

int run(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  for (const HotPath& path : hot_paths()) {
    if (wanted.empty()) measure(path);
    if (wanted == "--list") fmt::print("{}\t{}\t{}\n", path.name, path.enough, path.unit);
    if (wanted == path.name && argc == 3) path.prepare()(std::strtoull(argv[2], nullptr, 10));
  }
  return 0;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) try {
  return weft::run(argc, argv);
} catch (const std::exception& error) {
  fmt::print(stderr, "hot_paths_bench: {}\n", error.what());
  return 1;
}
