// One request from start() to its completion, and the lists of those that wait for a
// time: ordered by when they began to wait, so that the first is always the first due.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>

#include "net/curl_easy.hpp"
#include "net/framing.hpp"
#include "weft/net/transfers.hpp"

namespace weft {

class CurlTransfers;
struct Transfer;

// Members of one list all wait equally long, so a member that starts anew goes to the
// end. A transfer is in at most one list.
using WaitingList = std::list<Transfer*>;

struct Transfer {
  Transfer(CurlTransfers& owner_, Request request_, std::uint64_t token_, Clock::time_point now)
      : owner(owner_), request(std::move(request_)), token(token_), reader(request), started(now) {}

  // What was read, where from and when; all but the total time.
  Response release_response();

  // For messages: "example.org:8080 (192.0.2.1)", with the address that answered, or else
  // those that were tried.
  std::string place(std::string_view ip) const;

  CurlTransfers& owner;
  const Request request;
  const std::uint64_t token;
  std::uint64_t id = 0;
  const Proxy* proxy = nullptr;
  std::shared_ptr<const Resolution> resolution;  // once the name is resolved
  ResponseReader reader;
  std::optional<Defect> defect;  // of our own making: stands before what libcurl says
  std::unique_ptr<CurlEasy> easy;

  Clock::time_point started;
  Clock::time_point active;  // last byte, or whatever else restarts its wait
  Clock::duration dns{};
  Clock::time_point first_byte{};

  WaitingList* waiting_in = nullptr;
  WaitingList::iterator waiting_at;
};

}  // namespace weft
