// HTTP as plain data: what is asked and what came back. No I/O here.
//
// A file by ftp, ftps or sftp is told in the same words: the head has status 200, or 206 for a
// part, or 416 where the file ends before it; Content-Length and Last-Modified where they are
// known, Accept-Ranges, Content-Range; http_version is empty. Of the request's headers Range alone
// is heeded ("bytes=N-" or "bytes=N-M"; If-Range is not, so compare Last-Modified). What the server
// says no to (a login, a file that is not there) is Outcome::http_error with status 0.
//
// Threads: values.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/outcome.hpp"
#include "weft/base/units.hpp"
#include "weft/url/url.hpp"

namespace weft {

struct Header {
  std::string name;
  std::string value;
};

// One line of a request: a name that is a token and a value without line ends.
bool is_sendable(const Header& header);

// In the order received, names as received; look-ups ignore case (RFC 9110 §5.1).
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void append_to_last(std::string_view more);  // after a space; REQUIRES: not empty
  void clear() { list_.clear(); }
  std::optional<std::string_view> get(std::string_view name) const;  // the first
  std::vector<std::string_view> get_all(std::string_view name) const;
  const std::vector<Header>& list() const { return list_; }

 private:
  std::vector<Header> list_;
};

// May this request reach loopback, private, link-local and other special addresses
// (address.hpp)? Checked on every address before a connection is made.
enum class AddressPolicy : std::uint8_t { public_only, any };

// What the user says of such addresses: only hosts that were named may be there, or all, or none.
enum class PrivateAddresses : std::uint8_t { named_hosts, allow, deny };

enum class HostIs : std::uint8_t { named, found };  // by the user; by following what was read

constexpr AddressPolicy address_policy(PrivateAddresses addresses, HostIs host) {
  const bool any = addresses == PrivateAddresses::allow ||
                   (addresses == PrivateAddresses::named_hosts && host == HostIs::named);
  return any ? AddressPolicy::any : AddressPolicy::public_only;
}

struct Response;

// Takes a response's body as it comes, instead of Response::body holding it.
//
// Threads: called on the thread that owns the Transfers, from within its wait(), and never
//          again once the transfer has ended. Must not call the Transfers, nor throw.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;

  // The final response's status line and headers have been read, whatever the status and
  // also where no body follows. Once, before any of the body. False: read no further; the
  // transfer ends as TransferResult::stopped.
  virtual bool begin(const Response& head) = 0;

  // The next bytes of the body, still content-encoded; valid during the call. False: as above.
  virtual bool receive(std::string_view bytes) = 0;
};

struct Request {
  Url url;
  std::vector<Header> headers{};  // besides those of NetConfig
  // Not a host that the user named (a redirect led there): NetConfig's Authorization and Cookie
  // headers are not for it.
  bool foreign = false;
  AddressPolicy addresses = AddressPolicy::public_only;
  Bytes max_body{32u << 20};   // as received; more: too_large; 0: no limit
  bool keep_cut_body = false;  // too_large keeps what was read
  // From when the address is known to the first byte of an answer; longer: timeout. 0: no limit.
  Clock::duration answer_within{};
  // Where others wait for its place, one without an answer after so long, or each time so long
  // again with a body slower than kYieldingSpeed, ends as TransferResult::late. 0: it never yields.
  Clock::duration yield_after{};
  const std::atomic<bool>* others_wait = nullptr;  // must outlive the transfer
  BodyReceiver* receiver = nullptr;                // of the body; must outlive the transfer
};

inline constexpr std::uint64_t kYieldingSpeed = 200;  // bytes a second

struct Timings {          // since the request began; zero where a phase did not happen
  Clock::duration dns{};  // since the name server was asked; zero where the answer was at hand
  Clock::duration connect{};
  Clock::duration tls{};
  Clock::duration first_byte{};
  Clock::duration total{};
};

struct Response {
  int status = 0;  // 0: no response was read
  Headers headers;
  std::string body;             // as received: still content-encoded (decode.hpp)
  std::uint64_t body_size = 0;  // of what is in `body`, or was handed to the receiver
  std::string ip;               // the address that answered; empty if none
  std::string http_version;     // "1.0", "1.1", "2"
  Timings timings;
};

// The end of one transfer. `outcome` is ok for any complete HTTP response, whatever
// its status; otherwise it says what broke and `message` says so for people. A body is
// complete when it is as long as its Content-Length or Content-Range says, if either does.
struct TransferResult {
  Outcome outcome = Outcome::ok;
  std::string message{};
  bool retryable = false;  // may the same request go better later?
  bool stopped = false;    // the receiver wanted no more; `outcome` is ok
  bool late = false;       // it has yielded its place (Request::yield_after); `outcome` is timeout
  Response response{};
};

}  // namespace weft
