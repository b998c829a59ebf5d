#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

extern char** environ;

namespace weft::test {

namespace {

// One descriptor, closed by its destructor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  Pipe() {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno, "pipe");
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

// A file without a name that holds `text`, to be read from its beginning.
Descriptor file_with(const std::string& text) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) check(errno, "memfd_create");
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t written = ::write(file.get(), left.data(), left.size());
    if (written < 0) check(errno, "memfd");
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) check(errno, "memfd");
  return file;
}

// What posix_spawn is to do in the child before the program begins.
class SpawnActions {
 public:
  SpawnActions() { check(posix_spawn_file_actions_init(&actions_), "posix_spawn"); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

  void put(int fd, int in_place_of) {
    check(posix_spawn_file_actions_adddup2(&actions_, fd, in_place_of), "posix_spawn");
  }
  void go_to(const std::string& directory) {
    check(posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str()), directory);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Signals as a shell hands them on, whatever this program does with its own.
class SpawnSignals {
 public:
  SpawnSignals() {
    check(posix_spawnattr_init(&attributes_), "posix_spawn");
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    check(posix_spawnattr_setsigdefault(&attributes_, &all), "posix_spawn");
    check(posix_spawnattr_setsigmask(&attributes_, &none), "posix_spawn");
    check(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK),
          "posix_spawn");
  }
  SpawnSignals(const SpawnSignals&) = delete;
  SpawnSignals& operator=(const SpawnSignals&) = delete;
  ~SpawnSignals() { posix_spawnattr_destroy(&attributes_); }

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// Ours, without a proxy that would take requests away from this machine.
std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool is_proxy = name.ends_with("_proxy") || name.ends_with("_PROXY");
    bool is_replaced = false;
    for (const auto& [key, value] : added) is_replaced = is_replaced || key == name;
    if (!is_proxy && !is_replaced) all.emplace_back(text);
  }
  for (const auto& [key, value] : added) all.push_back(key + "=" + value);
  return all;
}

}  // namespace

struct Process::Pipes {
  Pipe out;
  Pipe err;
};

Process::Process(Command command) {
  Pipes pipes;
  start(command, pipes);
  pipes.out.write.close();
  pipes.err.write.close();
  pump_ = std::thread([this, pipes = std::move(pipes)] { pump(pipes); });
}

Process::~Process() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void Process::start(const Command& command, Pipes& pipes) {
  if (command.output == StandardOutput::nobody_reads) pipes.out.read.close();
  const Descriptor input = file_with(command.input);

  SpawnActions actions;
  actions.put(input.get(), STDIN_FILENO);
  actions.put(pipes.out.write.get(), STDOUT_FILENO);
  actions.put(pipes.err.write.get(), STDERR_FILENO);
  if (!command.directory.empty()) actions.go_to(command.directory);
  const SpawnSignals signals;

  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = environment_with(command.environment);
  check(posix_spawnp(&pid_, words.front().c_str(), actions.get(), signals.get(),
                     pointers(words).data(), pointers(environment).data()),
        words.front());
}

void Process::pump(const Pipes& pipes) {
  pollfd ends[2] = {{pipes.out.read.get(), POLLIN, 0}, {pipes.err.read.get(), POLLIN, 0}};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {  // poll passes over a negative one
    if (::poll(ends, 2, -1) < 0) continue;
    for (std::size_t stream = 0; stream < 2; ++stream) {
      if (ends[stream].revents == 0) continue;
      if (!read_some(ends[stream].fd, stream)) ends[stream].fd = -1;
    }
  }
  const Lock lock(mutex_);
  silent_ = true;
  changed_.notify_all();
}

// False at the end of the stream.
bool Process::read_some(int fd, std::size_t stream) {
  std::array<char, 16 * 1024> bytes;
  const ssize_t got = ::read(fd, bytes.data(), bytes.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  const Lock lock(mutex_);
  written_[stream].append(bytes.data(), static_cast<std::size_t>(got));
  changed_.notify_all();
  return true;
}

void Process::send(int signal) { ::kill(pid_, signal); }

bool Process::pause() {
  send(SIGSTOP);
  siginfo_t how{};
  const auto pid = static_cast<id_t>(pid_);
  while (::waitid(P_PID, pid, &how, WSTOPPED | WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  return how.si_code == CLD_STOPPED;
}

bool Process::has_ended() const {
  siginfo_t how{};
  const auto pid = static_cast<id_t>(pid_);
  return ::waitid(P_PID, pid, &how, WEXITED | WNOHANG | WNOWAIT) == 0 && how.si_pid == pid_;
}

bool Process::wait_for_error_text(std::string_view text) {
  Lock lock(mutex_);
  while (written_[1].find(text) == std::string::npos) {
    if (silent_) return false;
    changed_.wait(lock);
  }
  return true;
}

Ended Process::wait() {
  pump_.join();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  const Lock lock(mutex_);
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          .out = written_[0],
          .err = written_[1]};
}

Ended run(Command command) { return Process(std::move(command)).wait(); }

std::vector<std::string> before_others(std::vector<std::string> words) {
  static const std::vector<std::string> kFirst{"chrt", "--fifo", "1"};
  static const bool may = [] {
    std::vector<std::string> trial = kFirst;
    trial.emplace_back("true");
    return run({.words = std::move(trial)}).exit_code == 0;
  }();
  if (may) words.insert(words.begin(), kFirst.begin(), kFirst.end());
  return words;
}

}  // namespace weft::test
