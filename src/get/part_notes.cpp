#include "get/part_notes.hpp"

#include "get/download.hpp"

namespace weft::get {

namespace {

constexpr std::chrono::seconds kInterval{1};  // what a kill may cost

}  // namespace

PartNotes::PartNotes(GetShared& shared)
    : shared_(shared), thread_("weft-notes", kInterval, [this] { note_all(); }) {}

void PartNotes::close() {
  if (thread_.close()) note_all();
}

void PartNotes::note_all() {
  for (const auto& download : shared_.open.all()) {
    auto note = download->note();
    if (note) shared_.sinks.push({.downloads = DownloadNews{.parts = {std::move(*note)}}});
  }
}

}  // namespace weft::get
