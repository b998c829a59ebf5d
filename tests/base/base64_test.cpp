#include "weft/base/base64.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

TEST_CASE("base 64 is that of RFC 4648 §10") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8=") == "fo");
  CHECK(decode_base64("Zm9v") == "foo");
  CHECK(decode_base64("Zm9vYg==") == "foob");
  CHECK(decode_base64("Zm9vYmE=") == "fooba");
  CHECK(decode_base64("Zm9vYmFy") == "foobar");
  CHECK(decode_base64("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("base 64 may lack its padding, and carry bits it has no use for (RFC 8941 §4.2.7)") {
  CHECK(decode_base64("Zg") == "f");
  CHECK(decode_base64("Zm8") == "fo");
  CHECK(decode_base64("Zh==") == "f");
}

TEST_CASE("what is no base 64 has no bytes") {
  for (const char* text : {"Z", "Zm9vY", "Zg=", "Z===", "====", "Zm 9", "Zm9v\n", "Zm=v", "Zm9-",
                           "Zm9_", "Zg==Zg==", ":Zm9v:"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
  }
}

}  // namespace
}  // namespace weft
