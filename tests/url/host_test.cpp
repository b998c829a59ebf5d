// Hosts: WHATWG URL §3.3 to §3.6.
#include <doctest/doctest.h>

#include <string>

#include "weft/url/url.hpp"

using weft::Url;

namespace {

std::string host(const std::string& text) {
  const auto url = Url::parse("http://" + text + "/");
  return url ? std::string(url->host()) : "(refused)";
}

}  // namespace

TEST_CASE("a host that ends in a number is an IPv4 address or no host") {
  CHECK(host("1.2.3.4") == "1.2.3.4");
  CHECK(host("0x7F.0.0.1") == "127.0.0.1");
  CHECK(host("0177.1") == "127.0.0.1");
  CHECK(host("1.2.3.4.") == "1.2.3.4");
  CHECK(host("1.65535") == "1.0.255.255");
  CHECK(host("4294967295") == "255.255.255.255");
  CHECK(host("0x") == "0.0.0.0");
  CHECK(host("4294967296") == "(refused)");
  CHECK(host("18446744073709551617") == "(refused)");
  CHECK(host("1.2.3.256") == "(refused)");
  CHECK(host("1.2.3.4.5") == "(refused)");
  CHECK(host("a.08") == "(refused)");
  CHECK(host("a.1") == "(refused)");
  CHECK(host("1.a") == "1.a");
  CHECK(host("1.0xg") == "1.0xg");
}

TEST_CASE("IPv6 addresses are written as RFC 5952 has it") {
  CHECK(host("[0:0:0:0:0:0:0:1]") == "[::1]");
  CHECK(host("[::]") == "[::]");
  CHECK(host("[1::]") == "[1::]");
  CHECK(host("[2001:DB8:0:0:1:0:0:1]") == "[2001:db8::1:0:0:1]");
  CHECK(host("[1:0:2:3:4:5:6:7]") == "[1:0:2:3:4:5:6:7]");
  CHECK(host("[1:2:3:4:5:6:7::]") == "[1:2:3:4:5:6:7:0]");
  CHECK(host("[::ffff:1.2.3.4]") == "[::ffff:102:304]");
  CHECK(host("[1:2:3:4:5:6:1.2.3.4]") == "[1:2:3:4:5:6:102:304]");
}

TEST_CASE("what is no IPv6 address is no host") {
  for (const char* text : {"[]",
                           "[:]",
                           "[:::]",
                           "[1]",
                           "[::1",
                           "::1]",
                           "[1:2:3:4:5:6:7:8:9]",
                           "[1::2::3]",
                           "[1:]",
                           "[:1::]",
                           "[12345::]",
                           "[g::]",
                           "[::1.2.3]",
                           "[::1.2.3.4.5]",
                           "[::01.2.3.4]",
                           "[::1.2.3.256]",
                           "[1:2:3:4:5:6:7:1.2.3.4]",
                           "[1.2.3.4::]",
                           "[1:2:3:4:5:6:7:8::]",
                           "[fe80::1%25eth0]",
                           "[::1]x"}) {
    CAPTURE(text);
    CHECK(host(text) == "(refused)");
  }
}

TEST_CASE("a domain is percent-decoded and lowered") {
  CHECK(host("EX%41mple.%6Frg") == "example.org");
  CHECK(host("%C3%A9.example") == "xn--9ca.example");
  CHECK(host("a%2Fb") == "(refused)");
  CHECK(host("a%00b") == "(refused)");
  CHECK(host("a_b!$&'()*+,;=~.example") == "a_b!$&'()*+,;=~.example");
}

TEST_CASE("a domain of ASCII is taken as it is, valid Punycode or not") {
  CHECK(host("XN--A") == "xn--a");
  CHECK(host("xn--.example") == "xn--.example");
}

TEST_CASE("beside other labels, Punycode must be what a label of Unicode would become") {
  CHECK(host("xn--bcher-kva.\u00e9") == "xn--bcher-kva.xn--9ca");
  CHECK(host("xn--a.\u00e9") == "(refused)");        // does not decode
  CHECK(host("xn--abc-.\u00e9") == "(refused)");     // nothing in it but ASCII
  CHECK(host("xn--8i7caa.\u00e9") == "(refused)");   // full-width letters: not mapped
  CHECK(host("xn--e-xbb.\u00e9") == "(refused)");    // not in normal form C
  CHECK(host("xn--\u00e9.example") == "(refused)");  // not ASCII itself
}

TEST_CASE("full-width and ideographic dots part labels") {
  CHECK(host("a\u3002b\uff0ec\uff61d") == "a.b.c.d");
  CHECK(host("\uff11.\uff12.\uff13.\uff14") == "1.2.3.4");
}

TEST_CASE("letters and marks are composed across what mapping ignores") {
  CHECK(host("e\u0301.example") == "xn--9ca.example");
  CHECK(host("e\u00ad\u0301.example") == "xn--9ca.example");
  CHECK(host("\u1112\u1161\u11ab") == host("\ud55c"));  // Hangul
  CHECK(host("q\u0307\u0323") == host("q\u0323\u0307"));
  CHECK(host("-\u0301a") == host("-\u0301A"));
}

TEST_CASE("no label begins with a combining mark") {
  CHECK(host("\u0301a.example") == "(refused)");
  CHECK(host("a.\u0301") == "(refused)");
}

TEST_CASE("joiners stand only where they shape what is written") {
  CHECK(host("\u0915\u094d\u200d\u0937") == "xn--11b2ezcw70k");  // after a virama
  CHECK(host("\u0628\u200c\u0628") == "xn--ngba799q");           // between joining letters
  CHECK(host("a\u200cb") == "(refused)");
  CHECK(host("a\u200db") == "(refused)");
  CHECK(host("\u2665\u200d") == "(refused)");
  CHECK(host("-\u0915\u094d\u200d\u0937") != "(refused)");
}

TEST_CASE("where one label is written right to left, all obey the bidi rule") {
  CHECK(host("\u05d0\u05d1.example") == "xn--4dbc.example");
  CHECK(host("\u05d0-1") == "xn---1-uld");
  CHECK(host("\u05d01.\u05d1") == "xn--1-zhc.xn--5db");
  CHECK(host("1\u05d0") == "(refused)");        // rule 1: begins with a digit
  CHECK(host("\u05d0a") == "(refused)");        // rule 2: a letter of the other direction
  CHECK(host("\u05d0-") == "(refused)");        // rule 3: ends in neither letter nor digit
  CHECK(host("\u05d01\u0661") == "(refused)");  // rule 4: two kinds of digits
  CHECK(host("\u0661\u05d0") == "(refused)");   // rule 1: an Arabic digit is no letter
  CHECK(host("1a.\u05d0") == "(refused)");      // rule 1, for the label beside it
  CHECK(host("a-.\u05d0") == "(refused)");      // rule 6
  CHECK(host("a-1.\u05d0..") != "(refused)");
  CHECK(host("1a.\u00e9") == "1a.xn--9ca");  // no such label, no such rule
}

TEST_CASE("a name no DNS could hold costs little to refuse or to write") {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "\u00e9";
  CHECK(host(many) == "(refused)");
  std::string marks = "a";
  for (int i = 0; i < 500; ++i) marks += "\u0301";
  CHECK(host(marks) == "(refused)");
}
