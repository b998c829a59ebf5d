#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "store/sinks.hpp"
#include "support/temp_dir.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

using test::contents;
using test::record_of;
using test::TempDir;

std::string lines_of(std::initializer_list<std::uint64_t> sequences) {
  std::string text;
  for (const std::uint64_t sequence : sequences) text += to_json(record_of(sequence)) + "\n";
  return text;
}

// Puts `fd` in the place of standard output while it lives.
class StandardOutput {
 public:
  explicit StandardOutput(int fd) : saved_(::dup(STDOUT_FILENO)) { ::dup2(fd, STDOUT_FILENO); }
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;
  ~StandardOutput() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST_CASE("records reach the file, one a line, when flushed and when closed") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  auto file = open_record_file(path, OpenMode::create_new);
  REQUIRE(file);
  CHECK((*file)->write(record_of(0)));
  CHECK(contents(path).empty());
  CHECK((*file)->flush());
  CHECK(contents(path) == lines_of({0}));
  CHECK((*file)->write(record_of(1)));
  CHECK((*file)->close());
  CHECK(contents(path) == lines_of({0, 1}));
}

TEST_CASE("what is much is written before anyone asks") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  auto file = open_record_file(path, OpenMode::create_new);
  REQUIRE(file);
  Record record = record_of(0);
  record.title.assign(1 << 20, 't');
  CHECK((*file)->write(record));
  CHECK(contents(path) == to_json(record) + "\n");
}

TEST_CASE("create_new refuses a file that exists and leaves it as it was") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  REQUIRE(open_record_file(path, OpenMode::create_new));
  const auto again = open_record_file(path, OpenMode::create_new);
  REQUIRE_FALSE(again);
  CHECK(again.error().message ==
        "cannot create '" + path + "': it exists. Move it away, or choose another name.");
}

TEST_CASE("append goes on after what is there, truncate starts afresh") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  for (const std::uint64_t sequence : {0, 1}) {
    auto file = open_record_file(path, OpenMode::append);
    REQUIRE(file);
    CHECK((*file)->write(record_of(sequence)));
    CHECK((*file)->close());
  }
  CHECK(contents(path) == lines_of({0, 1}));
  auto file = open_record_file(path, OpenMode::truncate);
  REQUIRE(file);
  CHECK((*file)->write(record_of(2)));
  CHECK((*file)->close());
  CHECK(contents(path) == lines_of({2}));
}

TEST_CASE("a file that cannot be opened is named with the reason and what to do") {
  const TempDir dir;
  const std::string path = dir / "missing/pages.jsonl";
  const auto file = open_record_file(path, OpenMode::truncate);
  REQUIRE_FALSE(file);
  CHECK(file.error().message == "cannot open '" + path +
                                    "' for writing: No such file or directory. Create the "
                                    "directory, get permission, or choose another place.");
}

TEST_CASE("a full disk is reported with the file, and again by every later call") {
  auto file = open_record_file("/dev/full", OpenMode::append);
  REQUIRE(file);
  CHECK((*file)->write(record_of(0)));
  const auto flushed = (*file)->flush();
  REQUIRE_FALSE(flushed);
  const std::string message =
      "cannot write to '/dev/full': No space left on device. Make room there, or choose another "
      "place.";
  CHECK(flushed.error().message == message);
  CHECK((*file)->flush().error().message == message);
  CHECK((*file)->close().error().message == message);
}

TEST_CASE("a write that fails half-way leaves no torn line") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  const std::string whole = lines_of({0, 1});
  auto file = open_record_file(path, OpenMode::create_new);
  REQUIRE(file);
  for (const std::uint64_t sequence : {0, 1, 2, 3}) CHECK((*file)->write(record_of(sequence)));

  // The kernel takes this much of the file and refuses the rest, as a full disk would.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{whole.size() + 20, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto flushed = (*file)->flush();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);

  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().message ==
        "cannot write to '" + path + "': File too large. Choose another place.");
  CHECK(contents(path) == whole);
  CHECK_FALSE((*file)->close());
  CHECK(contents(path) == whole);
}

TEST_CASE("files are not passed on to programs that are started") {
  const TempDir dir;
  const int next = ::dup(STDIN_FILENO);  // the descriptor the file will get
  ::close(next);
  auto file = open_record_file(dir / "pages.jsonl", OpenMode::create_new);
  REQUIRE(file);
  CHECK((::fcntl(next, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("'-' is standard output, which stays open for others") {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  bool written = false;
  bool still_open = false;
  {
    const StandardOutput captured(pipe[1]);
    auto file = open_record_file("-", OpenMode::create_new);
    written = file && (*file)->write(record_of(7)) && (*file)->close();
    still_open = ::write(STDOUT_FILENO, "later", 5) == 5;
  }
  CHECK(written);
  CHECK(still_open);
  ::close(pipe[1]);
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(::read(pipe[0], text.data(), text.size())));
  CHECK(text == lines_of({7}) + "later");
  ::close(pipe[0]);
}

TEST_CASE("a broken pipe is told apart from other failures") {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  ::close(pipe[0]);
  const auto old_handler = std::signal(SIGPIPE, SIG_IGN);
  Result<void> flushed;
  {
    const StandardOutput captured(pipe[1]);
    auto file = open_record_file("-", OpenMode::truncate);
    (void)(*file)->write(record_of(0));
    flushed = (*file)->flush();
  }
  std::signal(SIGPIPE, old_handler);
  ::close(pipe[1]);
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().message == kBrokenPipe);
}

TEST_CASE("a pipe in non-blocking mode is waited for, not given up") {
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_NONBLOCK) == 0);
  std::string read_back;
  std::thread reader;
  Result<void> closed;
  Record record = record_of(0);
  record.title.assign(1 << 20, 't');  // far more than a pipe holds
  const int saved = ::fcntl(pipe[0], F_GETFL);
  ::fcntl(pipe[0], F_SETFL, saved & ~O_NONBLOCK);
  {
    const StandardOutput captured(pipe[1]);
    ::close(pipe[1]);
    reader = std::thread([&] {
      char chunk[4096];
      for (ssize_t n = 0; (n = ::read(pipe[0], chunk, sizeof chunk)) > 0;) {
        read_back.append(chunk, static_cast<std::size_t>(n));
      }
    });
    auto file = open_record_file("-", OpenMode::truncate);
    (void)(*file)->write(record);
    closed = (*file)->close();
  }
  reader.join();
  ::close(pipe[0]);
  CHECK(closed);
  CHECK(read_back == to_json(record) + "\n");
}

