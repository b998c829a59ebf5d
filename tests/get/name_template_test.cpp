#include "weft/get/name_template.hpp"

#include <doctest/doctest.h>

#include <string>

#include "weft/get/names.hpp"

namespace weft {
namespace {

struct Given {
  std::string_view url = "https://example.org:8080/a/b/c.tar.gz?x=1&y=%2F";
  std::string_view served{};
  std::uint64_t line = 42;
};

std::string expand(std::string_view text, const Given& given = {}) {
  const auto name = NameTemplate::parse(text);
  if (!name) return name.error().message;
  const Url url = Url::parse(given.url).value();
  return name->expand({url, given.served, given.line});
}

TEST_CASE("a template says where files go") {
  CHECK(expand("flat") == "c.tar.gz");
  CHECK(expand("{file}") == "c.tar.gz");
  CHECK(expand("host") == "example.org/c.tar.gz");
  CHECK(expand("{host}/{path}") == "example.org/a/b/c.tar.gz");
  CHECK(expand("{scheme}-{host}_{port}/{dir}/{n}") == "https-example.org_8080/a/b/42");
  CHECK(expand("{stem}.{ext}") == "c.tar.gz");
  CHECK(expand("{query}") == "x=1&y=_");
  CHECK(expand("{n:6}.{ext}") == "000042.tar.gz");
  CHECK(expand("{n:1}-{n}") == "42-42");
  CHECK(expand("{{{n}}}.txt") == "{42}.txt");
  CHECK(expand("a//./b/{file}") == "a/b/c.tar.gz");
}

TEST_CASE("a short hash stands for the URL, the same for URLs that are one") {
  const std::string hash = expand("{hash}");
  CHECK(hash.size() == 16);
  CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(hash != expand("{hash}", {"https://example.org:8080/a/b/c.tar.gz?x=1&y=%2E"}));
  CHECK(expand("{hash}", {"http://h/%7Ea"}) == expand("{hash}", {"http://h/~a"}));
}

TEST_CASE("the server's name is that of the file, not of the path") {
  const Given given{.url = "http://h/dir/get.php?id=1", .served = "Report: 1.pdf"};
  CHECK(expand("{file}", given) == "Report_ 1.pdf");
  CHECK(expand("{n}/{stem}.x.{ext}", given) == "42/Report_ 1.x.pdf");
  CHECK(expand("{host}/{path}", given) == "h/dir/get.php");
  CHECK(expand("{dir}/{file}", given) == "dir/Report_ 1.pdf");
}

TEST_CASE("a path that ends in '/' is its index") {
  CHECK(expand("{host}/{path}", {"http://h/a/b/"}) == "h/a/b/index.html");
  CHECK(expand("{host}/{path}", {"http://h"}) == "h/index.html");
  CHECK(expand("{host}/{dir}/{file}", {"http://h/a/b/"}) == "h/a/b/index.html");
  CHECK(expand("{dir}/{file}", {"http://h/x"}) == "x");
}

TEST_CASE("what comes out empty is dropped, and a name there always is") {
  CHECK(expand("{query}", {"http://h/a"}) == "a");
  CHECK(expand("{query}/{file}", {"http://h/a"}) == "a");
  CHECK(expand("{stem}.{ext}", {"http://h/README"}) == "README");
  CHECK(expand("{dir}", {"http://h/a"}) == "a");
}

TEST_CASE("no URL leads out of the directory") {
  CHECK(expand("{host}/{path}", {"http://h/..%2f..%2fetc/passwd"}) == "h/.._.._etc/passwd");
  CHECK(expand("{host}/{path}", {"http://h/a//b///c"}) == "h/a/b/c");
  CHECK(expand("{path}", {"http://h/%00/%0a/.weft/x.part/CON"}) == "_/_/_weft/x_part/_CON");
  CHECK(expand("{query}/x-{file}", {"http://h/a?.."}) == "_/x-a");
  CHECK(expand("{query}/{file}", {"http://h/a?/etc/passwd"}) == "_etc_passwd/a");
  CHECK(expand("{host}/{file}", {"http://[::1]/a"}) == "[__1]/a");
  CHECK(expand("x{query}/{file}", {"http://h/a?../../b"}) == "x.._.._b/a");
}

TEST_CASE("a path that is too long keeps its host and its name") {
  std::string url = "http://h/";
  for (int i = 0; i < 2000; ++i) url += "d/";
  const std::string path = expand("{host}/{path}", {url + "f.txt"});
  CHECK(path.size() <= kLongestPath);
  CHECK(path.starts_with("h/d/"));
  CHECK(path.ends_with("/d/f.txt"));
}

TEST_CASE("a template that cannot be says what is wrong with it") {
  constexpr const char* kAll =
      "There are {scheme}, {host}, {port}, {path}, {dir}, {file}, {stem}, {ext}, {query}, {hash}, "
      "{n}.";
  const auto wrong = [](std::string_view text) {
    const std::string message = expand(text);
    const std::string start = "'" + std::string(text) + "' is no template for names: ";
    REQUIRE(message.starts_with(start));
    return message.substr(start.size());
  };
  CHECK(wrong("{filename}") == std::string("{filename} is not known. ") + kAll);
  CHECK(wrong("{}") == std::string("{} is not known. ") + kAll);
  CHECK(wrong("{File}") == std::string("{File} is not known. ") + kAll);
  CHECK(wrong("a{file") == "the '{' at its character 2 is not closed: write '{{' for one");
  CHECK(wrong("{file}}") == "the '}' at its character 7 closes nothing: write '}}' for one");
  for (const char* text : {"{n:}", "{n:0}", "{n:19}", "{n:x}", "{n:-1}", "{n:100}", "{file:3}"}) {
    CHECK(wrong(text) == "only {n} may have a width, from {n:1} to {n:18}");
  }
  CHECK(wrong("/tmp/{file}") == "it begins with '/'; names are below the directory of downloads");
  CHECK(wrong("{host}/") == "it ends in '/': write a name after it, such as {file}");
  CHECK(wrong("../{file}") == "'..' would leave the directory of downloads");
  CHECK(wrong("a/../{file}") == "'..' would leave the directory of downloads");
  CHECK(wrong("a.txt") == "every file would have this name. Use {file}, {path}, {n} and the like.");
  CHECK(expand("") == "a template for names is empty: the default is '{file}'");
}

}  // namespace
}  // namespace weft
