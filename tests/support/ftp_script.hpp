// A small ftp server on 127.0.0.1 for what well-behaved ones do not do: it has one file, and
// replies as it is told to.
//
//   FtpScript server({.file = "hello", .replies = {{"RETR", "450 busy"}}});
//   fetch(server.url());
//
// Every connection has a thread of its own.
//
// Threads:   every method may be called from any thread.
// Ownership: the destructor cuts every connection and joins every thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weft::test {

struct FtpManners {
  std::string file{};                            // the bytes of every file
  std::map<std::string, std::string> replies{};  // by the command's word; "": none at all
  std::string greeting = "220 here";             // "": none
  std::optional<std::size_t> cut{};              // the data connection ends after so many bytes
  std::optional<std::size_t> silent_after{};     // and nothing more is said
};

class FtpScript {
 public:
  explicit FtpScript(FtpManners manners);
  ~FtpScript();

  std::string url(std::string_view target = "/file") const;
  std::vector<std::string> commands() const;  // so far, of all connections
  int connections() const;                    // to the control port, so far

 private:
  class Session;

  void accept_all();
  bool hold(int fd);  // false where the server is being destroyed; closes nothing
  void let_go(int fd);

  const FtpManners manners_;
  const int listener_;
  const std::uint16_t port_;

  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::set<int> held_;  // descriptors to be shut down
  std::vector<std::string> commands_;
  int accepted_ = 0;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace weft::test
