// One file being had, and what its hands do for it.
//
//   place() ──► ask() ──► begin() ──► receive()... ──► end() ─┬─► done: recorded, or others go on
//                ▲                                            ├─► again, retry, move ─► ask()
//                └────────────────────────────────────────────┘
//
// The first hand asks for the whole, or for what a former run had not. Where the answer shows
// that the file is large, can be had in parts and is told from others by a validator, further
// hands join in, at the same host and at mirrors. A hand that is done with its range asks for
// another; one that fails drops out while there are others; the last one tries again, at the
// mirrors too. Whoever brings the last bytes, or the verifier after it, compares the digests,
// gives the file its name, and records what became of it.
//
// Never mixed: a part counts only where its validator and its total are those of the rest, and
// between mirrors only where a checksum will tell; else the file begins anew.
//
// Threads: every method may be called from any thread; of one hand, by one at a time.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "get/hand.hpp"
#include "get/shared.hpp"
#include "get/source.hpp"
#include "weft/base/mutex.hpp"

namespace weft::get {

inline constexpr const char* kKeepsChanging = "the file changes while it is fetched";

// What is smaller is not worth room on the disk reserved for it, nor being shown under way.
inline constexpr Bytes kLarge = 1_MiB;

// What a hand does next.
struct Next {
  enum class Do : std::uint8_t {
    nothing,   // its part is done, or others go on without it
    again,     // it asks for more, at once
    retry,     // it asks again, where it did, when the host may be asked
    move,      // it asks elsewhere
    put_back,  // the run is ending: another one goes on
  };
  Do what = Do::nothing;
  int failures = 0;         // retry: in a row
  std::optional<Url> to{};  // move
  bool is_redirect = false;
};

class Download final : public std::enable_shared_from_this<Download> {
 public:
  Download(GetShared& shared, Listed listed);

  // Where its file goes, before anybody is asked; `part` is what a former run had of it. False:
  // it has been settled instead.
  bool place(Hand& hand, const std::optional<PartNote>& part) EXCLUDES(mutex_);

  // The request that the hand makes at `url`, where a turn of its own is worth one. Else it is
  // no longer wanted.
  std::optional<Request> ask(Hand& hand, const Url& url) EXCLUDES(mutex_);

  // What the hand's transfer brings (BodyReceiver).
  bool begin(Hand& hand, const Response& head) EXCLUDES(mutex_);
  bool receive(Hand& hand, std::string_view bytes);

  // The hand's transfer has ended.
  Next end(Hand& hand, const Task& task, const TransferResult& result) EXCLUDES(mutex_);
  // It was not made: its host is given up.
  Next lost_host(Hand& hand, const Task& task, const HostDown& down) EXCLUDES(mutex_);

  // Reads back what is not in the digests yet, and ends the download if it is whole.
  void verify(const std::stop_token& unless_whole, const std::stop_token& drop) EXCLUDES(mutex_);

  // What a later run can go on with, synced: nothing where there is nothing.
  std::optional<PartNote> note() EXCLUDES(mutex_);
  UnderWay shown() const EXCLUDES(mutex_);
  std::uint64_t id() const { return id_; }

 private:
  struct Failure {
    Outcome outcome;
    std::string message;
    bool is_transient = false;
  };

  // Before a request (download_ask.cpp).
  bool claim(const std::string& path, const NameClaims::Seen* seen = nullptr) EXCLUDES(mutex_);
  bool claimed(Claim claimed, const std::string& listed) EXCLUDES(mutex_);
  bool go_on_as(const std::string& path) EXCLUDES(mutex_);
  void note_name(const std::string& path) const;
  bool claim_former(const std::string& path) EXCLUDES(mutex_);
  std::optional<PartNote> left_part() const;
  void plan(const std::string& path, std::string_view why_not) const;
  void expect(const std::string& path) REQUIRES(mutex_);
  void go_on_with_part(Hand& hand, const PartNote& part) EXCLUDES(mutex_);
  void show(std::uint64_t size) EXCLUDES(mutex_);
  bool may_join(const Source& source) const REQUIRES(mutex_);
  bool is_named(const Url& url) const;
  void add_headers(const Source& source, Hand& hand, Request& request) const REQUIRES(mutex_);
  void add_conditions(const Source& source, Hand& hand, Request& request) const REQUIRES(mutex_);

