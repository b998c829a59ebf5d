#include "weft/get/checksum_file.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/gzip.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using Texts = std::vector<std::string>;

constexpr auto md5 = DigestAlgorithm::md5;
constexpr auto sha1 = DigestAlgorithm::sha1;
constexpr auto sha256 = DigestAlgorithm::sha256;
constexpr auto sha512 = DigestAlgorithm::sha512;
constexpr auto crc32c = DigestAlgorithm::crc32c;

// "sha256:HEX" of some bytes, and the HEX alone.
std::string digest_of(DigestAlgorithm algorithm, std::string_view bytes) {
  Digester digester(algorithm);
  digester.add(bytes);
  return to_text({algorithm, digester.finish()});
}
std::string hex_of(DigestAlgorithm algorithm, std::string_view bytes) {
  const std::string text = digest_of(algorithm, bytes);
  return text.substr(text.find(':') + 1);
}

// A file of checksums that was read, and what was wrong with it.
struct Listed {
  Texts bad{};
  Result<ChecksumFile> file;

  explicit Listed(std::string_view text) : file(read(text)) {}

  Texts find(std::string_view path, std::string_view url = "http://h/elsewhere") const {
    Texts found;
    for (const Checksum& checksum : file.value().find(path, Url::parse(url).value())) {
      found.push_back(to_text(checksum));
    }
    return found;
  }

 private:
  Result<ChecksumFile> read(std::string_view text) {
    const test::TempDir dir;
    test::write_file(dir / "SUMS", text);
    return ChecksumFile::read(dir / "SUMS", [this](const BadLine& line) {
      bad.push_back(std::to_string(line.line) + ": " + line.why);
    });
  }
};

const std::string kA = hex_of(sha256, "a");
const std::string kB = hex_of(sha256, "b");

TEST_CASE("checksums are read as GNU's tools write them, the algorithm by its length") {
  const Listed listed(hex_of(md5, "a") + "  a.md5\n" + hex_of(sha1, "a") + " *a.sha1\n" + kA +
                      "  a b.sha256\n" + hex_of(sha512, "a") + " a.sha512\n" + kB + "\tb\r\n" +
                      "\n# comment\n" + kB + "  last");
  CHECK(listed.bad == Texts{});
  CHECK(listed.find("a.md5") == Texts{digest_of(md5, "a")});
  CHECK(listed.find("a.sha1") == Texts{digest_of(sha1, "a")});
  CHECK(listed.find("a b.sha256") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("a.sha512") == Texts{digest_of(sha512, "a")});
  CHECK(listed.find("b") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("last") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("nowhere") == Texts{});
}

TEST_CASE("checksums are read as BSD's tools and OpenSSL write them") {
  const Listed listed("SHA256 (a (1).txt) = " + kA + "\nMD5 (b) = " + hex_of(md5, "b") +
                      "\nSHA2-256(c)= " + kB + "\nCRC32C (d) = " + hex_of(crc32c, "d") + "\n");
  CHECK(listed.bad == Texts{});
  CHECK(listed.find("a (1).txt") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("b") == Texts{digest_of(md5, "b")});
  CHECK(listed.find("c") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("d") == Texts{digest_of(crc32c, "d")});
}

TEST_CASE("names with line ends and backslashes are escaped, after a backslash alone") {
  const Listed listed("\\" + kA + "  a\\nb\\\\c\\rd\n\\SHA256 (x\\ny) = " + kB + "\n" + kB +
                      "  not\\nescaped\n\\" + kA + "  a\\tb\n\\" + kA + "  end\\\n");
  CHECK(listed.find("a\nb\\c\rd") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("x\ny") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("not\\nescaped") == Texts{digest_of(sha256, "b")});
  CHECK(listed.bad == Texts{"4: 'a\\tb' has a backslash that is neither \\\\, \\n nor \\r",
                            "5: 'end\\' has a backslash that is neither \\\\, \\n nor \\r"});
}

TEST_CASE("a clear-signed file is read without what signs it") {
  const Listed listed("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\nCharset: utf-8\n\n" + kA +
                      "  a\n- " + kB + "  b\n- # a comment\n" +
                      "-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCAAdFiEE\n=abcd\n"
                      "-----END PGP SIGNATURE-----\n" +
                      kB + "  after\n");
  CHECK(listed.bad == Texts{});
  CHECK(listed.find("a") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("b") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("after") == Texts{digest_of(sha256, "b")});
}

