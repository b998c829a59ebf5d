#include "weft/page/metalink.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weft {
namespace {

using Strings = std::vector<std::string>;

struct Read {
  std::vector<MetalinkFile> files;
  std::string error;
};

// Fed in pieces of that size.
Read read(std::string_view text, std::size_t piece = 1 << 20, std::uint64_t first_line = 1) {
  MetalinkReader reader(first_line);
  Read result;
  const auto take_all = [&] {
    while (auto file = reader.take()) result.files.push_back(std::move(*file));
  };
  while (!text.empty()) {
    reader.feed(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
    take_all();
  }
  reader.finish();
  take_all();
  result.error = reader.error();
  return result;
}

std::string metalink4(const std::string& content) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\n" +
         content + "</metalink>\n";
}

std::string metalink3(const std::string& content) {
  return "<metalink version=\"3.0\" xmlns=\"http://www.metalinker.org/\">\n<files>\n" + content +
         "</files>\n</metalink>\n";
}

MetalinkFile only(const std::string& document) {
  const Read result = read(document);
  CHECK(result.error == "");
  REQUIRE(result.files.size() == 1);
  return result.files[0];
}

const std::string kTwoFiles = metalink4(R"(  <published>2026-01-02T03:04:05Z</published>
  <file name="a/one.iso">
    <size>14471447</size>
    <description>One &amp; only</description>
    <hash type="md5">d41d8cd98f00b204e9800998ecf8427e</hash>
    <hash type="sha-256">
      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    </hash>
    <pieces length="262144" type="sha-1"><hash>12</hash><hash>34</hash></pieces>
    <url location="de" priority="2">ftp://ftp.example.com/one.iso</url>
    <url> http://last.example.com/one.iso?a&amp;b </url>
    <url priority="1">http://example.com/one.iso</url>
    <metaurl mediatype="torrent" priority="1">http://example.com/one.torrent</metaurl>
    <signature mediatype="application/pgp-signature">none</signature>
  </file>
  <file name="two"><url>http://example.com/two</url></file>
)");

TEST_CASE("a Metalink 4 document describes files") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
    const Read result = read(kTwoFiles, piece);
    CHECK(result.error == "");
    REQUIRE(result.files.size() == 2);
    const MetalinkFile& one = result.files[0];
    CHECK(one.line == 4);
    CHECK(one.name == "a/one.iso");
    CHECK(one.size == 14471447);
    CHECK(one.damage == "");
    CHECK(one.has_metaurls);
    CHECK(one.has_signature);
    // RFC 5854 §4.2.16: lower priorities first, and last what has none.
    CHECK(one.urls == Strings{"http://example.com/one.iso", "ftp://ftp.example.com/one.iso",
                              "http://last.example.com/one.iso?a&b"});
    REQUIRE(one.hashes.size() == 2);  // those of its pieces are not its own
    CHECK(one.hashes[0].type == "md5");
    CHECK(one.hashes[1].type == "sha-256");
    CHECK(one.hashes[1].hex.starts_with("e3b0c442"));
    CHECK(one.hashes[1].hex.size() == 64);
    const MetalinkFile& two = result.files[1];
    CHECK(two.line == 18);
    CHECK(two.name == "two");
    CHECK(!two.size);
    CHECK(!two.has_metaurls);
    CHECK(two.urls == Strings{"http://example.com/two"});
  }
}