TEST_CASE("the link file has a line for every link of a record, and only those") {
  const TempDir dir;
  const std::string path = dir / "links.jsonl";
  auto file = open_link_file(path, OpenMode::create_new);
  REQUIRE(file);
  Record record = record_of(0);
  record.link_records = {{"http://a/", "http://b/", "a", "b"},
                         {"http://a/", "http://c/", "img", ""}};
  CHECK((*file)->write(record));
  CHECK((*file)->write(record_of(1)));
  CHECK((*file)->close());
  CHECK(contents(path) ==
        to_json(record.link_records[0]) + "\n" + to_json(record.link_records[1]) + "\n");
}

// --- a job that goes on ---

std::optional<std::uint64_t> offset_of(const Result<std::unique_ptr<Sink>>& file) {
  const auto end = (*file)->end();
  return end ? std::optional(end->offset) : std::nullopt;
}

TEST_CASE("a file says where it ends, with what is not yet written") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  const std::string lines = lines_of({0, 1});
  auto file = open_record_file(path, OpenMode::create_new);
  REQUIRE(file);
  CHECK(offset_of(file) == 0);
  CHECK((*file)->end()->path == path);
  CHECK((*file)->write(record_of(0)));
  CHECK(offset_of(file) == lines_of({0}).size());
  CHECK((*file)->flush());
  CHECK(offset_of(file) == lines_of({0}).size());
  CHECK((*file)->write(record_of(1)));
  CHECK(offset_of(file) == lines.size());
  CHECK((*file)->close());
  CHECK(offset_of(open_record_file(path, OpenMode::append)) == lines.size());
  CHECK(offset_of(open_link_file(path, OpenMode::append)) == lines.size());
}

TEST_CASE("what cannot be cut has no end") {
  CHECK_FALSE(offset_of(open_record_file("/dev/null", OpenMode::append)));
  CHECK_FALSE(offset_of(in_input_order(std::move(*open_record_file("-", OpenMode::append)))));
  // A file that the shell opened may hold what is not ours.
  const TempDir dir;
  test::write_file(dir / "out", "before");
  const int out = ::open((dir / "out").c_str(), O_WRONLY | O_APPEND);
  {
    const StandardOutput captured(out);
    for (const char* name : {"-", "/dev/stdout", "/dev/fd/1"}) {
      CHECK_FALSE(offset_of(open_record_file(name, OpenMode::append)));
      CHECK_FALSE(offset_of(reopen_record_file(name, 99)));
    }
  }
  ::close(out);
  CHECK(contents(dir / "out") == "before");
}

TEST_CASE("a file reopened is cut where the job knows it to end, and goes on there") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  test::write_file(path, lines_of({0}) + "{\"torn");
  auto file = reopen_record_file(path, lines_of({0}).size());
  REQUIRE(file);
  CHECK(contents(path) == lines_of({0}));
  CHECK((*file)->write(record_of(1)));
  CHECK(offset_of(file) == lines_of({0, 1}).size());
  CHECK((*file)->close());
  CHECK(contents(path) == lines_of({0, 1}));
  REQUIRE(reopen_link_file(path, 0));
  CHECK(contents(path).empty());
}

TEST_CASE("a file reopened that lacks what the job wrote is told by name and left as it is") {
  const TempDir dir;
  const std::string path = dir / "pages.jsonl";
  const std::string advice = "Put it back, or start afresh in another directory.";
  test::write_file(path, "{}\n");
  CHECK(reopen_record_file(path, 4).error().message ==
        "cannot go on with '" + path + "': it has 3 bytes, and the job has written 4 to it. " +
            advice);
  CHECK(contents(path) == "{}\n");
  const std::string missing = dir / "links.jsonl";
  CHECK(reopen_link_file(missing, 7).error().message ==
        "cannot go on with '" + missing +
            "': it is missing, and the job has written 7 bytes to it. " + advice);
  CHECK(::access(missing.c_str(), F_OK) != 0);
  CHECK(reopen_link_file(missing, 0));
  CHECK(contents(missing).empty());
}

}  // namespace
}  // namespace weft
