#include "engine/host_connections.hpp"

#include <doctest/doctest.h>

using namespace weft;
using namespace std::chrono_literals;

namespace {

using Kept = HostConnections::Kept;
constexpr Clock::time_point kNow{1h};

}  // namespace

TEST_CASE("a connection is in use, then kept at its worker, then in use again") {
  HostConnections connections;
  connections.begin(1, kNow);
  CHECK(connections.in_use() == 1);
  CHECK_FALSE(connections.keeps_at(1));
  connections.end(1, kNow, Kept::yes);
  CHECK(connections.in_use() == 0);
  CHECK(connections.keeps_at(1));
  CHECK_FALSE(connections.keeps_at(0));
  connections.begin(1, kNow);
  CHECK(connections.total() == 1);
  CHECK_FALSE(connections.any_kept());
}

TEST_CASE("a connection that broke is not kept") {
  HostConnections connections;
  connections.begin(0, kNow);
  connections.end(0, kNow, Kept::no);
  CHECK(connections.total() == 0);
  CHECK(connections.of(0) == 0);
}

TEST_CASE("each worker has connections of its own; the keeper is the last to keep one") {
  HostConnections connections;
  for (const int worker : {0, 1, 1}) connections.begin(worker, kNow);
  CHECK(connections.of(0) == 1);
  CHECK(connections.of(1) == 2);
  connections.end(1, kNow, Kept::yes);
  CHECK(connections.keeper() == 1);
  connections.end(0, kNow, Kept::yes);
  CHECK(connections.keeper() == 0);
  connections.begin(0, kNow);
  CHECK(connections.keeper() == 1);
}

TEST_CASE("what is let go is named by worker and kept no longer, what is in use stays") {
  HostConnections connections;
  for (const int worker : {0, 1, 1}) connections.begin(worker, kNow);
  connections.end(1, kNow, Kept::yes);
  CHECK(connections.let_go() == std::vector<int>{1});
  CHECK(connections.total() == 2);
  CHECK(connections.let_go().empty());
}

TEST_CASE("a host nothing is known of gets another connection by the usual cost of one") {
  HostConnections connections;
  connections.begin(0, kNow);
  CHECK(connections.another_pays_at(1) == kNow + 1600ms);
  CHECK(connections.another_pays_at(16) == kNow + 100ms);
}

TEST_CASE("another connection pays the sooner the cheaper it is and the more waits") {
  HostConnections connections;
  connections.learn(10ms, 50ms, 4);
  connections.begin(0, kNow);
  CHECK(connections.another_pays_at(8) == kNow + 100ms);
  CHECK(connections.another_pays_at(80) == kNow + 10ms);
  CHECK(connections.another_pays_at(81) == Clock::time_point::min());  // answers take longer
  connections.begin(0, kNow + 5ms);
  CHECK(connections.another_pays_at(80) == kNow + 20ms);  // from the oldest request on
}

TEST_CASE("where no request is under way no other connection is needed") {
  HostConnections connections;
  connections.begin(0, kNow);
  connections.end(0, kNow, Kept::yes);
  CHECK(connections.another_pays_at(1) == Clock::time_point::max());
}

TEST_CASE("a kept connection's answer leaves what setting one up takes as it was") {
  HostConnections connections;
  connections.learn(10ms, 50ms, 4);
  connections.learn(10ms, 0ms, 4);
  connections.begin(0, kNow);
  CHECK(connections.another_pays_at(8) == kNow + 100ms);
}

TEST_CASE("an answer earns one connection, another one spends it, and trouble loses it") {
  HostConnections connections;
  connections.begin(0, kNow);
  CHECK_FALSE(connections.has_credit());
  connections.add_credit(1);
  connections.add_credit(1);  // one is the most
  connections.begin(0, kNow);
  CHECK_FALSE(connections.has_credit());
  connections.add_credit(1);
  connections.end(0, kNow, Kept::yes);
  connections.begin(0, kNow);  // a kept one costs nothing
  CHECK(connections.has_credit());
  connections.learn_trouble();
  CHECK_FALSE(connections.has_credit());
}
