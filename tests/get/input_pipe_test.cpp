// Inputs that come as somebody writes them.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "get/inputs.hpp"
#include "support/temp_dir.hpp"
#include "weft/base/fd.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_input;

// A named pipe, which behaves as standard input does where that is one.
class Pipe {
 public:
  explicit Pipe(InputFormat format = InputFormat::automatic) {
    REQUIRE(::mkfifo(path_.c_str(), 0600) == 0);
    auto opened = InputReader::open(path_, format);
    REQUIRE(opened);
    reader_ = std::move(*opened);
    fd_.emplace(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    REQUIRE(fd_->get() >= 0);
  }

  void write(std::string_view text) {
    REQUIRE(::write(fd_->get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void close() { fd_.reset(); }
  InputReader& reader() { return *reader_; }

  std::string next() {
    const auto entry = reader_->next();
    REQUIRE(entry);
    if (!*entry) return "end";
    const auto* wanted = std::get_if<Wanted>(&**entry);
    return wanted != nullptr ? list_line(*wanted) : "not wanted";
  }

 private:
  test::TempDir dir_;
  const std::string path_ = dir_ / "pipe";
  std::unique_ptr<InputReader> reader_;
  std::optional<Fd> fd_;
};

TEST_CASE("a URL from a pipe is had before the next one is written") {
  for (const InputFormat format : {InputFormat::list, InputFormat::automatic}) {
    Pipe pipe(format);
    pipe.write("http://a/\n");
    CHECK(pipe.next() == "http://a/");
    pipe.write("http://b/\nhttp:");
    CHECK(pipe.next() == "http://b/");
    pipe.write("//c/");
    pipe.close();
    CHECK(pipe.next() == "http://c/");
    CHECK(pipe.next() == "end");
    CHECK(pipe.reader().position() == 3);
    CHECK(!pipe.reader().can_be_read_again());
  }
}

TEST_CASE("from a pipe, too, options belong to the URL above them") {
  Pipe pipe;
  pipe.write("http://a/\n  out=x\nhttp://b/\n");
  CHECK(pipe.next() == "http://a/\tout=x");
  pipe.write("  dir=d\n");  // it has shown options: those of the last URL are waited for
  pipe.close();
  CHECK(pipe.next() == "http://b/\tdir=d");
  CHECK(pipe.next() == "end");
}

TEST_CASE("what is waited for is what an input begins with") {
  Pipe pipe;
  std::thread writer([&] {
    for (const char byte : std::string_view("\xEF\xBB\xBF\n#c\n\nhttp://a/\n")) {
      pipe.write({&byte, 1});
      std::this_thread::yield();
    }
    pipe.close();
  });
  CHECK(read_input(pipe.reader()) == Read{"4: http://a/"});
  writer.join();
}

TEST_CASE("a reader that waits for its input can be stopped") {
  Pipe pipe;
  pipe.write("http://a/\nhttp://b");
  CHECK(pipe.next() == "http://a/");
  std::thread stopper([&] { pipe.reader().stop(); });
  CHECK(pipe.next() == "end");  // and not half a URL
  stopper.join();
  pipe.write("/\n");
  CHECK(pipe.next() == "end");
  CHECK(pipe.reader().position() == 1);
}

TEST_CASE("a named pipe that nobody writes to holds nobody up") {
  const test::TempDir dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  const auto reader = InputReader::open(dir / "pipe");
  REQUIRE(reader);
  std::thread stopper([&] { (*reader)->stop(); });
  CHECK(read_input(**reader) == Read{});
  stopper.join();
}

}  // namespace
}  // namespace weft
