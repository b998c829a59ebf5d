#include "weft/net/resolver.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <list>
#include <thread>
#include <unordered_map>
#include <utility>

#include "weft/base/mutex.hpp"

namespace weft {

namespace {

using Answer = std::shared_ptr<const Resolution>;

struct AddrinfoEnd {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

std::optional<IpAddress> to_ip(const sockaddr& address) {
  IpAddress ip;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(ip.octets.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return ip;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(ip.octets.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    ip.v6 = true;
    return ip;
  }
  return std::nullopt;
}

}  // namespace

// A name is in entries_ from the first question on: waiting while it is looked up,
// then answered until it expires or room is needed. answered_ holds the answered ones,
// oldest first.
struct Resolver::State {
  State(const ResolverConfig& config_, const Clock& clock_, Lookup lookup_)
      : config(config_), clock(clock_), lookup(std::move(lookup_)) {}

  void run() EXCLUDES(mutex);
  void finish(const std::string& host, const Answer& answer) EXCLUDES(mutex);
  void keep(const std::string& host, const Answer& answer) REQUIRES(mutex);
  Answer kept(const std::string& host) REQUIRES(mutex);

  struct Entry {
    std::vector<Callback> waiting;
    Answer answer;  // empty while it is looked up
    Clock::time_point expires;
    std::list<std::string>::iterator age;
  };

  // Constant after construction.
  const ResolverConfig config;
  const Clock& clock;
  const Lookup lookup;
  std::vector<std::thread> threads;

  // State below is guarded by mutex.
  Mutex mutex;
  Condition changed;
  bool closing GUARDED_BY(mutex) = false;
  std::deque<std::string> queue GUARDED_BY(mutex);
  std::unordered_map<std::string, Entry> entries GUARDED_BY(mutex);
  std::list<std::string> answered GUARDED_BY(mutex);
};

// The kept answer, if it has not expired; an expired one is dropped.
Answer Resolver::State::kept(const std::string& host) {
  const auto found = entries.find(host);
  if (found == entries.end() || !found->second.answer) return nullptr;
  if (found->second.expires > clock.now()) return found->second.answer;
  answered.erase(found->second.age);
  entries.erase(found);
  return nullptr;
}

void Resolver::State::keep(const std::string& host, const Answer& answer) {
  const bool failed = answer->addresses.empty();
  Entry& entry = entries[host];
  entry.answer = answer;
  entry.expires = clock.now() + (failed ? config.negative_ttl : config.ttl);
  entry.age = answered.insert(answered.end(), host);
  while (answered.size() > config.max_entries) {
    entries.erase(answered.front());
    answered.pop_front();
  }
}

void Resolver::State::finish(const std::string& host, const Answer& answer) {
  std::vector<Callback> waiting;
  {
    Lock lock(mutex);
    waiting = std::exchange(entries[host].waiting, {});
    keep(host, answer);
  }
  for (const Callback& done : waiting) done(answer);
}

void Resolver::State::run() {
  while (true) {
    std::string host;
    {
      Lock lock(mutex);
      while (!closing && queue.empty()) changed.wait(lock);
      if (closing) return;
      host = std::move(queue.front());
      queue.pop_front();
    }
    finish(host, std::make_shared<const Resolution>(lookup(host)));
  }
}

Resolver::Resolver(const ResolverConfig& config, const Clock& clock, Lookup lookup)
    : state_(std::make_unique<State>(config, clock, std::move(lookup))) {
  for (int i = 0; i < std::max(1, config.threads); ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->run(); });
  }
}

Resolver::~Resolver() {
  std::deque<std::string> unasked;
  {
    Lock lock(state_->mutex);
    state_->closing = true;
    unasked.swap(state_->queue);
  }
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
  const auto answer = std::make_shared<const Resolution>(
      Resolution{.error = "the program is stopping", .retryable = true});
  for (const std::string& host : unasked) state_->finish(host, answer);
}

void Resolver::resolve(std::string_view host, Callback done) {
  if (const auto ip = parse_ip(host)) {
    return done(std::make_shared<const Resolution>(Resolution{.addresses = {*ip}}));
  }
  Answer answer;
  {
    Lock lock(state_->mutex);
    std::string name(host);
    answer = state_->kept(name);
    if (!answer) {
      const auto [entry, fresh] = state_->entries.try_emplace(name);
      entry->second.waiting.push_back(std::move(done));
      if (!fresh) return;  // somebody's look-up is under way: its answer is ours too
      state_->queue.push_back(std::move(name));
      lock.unlock();
      state_->changed.notify_one();
      return;
    }
  }
  done(answer);
}

Resolution Resolver::system_lookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, AddrinfoEnd> list(found);
  if (status != 0) {
    return {.error = gai_strerror(status),
            .retryable = status == EAI_AGAIN || status == EAI_SYSTEM || status == EAI_MEMORY};
  }
  Resolution resolution;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    const auto ip = to_ip(*one->ai_addr);
    if (ip && std::ranges::find(resolution.addresses, *ip) == resolution.addresses.end()) {
      resolution.addresses.push_back(*ip);
    }
  }
  if (resolution.addresses.empty()) resolution.error = "the name has no address";
  return resolution;
}

}  // namespace weft
