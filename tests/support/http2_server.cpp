#include "support/http2_server.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace weft::test {

namespace {

constexpr const char* kPython = "/usr/bin/python3";

}  // namespace

std::unique_ptr<Http2Server> Http2Server::start(const std::string& how, int answered,
                                                const std::string& body) {
  std::unique_ptr<Http2Server> server(new Http2Server);
  if (!server->certificate_.made() ||
      run({.words = {kPython, "-c", "import ssl"}}).exit_code != 0) {
    std::printf("SKIPPED python3\n");
    return nullptr;
  }
  const TempDir& directory = server->directory_;
  write_file(directory / "body", body);
  server->process_.emplace(
      Command{.words = {"setpriv", "--pdeathsig", "KILL", kPython,
                        WEFT_SOURCE_DIR "/tests/support/http2_server.py", how,
                        std::to_string(answered), directory / "body", server->certificate_.pem(),
                        server->certificate_.key(), directory / "port", directory / "log"}});
  if (!server->process_->wait_for_error_text("listening\n")) {
    throw std::runtime_error("the server does not start: " + server->process_->wait().err);
  }
  server->port_ = contents(directory / "port");
  return server;
}

std::string Http2Server::url(std::string_view target) const {
  return "https://127.0.0.1:" + port_ + std::string(target);
}

std::size_t Http2Server::count(std::string_view what) const {
  std::istringstream log(contents(directory_ / "log"));
  std::size_t lines = 0;
  for (std::string line; std::getline(log, line);) lines += line == what ? 1 : 0;
  return lines;
}

}  // namespace weft::test
