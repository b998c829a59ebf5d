#include "get/verifier.hpp"

#include "get/download.hpp"
#include "weft/base/thread_name.hpp"

namespace weft::get {

void Verifier::post(std::shared_ptr<Download> download) {
  Item item(std::move(download), Hold(frontier_));
  {
    const Lock lock(mutex_);
    queue_.push_back(std::move(item));
  }
  not_empty_.notify_one();
}

std::optional<ReadAlong> Verifier::read_along(std::uint64_t size) const {
  constexpr Bytes kWorthIt = 16_MiB;
  if (size < kWorthIt.count || size == SegmentPlan::kUnknown) return std::nullopt;
  return ReadAlong::take(read_along_);
}

void Verifier::close() {
  finish_.request_stop();
  {
    const Lock lock(mutex_);
    closing_ = true;
  }
  not_empty_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::optional<Verifier::Item> Verifier::next() {
  Lock lock(mutex_);
  while (queue_.empty() && !closing_) not_empty_.wait(lock);
  if (queue_.empty()) return std::nullopt;
  std::optional<Item> item(std::move(queue_.front()));
  queue_.pop_front();
  return item;
}

void Verifier::run() {
  name_thread("weft-verifier");
  while (const auto item = next()) item->first->verify(finish_.get_token(), drop_.get_token());
}

}  // namespace weft::get
