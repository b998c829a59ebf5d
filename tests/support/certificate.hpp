// A certificate for "site.test" that nobody but its own file vouches for, for a private nginx.
#pragma once

#include <string>

#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::test {

class Certificate {
 public:
  Certificate()
      : made_(run({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                             "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key(), "-out",
                             pem(), "-days", "2", "-subj", "/CN=site.test", "-addext",
                             "subjectAltName=DNS:site.test"}})
                  .exit_code == 0) {}

  bool made() const { return made_; }
  std::string pem() const { return directory_ / "cert.pem"; }
  std::string key() const { return directory_ / "key.pem"; }

  // Directives for a Site: it listens here too, with TLS, and speaks HTTP/2 to who asks for it.
  std::string listen(const std::string& address) const {
    return "listen " + address + ":@PORT@ ssl http2;\n ssl_certificate " + pem() +
           ";\n ssl_certificate_key " + key() + ";\n";
  }

 private:
  const TempDir directory_;
  const bool made_;
};

}  // namespace weft::test
