// One transfer of a download, or its turn to make one: what a task of get carries. Before its
// first turn it carries the list's entry alone.
//
// Threads: one worker's at a time, as its task is.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "get/body.hpp"
#include "get/listed.hpp"
#include "weft/engine/task.hpp"
#include "weft/net/http.hpp"

namespace weft::get {

class Download;

// Why a hand has told its transfer to stop.
enum class Halt : std::uint8_t {
  none,
  full,       // its range is filled, and what follows is another's
  retired,    // the file begins anew, or has ended, without it
  changed,    // this is not the file that the rest is of
  no_ranges,  // the whole comes where a part was asked for
  unwanted,   // a file stands in the place of this one
  enough,     // of a body that is no file
  broken,     // the response contradicts itself, or what is known of the file
  too_large,  // more than is wanted
  failed,     // the outlet
};

struct Hand final : public TaskData, public BodyReceiver {
  explicit Hand(std::unique_ptr<Listed> entry) : listed(std::move(entry)) {}
  Hand(std::shared_ptr<Download> of, HandId number, std::size_t from)
      : download(std::move(of)), id(number), source(from) {}

  bool begin(const Response& head) override;
  bool receive(std::string_view bytes) override;

  void begin_turn() {
    body.reset();
    asked.reset();
    asks_for_news = false;
    writes = false;
    received = 0;
    halt = Halt::none;
  }

  std::unique_ptr<Listed> listed;  // until its download has begun
  std::shared_ptr<Download> download;
  HandId id = 0;
  std::size_t source = 0;  // index of the mirror

  // Of the transfer under way.
  std::shared_ptr<Body> body{};      // where it writes
  std::optional<ByteRange> asked{};  // the part it asked for; nothing: the whole
  bool asks_for_news = false;        // it asked for the whole if that has changed
  Pen pen{};
  bool writes = false;         // else the body is no file: it is read and dropped
  std::uint64_t received = 0;  // bytes
  Halt halt = Halt::none;
  std::string why{};        // where broken, or too large
  OutletFailure failure{};  // where failed
};

}  // namespace weft::get
