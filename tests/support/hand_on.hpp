// What every Transfers does with the body of a response: leaves it there, or gives it to the
// receiver of the request.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "weft/net/transfers.hpp"

namespace weft::test {

// Two pieces where there is enough for two.
inline void hand_on(const Request& request, TransferResult& result) {
  Response& response = result.response;
  response.body_size = response.body.size();
  if (request.receiver == nullptr || response.status == 0) return;
  const std::string body = std::exchange(response.body, {});
  response.body_size = 0;
  if (!request.receiver->begin(response)) {
    result = {.stopped = true, .response = std::move(response)};
    return;
  }
  const std::string_view halves[] = {std::string_view(body).substr(0, body.size() / 2),
                                     std::string_view(body).substr(body.size() / 2)};
  for (const std::string_view half : halves) {
    if (half.empty()) continue;
    response.body_size += half.size();
    if (request.receiver->receive(half)) continue;
    result = {.stopped = true, .response = std::move(response)};
    return;
  }
}

}  // namespace weft::test
