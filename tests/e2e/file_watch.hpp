// Looks at every file the moment it appears in a directory under a name that is not NAME.part.
//
//   FileWatch watch(directory, expected);
//   ... a program writes there ...
//   CHECK(watch.end().wrong.empty());
//
// Threads:   one owner calls everything; it looks on a thread of its own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace weft::test {

class FileWatch {
 public:
  // What may appear: the digests that a file of this name, less ".1" and the like, may have.
  using Expected = std::map<std::string, std::set<std::string>>;

  struct Seen {
    int files = 0;                     // that have appeared
    std::vector<std::string> wrong{};  // and had not what they should, with why
  };

  FileWatch(std::string directory, Expected expected);
  ~FileWatch() { end(); }
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Once nothing writes there any more: when all has been looked at.
  const Seen& end();

 private:
  void run();
  bool read_events();
  void look(const std::string& name);

  const std::string directory_;
  const Expected expected_;
  Seen seen_;  // the thread's, then the owner's
  int events_ = -1;
  int ending_ = -1;
  std::thread thread_;
};

// NAME less the number that keeps it apart from others of its name.
std::string unnumbered(const std::string& name);

}  // namespace weft::test
