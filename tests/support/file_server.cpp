#include "support/file_server.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <stdexcept>

namespace weft::test {

namespace {

constexpr const char* kPython = "/usr/bin/python3";  // the one that Debian's packages serve

void must_run(std::vector<std::string> words) {
  const std::string program = words.front();
  const Ended ended = run({.words = std::move(words)});
  if (ended.exit_code != 0) throw std::runtime_error(program + ": " + ended.err);
}

}  // namespace

std::unique_ptr<FileServer> FileServer::start(FileProtocol protocol, const Files& files) {
  const bool ssh = protocol == FileProtocol::sftp;
  const char* modules = ssh ? "import asyncssh" : "import pyftpdlib, OpenSSL";
  if (run({.words = {kPython, "-W", "ignore", "-c", modules}}).exit_code != 0) {
    std::printf("SKIPPED python3-%s\n", ssh ? "asyncssh" : "pyftpdlib");
    return nullptr;
  }
  return std::unique_ptr<FileServer>(new FileServer(protocol, files));
}

FileServer::FileServer(FileProtocol protocol, const Files& files) : protocol_(protocol) {
  for (const auto& [path, text] : files) write_file(file(path), text);
  std::vector<std::string> words = {"setpriv", "--pdeathsig", "KILL", kPython, "-W", "ignore"};
  const auto server = protocol == FileProtocol::sftp ? sftp_server() : ftp_server();
  words.insert(words.end(), server.begin(), server.end());
  process_.emplace(Command{.words = std::move(words)});
  if (!process_->wait_for_error_text("listening\n")) {
    throw std::runtime_error("the server does not start: " + process_->wait().err);
  }
  port_ = contents(directory_ / "port");
}

std::vector<std::string> FileServer::ftp_server() const {
  std::vector<std::string> words = {WEFT_SOURCE_DIR "/tests/support/ftp_server.py",
                                    directory_ / "files", directory_ / "port"};
  if (protocol_ == FileProtocol::ftp) return words;
  const std::string key = directory_ / "key.pem";
  must_run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", key, "-out", cacert(), "-days", "2", "-subj", "/CN=site.test",
            "-addext", "subjectAltName=DNS:site.test"});
  words.push_back(cacert());
  words.push_back(key);
  return words;
}

std::vector<std::string> FileServer::sftp_server() const {
  const std::string host_key = directory_ / "host_key";
  const std::string key = home() + "/.ssh/id_ed25519";
  write_file(home() + "/.ssh/known_hosts", "");
  for (const std::string& file : {host_key, key}) {
    must_run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file});
  }
  // By its name alone: the port is not known before.
  write_file(home() + "/.ssh/known_hosts", "127.0.0.1 " + contents(host_key + ".pub"));
  return {WEFT_SOURCE_DIR "/tests/support/sftp_server.py", host_key, key + ".pub",
          directory_ / "port"};
}

std::string FileServer::url(std::string_view target) const {
  if (protocol_ == FileProtocol::sftp) {
    return fmt::format("sftp://127.0.0.1:{}{}", port_, file(std::string(target)));
  }
  const bool tls = protocol_ == FileProtocol::ftps;
  return fmt::format("{}://{}:{}{}", tls ? "ftps" : "ftp", tls ? "site.test" : "127.0.0.1", port_,
                     target);
}

}  // namespace weft::test
