#include "net/framing.hpp"

#include <algorithm>

#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"
#include "weft/net/content_range.hpp"

namespace weft {

namespace {

// A Content-Length is a promise of the other side: memory is set aside for this much
// of it, the rest grows as bytes arrive.
constexpr std::uint64_t kMaxReserve = 1u << 20;

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "HTTP/1.1 200 OK" gives "1.1", "HTTP/2 200" gives "2".
std::string_view version_of(std::string_view status_line) {
  const std::string_view version = status_line.substr(sizeof "HTTP/" - 1);
  return version.substr(0, version.find(' '));
}

}  // namespace

ResponseReader::ResponseReader(const Request& request)
    : max_body_(request.max_body.count == 0 ? UINT64_MAX : request.max_body.count),
      keep_cut_body_(request.keep_cut_body),
      receiver_(request.receiver) {}

bool ResponseReader::fail(Outcome outcome, std::string message) {
  defect_ = Defect{outcome, std::move(message)};
  return false;
}

bool ResponseReader::header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    return fail(Outcome::protocol_error,
                fmt::format("the headers are larger than {}", to_text(Bytes{kMaxHeaderBytes})));
  }
  line = without_line_end(line);
  switch (part_) {
    case Part::status_line:
      return status_line(line);
    case Part::headers:
      return line.empty() ? end_of_headers() : field_line(line);
    case Part::body:
      return true;  // a trailer: must not pass for a header (RFC 9110 §6.5.1)
  }
  return true;
}

bool ResponseReader::status_line(std::string_view line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view digits = line.substr(std::min(space + 1, line.size()), 3);
  const std::uint64_t status = parse_digits(digits).value_or(0);
  if (!starts_with_ignoring_case(line, "HTTP/") || status < 100) {
    return fail(Outcome::protocol_error, "the answer does not begin as HTTP does");
  }
  response_.status = static_cast<int>(status);
  response_.http_version = version_of(line);
  part_ = Part::headers;
  return true;
}

bool ResponseReader::field_line(std::string_view line) {
  // RFC 9112 §5.2: a line that begins with white space goes on with the one before.
  if (line.front() == ' ' || line.front() == '\t') {
    if (response_.headers.list().empty()) {
      return fail(Outcome::protocol_error, "the first header line begins with white space");
    }
    response_.headers.append_to_last(trim(line));
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == line.npos) {
    return fail(Outcome::protocol_error, "a header line has no colon");
  }
  const std::string_view name = trim(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  response_.headers.add(name, value);
  return true;
}

bool ResponseReader::end_of_headers() {
  if (response_.status == 101) {
    return fail(Outcome::protocol_error, "the server switched protocols without being asked");
  }
  if (response_.status < 200) {
    response_.status = 0;
    response_.headers.clear();
    part_ = Part::status_line;
    return true;
  }
  return begin_body();
}

bool ResponseReader::head(Response head) {
  response_ = std::move(head);
  return begin_body();
}

bool ResponseReader::begin_body() {
  part_ = Part::body;
  if (!read_lengths() || (response_.status == 206 && !read_range())) return false;
  if (length_ && has_body()) {
    if (*length_ > max_body_ && !keep_cut_body_) {
      return fail(Outcome::too_large,
                  fmt::format("the body has {}, more than the {} allowed", to_text(Bytes{*length_}),
                              to_text(Bytes{max_body_})));
    }
    if (receiver_ == nullptr) {
      response_.body.reserve(std::min({*length_, max_body_, kMaxReserve}));
    }
  }
  return hand_on_head();
}

// RFC 9112 §6.3: Transfer-Encoding overrides Content-Length; Content-Lengths that
// disagree, or are no numbers, leave nobody knowing where the body ends.
bool ResponseReader::read_lengths() {
  if (const auto coding = response_.headers.get("Transfer-Encoding")) {
    // Nothing but chunked was asked for (RFC 9112 §7), and nothing else is undone.
    return equals_ignoring_case(*coding, "chunked") || equals_ignoring_case(*coding, "identity") ||
           fail(Outcome::protocol_error, fmt::format("Transfer-Encoding is '{}'", *coding));
  }
  for (std::string_view list : response_.headers.get_all("Content-Length")) {
    while (true) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view text = trim(list.substr(0, comma));
      const auto length = parse_digits(text);
      if (!length) {
        return fail(Outcome::protocol_error, fmt::format("Content-Length is '{}'", text));
      }
      if (length_ && length_ != length) {
        return fail(Outcome::protocol_error,
                    fmt::format("Content-Length is both {} and {}", *length_, *length));
      }
      length_ = length;
      if (comma == list.size()) break;
      list.remove_prefix(comma + 1);
    }
  }
  return true;
}

