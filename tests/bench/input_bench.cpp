// Lists of downloads are read as fast as their lines can be made into URLs, in memory that does
// not grow with them.
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "bench/bench.hpp"
#include "weft/get/input.hpp"

namespace {

using namespace weft;

constexpr int kLines = 1'000'000;

class TempFile {
 public:
  TempFile() {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0) throw std::runtime_error("mkstemp");
    ::close(fd);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/weft-bench-XXXXXX";
};

std::string url_of(int i) {
  return fmt::format("https://files.example.org/data/{:03}/item-{:07}.bin", i % 1000, i);
}

// Of one kind of list: how many lines a second.
template <class Line>
void lines_row(std::string_view name, std::string_view head, std::string_view tail, Line line) {
  const TempFile file;
  std::ofstream out(file.path());
  out << head;
  for (int i = 0; i < kLines; ++i) out << line(i) << '\n';
  out << tail;
  out.close();
  const auto read = [&] {
    const auto reader = InputReader::open(file.path()).value();
    while (const auto entry = reader->next().value()) bench::keep(*entry);
    return static_cast<std::size_t>(reader->position());
  };
  bench::row(name, bench::per_second(read) / 1e6, "million lines/s");
}

void skip_row() {
  const TempFile file;
  std::ofstream out(file.path());
  for (int i = 0; i < kLines; ++i) out << url_of(i) << '\n';
  out.close();
  const auto skip = [&] {
    const auto reader = InputReader::open(file.path(), InputFormat::automatic, kLines).value();
    bench::keep(reader->next());
    return static_cast<std::size_t>(reader->position());
  };
  bench::row("list, passed over", bench::per_second(skip) / 1e6, "million lines/s");
}

// Ten million lines as gzip members that follow each other.
void memory_row() {
  const TempFile file;
  std::string text;
  for (int i = 0; i < kLines; ++i) text += url_of(i) + '\n';
  for (int member = 0; member < 10; ++member) {
    gzFile out = gzopen(file.path().c_str(), "ab1");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
  }
  text = std::string();
  const auto reader = InputReader::open(file.path()).value();
  double early = 0;
  while (const auto entry = reader->next().value()) {
    bench::keep(*entry);
    if (reader->position() == kLines / 10) early = bench::resident_bytes();
  }
  bench::row("gzip list, lines", static_cast<double>(reader->position()) / 1e6, "million");
  bench::row("gzip list, memory grown since its first 1 %", bench::resident_bytes() - early,
             "bytes");
}

}  // namespace

int main() {
  const std::string digest(64, 'a');
  lines_row("list", "", "", url_of);
  lines_row("list, out and checksum", "", "", [&](int i) {
    return fmt::format("{}\tout={}.bin\tchecksum=sha256:{}", url_of(i), i, digest);
  });
  lines_row("csv", "url,filename,checksum\n", "",
            [&](int i) { return fmt::format("{},\"{}.bin\",sha256:{}", url_of(i), i, digest); });
  lines_row("jsonl", "", "", [&](int i) {
    return fmt::format(R"({{"url":"{}","filename":"{}.bin","checksum":"sha256:{}"}})", url_of(i), i,
                       digest);
  });
  lines_row("aria2", "", "", [&](int i) {
    return fmt::format("{}\n  out={}.bin\n  checksum=sha-256={}", url_of(i), i, digest);
  });
  skip_row();
  memory_row();
}
