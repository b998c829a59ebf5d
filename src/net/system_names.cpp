#include "net/system_names.hpp"

#include <netdb.h>
#include <pthread.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "net/addrinfo.hpp"

namespace weft {

namespace {

struct AddrinfoEnd {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

}  // namespace

SystemNames::SystemNames(int most_threads, ResolverConfig::Lookup lookup, Tell tell)
    : most_threads_(static_cast<std::size_t>(std::max(1, most_threads))),
      lookup_(std::move(lookup)),
      tell_(std::move(tell)) {}

SystemNames::~SystemNames() {
  std::vector<std::thread> threads;
  {
    Lock lock(mutex_);
    closing_ = true;
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void SystemNames::ask(std::string host) {
  Lock lock(mutex_);
  queue_.push_back(std::move(host));
  if (queue_.size() > idle_ && threads_.size() < most_threads_) {
    threads_.emplace_back([this] { run(); });
  }
  lock.unlock();
  changed_.notify_one();
}

void SystemNames::run() {
  pthread_setname_np(pthread_self(), "weft-names");
  while (true) {
    std::string host;
    {
      Lock lock(mutex_);
      ++idle_;
      while (!closing_ && queue_.empty()) changed_.wait(lock);
      --idle_;
      if (closing_) return;
      host = std::move(queue_.front());
      queue_.pop_front();
    }
    tell_({host, std::nullopt});
    Resolution found = lookup_(host);
    tell_({std::move(host), std::move(found)});
  }
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
    add_address(*one->ai_addr, resolution.addresses);
  }
  if (resolution.addresses.empty()) resolution.error = "the name has no address";
  return resolution;
}

}  // namespace weft
