#include "weft/get/folder.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>

#include "get/file_time.hpp"
#include "weft/base/text.hpp"

namespace weft {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

std::string_view remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Make room there, or choose another place.";
    case ELOOP:
      return "No symbolic link below the directory of downloads is followed: remove it, or choose "
             "another place.";
    case EEXIST:
      return "Move what is there away, or choose another name.";
    default:
      return "Get permission, or choose another place.";
  }
}

// Like mkdir -p: what is there already, links among it, is left as it is.
Result<void> make_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0777) != 0 && errno != EEXIST) {
      const int error = errno;
      // A directory above may be read-only, on another system, or not ours: open() judges.
      if (::access(part.c_str(), F_OK) != 0) {
        return fail("cannot make the directory '{}': {}. {}", part, reason(error), remedy(error));
      }
    }
    if (slash == std::string::npos) return {};
  }
}

int open_beneath(int directory, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<__u64>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof how));
}

constexpr int kDirectory = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

Result<Folder> Folder::open(const std::string& path, Walk walk) {
  if (path.empty()) return fail("the directory of downloads has no name. Give it one.");
  if (auto made = make_directories(path); !made) return tl::unexpected(std::move(made).error());
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    const int error = errno;
    return fail("cannot open the directory '{}': {}. {}", path, reason(error), remedy(error));
  }
  // Old kernels do not know openat2, and some sandboxes refuse what they do not know.
  if (walk == Walk::at_once && !Fd(open_beneath(fd.get(), ".", kDirectory))) walk = Walk::by_parts;
  return Folder(std::move(fd), path, walk);
}

tl::unexpected<Error> Folder::cannot(std::string_view what, const std::string& path,
                                     int error) const {
  return fail("cannot {} '{}/{}': {}. {}", what, path_, path, reason(error), remedy(error));
}

Fd Folder::open_directory(const std::string& path) const {
  if (walk_ == Walk::at_once) return Fd(open_beneath(fd_.get(), path.c_str(), kDirectory));
  Fd at(-1);
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = path.find('/', begin);
    const std::string part = path.substr(begin, end == std::string::npos ? end : end - begin);
    Fd next(part == ".." ? -1 : ::openat(at ? at.get() : fd_.get(), part.c_str(), kDirectory));
    if (!next) return next;
    at = std::move(next);
  }
  return at;
}

std::optional<Folder::Place> Folder::place_of(const std::string& path) const {
  const std::size_t slash = path.rfind('/');
  std::string name = path.substr(slash == std::string::npos ? 0 : slash + 1);
  if (name == "..") {
    errno = EXDEV;  // as openat2 has it
    return std::nullopt;
  }
  if (slash == std::string::npos) return Place{Fd(-1), fd_.get(), std::move(name)};
  Fd opened = open_directory(path.substr(0, slash));
  if (!opened) return std::nullopt;
  const int directory = opened.get();
  return Place{std::move(opened), directory, std::move(name)};
}

bool Folder::ignores_case() const {
  const std::string probe = fmt::format(".Weft-{}.part", ::getpid());
  const Fd made(::openat(fd_.get(), probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made) return false;
  const bool is_found = look(to_lower(probe)).has_value();
  ::unlinkat(fd_.get(), probe.c_str(), 0);
  return is_found;
}

std::optional<Folder::Entry> Folder::look(const std::string& path) const {
  struct stat info {};
  const auto place = place_of(path);
  if (!place || ::fstatat(place->directory, place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return std::nullopt;
  }
  const Kind kind = S_ISREG(info.st_mode)   ? Kind::file
                    : S_ISDIR(info.st_mode) ? Kind::directory
                                            : Kind::other;
  return Entry{kind, Bytes{static_cast<std::uint64_t>(info.st_size)}, get::file_time(info.st_mtim)};
}

// False, and errno, where one of them cannot be made and is not there.
bool Folder::make_directories_of(const std::string& path) const {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto place = place_of(path.substr(0, slash));
    if (!place) return false;
    if (::mkdirat(place->directory, place->name.c_str(), 0777) != 0 && errno != EEXIST) {
      return false;
    }
  }
  return true;
}

Result<Fd> Folder::open_file(const std::string& path, int flags) const {
  // O_NONBLOCK: a pipe that stands there would hold us until it has a reader.
  constexpr int kAlways = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  auto place = place_of(path);
  if (!place && errno == ENOENT && (flags & O_CREAT) != 0 && make_directories_of(path)) {
    place = place_of(path);
  }
  if (!place) return cannot("open", path, errno);
  Fd fd(::openat(place->directory, place->name.c_str(), flags | kAlways, 0666));
  if (!fd) return cannot("open", path, errno);
  constexpr int kMadeHere = O_CREAT | O_EXCL;  // then it is what was asked for
  if ((flags & kMadeHere) == kMadeHere) return fd;
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return cannot("open", path, errno);
  if (!S_ISREG(info.st_mode)) {
    return fail(
        "cannot open '{}/{}': it is no ordinary file. Move it away, or choose another name.", path_,
        path);
  }
  return fd;
}

Result<void> Folder::rename(const std::string& from, const std::string& to, Replace replace) const {
  const auto old_place = place_of(from);
  if (!old_place) return cannot("rename", from, errno);
  const auto new_place = place_of(to);
  if (!new_place) return cannot("rename a file to", to, errno);
  const auto renamed = [&](unsigned flags) {
    return ::renameat2(old_place->directory, old_place->name.c_str(), new_place->directory,
                       new_place->name.c_str(), flags) == 0;
  };
  if (renamed(replace == Replace::yes ? 0 : RENAME_NOREPLACE)) return {};
  // Some file systems know no RENAME_NOREPLACE; there the time between the two is all there is.
  if (errno == EINVAL && replace == Replace::no) {
    errno = EEXIST;
    if (!look(to) && renamed(0)) return {};
  }
  return cannot("rename a file to", to, errno);
}

Result<void> Folder::remove(const std::string& path) const {
  const auto place = place_of(path);
  if (place && ::unlinkat(place->directory, place->name.c_str(), 0) == 0) return {};
  if (errno == ENOENT) return {};
  return cannot("remove", path, errno);
}

Result<void> Folder::sync() const {
  if (::syncfs(fd_.get()) == 0) return {};
  const int error = errno;
  return fail("cannot write what is below '{}' to the disk: {}. {}", path_, reason(error),
              remedy(error));
}

}  // namespace weft
