#include "net/questions.hpp"

#include <algorithm>
#include <utility>

namespace weft {

namespace {

constexpr std::chrono::seconds kYouth{1};

}  // namespace

Questions::Token Questions::put(std::string host, bool young) {
  const Clock::time_point now = clock_.now();
  by_token_.emplace(
      ++last_,
      Question{.host = std::move(host), .sent = now, .waited_for_since = now, .young = young});
  if (young) {
    ++young_;
    ages_.push_back({now, last_});
  }
  if (timeout_ != Clock::duration::zero()) waits_.push_back({now, last_});
  return last_;
}

Questions::Token Questions::add(std::string host) { return put(std::move(host), true); }
Questions::Token Questions::add_system(std::string host) { return put(std::move(host), false); }

Question* Questions::find(Token token) {
  const auto found = by_token_.find(token);
  return found == by_token_.end() ? nullptr : &found->second;
}

void Questions::restart_wait(Token token) {
  Question* const question = find(token);
  if (question == nullptr || timeout_ == Clock::duration::zero()) return;
  question->waited_for_since = clock_.now();
  waits_.push_back({question->waited_for_since, token});
}

void Questions::settle(Token token) {
  Question* const question = find(token);
  if (question == nullptr) return;
  question->settled = true;
  if (std::exchange(question->young, false)) --young_;
  forget_if_done(token);
}

void Questions::forget_if_done(Token token) {
  const Question* const question = find(token);
  if (question != nullptr && question->settled && question->calls == 0) by_token_.erase(token);
}

bool Questions::is_young(const Timer& timer) {
  const Question* const question = find(timer.token);
  return question != nullptr && question->young;
}

bool Questions::is_waited_for(const Timer& timer) {
  const Question* const question = find(timer.token);
  return question != nullptr && !question->settled && question->waited_for_since == timer.since;
}

std::vector<Questions::Token> Questions::ask_again() {
  std::erase_if(by_token_, [](const auto& entry) { return entry.second.settled; });
  std::vector<Token> again;
  for (auto& [token, question] : by_token_) {
    if (question.calls == 0) continue;  // the system's
    question.calls = 1;
    again.push_back(token);
  }
  return again;
}

std::vector<Questions::Token> Questions::grown_old() {
  std::vector<Token> old;
  const Clock::time_point now = clock_.now();
  while (!ages_.empty() && now - ages_.front().since >= kYouth) {
    const Timer timer = ages_.front();
    ages_.pop_front();
    if (!is_young(timer)) continue;
    find(timer.token)->young = false;
    --young_;
    old.push_back(timer.token);
  }
  return old;
}

std::vector<Questions::Token> Questions::overdue() {
  std::vector<Token> due;
  const Clock::time_point now = clock_.now();
  while (!waits_.empty() && now - waits_.front().since >= timeout_) {
    const Timer timer = waits_.front();
    waits_.pop_front();
    if (is_waited_for(timer)) due.push_back(timer.token);
  }
  return due;
}

Clock::time_point Questions::next_due() {
  while (!ages_.empty() && !is_young(ages_.front())) ages_.pop_front();
  while (!waits_.empty() && !is_waited_for(waits_.front())) waits_.pop_front();
  auto due = Clock::time_point::max();
  if (!ages_.empty()) due = std::min(due, ages_.front().since + kYouth);
  if (!waits_.empty()) due = std::min(due, waits_.front().since + timeout_);
  return due;
}

}  // namespace weft
