#include "weft/net/decode.hpp"

#include <brotli/encode.h>
#include <doctest/doctest.h>
#include <zstd.h>

#include <utility>
#include <vector>

#include "support/gzip.hpp"

namespace weft {

namespace {

using test::deflated;
using test::kGzip;
using test::kRaw;
using test::kZlib;

std::string brotlied(std::string_view text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 64;
  std::string out(size, '\0');
  REQUIRE(BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, text.size(),
                                reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                                reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string zstded(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// Text that compresses as text does, of any size.
std::string words(std::size_t size) {
  std::string text;
  for (unsigned seed = 1; text.size() < size; seed = seed * 1103515245 + 12345) {
    text += std::to_string(seed >> 16) + " ";
  }
  text.resize(size);
  return text;
}

struct Encoding {
  std::string name;
  std::string (*encode)(std::string_view);
};

const Encoding kEncodings[] = {
    {"gzip", [](std::string_view text) { return deflated(text, kGzip); }},
    {"x-gzip", [](std::string_view text) { return deflated(text, kGzip); }},
    {"GZip", [](std::string_view text) { return deflated(text, kGzip); }},
    {"deflate", [](std::string_view text) { return deflated(text, kZlib); }},
    {"deflate", [](std::string_view text) { return deflated(text, kRaw); }},
    {"br", brotlied},
    {"zstd", zstded},
};

}  // namespace

TEST_CASE("every coding that is asked for is undone") {
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    for (const std::size_t size : {0u, 1u, 1000u, 32768u, 300'000u}) {
      CAPTURE(size);
      const std::string text = words(size);
      const Decoded decoded = decode(encoding.name, encoding.encode(text), {});
      CHECK(decoded.outcome == Outcome::ok);
      CHECK(decoded.message == "");
      CHECK(decoded.body == text);
    }
  }
}

TEST_CASE("a list of codings is undone last to first") {
  const std::string text = words(5000);
  CHECK(decode("gzip, br", brotlied(deflated(text, kGzip)), {}).body == text);
  CHECK(decode(" br ,, identity , zstd", zstded(brotlied(text)), {}).body == text);
}

TEST_CASE("no coding leaves the body alone") {
  for (const char* coding : {"", "identity", "Identity", "none", " , "}) {
    CHECK(decode(coding, "as it is", {}).body == "as it is");
  }
  // It is not decoded, so it is nothing that the limits are about.
  CHECK(decode("", "as it is", {.max_size = {2}}).outcome == Outcome::ok);
}

TEST_CASE("an unknown coding is an error that leaves the body as it was") {
  const Decoded decoded = decode("gzip, x-secret", "bytes", {});
  CHECK(decoded.outcome == Outcome::decode_error);
  CHECK(decoded.message == "unknown content coding 'x-secret'");
  CHECK(decoded.body == "bytes");
}

TEST_CASE("six codings are too many to be meant") {
  CHECK(decode("gzip,gzip,gzip,gzip,gzip,gzip", "x", {}).outcome == Outcome::decode_error);
}

TEST_CASE("a stream cut short is an error that keeps what was read") {
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    const std::string text = words(300'000);
    std::string cut = encoding.encode(text);
    cut.resize(cut.size() * 3 / 4);
    const Decoded decoded = decode(encoding.name, std::move(cut), {});
    CHECK(decoded.outcome == Outcome::decode_error);
    CHECK(decoded.message.find("too early") != std::string::npos);
    CHECK(decoded.body.size() > 1000);
    CHECK(text.starts_with(decoded.body));
  }
}

TEST_CASE("a gzip stream without its last byte is cut short") {
  std::string cut = deflated("hello", kGzip);
  cut.pop_back();
  const Decoded decoded = decode("gzip", std::move(cut), {});
  CHECK(decoded.outcome == Outcome::decode_error);
  CHECK(decoded.body == "hello");
}

TEST_CASE("a damaged stream is an error") {
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    const Decoded plain = decode(encoding.name, "<!doctype html><p>not encoded at all", {});
    CHECK(plain.outcome == Outcome::decode_error);
  }
  std::string wrong_sum = deflated("hello", kGzip);
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  CHECK(decode("gzip", std::move(wrong_sum), {}).outcome == Outcome::decode_error);
}

TEST_CASE("gzip may have several members, and padding after them (RFC 1952 §2.2)") {
  const std::string members = deflated("one ", kGzip) + deflated("two", kGzip);
  CHECK(decode("gzip", members, {}).body == "one two");
  CHECK(decode("gzip", members + std::string(512, '\0'), {}).outcome == Outcome::ok);
  CHECK(decode("gzip", members + "rubbish", {}).body == "one two");
  CHECK(decode("zstd", zstded("one ") + zstded("two"), {}).body == "one two");
}

TEST_CASE("a decompression bomb costs what the limits say") {
  const std::string bomb(64u << 20, '\0');
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    const std::string wire = encoding.encode(bomb);
    const Decoded by_size =
        decode(encoding.name, wire, {.max_size = {1000}, .max_ratio = 1u << 30});
    CHECK(by_size.outcome == Outcome::too_large);
    CHECK(by_size.body.size() == 1000);

    const Decoded by_ratio = decode(encoding.name, wire, {.max_ratio = 2});
    CHECK(by_ratio.outcome == Outcome::too_large);
    CHECK(by_ratio.body.size() == std::max<std::size_t>(1u << 20, wire.size() * 2));
  }
}

TEST_CASE("a bomb is dropped after its first MiB, however large it is itself") {
  // 64 kB on the wire: by their number alone they might become 13 MB.
  const std::string bomb(64u << 20, '\0');
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    const Decoded decoded = decode(encoding.name, encoding.encode(bomb) + words(1u << 20), {});
    CHECK(decoded.outcome == Outcome::too_large);
    CHECK(decoded.body.size() == 1u << 20);
    CHECK(decoded.message.ends_with("decodes to more than 1048576 bytes"));
  }
}

TEST_CASE("tables that a program wrote are no bomb") {
  std::string table;
  for (int row = 0; table.size() < 5u << 20; ++row) {
    table += "<tr class=\"row\"><td class=\"number\">" + std::to_string(row) +
             "</td><td class=\"name\">name</td><td class=\"value\">0</td></tr>\n";
  }
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    CHECK(decode(encoding.name, encoding.encode(table), {}).body == table);
  }
}

TEST_CASE("the ratio holds over a whole list of codings") {
  const std::string bomb(64u << 20, '\0');
  const std::string wire = deflated(deflated(bomb, kGzip), kGzip);
  const Decoded decoded = decode("gzip, gzip", wire, {});
  CHECK(decoded.outcome == Outcome::too_large);
  CHECK(decoded.body.size() <= 1u << 20);
}

TEST_CASE("exactly the limit is not too large") {
  const std::string text = words(10'000);
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    CHECK(decode(encoding.name, encoding.encode(text), {.max_size = {10'000}}).body == text);
    CHECK(decode(encoding.name, encoding.encode(text), {.max_size = {9'999}}).outcome ==
          Outcome::too_large);
  }
}

TEST_CASE("gzip is undone where nobody named it") {
  CHECK(gunzip_if_gzip(deflated("<urlset/>", kGzip), {}).body == "<urlset/>");
  CHECK(gunzip_if_gzip("<urlset/>", {}).body == "<urlset/>");
  CHECK(gunzip_if_gzip("\x1f\x8b", {}).body == "\x1f\x8b");
  CHECK(gunzip_if_gzip("", {}).outcome == Outcome::ok);
}

}  // namespace weft