TEST_CASE("a Metalink 3 document describes files in groups") {
  const MetalinkFile file = only(metalink3(R"(<file name="one">
  <size>7</size>
  <verification>
    <hash type="sha1">da39a3ee5e6b4b0d3255bfef95601890afd80709</hash>
    <pieces length="1" type="sha1"><hash piece="0">00</hash></pieces>
  </verification>
  <resources maxconnections="1">
    <url type="http">http://unsaid/</url>
    <url type="http" preference="10">http://ten/</url>
    <url type="ftp" preference="100">ftp://hundred/</url>
    <url type="bittorrent" preference="100">http://t/one.torrent</url>
  </resources>
</file>
)"));
  CHECK(file.name == "one");
  CHECK(file.size == 7);
  CHECK(file.urls == Strings{"ftp://hundred/", "http://ten/", "http://unsaid/"});
  CHECK(file.has_metaurls);
  REQUIRE(file.hashes.size() == 1);
  CHECK(file.hashes[0].type == "sha1");
}

TEST_CASE("elements of Metalink count in its namespace alone, whatever the prefix") {
  const MetalinkFile file = only(
      "<m:metalink xmlns:m='urn:ietf:params:xml:ns:metalink' xmlns:x='urn:x'>"
      "<m:file name='a'><x:url>http://no/</x:url><url>http://no/</url><m:url>http://yes/</m:url>"
      "<x:y><m:url>http://no/</m:url></x:y></m:file></m:metalink>");
  CHECK(file.urls == Strings{"http://yes/"});
}

TEST_CASE("of equally preferred URLs the one that stands first comes first") {
  CHECK(only(metalink4("<file name='a'><url priority='5'>http://1/</url><url priority='1'>http://2/"
                       "</url><url priority='5'>http://3/</url><url priority='1'>http://4/</url>"
                       "</file>"))
            .urls == Strings{"http://2/", "http://4/", "http://1/", "http://3/"});
  // A priority that is none is the lowest.
  CHECK(only(metalink4("<file name='a'><url priority='0'>http://1/</url><url priority='x'>http://2/"
                       "</url><url priority='999999'>http://3/</url><url priority='7'>http://4/"
                       "</url></file>"))
            .urls == Strings{"http://4/", "http://1/", "http://2/", "http://3/"});
}

TEST_CASE("a name that leads out of the directory makes a Metalink file damaged") {
  const std::string bad[] = {"/a", "./a", "../a", "a/../b", "a/./b",   "a/..",
                             "a/", "..",  ".",    "a//b",   "a&#10;b", "a&#127;"};
  for (const std::string& name : bad) {
    CAPTURE(name);
    const MetalinkFile file =
        only(metalink4("<file name='" + name + "'><url>http://a/</url></file>"));
    CHECK(file.damage.ends_with(" is no path below a directory"));
  }
  for (const std::string name : {"a/b/c", "..a", "a..", "a/.b", "a b", "\u00e9"}) {
    CHECK(only(metalink4("<file name='" + name + "'><url>http://a/</url></file>")).damage == "");
  }
  CHECK(only(metalink4("<file><url>http://a/</url></file>")).damage == "a file without a name");
  CHECK(only(metalink4("<file name=''/>")).damage == "a file without a name");
}

TEST_CASE("a size that is none makes a Metalink file damaged") {
  for (const std::string size : {"", "-1", "1.5", "x", "99999999999999999999"}) {
    CHECK(only(metalink4("<file name='a'><size>" + size + "</size></file>")).damage ==
          "its size '" + size + "' is no number of bytes");
  }
  CHECK(only(metalink4("<file name='a'><size> 18446744073709551615 </size></file>")).size ==
        ~std::uint64_t{0});
}

TEST_CASE("what is complete of a Metalink document that is no XML stands") {
  const Read result = read(metalink4("<file name='a'><url>http://a/</url></file>\n<file name='b'>"
                                     "<url>http://b/</file>"),
                           1 << 20, 10);
  REQUIRE(result.files.size() == 1);
  CHECK(result.files[0].line == 12);
  CHECK(result.error == "line 13: mismatched tag");

  const Read cut = read(kTwoFiles.substr(0, kTwoFiles.size() - 12));
  CHECK(cut.files.size() == 2);
  CHECK(cut.error == "line 19: no element found");
  CHECK(read("").error == "line 1: no element found");
}

TEST_CASE("a document that is no Metalink's says what it is") {
  CHECK(read("<html><file/></html>").error ==
        "its root element <html> is not that of Metalink 4 or 3");
  CHECK(read("<metalink><file name='a'/></metalink>").error ==
        "its root element <metalink> is not that of Metalink 4 or 3");
}

TEST_CASE("a Metalink document with entities of its own is refused") {
  const Read result = read(
      "<?xml version='1.0'?><!DOCTYPE m [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b "
      "'&a;&a;&a;&a;&a;&a;&a;&a;'>]><metalink xmlns='urn:ietf:params:xml:ns:metalink'>"
      "<file name='&b;'><url>http://a/&b;</url></file></metalink>");
  CHECK(result.files.empty());
  CHECK(result.error == "it declares entities, which are not expanded");
  // One that is declared elsewhere is not fetched.
  const Read outside = read(
      "<!DOCTYPE m SYSTEM 'http://127.0.0.1:1/m.dtd'><metalink "
      "xmlns='urn:ietf:params:xml:ns:metalink'><file name='a'><url>http://a/&b;</url></file>"
      "</metalink>");
  REQUIRE(outside.files.size() == 1);
  CHECK(outside.files[0].damage == "it holds an entity that is not expanded");
}

TEST_CASE("hostile Metalink documents cost what they may") {
  std::string urls;
  for (int i = 0; i < 5000; ++i) urls += "<url priority='" + std::to_string(9999 - i) + "'>u</url>";
  const MetalinkFile crowded = only(metalink4("<file name='a'>" + urls + "</file>"));
  CHECK(crowded.urls.size() == kMetalinkMaxUrls);
  CHECK(crowded.damage == "it has over 1000 URLs");

  const MetalinkFile wordy =
      only(metalink4("<file name='a'><url>" + std::string(3 << 20, 'x') + "</url></file>"));
  REQUIRE(wordy.urls.size() == 1);
  CHECK(wordy.urls[0].size() < 70'000);  // too long to be a URL, and seen to be

  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<x>";
  CHECK(read(metalink4(deep)).error == "elements nest over 256 deep");

  std::string names;
  for (int i = 0; i < 2'000'000; ++i) names += "<n" + std::to_string(i) + "/>";
  CHECK(read(metalink4(names)).error.ends_with("out of memory"));
}

TEST_CASE("a Metalink document may be begun on one thread and ended on another") {
  for (int round = 0; round < 3; ++round) {
    auto reader = std::make_unique<MetalinkReader>();
    reader->feed(std::string_view(kTwoFiles).substr(0, 200));
    std::thread([&] {
      reader->feed(std::string_view(kTwoFiles).substr(200));
      reader->finish();
      CHECK(reader->take());
      reader.reset();
    }).join();
  }
}

TEST_CASE("a Metalink document is in the encoding that it declares") {
  CHECK(only("<?xml version='1.0' encoding='ISO-8859-1'?><metalink "
             "xmlns='urn:ietf:params:xml:ns:metalink'><file name='\xE9'/></metalink>")
            .name == "\u00e9");
}

}  // namespace
}  // namespace weft
