#include <doctest/doctest.h>

#include <string>

#include "get/inputs.hpp"
#include "support/gzip.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_text;

const std::string kMd5 = "d41d8cd98f00b204e9800998ecf8427e";
const std::string kSha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const std::string kSha256(64, 'b');

std::string metalink(const std::string& files) {
  return "<?xml version=\"1.0\"?>\n<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n" + files +
         "</metalink>\n";
}

std::string file(const std::string& parts) {
  return "<file name='a'><url>http://a/</url>" + parts + "</file>\n";
}

TEST_CASE("a Metalink document's files are wanted, with their mirrors, hash and size") {
  const std::string document = metalink(
      "<file name='d/a.iso'>\n  <size>12</size>\n  <hash type='md5'>" + kMd5 +
      "</hash>\n  <hash type='sha-256'>" + kSha256 +
      "</hash>\n  <url priority='2'>http://two/a.iso</url>\n  <url priority='1'>http://one/a.iso"
      "</url>\n</file>\n<file name='b'><url>http://b/</url></file>\n");
  const Read expected{"3: http://one/a.iso\thttp://two/a.iso\tout=d/a.iso\tchecksum=sha256:" +
                          kSha256 + "\tsize=12",
                      "10: http://b/\tout=b"};
  CHECK(read_text(document) == expected);
  CHECK(read_text(document, InputFormat::metalink) == expected);
  CHECK(read_text(test::deflated(document)) == expected);
  CHECK(read_text("\xEF\xBB\xBF" + document) == expected);
}

TEST_CASE("blank lines before a Metalink document count as lines and do no harm") {
  CHECK(read_text("\n \n" + metalink(file(""))) == Read{"5: http://a/\tout=a"});
}

TEST_CASE("Metalink 3 is read alike") {
  CHECK(
      read_text("<metalink version='3.0' xmlns='http://www.metalinker.org/'><files>"
                "<file name='a'><verification><hash type='sha1'>" +
                kSha1 +
                "</hash></verification><resources><url type='http' preference='1'>http://ten/</url>"
                "<url type='http' preference='90'>http://ninety/</url></resources></file></files>"
                "</metalink>") ==
      Read{"1: http://ninety/\thttp://ten/\tout=a\tchecksum=sha1:" + kSha1});
}

TEST_CASE("of a Metalink file's hashes the strongest that can be computed counts") {
  const std::string md5 = "<hash type='md5'>" + kMd5 + "</hash>";
  const std::string sha1 = "<hash type='sha-1'>" + kSha1 + "</hash>";
  const std::string unknown = "<hash type='sha-384'>00</hash>";
  const std::string broken = "<hash type='sha-256'>00</hash>";
  CHECK(read_text(metalink(file(md5 + sha1))) ==
        Read{"3: http://a/\tout=a\tchecksum=sha1:" + kSha1});
  CHECK(read_text(metalink(file(sha1 + unknown + md5 + broken))) ==
        Read{"3: http://a/\tout=a\tchecksum=sha1:" + kSha1});
  CHECK(read_text(metalink(file(unknown))) ==
        Read{"3: http://a/\tout=a",
             "note 3: hashes of the kind sha-384 are not computed: it is not verified"});
  CHECK(read_text(metalink(file(broken)))[0].starts_with("bad 3: "));
}

TEST_CASE("a bad file of a Metalink document is told, and the rest goes on") {
  const std::pair<std::string, std::string> table[] = {
      {"<file name='../a'><url>http://a/</url></file>", "its name '../a' is no path below"},
      {"<file><url>http://a/</url></file>", "a file without a name"},
      {"<file name='a'/>", "it has no URL"},
      {"<file name='a'><metaurl mediatype='torrent'>http://t/</metaurl></file>", "it has no URL"},
      {"<file name='a'><url>a/b</url></file>", "'a/b' has no scheme"},
      {"<file name='a'><size>x</size><url>http://a/</url></file>", "its size 'x' is no number"},
  };
  for (const auto& [bad, why] : table) {
    const Read read = test::without_notes(read_text(metalink(file("") + bad + "\n" + file(""))));
    REQUIRE(read.size() == 3);
    CHECK(read[1].starts_with("bad 4: " + why));
    CHECK(read[2] == "5: http://a/\tout=a");
  }
}

TEST_CASE("what a Metalink document has that is left out is told once") {
  const std::string parts =
      "<metaurl mediatype='torrent'>http://t/</metaurl><signature mediatype='x'>y</signature>";
  CHECK(read_text(metalink(file(parts) + file(parts))) ==
        Read{"3: http://a/\tout=a", "note 3: torrents (metaurl) are left alone, here and below",
             "note 3: signatures are not checked, here and below", "4: http://a/\tout=a"});
}

TEST_CASE("of a Metalink document that breaks off the files before are read") {
  const std::string document = metalink(file("") + file("") + file(""));
  CHECK(read_text(document.substr(0, document.size() - 30)) ==
        Read{"3: http://a/\tout=a", "4: http://a/\tout=a",
             "error: cannot read the list 'F' to its end: line 5: no element found"});
  CHECK(read_text("<html></html>") ==
        Read{"error: cannot read the list 'F': its root element <html> is not that of Metalink 4 "
             "or 3"});
}

TEST_CASE("files of a Metalink document can be passed over by those that read them before") {
  std::string files;
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i);
    files += "<file name='" + n + "'><url>http://a/" + n + "</url></file>\n";
  }
  const Read all = read_text(metalink(files));
  REQUIRE(all.size() == 3000);
  for (const std::size_t skip : {1u, 999u, 2999u, 3000u}) {
    CHECK(read_text(metalink(files), InputFormat::automatic, skip) ==
          Read(all.begin() + skip, all.end()));
  }
}

}  // namespace
}  // namespace weft