TEST_CASE("a line that is no checksum says why, and the rest are read") {
  const std::string long_line = kA + "  " + std::string(2 << 20, 'x');
  const Listed listed("hello\n" + kA + "\n" + kA + "  \n" + kA.substr(2) + "  short\n" +
                      "0a72a4df  crc\nSHA384 (x) = 00\nSHA256 (x) = 00\nSHA256 () = " + kA +
                      "\nSHA256 (x = " + kA + "\n)x( = " + kA + "\n" + long_line + "\n" + kB +
                      "  good\n");
  const std::string forms = "'HEX  NAME' or 'ALGORITHM (NAME) = HEX'";
  CHECK(listed.bad ==
        Texts{"1: 'hello' is neither " + forms, "2: '" + kA + "' is neither " + forms,
              "3: it names no file: lines are " + forms,
              "4: 62 digits are none of md5 (32), sha1 (40), sha256 (64) and sha512 (128)",
              "5: 8 digits are none of md5 (32), sha1 (40), sha256 (64) and sha512 (128)",
              "6: no digest is called 'SHA384': there are md5, sha1, sha256, sha512 and crc32c",
              "7: 2 characters are no sha256 digest: it has 64 hexadecimal digits",
              "8: it names no file: lines are " + forms,
              "9: 'SHA256 (x = " + kA + "' is neither " + forms,
              "10: ')x( = " + kA + "' is neither " + forms,
              "11: '" + long_line.substr(0, 100) + "...' is too long to be a checksum"});
  CHECK(listed.find("good") == Texts{digest_of(sha256, "b")});
}

TEST_CASE("a file is listed by the longest end of its path, or of its URL's") {
  const Listed listed(kA + "  ./a/x\n" + kB + "  b/x\n" + hex_of(sha256, "c") + "  /y\n");
  CHECK(listed.find("a/x") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("z/b/x") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("x") == Texts{});  // which of the two?
  CHECK(listed.find("c/x") == Texts{});
  CHECK(listed.find("x", "http://h/pub/a/x?q") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("x.1", "http://h/%62/x") == Texts{digest_of(sha256, "b")});
  CHECK(listed.find("a/x", "http://h/b/x") == Texts{digest_of(sha256, "a")});
  CHECK(listed.find("d/e/y") == Texts{digest_of(sha256, "c")});
  CHECK(listed.find("index.html", "http://h/") == Texts{});
}

TEST_CASE("a file may have a digest of each algorithm, and one of each") {
  const Listed listed(kA + "  x\n" + hex_of(md5, "x") + "  x\n" + kA + "  ./x\n" + kB + "  x\n");
  CHECK(listed.find("x") == Texts{digest_of(md5, "x"), digest_of(sha256, "a")});
  CHECK(listed.bad == Texts{"4: line 1 has another digest for the same file, and counts"});
}

TEST_CASE("a file of checksums may be gzip, and begin with a byte order mark") {
  CHECK(Listed(test::deflated(kA + "  x\n")).find("x") == Texts{digest_of(sha256, "a")});
  const Listed marked("\xEF\xBB\xBF" + kA + "  x\n");
  CHECK(marked.bad == Texts{});
  CHECK(marked.find("x") == Texts{digest_of(sha256, "a")});
}

TEST_CASE("a file that lists nothing, or cannot be read, is an error") {
  const test::TempDir dir;
  test::write_file(dir / "empty", "# nothing\n");
  const auto message = [&](const std::string& name) {
    const auto file = ChecksumFile::read(dir / name, [](const BadLine&) {});
    REQUIRE_FALSE(file);
    return file.error().message;
  };
  CHECK(message("empty") == "'" + (dir / "empty") +
                                "' lists no checksum. Its lines should be as sha256sum writes "
                                "them: HEX, two spaces, and the name of a file.");
  CHECK(message("missing") ==
        "cannot read the checksums in '" + (dir / "missing") + "': No such file or directory");
}

TEST_CASE("many checksums are each found again") {
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    const std::string name = std::to_string(i);
    text += hex_of(i % 2 == 0 ? sha256 : md5, name) + "  dir/" + name + "\n";
  }
  const Listed listed(text);
  for (int i = 0; i < 2000; ++i) {
    const std::string name = std::to_string(i);
    CHECK(listed.find("dir/" + name) == Texts{digest_of(i % 2 == 0 ? sha256 : md5, name)});
  }
}

TEST_CASE("a sidecar holds the digest of the file beside it") {
  const auto sidecar = [](const std::string& text) {
    const auto checksum = parse_sidecar(text, sha256, "x.iso");
    return checksum ? to_text(*checksum) : checksum.error().message;
  };
  CHECK(sidecar(kA) == digest_of(sha256, "a"));
  CHECK(sidecar(" " + kA + "\r\n") == digest_of(sha256, "a"));
  CHECK(sidecar(kA + "  x.iso\n") == digest_of(sha256, "a"));
  CHECK(sidecar("SHA256 (x.iso) = " + kA) == digest_of(sha256, "a"));
  CHECK(sidecar("# made by x\n" + kA + " *build/out/renamed.iso\n") == digest_of(sha256, "a"));
  CHECK(sidecar(kB + "  y.iso\n" + kA + "  ./dir/x.iso\n") == digest_of(sha256, "a"));
  CHECK(sidecar(hex_of(md5, "x") + "  x.iso\n" + kA + "  x.iso\n") == digest_of(sha256, "a"));
  for (const std::string& none :
       {std::string(), std::string("<html>not found</html>"), hex_of(md5, "x") + "  x.iso",
        kA + "  y.iso\n" + kB + "  z.iso\n" + kB + "  zz.iso", kA.substr(1)}) {
    CAPTURE(none);
    CHECK(sidecar(none) == "there is no sha256 digest of 'x.iso' in it");
  }
}

}  // namespace
}  // namespace weft
