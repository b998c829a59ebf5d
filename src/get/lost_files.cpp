#include "get/lost_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

#include "get/group_syncs.hpp"
#include "weft/base/digits.hpp"
#include "weft/store/digest.hpp"

namespace weft::get {

namespace {

constexpr const char* kBoot = "boot";  // of JobDb::meta()

// Another one each time that the system starts; "" where it does not tell.
std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

bool is_altered_since(const Folder& folder, const KeptFile& file) {
  const auto there = folder.look(file.path);
  return there && file.modified && there->modified > *file.modified;
}

bool is_whole(const Folder& folder, const KeptFile& file, const JobDb& job) {
  const auto fd = folder.open_file(file.path, O_RDONLY);
  if (!fd) return false;
  std::vector<char> buffer(256u << 10);
  Digester digester(DigestAlgorithm::sha256);
  std::uint64_t size = 0;
  while (!job.is_stopped()) {
    const ssize_t got = ::read(fd->get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::uint64_t>(got);
    if (size > file.size) return false;
    digester.add({buffer.data(), static_cast<std::size_t>(got)});
  }
  return size == file.size && to_text({DigestAlgorithm::sha256, digester.finish()}) == file.digest;
}

}  // namespace

Result<void> set_aside(const Folder& folder, const std::string& path) {
  const auto there = folder.look(path);
  if (!there) return {};
  if (there->size.count == 0) return folder.remove(path);
  return folder.rename(path, path + ".spoilt", Folder::Replace::no);
}

Result<bool> has_rebooted(JobDb& job) {
  return job.meta(kBoot).map([](const std::optional<std::string>& known) {
    return !known || known->empty() || *known != boot_id();
  });
}

Result<void> note_boot(JobDb& job) { return job.put_meta(kBoot, boot_id()); }

Result<std::uint64_t> take_back_lost(JobDb& job, const Folder& folder) {
  const auto rebooted = has_rebooted(job);
  if (!rebooted) return tl::unexpected(rebooted.error());
  if (!*rebooted) return 0;
  const auto synced = job.meta(kFilesSynced);
  if (!synced) return tl::unexpected(synced.error());
  const auto files = job.files_past(parse_digits(synced->value_or("0")).value_or(0));
  if (!files) return tl::unexpected(files.error());
  std::vector<std::uint64_t> lost;
  for (const KeptFile& file : *files) {
    if (is_altered_since(folder, file)) continue;
    const bool stands = is_whole(folder, file, job);
    if (job.is_stopped()) return fail("the reading of the job's files was stopped");
    if (stands) continue;
    if (auto moved = set_aside(folder, file.path); !moved) {
      return tl::unexpected(std::move(moved).error());
    }
    lost.push_back(file.id);
  }
  if (lost.empty()) return 0;
  if (auto done = job.take_back(lost); !done) return tl::unexpected(std::move(done).error());
  return lost.size();
}

}  // namespace weft::get
