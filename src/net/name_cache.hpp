// What is known of names, and who waits to know it.
//
// A name is here from the first who asks on: awaited while it is looked up, then answered until
// that expires or room is needed. A name may also be looked up with nobody left who waits.
//
// Threads: none of its own; Resolver guards it.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/net/resolver.hpp"

namespace weft {

class NameCache {
 public:
  using Answer = std::shared_ptr<const Resolution>;
  using Waiting = std::vector<Resolver::Callback>;

  explicit NameCache(std::size_t max_entries) : max_entries_(max_entries) {}

  // The kept answer, if it has not expired; an expired one is dropped.
  Answer find(const std::string& host, Clock::time_point now);

  // True for the first who waits: the name is to be looked up, or those who waited before have
  // been answered without an answer of the look-up.
  // REQUIRES: find() has found nothing.
  bool await(const std::string& host, Resolver::Callback done);
  bool is_awaited(const std::string& host) const;

  // Those who wait, who then do so no longer; the look-up goes on.
  Waiting give_up(const std::string& host);
  // The look-up has ended: those who wait, and the answer is kept.
  Waiting settle(const std::string& host, Answer answer, Clock::time_point expires);
  // Everybody who waits for any name.
  Waiting give_up_all();

 private:
  struct Entry {
    Waiting waiting;
    Answer answer;  // empty while it is looked up
    Clock::time_point expires;
    std::list<std::string>::iterator age;
  };

  const std::size_t max_entries_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> answered_;  // oldest first
};

}  // namespace weft