// RFC 9110 §15.3.7: a part says which one it is. Several parts in one body (§15.3.7.2) answer
// only who asked for several ranges, which nobody here does.
bool ResponseReader::read_range() {
  const auto values = response_.headers.get_all("Content-Range");
  if (values.empty()) {
    const auto type = response_.headers.get("Content-Type").value_or("");
    return fail(Outcome::protocol_error,
                starts_with_ignoring_case(type, "multipart/byteranges")
                    ? "the answer for one range comes as several parts"
                    : "a part of the content (206) that does not say which (no Content-Range)");
  }
  const auto range = parse_content_range(values.front());
  if (!range || values.size() > 1) {
    return fail(Outcome::protocol_error, fmt::format("Content-Range is '{}'{}", values.front(),
                                                     values.size() > 1 ? " and more" : ""));
  }
  range_size_ = range->size();
  if (!length_ || length_ == range_size_) return true;
  return fail(
      Outcome::protocol_error,
      fmt::format("Content-Length is {}, but Content-Range is '{}'", *length_, values.front()));
}

bool ResponseReader::hand_on_head() {
  if (receiver_ == nullptr || receiver_->begin(response_)) return true;
  stopped_ = true;
  // Where nothing follows, the transfer ends by itself and its connection can be kept.
  return !has_body() || length_ == 0U;
}

bool ResponseReader::has_body() const { return response_.status != 204 && response_.status != 304; }

bool ResponseReader::hand_on(std::string_view bytes) {
  response_.body_size += bytes.size();
  if (receiver_ == nullptr) {
    response_.body.append(bytes);
    return true;
  }
  stopped_ = !receiver_->receive(bytes);
  return !stopped_;
}

bool ResponseReader::body(std::string_view bytes) {
  if (stopped_) return false;
  received_ += bytes.size();
  if (range_size_ && received_ > *range_size_) {
    return fail(
        Outcome::protocol_error,
        fmt::format("the body is longer than the {} bytes that Content-Range says", *range_size_));
  }
  if (received_ <= max_body_) return hand_on(bytes);
  if (!keep_cut_body_) {
    response_.body.clear();
    if (receiver_ == nullptr) response_.body_size = 0;
  } else if (const auto left = max_body_ - response_.body_size; left > 0) {
    if (!hand_on(bytes.substr(0, left))) return false;
  }
  return fail(Outcome::too_large,
              fmt::format("the body is larger than the {} allowed", to_text(Bytes{max_body_})));
}

void ResponseReader::finish() {
  if (defect_ || stopped_) return;
  switch (part_) {
    case Part::status_line:
      fail(Outcome::truncated, "the connection was closed without an answer");
      return;
    case Part::headers:
      fail(Outcome::truncated, "the connection was closed within the headers");
      return;
    case Part::body:
      break;
  }
  if (!has_body()) return;
  if (length_ && received_ < *length_) {
    fail(Outcome::truncated,
         fmt::format("the connection was closed after {} of {} bytes", received_, *length_));
  } else if (range_size_ && received_ < *range_size_) {
    fail(Outcome::truncated, fmt::format("the body ended after {} of the {} bytes that "
                                         "Content-Range says",
                                         received_, *range_size_));
  }
}

}  // namespace weft
