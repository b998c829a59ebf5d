#include "weft/net/address.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/vectors.hpp"

namespace weft {

TEST_CASE("an address is special when a page from outside must not reach it") {
  const auto vectors = test::load_vectors("ssrf/addresses.json");
  if (!vectors) return;
  for (const auto& row : vectors->at("addresses")) {
    const std::string text = row.at("address");
    const std::string why = row.at("why");
    CAPTURE(text);
    CAPTURE(why);
    const auto address = parse_ip(text);
    REQUIRE(address);
    CHECK(is_special(*address) == row.at("blocked").get<bool>());
  }
}

TEST_CASE("a 6to4 address is as special as the IPv4 address inside it") {
  CHECK_FALSE(is_special(*parse_ip("2002:808:808::1")));
  CHECK(is_special(*parse_ip("2002:a9fe:a9fe::1")));
}

TEST_CASE("only an address in its usual form is read as one") {
  CHECK(parse_ip("127.0.0.1"));
  CHECK(parse_ip("::1"));
  CHECK(parse_ip("[::1]"));
  CHECK(parse_ip("::1") == parse_ip("[::1]"));

  for (const char* text : {"", "example.org", "127.1", "0x7f000001", "127.0.0.1.", "1.2.3.4.5",
                           "256.0.0.1", "[127.0.0.1]", "[]", "[::1", "::1]", "::1%lo", "[[::1]]",
                           "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111:2222"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_ip(text));
  }
  CHECK_FALSE(parse_ip(std::string_view("127.0.0.1\0x", 11)));
}

TEST_CASE("an address prints as it is written") {
  CHECK(to_text(*parse_ip("192.168.0.1")) == "192.168.0.1");
  CHECK(to_text(*parse_ip("[2001:DB8:0:0::1]")) == "2001:db8::1");
}

}  // namespace weft
