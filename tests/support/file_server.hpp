// A private ftp or ssh server on 127.0.0.1 with files that the test writes.
//
//   auto server = FileServer::start(FileProtocol::ftp, {{"/pub/a", "text"}});
//   if (server == nullptr) return;  // not installed: the test is skipped
//   fetch(server->url("/pub/a"));
//
// ftp and ftps let anybody in, sftp who has the key in home(); all of them "user" by "p@ss".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::test {

enum class FileProtocol : std::uint8_t { ftp, ftps, sftp };

class FileServer {
 public:
  using Files = std::map<std::string, std::string>;  // "/a/b": its contents

  // Null, and a line "SKIPPED python3-pyftpdlib" (or python3-asyncssh) on standard output, where
  // that is not installed. It accepts connections when it returns.
  static std::unique_ptr<FileServer> start(FileProtocol protocol, const Files& files);

  std::string url(std::string_view target) const;
  // Where it keeps the file that url() names so; sftp's paths are those of the machine.
  std::string file(const std::string& target) const { return directory_ / ("files" + target); }

  std::string cacert() const { return directory_ / "cert.pem"; }  // vouches for "site.test"
  // A user's home: .ssh/ with a key, and known_hosts that names the server.
  std::string home() const { return directory_ / "home"; }

 private:
  FileServer(FileProtocol protocol, const Files& files);
  std::vector<std::string> ftp_server() const;
  std::vector<std::string> sftp_server() const;

  const FileProtocol protocol_;
  const TempDir directory_;
  std::optional<Process> process_;
  std::string port_;
};

}  // namespace weft::test
