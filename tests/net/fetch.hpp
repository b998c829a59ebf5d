// What the tests of Transfers share: a resolver whose names are a table, and one request
// carried to its end.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <climits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/after.hpp"
#include "weft/net/curl_transfers.hpp"

namespace weft::test {

inline Url url_of(std::string_view text) {
  auto url = Url::parse_download(text);
  REQUIRE(url);
  return *std::move(url);
}

inline Addresses addresses_of(std::initializer_list<const char*> texts) {
  Addresses addresses;
  for (const char* text : texts) addresses.push_back(parse_ip(text).value());
  return addresses;
}

// A Transfers with everything it needs around it.
class Net {
 public:
  using Names = std::map<std::string, Addresses>;

  explicit Net(NetConfig config = {}, Names names = {}, const Clock* clock = nullptr,
               Bytes rate = {0})
      : clock_(clock != nullptr ? *clock : system_),
        names_(std::move(names)),
        resolver_({}, clock_, [this](const std::string& host) { return look_up(host); }),
        limit_(rate, clock_),
        transfers_((net_global_init(),
                    make_curl_transfers(direct(std::move(config)), resolver_, limit_, clock_))) {}

  Transfers& transfers() { return *transfers_; }
  int lookups() const { return lookups_; }

  void start(Request request, std::uint64_t token = 0) {
    transfers_->start(std::move(request), token);
  }

  // Waits until nothing is in flight; the ends in the order they came.
  std::vector<Completion> finish() {
    std::vector<Completion> ended;
    while (transfers_->in_flight() > 0) wait(ended);
    wait_now(ended);
    return ended;
  }

  void wait(std::vector<Completion>& ended) { transfers_->wait(Clock::time_point::max(), ended); }
  void wait_now(std::vector<Completion>& ended) {
    transfers_->wait(Clock::time_point::min(), ended);
  }

  TransferResult fetch(Request request) {
    start(std::move(request));
    auto ended = finish();
    REQUIRE(ended.size() == 1);
    return std::move(ended.front().result);
  }

  TransferResult fetch(std::string_view url) {
    return fetch({.url = url_of(url), .addresses = AddressPolicy::any});
  }

 private:
  // Whatever proxy the machine's environment names is not for loopback tests.
  static NetConfig direct(NetConfig config) {
    if (config.proxy.empty()) config.proxy = "none";
    return config;
  }

  Resolution look_up(const std::string& host) {
    ++lookups_;
    const auto found = names_.find(host);
    if (found == names_.end()) return {.error = "no such name"};
    return {.addresses = found->second};
  }

  SystemClock system_;
  const Clock& clock_;
  const Names names_;
  std::atomic<int> lookups_ = 0;
  Resolver resolver_;
  RateLimit limit_;
  std::unique_ptr<Transfers> transfers_;
};

// Keeps what it is given, and wants no more once it has been given so many pieces (the head
// counts as the first).
class Kept final : public BodyReceiver {
 public:
  explicit Kept(int wanted = INT_MAX) : wanted_(wanted) {}

  bool begin(const Response& response) override {
    CHECK(heads == 0);
    ++heads;
    head = response;
    return --wanted_ > 0;
  }
  bool receive(std::string_view bytes) override {
    CHECK(heads == 1);
    CHECK(wanted_ > 0);
    CHECK_FALSE(bytes.empty());
    body += bytes;
    return --wanted_ > 0;
  }

  int heads = 0;
  Response head;
  std::string body;

 private:
  int wanted_;
};

inline Request request_for(std::string_view url) {
  return {.url = url_of(url), .addresses = AddressPolicy::any};
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

inline TransferResult fetch_into(Net& net, BodyReceiver& receiver, const std::string& url,
                                 std::vector<Header> headers = {}) {
  Request request = request_for(url);
  request.headers = std::move(headers);
  request.receiver = &receiver;
  return net.fetch(std::move(request));
}

// Calls test(net, server) with a server that answers every request like this: twice, as after.hpp
// has it. Every table of faults is to go through here.
template <class Test>
void on_fresh_and_kept(const Behaviour& fault, const Test& test, const NetConfig& config = {},
                       const Clock* clock = nullptr) {
  for (const After after : kAfterBoth) {
    CAPTURE(after);
    TestServer server(well_but_for(fault));
    Net net(config, {}, clock);
    if (after == After::good_answer) REQUIRE(net.fetch(server.url(kWell)).outcome == Outcome::ok);
    test(net, server);
    if (after == After::nothing) continue;
    const std::vector<SeenRequest> seen = server.requests();
    REQUIRE(seen.size() > 1);
    CHECK(seen[1].connection == seen[0].connection);
  }
}

}  // namespace weft::test