  // What a response is (download_begin.cpp).
  bool begin_whole(Hand& hand, const Response& head) EXCLUDES(mutex_);
  bool begin_part(Hand& hand, const Response& head) EXCLUDES(mutex_);
  bool whole_for_part(Hand& hand, const Response& head) EXCLUDES(mutex_);
  bool may_begin_anew() EXCLUDES(mutex_);
  bool is_too_large(std::uint64_t size) const;
  std::string too_large(std::string_view size) const;
  bool give_name(const Response& head) EXCLUDES(mutex_);
  bool open_body(Hand& hand, const Response& head) EXCLUDES(mutex_);
  OutletResult<std::unique_ptr<Outlet>> open_outlet(std::uint64_t size) EXCLUDES(mutex_);
  void retire_body() EXCLUDES(mutex_);
  void call_hands(const Hand& hand) EXCLUDES(mutex_);
  void learn(const Response& head) REQUIRES(mutex_);
  std::uint64_t hands_for(std::uint64_t size) const;
  Pieces pieces(std::uint64_t size) const;
  Task task_for(Url url, Priority priority, std::unique_ptr<Hand> hand) const;

  // What its end means (download_end.cpp).
  Next end_halted(Hand& hand, const Task& task, const Response& response) EXCLUDES(mutex_);
  Next end_answered(Hand& hand, const Task& task, const Response& response) EXCLUDES(mutex_);
  Next end_unchanged(const Response& response) EXCLUDES(mutex_);
  Next redirected(Hand& hand, const Task& task, std::string_view location) EXCLUDES(mutex_);
  Next unsatisfied(Hand& hand, const Response& response) EXCLUDES(mutex_);
  Next without_ranges(Hand& hand) EXCLUDES(mutex_);
  Next filled(Hand& hand) EXCLUDES(mutex_);
  Next failed(Hand& hand, const Task& task, const Failure& failure) EXCLUDES(mutex_);
  Next outlet_failed(Hand& hand) EXCLUDES(mutex_);
  Next anew(Hand& hand) EXCLUDES(mutex_);
  Next drop_hand() EXCLUDES(mutex_);
  std::optional<std::size_t> next_source(std::size_t after) const REQUIRES(mutex_);

  // The end of it all (download_finish.cpp).
  bool finish(Body& body) EXCLUDES(mutex_);  // false: it has to begin anew
  std::string mismatch(const std::vector<Checksum>& digests) const EXCLUDES(mutex_);
  bool may_try_again() EXCLUDES(mutex_);
  std::size_t source_to_try_again() const REQUIRES(mutex_);
  void keep(Body& body) EXCLUDES(mutex_);
  void keep_time(const std::optional<Clock::wall_time>& modified) EXCLUDES(mutex_);
  void settle_failed(const Failure& failure) EXCLUDES(mutex_);
  enum class Why : std::uint8_t { exists, unchanged };
  void settle_existing(std::uint64_t size, Why why) EXCLUDES(mutex_);
  void settle(Outcome outcome, const std::string& message = {}, Outlet* kept = nullptr)
      EXCLUDES(mutex_);

  // Constant after construction.
  GetShared& shared_;
  const std::uint64_t id_;
  const std::uint64_t identity_;
  const Wanted wanted_;

  mutable Mutex mutex_;
  std::vector<Source> sources_ GUARDED_BY(mutex_);
  std::shared_ptr<Body> body_ GUARDED_BY(mutex_);  // null: none yet, or to begin anew
  HandId opener_ GUARDED_BY(mutex_) = 0;           // the hand that asks for the whole
  HandId last_hand_ GUARDED_BY(mutex_) = 1;
  int hands_ GUARDED_BY(mutex_) = 1;            // that have a turn, under way or to come
  bool has_called_ GUARDED_BY(mutex_) = false;  // further hands
  bool is_claimed_ GUARDED_BY(mutex_) = false;
  std::string path_ GUARDED_BY(mutex_);  // where claimed
  std::optional<Folder::Entry> existing_ GUARDED_BY(mutex_);
  // Until a name is claimed: what the file is called unless the server says otherwise, and what
  // stood there before it was asked.
  std::string expected_path_ GUARDED_BY(mutex_);
  NameClaims::Seen seen_ GUARDED_BY(mutex_);
  std::optional<FormerFile> former_ GUARDED_BY(mutex_);  // what the job knows of it
  std::vector<Checksum> expected_ GUARDED_BY(mutex_);    // by the user
  std::vector<Checksum> said_ GUARDED_BY(mutex_);        // by the server
  int begun_anew_ GUARDED_BY(mutex_) = 0;
  int mismatches_ GUARDED_BY(mutex_) = 0;
  bool ended_ GUARDED_BY(mutex_) = false;
  bool is_shown_ GUARDED_BY(mutex_) = false;  // it has been counted, and is among the open ones
  Clock::time_point asked_at_ GUARDED_BY(mutex_){};
  Record record_ GUARDED_BY(mutex_);  // as far as it is known
};

}  // namespace weft::get
