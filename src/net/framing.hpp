// One HTTP response read line by line and byte by byte as it comes, and what is wrong
// with it: the checks of RFC 9112 §6 and §8 that libcurl leaves out.
//
//   header_line()... ──► body()... ──► finish()
//
// Threads: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weft/net/http.hpp"

namespace weft {

// What broke and how to say it; the rest of the sentence (host, URL) is the caller's.
struct Defect {
  Outcome outcome = Outcome::ok;
  std::string message;
};

class ResponseReader {
 public:
  // Header lines of one response, interim ones included, are at most this together.
  static constexpr std::size_t kMaxHeaderBytes = 256 * 1024;

  // The request's limits hold, and its receiver, if it has one, takes the body.
  explicit ResponseReader(const Request& request);

  // One line with its line end, also the blank one. False: stop reading, see defect() and
  // stopped().
  bool header_line(std::string_view line);

  // Instead of header lines, where the answer came by no HTTP: all of its head. False: the same.
  bool head(Response head);

  // Bytes of the body as received. False: the same.
  bool body(std::string_view bytes);

  // The connection has nothing more to say. What is still missing becomes the defect.
  void finish();

  bool started() const { return response_.status != 0; }
  bool stopped() const { return stopped_; }  // by the receiver
  const std::optional<Defect>& defect() const { return defect_; }

  Response release() { return std::move(response_); }

  std::uint64_t received() const { return received_; }  // bytes of the body

 private:
  enum class Part : std::uint8_t { status_line, headers, body };

  bool status_line(std::string_view line);
  bool field_line(std::string_view line);
  bool end_of_headers();
  bool begin_body();
  bool read_lengths();
  bool read_range();
  bool hand_on_head();
  bool hand_on(std::string_view bytes);
  bool has_body() const;
  bool fail(Outcome outcome, std::string message);

  const std::uint64_t max_body_;
  const bool keep_cut_body_;
  BodyReceiver* const receiver_;
  Response response_;
  Part part_ = Part::status_line;
  std::size_t header_bytes_ = 0;
  std::optional<std::uint64_t> length_;      // by Content-Length
  std::optional<std::uint64_t> range_size_;  // by Content-Range
  std::uint64_t received_ = 0;
  bool stopped_ = false;
  std::optional<Defect> defect_;
};

}  // namespace weft
