// Downloads onto a file system that is full: the run says so, and goes on once there is room.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "e2e/weft_run.hpp"
#include "support/nginx.hpp"

namespace weft::test {
namespace {

constexpr int kFiles = 6;
constexpr std::size_t kSize = 3u << 20;

// $1 the bytes of space, $2 where, $3 the list, $4 where the files are wanted in the end, $5 the
// program. In a namespace of its own, with which the file system goes. Says the exit codes.
constexpr const char* kFill = R"(
mount -t tmpfs -o size="$1" none "$2" || exit 99
"$5" get -i "$3" -o "$2/out" --progress none; echo "filled $?"
mount -o remount,size=100m "$2" || exit 99
"$5" resume "$2/out" --progress none; echo "resumed $?"
cp -r "$2/out" "$4"
)";

TEST_CASE("a batch that fills its file system goes on once there is room") {
  if (!may_mount()) return;
  std::map<std::string, std::string> files;
  for (int i = 0; i < kFiles; ++i) {
    files[fmt::format("/f{}", i)] = std::string(kSize, static_cast<char>('a' + i));
  }
  const auto nginx = Nginx::start({{.files = files}});
  if (nginx == nullptr) return;
  const Workplace here;
  std::string list;
  for (const auto& [target, body] : files) list += nginx->url(target) + "\n";
  here.write("list", list);
  std::filesystem::create_directory(here.path("small"));
  // Room for the job and for none, some and nearly all of the files.
  for (const int mib : {2, 8, 17}) {
    CAPTURE(mib);
    const std::string out = fmt::format("out{}", mib);
    const std::string program = here.command({"get"}).words.front();
    const Ended ended =
        run({.words = {"unshare", "-m", "bash", "-c", kFill, "bash", fmt::format("{}m", mib),
                       here.path("small"), here.path("list"), here.path(out), program}});
    INFO(ended.err);
    CHECK(ended.out == "filled 3\nresumed 0\n");
    CHECK(ended.err.find("No space left on device") != std::string::npos);
    for (const auto& [target, body] : files) CHECK(here.read(out + target) == body);
    // One that had its name when there was no room for its record is there already.
    const Records records = here.records(out + "/.weft");
    CHECK(records.pages("ok").size() + records.pages("not_modified").size() == kFiles);
  }
}

}  // namespace
}  // namespace weft::test
