// The questions under way: since when each has been, which still count as young, and for which
// of them those who ask have waited long enough.
//
// Threads: one thread owns it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/net/resolver.hpp"

namespace weft {

struct Question {
  std::string host;
  Clock::time_point sent;
  Clock::time_point waited_for_since;  // by those who wait now
  bool young = false;
  bool settled = false;  // there only for the replies that are still to come
  bool v4_asked = false;
  int calls = 0;  // of name servers, whose replies are still to come
  std::optional<Resolution> failure{};
};

class Questions {
 public:
  using Token = std::uint64_t;

  Questions(const Clock& clock, Clock::duration timeout, std::size_t most_young,
            std::size_t most_asked)
      : clock_(clock), timeout_(timeout), most_young_(most_young), most_asked_(most_asked) {}

  // May another be sent to the name servers?
  bool has_room() const { return young_ < most_young_ && by_token_.size() < most_asked_; }

  Token add(std::string host);         // sent to the name servers: young for a second
  Token add_system(std::string host);  // never young
  Question* find(Token token);         // null once it is forgotten
  void restart_wait(Token token);      // somebody waits for it again
  void settle(Token token);            // answered; forgotten once it has no more calls
  void forget_if_done(Token token);

  // Those that name servers have been asked: their replies will not come, and each is asked once
  // more. What is settled is forgotten.
  std::vector<Token> ask_again();

  // Those that have just grown old, and those whose answer is overdue: each once.
  std::vector<Token> grown_old();
  std::vector<Token> overdue();
  // When one of these has something to say; max(): never.
  Clock::time_point next_due();

 private:
  // Entries of questions that have been settled since stay until they come to the front.
  struct Timer {
    Clock::time_point since;
    Token token;
  };

  Token put(std::string host, bool young);
  bool is_young(const Timer& timer);
  bool is_waited_for(const Timer& timer);

  const Clock& clock_;
  const Clock::duration timeout_;
  const std::size_t most_young_;
  const std::size_t most_asked_;
  std::unordered_map<Token, Question> by_token_;
  std::deque<Timer> ages_;   // in the order sent
  std::deque<Timer> waits_;  // in the order in which they began
  std::size_t young_ = 0;
  Token last_ = 0;
};

}  // namespace weft
