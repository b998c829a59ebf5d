// Files by ftp, ftps and sftp from servers that behave: told in the words of HTTP.
#include <doctest/doctest.h>

#include "net/fetch.hpp"
#include "support/environment.hpp"
#include "support/file_server.hpp"

namespace weft {

using namespace weft::test;

namespace {

const std::string& large() {
  static const std::string text = [] {
    std::string bytes;
    for (int i = 0; i < 300'000; ++i) bytes += std::to_string(i);
    return bytes;
  }();
  return text;
}

// A server of one of the three, and a Net that may talk to it.
struct Place {
  explicit Place(FileProtocol protocol, NetConfig config = {}) {
    server = FileServer::start(protocol,
                               {{"/pub/large", large()}, {"/empty", ""}, {"/a b?;#%.txt", "odd"}});
    if (!server) return;
    if (protocol == FileProtocol::ftps) config.cacert = server->cacert();
    environment.emplace(
        std::map<std::string, std::optional<std::string>>{{"HOME", server->home()}});
    net = std::make_unique<Net>(std::move(config),
                                Net::Names{{"site.test", addresses_of({"127.0.0.1"})}});
  }

  TransferResult fetch(Kept& kept, const std::string& target, std::vector<Header> headers = {}) {
    Request request = request_for(server->url(target));
    request.headers = std::move(headers);
    request.receiver = &kept;
    return net->fetch(std::move(request));
  }

  std::unique_ptr<FileServer> server;
  std::optional<Environment> environment;
  std::unique_ptr<Net> net;
};

constexpr FileProtocol kAll[] = {FileProtocol::ftp, FileProtocol::ftps, FileProtocol::sftp};

}  // namespace

TEST_CASE("a file comes by ftp, ftps and sftp as it comes by http") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    for (int i = 0; i < 2; ++i) {  // by a new connection, and by the kept one
      Kept kept;
      const TransferResult result = place.fetch(kept, "/pub/large");
      CAPTURE(result.message);
      CHECK(result.outcome == Outcome::ok);
      CHECK(kept.head.status == 200);
      CHECK(kept.head.headers.get("Content-Length") == std::to_string(large().size()));
      CHECK(kept.head.headers.get("Accept-Ranges") == "bytes");
      CHECK(contains(kept.head.headers.get("Last-Modified").value_or(""), " GMT"));
      CHECK((kept.body == large()));
      CHECK(result.response.status == 200);
      CHECK(result.response.body_size == large().size());
      CHECK(result.response.http_version == "");
      CHECK(result.response.ip == "127.0.0.1");
    }
    CHECK(place.net->fetch(place.server->url("/pub/large")).response.body.size() == large().size());
  }
}

TEST_CASE("names and sizes may be odd") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    Kept odd;
    CHECK(place.fetch(odd, "/a b?;%23%25.txt").outcome == Outcome::ok);
    CHECK(odd.body == "odd");

    Kept empty;
    CHECK(place.fetch(empty, "/empty").outcome == Outcome::ok);
    CHECK(empty.heads == 1);
    CHECK(empty.head.status == 200);
    CHECK(empty.body.empty());
  }
}

TEST_CASE("a part of a file is had by the same header as by http") {
  struct Row {
    std::string range;
    int status;
    std::size_t first;
    std::size_t size;
    std::string content_range;
  };
  const std::size_t all = large().size();
  const std::string total = std::to_string(all);
  const Row rows[] = {
      {"bytes=0-", 206, 0, all, "bytes 0-" + std::to_string(all - 1) + "/" + total},
      {"bytes=1000-", 206, 1000, all - 1000, "bytes 1000-" + std::to_string(all - 1) + "/" + total},
      {"bytes=7-1000006", 206, 7, 1'000'000, "bytes 7-1000006/*"},
      {"bytes=" + std::to_string(all - 1) + "-" + std::to_string(2 * all), 206, all - 1, 1,
       "bytes " + std::to_string(all - 1) + "-" + std::to_string(all - 1) + "/" + total},
      {"bytes=" + total + "-", 416, 0, 0, "bytes */" + total},
      {"bytes=-5", 200, 0, all, ""},  // a form that is not understood
      {"bytes=1-2,4-5", 200, 0, all, ""},
  };
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    for (const Row& row : rows) {
      CAPTURE(row.range);
      Kept kept;
      const TransferResult result = place.fetch(kept, "/pub/large", {{"Range", row.range}});
      CAPTURE(result.message);
      CHECK(result.outcome == Outcome::ok);
      CHECK(kept.head.status == row.status);
      CHECK(kept.head.headers.get("Content-Range").value_or("") == row.content_range);
      CHECK((kept.body == large().substr(row.first, row.size)));
    }
    Kept whole;  // the range of one request is not that of the next
    CHECK(place.fetch(whole, "/pub/large").response.body_size == all);
    Kept beyond;
    const TransferResult result = place.fetch(beyond, "/pub/large", {{"Range", "bytes=99999999-"}});
    CHECK(result.outcome == Outcome::ok);
    CHECK(beyond.head.status == 416);
  }
}

