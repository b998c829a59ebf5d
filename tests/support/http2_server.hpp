// A private HTTP/2 server over TLS that answers some requests of each connection and then ends it.
//
//   std::unique_ptr<Http2Server> server = Http2Server::start("goaway", 3, "<p>every page");
//   if (server == nullptr) return;  // no Python, or no OpenSSL: the test is skipped
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/certificate.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::test {

class Http2Server {
 public:
  // `how` a connection ends after so many answers, or what becomes of further requests:
  //   goaway        GOAWAY names the last request it has looked at; the connection stays
  //   goaway-late   GOAWAY names none, then the connection is closed
  //   close, reset  FIN, RST
  //   refuse        REFUSED_STREAM    cancel    CANCEL: of that stream alone
  //   break-off     the answer begins, then the connection is closed
  // Null, and a line "SKIPPED python3" on standard output, where it cannot run.
  static std::unique_ptr<Http2Server> start(const std::string& how, int answered,
                                            const std::string& body);

  std::string url(std::string_view target) const;  // at 127.0.0.1; its name is site.test
  std::string cacert() const { return certificate_.pem(); }
  std::size_t connections() const { return count("connection"); }  // so far
  std::size_t requests() const { return count("request"); }

 private:
  Http2Server() = default;
  std::size_t count(std::string_view what) const;

  const TempDir directory_;
  const Certificate certificate_;
  std::string port_;
  std::optional<Process> process_;
};

}  // namespace weft::test
