// What a Resolver is inside: what any thread may touch, and the thread that asks.
//
//   resolve() ──fresh_──► route ──► unsent_ ──► DnsChannel ──► settle ──► callbacks
//                           │                       │ no such name          ▲
//                           └──────► SystemNames ◄──┘ ───────events_────────┘
//
// Threads: resolve() and tell() from any thread; what is marked so by the resolver's own alone.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/bell.hpp"
#include "net/dns_channel.hpp"
#include "net/file_stamp.hpp"
#include "net/name_cache.hpp"
#include "net/name_sources.hpp"
#include "net/questions.hpp"
#include "net/system_names.hpp"
#include "weft/base/mutex.hpp"

namespace weft {

enum class AskedOf : std::uint8_t { sources, system };  // every name as NameSources says, or not

class Resolver::State {
 public:
  State(const ResolverConfig& config, const Clock& clock, AskedOf asked_of);

  void resolve(std::string_view host, Callback done) EXCLUDES(mutex_);
  void stop() EXCLUDES(mutex_);  // the last call: answers all who still wait

 private:
  using Token = Questions::Token;

  // What has come for the resolver's thread.
  struct Post {
    bool closing = false;
    std::vector<std::string> fresh;
    std::vector<SystemNames::Event> events;
  };

  void tell(SystemNames::Event event) EXCLUDES(mutex_);

  // Below: on the resolver's thread alone.
  void run() EXCLUDES(mutex_);
  Post take_post() EXCLUDES(mutex_);
  void begin(std::string host);
  void follow_resolv_conf();
  void send_unsent();
  void ask_v4(Token token, Question& question);
  void take_reply(DnsReply reply) EXCLUDES(mutex_);
  void take_event(SystemNames::Event event) EXCLUDES(mutex_);
  void settle(Token token, Resolution resolution) EXCLUDES(mutex_);
  void end_overdue() EXCLUDES(mutex_);
  void sleep() EXCLUDES(mutex_);

  // Constant after construction.
  const ResolverConfig config_;
  const Clock& clock_;
  const AskedOf asked_of_;
  const NameSources sources_;

  // Of the resolver's thread.
  Family family_;
  std::optional<FileStamp> resolv_conf_;  // as channel_ has read it
  Clock::time_point looked_at_resolv_conf_;
  Questions questions_;
  std::unordered_map<std::string, Token> in_flight_;  // 0: waits for its turn
  std::deque<std::string> unsent_;

  // State below is guarded by mutex_.
  Mutex mutex_;
  Bell bell_ GUARDED_BY(mutex_);
  const int wake_fd_;  // the bell's
  bool closing_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> fresh_ GUARDED_BY(mutex_);
  std::vector<SystemNames::Event> events_ GUARDED_BY(mutex_);
  NameCache cache_ GUARDED_BY(mutex_);

  // The end of these two is the first thing to happen: they tell of what they do.
  SystemNames system_;
  std::optional<DnsChannel> channel_;  // of the resolver's thread; always there
  std::thread thread_;
};

}  // namespace weft
