#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "support/vectors.hpp"
#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/get/names.hpp"

namespace weft {
namespace {

// The properties of tests/data/path/hostile-names.json, and that a safe name stays as it is.
void check_safe(const std::string& name) {
  CAPTURE(name);
  CHECK_FALSE(name.empty());
  CHECK(name.size() <= kLongestFileName);
  CHECK(name.find_first_of(std::string_view("/\\:*?\"<>|\0", 10)) == std::string::npos);
  CHECK(name.front() != ' ');
  CHECK(name.back() != ' ');
  CHECK(name.back() != '.');  // neither "." nor ".."
  CHECK_FALSE(equals_ignoring_case(name, ".weft"));
  CHECK_FALSE(to_lower(name).ends_with(".part"));
  bool is_plain = true;  // valid UTF-8, without controls and what turns text around
  for (std::size_t at = 0; at < name.size();) {
    const Utf8Char c = utf8_at(name, at);
    is_plain = is_plain && c.valid && c.code >= 0x20 && (c.code < 0x7F || c.code > 0x9F) &&
               (c.code < 0x200B || c.code > 0x200F) && (c.code < 0x202A || c.code > 0x202E);
    at += c.length;
  }
  CHECK(is_plain);
  CHECK(safe_file_name(name) == name);
}

Url url(std::string_view text) { return Url::parse(text).value(); }

TEST_CASE("hostile names become safe ones") {
  const auto vectors = test::load_vectors("path/hostile-names.json");
  REQUIRE(vectors);
  for (const auto& row : vectors->at("cases")) {
    CAPTURE(row.at("why").get<std::string>());
    const std::string name = test::from_base64(row.at("name_b64").get<std::string>());
    check_safe(safe_file_name(name));
    check_safe(file_name(url("http://h/x"), name.empty() ? "_" : name));
  }
}

TEST_CASE("names of any bytes become safe ones") {
  std::mt19937 random(3);
  constexpr std::string_view kCommon = "./\\ _-~:aAcoNulprt1\xC2\xA0\xE2\x80\xAE.part.tar.gz";
  for (int i = 0; i < 20'000; ++i) {
    std::string name;
    const std::size_t length = random() % 2 == 0 ? random() % 12 : random() % 300;
    while (name.size() < length) {
      name += random() % 4 == 0 ? static_cast<char>(random()) : kCommon[random() % kCommon.size()];
    }
    check_safe(safe_file_name(name));
    check_safe(numbered(safe_file_name(name), random()));
  }
}

TEST_CASE("a safe name is left as it is") {
  for (const std::string name :
       {"a",          "a.txt",         "-rf",         "~root",        ".bashrc",
        "%2e%2e%2fx", "a;b&c'd`e$(f)", "caf\xC3\xA9", "cafe\xCC\x81", "\xF0\x9F\x98\x80.png",
        "x.aria2",    "partial",       "apart",       "console.log",  "com10",
        "nul_",       "a b",           "...a",        "index.html",   "\xEF\xBF\xBD"}) {
    CHECK(safe_file_name(name) == name);
  }
}

TEST_CASE("what cannot stand in a name is replaced") {
  struct Row {
    std::string_view name;
    std::string_view safe;
    const char* why;
  };
  using namespace std::string_view_literals;
  for (const Row& row : {
           Row{"", "_", "a name there must be"},
           Row{".", "_", "the directory itself"},
           Row{"..", "_", "the one above"},
           Row{" . . ", "_", "nothing is left"},
           Row{"../x", ".._x", "a separator"},
           Row{"a\\b", "a_b", "a separator on Windows"},
           Row{"a\0b"sv, "a_b", "ends a name for the system"},
           Row{"a\x1B[31mb", "a_[31mb", "steers a terminal"},
           Row{"a\xC2\x85"
               "b",
               "a_b", "a C1 control"},
           Row{"\xE2\x80\xAEgnp.exe", "_gnp.exe", "shows as exe.png"},
           Row{"nul\xE2\x80\x8B", "nul_", "shows as nul"},
           Row{"a:b", "a_b", "a stream of NTFS"},
           Row{"a<b>|\"?*", "a_b_____", "Windows takes none of them"},
           Row{" a. . ", "a", "Windows drops what ends so"},
           Row{"CON", "_CON", "a device on Windows"},
           Row{"con.txt", "_con.txt", "the same"},
           Row{"Aux .tar.gz", "_Aux .tar.gz", "the same"},
           Row{"COM\xC2\xB9", "_COM\xC2\xB9", "the same"},
           Row{"lpt0", "_lpt0", "the same"},
           Row{"\xE4.txt", "%E4.txt", "not UTF-8"},
           Row{"\xC0\xAF", "%C0%AF", "an overlong slash"},
           Row{".weft", "_weft", "weft's own directory"},
           Row{".WEFT.", "_WEFT", "the same where case is one"},
           Row{"x.part", "x_part", "a part of a file x"},
           Row{"x.Part ", "x_Part", "the same where case is one"},
       }) {
    CAPTURE(row.why);
    CHECK(safe_file_name(row.name) == row.safe);
  }
}

TEST_CASE("a long name is cut before its extension, between characters") {
  const auto long_name = [](std::string_view end) { return std::string(300, 'a').append(end); };
  CHECK(safe_file_name(long_name("")) == std::string(250, 'a'));
  CHECK(safe_file_name(long_name(".txt")) == std::string(246, 'a') + ".txt");
  CHECK(safe_file_name(long_name(".tar.gz")) == std::string(243, 'a') + ".tar.gz");
  CHECK(safe_file_name(long_name(".not an extension")) == std::string(250, 'a'));
  CHECK(safe_file_name(std::string(250, 'a') + ".") == std::string(250, 'a'));
  std::string wide = "a";
  for (int i = 0; i < 100; ++i) wide += "\xF0\x9F\x98\x80";
  CHECK(safe_file_name(wide) == wide.substr(0, 249));
  CHECK(safe_file_name("con." + std::string(250, 'a')) == "_con." + std::string(245, 'a'));
  CHECK(safe_file_name("con" + std::string(300, ' ') + "x") == "_con");
}

TEST_CASE("a name is a stem and an extension") {
  struct Row {
    std::string_view name, stem, extension;
  };
  for (const Row& row :
       {Row{"a.txt", "a", ".txt"}, Row{"a.tar.gz", "a", ".tar.gz"},
        Row{"a.b.tar.xz", "a.b", ".tar.xz"}, Row{".tar.gz", ".tar", ".gz"},
        Row{"a.mp3", "a", ".mp3"}, Row{"foo-1.2.3", "foo-1.2.3", ""},
        Row{"a.7z.001", "a.7z.001", ""}, Row{".bashrc", ".bashrc", ""}, Row{"README", "README", ""},
        Row{"v1.2 final", "v1.2 final", ""}, Row{"a.", "a.", ""}, Row{"", "", ""}}) {
    CAPTURE(row.name);
    CHECK(split_file_name(row.name).stem == row.stem);
    CHECK(split_file_name(row.name).extension == row.extension);
  }
}

TEST_CASE("a number stands before the extension") {
  CHECK(numbered("a.txt", 1) == "a.1.txt");
  CHECK(numbered("a.tar.gz", 12) == "a.12.tar.gz");
  CHECK(numbered("README", 3) == "README.3");
  CHECK(numbered(".bashrc", 1) == ".bashrc.1");
  CHECK(numbered(std::string(246, 'a') + ".txt", 10) == std::string(243, 'a') + ".10.txt");
}

TEST_CASE("a file is called what its server calls it, else what its URL ends in") {
  struct Row {
    std::string_view url, served, name;
  };
  for (const Row& row : {
           Row{"http://h/a/b.txt", "", "b.txt"},
           Row{"http://h/a/b.txt?c=d/e.f#g", "", "b.txt"},
           Row{"http://h/a/", "", "index.html"},
           Row{"http://h", "", "index.html"},
           Row{"http://h/a?b", "", "a"},
           Row{"http://h/a%20b%C3%A9.txt", "", "a b\xC3\xA9.txt"},
           Row{"http://h/..%2fx", "", ".._x"},
           Row{"http://h/%252e%252e", "", "%2e%2e"},
           Row{"http://h/.gitattributes", "", ".gitattributes"},
           Row{"http://h/-x", "", "-x"},
           Row{"http://h/a/b.txt", "c d.pdf", "c d.pdf"},
           Row{"http://h/a/b.txt", ".bashrc", "_bashrc"},
           Row{"http://h/a/b.txt", "-rf", "_rf"},
           Row{"http://h/a/b.txt", "~root", "_root"},
           Row{"http://h/a/b.txt", " .bashrc", "_bashrc"},
           Row{"http://h/a/b.txt", "..", "_"},
       }) {
    CAPTURE(row.url);
    CHECK(file_name(url(row.url), row.served) == row.name);
  }
}

std::string text_of(const Result<std::string>& path) {
  return path ? "path: " + *path : path.error().message;
}

TEST_CASE("a path of an input is made safe part by part, or refused") {
  CHECK(text_of(safe_path("a/b c/d.txt")) == "path: a/b c/d.txt");
  CHECK(text_of(safe_path("./a//b/./c")) == "path: a/b/c");
  CHECK(text_of(safe_path("CON/x:y/z.part")) == "path: _CON/x_y/z_part");
  CHECK(text_of(safe_path(".weft/job.db")) == "path: _weft/job.db");
  CHECK(text_of(safe_path("...")) == "path: _");
  CHECK(text_of(safe_path("/etc/passwd")) ==
        "'/etc/passwd' is absolute: files stay below the directory of downloads. Leave out its "
        "first '/', or choose another directory for all of them.");
  for (const std::string given : {"..", "../x", "a/../b", "a/.."}) {
    CHECK(text_of(safe_path(given)) ==
          "'" + given + "' has a part '..': files stay below the directory of downloads");
    CHECK(text_of(safe_directory(given, "/d")) ==
          "'" + given + "' has a part '..': files stay below the directory of downloads");
  }
  for (const std::string given : {"", ".", "a/", "./"}) {
    CHECK(text_of(safe_path(given)) == "'" + given + "' names no file");
  }
}

TEST_CASE("a directory of an input is relative, or lies in the directory of downloads") {
  CHECK(text_of(safe_directory("a/b", "/d")) == "path: a/b");
  CHECK(text_of(safe_directory("a/b/", "/d")) == "path: a/b");
  CHECK(text_of(safe_directory(".", "/d")) == "path: ");
  CHECK(text_of(safe_directory("", "/d")) == "path: ");
  CHECK(text_of(safe_directory("/d", "/d")) == "path: ");
  CHECK(text_of(safe_directory("/d/", "/d/")) == "path: ");
  CHECK(text_of(safe_directory("/d//e/f", "/d/e")) == "path: f");
  CHECK(text_of(safe_directory("/d/e:f", "/")) == "path: d/e_f");
  CHECK(text_of(safe_directory("/data", "/d")) ==
        "'/data' lies outside '/d': files stay below the directory of downloads. Choose one that "
        "holds both.");
  CHECK_FALSE(safe_directory("/", "/d"));
}

TEST_CASE("a path that is too long loses its innermost directories, not its name") {
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += "d/";
  const auto safe = safe_path(deep + "name.txt");
  REQUIRE(safe);
  CHECK(safe->size() <= kLongestPath);
  CHECK(safe->size() > kLongestPath - 3);
  CHECK(safe->starts_with("d/d/"));
  CHECK(safe->ends_with("/d/name.txt"));
}

}  // namespace
}  // namespace weft
