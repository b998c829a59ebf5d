// What libcurl's result codes mean to us.
//
// Threads: pure.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "net/framing.hpp"
#include "weft/net/http.hpp"

namespace weft {

// The end of a transfer that libcurl did not call complete, for which no reason of our
// own is known. `detail` is libcurl's error text, `started` whether a status was read.
Defect defect_of(CURLcode code, std::string_view detail, bool started);

// May the same request go better later? Not where the other side's answer will be the
// same (a certificate that fails, rubbish instead of HTTP, a body that is too large).
bool may_go_better(Outcome outcome, CURLcode code, std::string_view detail);

}  // namespace weft
