#include <algorithm>
#include <atomic>

#include "support/ranges.hpp"
#include "support/test_server.hpp"

namespace weft::test {

namespace {

constexpr std::string_view kEnd = "\r\n";

std::string head_of(int code, const std::vector<std::string>& header_lines) {
  std::string head = "HTTP/1.1 " + std::to_string(code) + " Status" + std::string(kEnd);
  for (const std::string& line : header_lines) head += line + std::string(kEnd);
  return head;
}

std::string length_line(std::size_t length) {
  return "Content-Length: " + std::to_string(length) + std::string(kEnd);
}

std::string promise(std::size_t length) {
  return head_of(200, {"Content-Type: text/html"}) + length_line(length) + std::string(kEnd);
}

std::string hexadecimal(std::size_t value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
    value /= 16;
  } while (value > 0);
  return digits;
}

std::string chunk_of(const std::string& bytes) {
  return hexadecimal(bytes.size()) + std::string(kEnd) + bytes + std::string(kEnd);
}

// Names the media type unless a line does.
std::vector<std::string> with_type(std::vector<std::string> lines) {
  const bool typed = std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("Content-Type:");
  });
  if (!typed) lines.insert(lines.begin(), "Content-Type: text/html");
  return lines;
}

}  // namespace

Behaviour status(int code, std::string body, std::vector<std::string> header_lines) {
  const bool bodiless = code == 204 || code == 304;
  std::string head = head_of(code, with_type(std::move(header_lines)));
  head += (bodiless ? "" : length_line(body.size())) + std::string(kEnd);
  return [head = std::move(head), body = std::move(body)](Connection& connection,
                                                          const RequestHead& request) {
    connection.send(request.method == "HEAD" ? head : head + body);
  };
}

Behaviour ok(std::string body, std::vector<std::string> header_lines) {
  return status(200, std::move(body), std::move(header_lines));
}

Behaviour redirect(const std::string& location, int code) {
  return status(code, {}, {"Location: " + location});
}

Behaviour raw_open(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection, const RequestHead&) {
    connection.send(bytes);
  };
}

Behaviour raw(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection, const RequestHead&) {
    connection.send(bytes);
    connection.close();
  };
}

Behaviour slow(std::chrono::nanoseconds delay, Behaviour then) {
  return [delay, then = std::move(then)](Connection& connection, const RequestHead& head) {
    if (connection.wait(delay)) then(connection, head);
  };
}

Behaviour drip(std::string body, std::chrono::nanoseconds gap) {
  return [body = std::move(body), gap](Connection& connection, const RequestHead&) {
    connection.send(promise(body.size()));
    for (const char& byte : body) {
      if (!connection.wait(gap) || !connection.send({&byte, 1})) return;
    }
  };
}

Behaviour silent() { return silent_after({}); }

Behaviour silent_after(std::string bytes) {
  return [bytes = std::move(bytes)](Connection& connection, const RequestHead&) {
    connection.send(bytes);
    connection.wait_for_end();
    connection.close();
  };
}

Behaviour endless(std::vector<std::string> header_lines) {
  std::string head = head_of(200, with_type(std::move(header_lines))) + std::string(kEnd);
  return [head = std::move(head)](Connection& connection, const RequestHead&) {
    const std::string block(16 * 1024, 'x');
    if (!connection.send(head)) return;
    while (connection.send(block)) {
    }
    connection.close();
  };
}

Behaviour endless_headers() {
  return [](Connection& connection, const RequestHead&) {
    if (!connection.send(head_of(200, {}))) return;
    while (connection.send("X-More: and more\r\n")) {
    }
    connection.close();
  };
}

Behaviour drop() { return raw({}); }

Behaviour drop_in_headers() { return raw("HTTP/1.1 200 OK\r\nContent-Type: text/ht"); }

Behaviour cut_body(const std::string& body, std::size_t promised) {
  return raw(promise(promised) + body);
}

Behaviour reset_at_once() {
  return [](Connection& connection, const RequestHead&) { connection.reset(); };
}

// The reset may overtake the bytes: how much of them arrives is not certain.
Behaviour reset_in_body(const std::string& body, std::size_t promised) {
  return [bytes = promise(promised) + body](Connection& connection, const RequestHead&) {
    connection.send(bytes);
    connection.reset();
  };
}

Behaviour ranged(std::string body, const std::string& etag) {
  return [body = std::move(body), etag](Connection& connection, const RequestHead& head) {
    const Part part = part_of(body.size(), etag, head.get("range"), head.get("if-range"));
    std::vector<std::string> lines = {"ETag: " + etag, "Accept-Ranges: bytes"};
    if (!part.content_range.empty()) lines.push_back("Content-Range: " + part.content_range);
    status(part.status, body.substr(part.first, part.size), lines)(connection, head);
  };
}

Behaviour chunked(const std::vector<std::string>& chunks) {
  std::string bytes = head_of(200, {"Content-Type: text/html", "Transfer-Encoding: chunked"});
  bytes += kEnd;
  for (const std::string& chunk : chunks) bytes += chunk_of(chunk);
  return raw_open(bytes + "0\r\n\r\n");
}

Behaviour chunked_cut(const std::string& chunk) {
  return raw(head_of(200, {"Content-Type: text/html", "Transfer-Encoding: chunked"}) + "\r\n" +
             chunk_of(chunk));
}

Behaviour excess(const std::string& body, std::size_t promised) {
  return raw_open(promise(promised) + body);
}

Behaviour conflicting_lengths(const std::string& body) {
  return raw(head_of(200, {"Content-Length: " + std::to_string(body.size()),
                           "Content-Length: " + std::to_string(body.size() + 1)}) +
             "\r\n" + body);
}

Behaviour garbage() { return raw("\x01\x02 this is not HTTP \xff\r\n\r\n"); }

Behaviour busy(int times, const std::string& retry_after, Behaviour then) {
  auto left = std::make_shared<std::atomic<int>>(times);
  return [left, refuse = status(429, "slow down", {"Retry-After: " + retry_after}),
          then = std::move(then)](Connection& connection, const RequestHead& head) {
    if (left->fetch_sub(1) > 0) return refuse(connection, head);
    then(connection, head);
  };
}

}  // namespace weft::test