TEST_CASE("a receiver may stop a file, and the next one comes") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    for (const int wanted : {1, 2}) {
      Kept kept(wanted);
      const TransferResult result = place.fetch(kept, "/pub/large");
      CHECK(result.outcome == Outcome::ok);
      CHECK(result.stopped);
      Kept next;
      CHECK(place.fetch(next, "/empty").outcome == Outcome::ok);
    }
  }
}

TEST_CASE("a file that is not there is like an HTTP error, and a folder is no file") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    for (const char* target : {"/missing", "/pub/", "/"}) {
      CAPTURE(target);
      Kept kept;
      const TransferResult result = place.fetch(kept, target);
      CAPTURE(result.message);
      CHECK(result.outcome == Outcome::http_error);
      CHECK_FALSE(result.retryable);
      CHECK(result.response.status == 0);
      CHECK(kept.heads == 0);
      CHECK(contains(result.message,
                     target == std::string_view("/missing") ? "no such file" : "names a folder"));
    }
  }
}

TEST_CASE("credentials of a URL log in, and wrong ones are refused") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    const auto with = [&](const std::string& credentials) {
      std::string url = place.server->url("/pub/large");
      url.insert(url.find("://") + 3, credentials + "@");
      const Environment nobody({{"HOME", std::string("/nonexistent")}});
      Net net({.cacert = protocol == FileProtocol::ftps ? place.server->cacert() : "",
               .verify_tls = protocol != FileProtocol::sftp},
              {{"site.test", addresses_of({"127.0.0.1"})}});
      return net.fetch(url);
    };
    CHECK(with("user:p%40ss").response.body_size == large().size());
    const TransferResult refused = with("user:wrong");
    CAPTURE(refused.message);
    CHECK(refused.outcome == Outcome::http_error);
    CHECK_FALSE(refused.retryable);
    CHECK(contains(refused.message, "refuses the login"));
    CHECK_FALSE(contains(refused.message, "wrong"));
  }
}

TEST_CASE("an ssh server is known by its host key, or not talked to") {
  Place place(FileProtocol::sftp);
  if (!place.server) return;
  const std::string known_hosts = place.server->home() + "/.ssh/known_hosts";
  const std::string known = contents(known_hosts);
  const auto expect_refusal = [&](std::string_view why) {
    Kept kept;
    const TransferResult result = place.fetch(kept, "/pub/large");
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::tls_error);
    CHECK_FALSE(result.retryable);
    CHECK(contains(result.message, why));
    CHECK(kept.heads == 0);
  };
  write_file(known_hosts, "");
  expect_refusal("connect once with 'ssh -p ");
  std::filesystem::remove(known_hosts);
  expect_refusal("is not in ~/.ssh/known_hosts");
  // Another server's key.
  write_file(known_hosts, "127.0.0.1 " + contents(place.server->home() + "/.ssh/id_ed25519.pub"));
  expect_refusal("is not the one in ~/.ssh/known_hosts");

  Net careless({.verify_tls = false});
  CHECK(careless.fetch(place.server->url("/pub/large")).outcome == Outcome::ok);
  write_file(known_hosts, known);
  Kept kept;
  CHECK(place.fetch(kept, "/pub/large").outcome == Outcome::ok);
}

TEST_CASE("the certificate of an ftps server is checked") {
  Place place(FileProtocol::ftps);
  if (!place.server) return;
  const Net::Names names{{"site.test", addresses_of({"127.0.0.1"})}};
  Net strict({}, names);
  CHECK(strict.fetch(place.server->url("/empty")).outcome == Outcome::tls_error);
  Net careless({.verify_tls = false}, names);
  CHECK(careless.fetch(place.server->url("/empty")).outcome == Outcome::ok);
}

TEST_CASE("a limited bandwidth holds for every protocol") {
  for (const FileProtocol protocol : kAll) {
    CAPTURE(static_cast<int>(protocol));
    Place place(protocol);
    if (!place.server) continue;
    Net net({.cacert = protocol == FileProtocol::ftps ? place.server->cacert() : ""},
            {{"site.test", addresses_of({"127.0.0.1"})}}, nullptr, 20_MiB);
    const TransferResult result = net.fetch(place.server->url("/pub/large"));
    CAPTURE(result.message);
    CHECK((result.response.body == large()));
  }
}

}  // namespace weft
