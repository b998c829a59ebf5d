#include "weft/net/gunzip.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/gzip.hpp"

namespace weft {
namespace {

using test::deflated;

struct Undone {
  std::string text;
  bool damaged = false;
  bool complete = false;
};

// `in` given in pieces, written to a buffer of some size.
Undone undo(std::string_view in, std::size_t piece, std::size_t room) {
  Gunzip gunzip;
  Undone undone;
  std::vector<char> out(room);
  while (true) {
    std::string_view given = in.substr(0, piece);
    const std::size_t before = given.size();
    const std::size_t written = gunzip.undo(given, out);
    undone.text.append(out.data(), written);
    in.remove_prefix(before - given.size());
    const bool no_more = in.empty() || gunzip.damaged() || given.size() == before;
    if (written < room && no_more) break;
  }
  undone.damaged = gunzip.damaged();
  undone.complete = gunzip.complete();
  return undone;
}

void check_sound(const std::string& zipped, const std::string& text) {
  for (const std::size_t piece : {1u, 2u, 7u, 1u << 20}) {
    for (const std::size_t room : {1u, 3u, 64u, 1u << 16}) {
      CAPTURE(piece);
      CAPTURE(room);
      const Undone undone = undo(zipped, piece, room);
      CHECK(undone.text == text);
      CHECK(!undone.damaged);
      CHECK(undone.complete);
    }
  }
}

TEST_CASE("a gzip stream is undone whatever the pieces it comes in") {
  check_sound(deflated("http://a/\nhttp://b/\n"), "http://a/\nhttp://b/\n");
  check_sound(deflated(""), "");
  check_sound(deflated(std::string(3000, 'x')), std::string(3000, 'x'));
}

TEST_CASE("gzip members that follow each other are one stream") {
  check_sound(deflated("one ") + deflated("") + deflated("two"), "one two");
}

TEST_CASE("what follows the last member takes nothing from what was read") {
  check_sound(deflated("text") + std::string(600, '\0'), "text");
  check_sound(deflated("text") + "rubbish", "text");
  check_sound(deflated("text") + "\x1f\x8b", "text");  // as a member begins, but none
}

TEST_CASE("a gzip stream that is cut is not complete, and what came before the cut is kept") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  const std::string zipped = deflated(text);
  for (const std::size_t size : {std::size_t{5}, zipped.size() / 2, zipped.size() - 1}) {
    CAPTURE(size);
    const Undone undone = undo(std::string_view(zipped).substr(0, size), 100, 100);
    CHECK(!undone.complete);
    CHECK(!undone.damaged);
    CHECK(text.starts_with(undone.text));
  }
  CHECK(!undo(deflated("one") + zipped.substr(0, 10), 4, 4).complete);  // in a later member
}

TEST_CASE("a damaged gzip stream is told from a cut one") {
  std::string zipped = deflated(std::string(3000, 'x'));
  zipped[zipped.size() - 8] ^= 1;  // its checksum
  CHECK(undo(zipped, 100, 100).damaged);
  CHECK(undo("http://a/", 100, 100).damaged);  // never was one
}

}  // namespace
}  // namespace weft
