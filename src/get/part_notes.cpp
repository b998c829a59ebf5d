#include "get/part_notes.hpp"

#include "get/download.hpp"

namespace weft::get {

namespace {

using Time = std::chrono::steady_clock;

constexpr std::chrono::seconds kInterval{1};  // what a kill may cost

}  // namespace

void PartNotes::start() {
  thread_ = std::thread([this] { run(); });
}

void PartNotes::close() {
  if (!thread_.joinable()) return;
  {
    const Lock lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
  note_all();
}

void PartNotes::run() {
  while (true) {
    {
      Lock lock(mutex_);
      const Time::time_point until = Time::now() + kInterval;
      while (!closing_ && Time::now() < until) changed_.wait_until(lock, until);
      if (closing_) return;
    }
    note_all();
  }
}

void PartNotes::note_all() {
  for (const auto& download : shared_.open.all()) {
    auto note = download->note();
    if (note) shared_.sinks.push({.downloads = DownloadNews{.parts = {std::move(*note)}}});
  }
}

}  // namespace weft::get
