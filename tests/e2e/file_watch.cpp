#include "e2e/file_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

#include "support/temp_dir.hpp"
#include "weft/store/digest.hpp"

namespace weft::test {

std::string unnumbered(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const bool is_number =
      dot != std::string::npos && dot + 1 < name.size() &&
      std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(),
                  [](unsigned char c) { return std::isdigit(c) != 0; });
  return is_number ? name.substr(0, dot) : name;
}

FileWatch::FileWatch(std::string directory, Expected expected)
    : directory_(std::move(directory)),
      expected_(std::move(expected)),
      events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      ending_(::eventfd(0, EFD_CLOEXEC)) {
  if (::inotify_add_watch(events_, directory_.c_str(), IN_MOVED_TO | IN_CREATE) < 0) {
    throw std::system_error(errno, std::generic_category(), directory_);
  }
  thread_ = std::thread([this] { run(); });
}

const FileWatch::Seen& FileWatch::end() {
  if (!thread_.joinable()) return seen_;
  const std::uint64_t one = 1;
  if (::write(ending_, &one, sizeof one) != sizeof one) std::abort();
  thread_.join();
  ::close(events_);
  ::close(ending_);
  return seen_;
}

void FileWatch::run() {
  std::array<pollfd, 2> wait{{{events_, POLLIN, 0}, {ending_, POLLIN, 0}}};
  while (true) {
    while (read_events()) {
    }
    if ((wait[1].revents & POLLIN) != 0) return;
    ::poll(wait.data(), wait.size(), -1);
  }
}

// False: there are none.
bool FileWatch::read_events() {
  alignas(inotify_event) std::array<char, 64 << 10> buffer;
  const ssize_t size = ::read(events_, buffer.data(), buffer.size());
  if (size <= 0) return false;
  for (ssize_t at = 0; at < size;) {
    const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
    at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    if ((event->mask & IN_Q_OVERFLOW) != 0) seen_.wrong.emplace_back("too much at once");
    const std::string name = event->len > 0 ? event->name : "";
    if (name.empty() || name.ends_with(".part") || (event->mask & IN_ISDIR) != 0) continue;
    if ((event->mask & IN_CREATE) != 0) {
      seen_.wrong.push_back(name + " was made, not renamed");
    } else {
      look(name);
    }
  }
  return true;
}

void FileWatch::look(const std::string& name) {
  ++seen_.files;
  auto may_be = expected_.find(name);
  if (may_be == expected_.end()) may_be = expected_.find(unnumbered(name));
  if (may_be == expected_.end()) {
    seen_.wrong.push_back(name + " is nothing that was asked for");
  } else if (!may_be->second.contains(sha256_hex(contents(directory_ + "/" + name)))) {
    seen_.wrong.push_back(name + " has not its bytes");
  }
}

}  // namespace weft::test
