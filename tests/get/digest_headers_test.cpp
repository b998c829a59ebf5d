#include "weft/get/digest_headers.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace weft {
namespace {

using Texts = std::vector<std::string>;

Headers headers_of(std::initializer_list<Header> lines) {
  Headers headers;
  for (const Header& line : lines) headers.add(line.name, line.value);
  return headers;
}

Texts texts_of(const std::vector<Checksum>& checksums) {
  Texts texts;
  for (const Checksum& checksum : checksums) texts.push_back(to_text(checksum));
  return texts;
}

Texts whole(std::initializer_list<Header> lines, int status = 200) {
  return texts_of(digests_of(status, headers_of(lines)).whole);
}

Texts part(std::initializer_list<Header> lines, int status = 206) {
  return texts_of(digests_of(status, headers_of(lines)).part);
}

std::string digest_of(DigestAlgorithm algorithm, std::string_view bytes) {
  Digester digester(algorithm);
  digester.add(bytes);
  return to_text({algorithm, digester.finish()});
}

constexpr auto md5 = DigestAlgorithm::md5;
constexpr auto sha1 = DigestAlgorithm::sha1;
constexpr auto sha256 = DigestAlgorithm::sha256;
constexpr auto crc32c = DigestAlgorithm::crc32c;

// RFC 9530 §B.1's own example, and what it is the digest of.
constexpr std::string_view kHello = "{\"hello\": \"world\"}\n";
constexpr const char* kOfHello = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

TEST_CASE("Repr-Digest is the whole file's digest, whatever part is sent (RFC 9530 §3)") {
  CHECK(whole({{"Repr-Digest", kOfHello}}) == Texts{digest_of(sha256, kHello)});
  CHECK(whole({{"repr-digest", kOfHello}}, 206) == Texts{digest_of(sha256, kHello)});
  CHECK(part({{"Repr-Digest", kOfHello}}).empty());
}

TEST_CASE("Content-Digest is the digest of what is sent (RFC 9530 §2)") {
  CHECK(whole({{"Content-Digest", kOfHello}}) == Texts{digest_of(sha256, kHello)});
  CHECK(part({{"Content-Digest", kOfHello}}, 200).empty());
  CHECK(part({{"Content-Digest", kOfHello}}) == Texts{digest_of(sha256, kHello)});
  CHECK(whole({{"Content-Digest", kOfHello}}, 206).empty());
}

TEST_CASE("Digest names several algorithms, in any case (RFC 3230 §4.3.2)") {
  CHECK(whole({{"Digest",
                "SHA-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=,"
                "md5=kAFQmDzST7DWlj99KOF/cg== , sha=qZk+NkcGgWq6PiVxeFDCbJzQ2J0="}}) ==
        Texts{digest_of(sha256, "abc"), digest_of(md5, "abc"), digest_of(sha1, "abc")});
  CHECK(whole({{"Digest", "md5=kAFQmDzST7DWlj99KOF/cg=="}}, 206) == Texts{digest_of(md5, "abc")});
}

TEST_CASE("CRC32c is hexadecimal in Digest (IANA's HTTP digest algorithm values)") {
  CHECK(whole({{"Digest", "CRC32c=0a72a4df"}}) == Texts{digest_of(crc32c, "dog")});
  CHECK(whole({{"Digest", "crc32c=A72A4DF"}}) == Texts{digest_of(crc32c, "dog")});
  CHECK(whole({{"Digest", "crc32c="}}).empty());
  CHECK(whole({{"Digest", "crc32c=00a72a4df"}}).empty());
}

TEST_CASE("Content-MD5 counts with a whole file alone (RFC 1864, RFC 7231 §B)") {
  const Header header{"Content-MD5", "kAFQmDzST7DWlj99KOF/cg=="};
  CHECK(whole({header}) == Texts{digest_of(md5, "abc")});
  CHECK(whole({header}, 206).empty());
  CHECK(part({header}).empty());
}

TEST_CASE("all headers count, and all lines of one") {
  CHECK(whole({{"Content-MD5", "kAFQmDzST7DWlj99KOF/cg=="},
               {"Digest", "crc32c=0a72a4df"},
               {"Digest", "SHA-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
               {"Repr-Digest", kOfHello}}) ==
        Texts{digest_of(sha256, kHello), digest_of(crc32c, "dog"), digest_of(sha256, "abc"),
              digest_of(md5, "abc")});
}

TEST_CASE("a dictionary may hold more than digests (RFC 8941 §3.2)") {
  const Texts expected{digest_of(sha256, kHello)};
  for (const char* more : {"a=1", "a=?1", "a", "a=tok/en", "a=\"text, with \\\" and :AA==:\"",
                           "a=(1 \"b)\" :AA==:)", "a=1.5;q=2;r", "a;b=:AAAA:", "unixsum=:AAAA:",
                           "sha-512=:AAAA:", "md5=1", "*x=-7", "sha3=:AAAA:"}) {
    CAPTURE(more);
    CHECK(whole({{"Repr-Digest", std::string(more) + ", " + kOfHello}}) == expected);
    CHECK(whole({{"Repr-Digest", std::string(kOfHello) + " \t,\t" + more}}) == expected);
    CHECK(whole({{"Repr-Digest", std::string(kOfHello) + ";p=1"}, {"Repr-Digest", more}}) ==
          expected);
  }
}

TEST_CASE("the last of a dictionary's members of one name counts (RFC 8941 §4.2.2)") {
  CHECK(whole({{"Repr-Digest", "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"},
               {"Repr-Digest", kOfHello}}) == Texts{digest_of(sha256, kHello)});
}

TEST_CASE("a malformed dictionary says nothing at all (RFC 8941 §4.2)") {
  for (const char* wrong :
       {",", "a=", "a=,", "=1", "A=1", "1=a", "a b", "a=\"open", "a=\"\\", "a=(1", "a=:AAA",
        "a=:A*A:", "a,", "a;", "a;b=", ";a", ":AAAA:", "\xc3\xa4=1"}) {
    CAPTURE(wrong);
    CHECK(whole({{"Repr-Digest", std::string(kOfHello) + "," + wrong}}).empty());
  }
  CHECK(whole({{"Repr-Digest", ""}}).empty());
}

TEST_CASE("a digest that is malformed or of another length is none") {
  for (const char* wrong :
       {"sha-256", "sha-256=", "sha-256=AAAA", "sha-256=kAFQmDzST7DWlj99KOF/cg==",
        "md5=kAFQmDzST7DWlj99KOF*cg==", "=kAFQmDzST7DWlj99KOF/cg==", "adler32=03da0195",
        "id-md5=kAFQmDzST7DWlj99KOF/cg==", ",,", ""}) {
    CAPTURE(wrong);
    CHECK(whole({{"Digest", wrong}}).empty());
    CHECK(whole({{"Digest", std::string(wrong) + ",md5=kAFQmDzST7DWlj99KOF/cg=="}}) ==
          Texts{digest_of(md5, "abc")});
  }
  for (const char* wrong : {"", "AAAA", "kAFQmDzST7DWlj99KOF/cg== x", "<md5>"}) {
    CHECK(whole({{"Content-MD5", wrong}}).empty());
  }
}

TEST_CASE("a response without digests has none") {
  const auto said = digests_of(200, headers_of({{"Content-Type", "text/html"}}));
  CHECK(said.whole.empty());
  CHECK(said.part.empty());
}

}  // namespace
}  // namespace weft
