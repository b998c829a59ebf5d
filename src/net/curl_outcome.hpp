// What libcurl's result codes mean to us.
//
// Threads: pure.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "net/framing.hpp"
#include "weft/net/http.hpp"

namespace weft {

struct CurlEnd {
  CURLcode code = CURLE_OK;
  std::string_view detail{};  // libcurl's error text
  long os_error = 0;          // errno of the last connect that failed
  bool started = false;       // a status was read
  bool http = true;           // else ftp or sftp
  long reply = 0;             // the last of an ftp server
};

// The end of a transfer that libcurl did not call complete, for which no reason of our
// own is known.
Defect defect_of(const CurlEnd& end);

// libcurl has repeated the request on other connections, and each ended before any answer.
bool has_died(std::string_view detail);

// May the same request go better later? Not where the other side's answer will be the
// same (a certificate that fails, rubbish instead of HTTP, a body that is too large).
bool may_go_better(Outcome outcome, const CurlEnd& end);

// An ssh server whose host key is not the one that known_hosts has for it, or which it does not
// name.
Defect host_key_defect(const Url& url, curl_khmatch match);

}  // namespace weft
