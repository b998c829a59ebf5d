// The web as a table hands bodies on as a real Transfers does.
#include "support/table_web.hpp"

#include <doctest/doctest.h>

#include "net/fetch.hpp"

namespace weft::test {

namespace {

TransferResult fetch_into(TableWeb& web, BodyReceiver& receiver, std::vector<Header> headers = {}) {
  Request request = request_for("http://a/f");
  request.headers = std::move(headers);
  request.receiver = &receiver;
  const auto transfers = web.transfers();
  transfers->start(std::move(request), 1);
  std::vector<Completion> ended;
  transfers->wait(Clock::time_point::max(), ended);
  REQUIRE(ended.size() == 1);
  return std::move(ended.front().result);
}

}  // namespace

TEST_CASE("a table's file is handed on whole or in part") {
  TableWeb web{{"http://a/f", file("0123456789", "\"v1\"")}};
  Kept whole;
  TransferResult result = fetch_into(web, whole);
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.response.body.empty());
  CHECK(result.response.body_size == 10);
  CHECK(whole.head.headers.get("Content-Length") == "10");
  CHECK(whole.head.headers.get("ETag") == "\"v1\"");
  CHECK(whole.body == "0123456789");

  Kept part;
  fetch_into(web, part, {{"Range", "bytes=7-"}, {"If-Range", "\"v1\""}});
  CHECK(part.head.status == 206);
  CHECK(part.head.headers.get("Content-Range") == "bytes 7-9/10");
  CHECK(part.body == "789");
}

TEST_CASE("a table's file may break off, and a receiver may stop it before") {
  Answer answer = file("0123456789");
  answer.cut = 6;
  TableWeb web{{"http://a/f", answer}};
  Kept kept;
  TransferResult result = fetch_into(web, kept);
  CHECK(result.outcome == Outcome::truncated);
  CHECK(result.retryable);
  CHECK(kept.head.headers.get("Content-Length") == "10");
  CHECK(kept.body == "012345");

  Kept first_piece(2);
  result = fetch_into(web, first_piece);
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.stopped);
  CHECK(result.response.body_size == first_piece.body.size());
}

}  // namespace weft::test
