// One request from start() to its completion, and the lists of those that wait for a
// time: ordered by when they began to wait, so that the first is always the first due.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>

#include "net/curl_easy.hpp"
#include "net/file_head.hpp"
#include "net/framing.hpp"
#include "net/peers.hpp"
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

  bool speaks_http() const;

  // A file that comes by ftp or sftp: its head is made up before the first byte (file_head.hpp).
  // False: stop reading, as ResponseReader has it.
  bool file_body(std::string_view bytes);
  // libcurl has done with it. The reason that stands: ours, then the response's own, then
  // libcurl's. Where range_failed is set, there is no end yet.
  struct End {
    Defect defect;
    bool retryable = false;
  };
  End judge(CURLcode code);

  // True where a connection that other requests use, or have used, ended before any byte of this
  // one's answer: the server closes its connections after some requests or some time, and this one
  // came too late. Then it is to be run once more; nobody above counts that. Bounded: the last
  // repeat has `fresh_connection` set, and what fails there is a failure of this very request.
  bool repeat_unanswered(CURLcode code);

  // It waits in this list alone, from now on.
  void wait_in(WaitingList& list, Clock::time_point now);
  void wait_no_more();

  // When it is to be looked at whether its answer has come, or whether it is slow.
  Clock::time_point next_check(Clock::time_point now) const;
  // Why it ends for that; sets is_late where it is to yield its place.
  // Its speed says nothing where a limit of ours holds it back.
  std::optional<Defect> too_slow(Clock::time_point now, bool is_unlimited);

  // For messages: "example.org:8080 (192.0.2.1)", with the address that answered, or else
  // those that were tried.
  std::string place(std::string_view ip) const;

  CurlTransfers& owner;
  const Request request;
  const std::uint64_t token;
  std::uint64_t id = 0;
  const Proxy* proxy = nullptr;
  std::optional<AskedRange> range;  // of a file without HTTP, as long as it can be had
  bool range_failed = false;        // it cannot
  Addresses reachable{};            // to connect to, once the name is resolved
  ResponseReader reader;
  std::optional<Defect> defect;  // of our own making: stands before what libcurl says
  std::unique_ptr<CurlEasy> easy;
  int repeats = 0;                // of a request that was not answered
  bool fresh_connection = false;  // not one that others have used

  Clock::time_point started;
  Clock::time_point active;  // last byte, or whatever else restarts its wait
  Clock::duration dns{};
  Clock::time_point first_byte{};

  bool is_heard = false;  // the first byte of a header, or of an ftp server's reply, has come
  bool is_late = false;
  Peers::Peer* peer = nullptr;  // whose connections it uses
  Clock::time_point asked{};    // when its address was known
  std::optional<std::multimap<Clock::time_point, Transfer*>::iterator> check_due{};

  WaitingList* waiting_in = nullptr;
  WaitingList::iterator waiting_at;

 private:
  // Without HTTP: makes up the head where no byte came, and says what the code means then.
  CURLcode file_end(CURLcode code);
};

}  // namespace weft
