#include "weft/store/jsonl.hpp"

#include <utility>

#include "store/json_text.hpp"
#include "store/output_file.hpp"
#include "weft/base/units.hpp"

namespace weft {

namespace {

void append_ms(JsonObject& object, const Timings& timings) {
  JsonObject ms = object.object("ms");
  ms.milliseconds("dns", timings.dns);
  ms.milliseconds("connect", timings.connect);
  ms.milliseconds("tls", timings.tls);
  ms.milliseconds("first_byte", timings.first_byte);
  ms.milliseconds("total", timings.total);
}

void append_error(JsonObject& object, const std::optional<RecordError>& error) {
  if (!error) return object.null("error");
  JsonObject members = object.object("error");
  members.string("code", error->code);
  members.string("message", error->message);
}

void append(std::string& out, const Record& record) {
  JsonObject object(out);
  object.string("url", record.url);
  object.string("kind", name(record.kind));
  object.string("outcome", name(record.outcome));
  if (record.status > 0) {
    object.number("status", static_cast<std::uint64_t>(record.status));
  } else {
    object.null("status");
  }
  object.number("depth", record.depth);
  object.string_or_null("via", record.via);
  object.string_or_null("location", record.location);
  object.string_or_null("media_type", record.media_type);
  object.string_or_null("charset", record.charset);
  object.number("bytes", record.bytes);
  object.number("wire_bytes", record.wire_bytes);
  object.string_or_null("digest", record.digest);
  object.number("links", record.links);
  object.string_or_null("title", record.title);
  object.number("attempts", record.attempts);
  object.string_or_null("fetched_at",
                        record.fetched_at ? to_rfc3339(*record.fetched_at) : std::string());
  append_ms(object, record.ms);
  object.string_or_null("ip", record.ip);
  object.string_or_null("http", record.http);
  append_error(object, record.error);
  if (!record.rule.empty()) object.string("rule", record.rule);
  if (!record.change.empty()) object.string("change", record.change);
  object.string_or_null("file", record.file);
  object.null("warc");
}

void append(std::string& out, const LinkRecord& link) {
  JsonObject object(out);
  object.string("from", link.from);
  object.string("to", link.to);
  object.string("kind", link.kind);
  object.string("text", link.text);
}

class RecordFile final : public Sink {
 public:
  explicit RecordFile(OutputFile file) : file_(std::move(file)) {}

  Result<void> write(const Record& record) override {
    append(file_.buffer(), record);
    return file_.end_line();
  }
  Result<void> flush() override { return file_.flush(); }
  Result<void> close() override { return file_.close(); }
  std::optional<OutputEnd> end() const override { return file_.end(); }

 private:
  OutputFile file_;
};

class LinkFile final : public Sink {
 public:
  explicit LinkFile(OutputFile file) : file_(std::move(file)) {}

  Result<void> write(const Record& record) override {
    for (const LinkRecord& link : record.link_records) {
      append(file_.buffer(), link);
      if (auto written = file_.end_line(); !written) return written;
    }
    return {};
  }
  Result<void> flush() override { return file_.flush(); }
  Result<void> close() override { return file_.close(); }
  std::optional<OutputEnd> end() const override { return file_.end(); }

 private:
  OutputFile file_;
};

template <class File>
Result<std::unique_ptr<Sink>> sink_of(Result<OutputFile> opened) {
  return std::move(opened).map([](OutputFile file) -> std::unique_ptr<Sink> {
    return std::make_unique<File>(std::move(file));
  });
}

}  // namespace

std::string to_json(const Record& record) {
  std::string line;
  line.reserve(640);  // an ordinary record
  append(line, record);
  return line;
}

std::string to_json(const LinkRecord& link) {
  std::string line;
  append(line, link);
  return line;
}

Result<std::unique_ptr<Sink>> open_record_file(const std::string& path, OpenMode mode) {
  return sink_of<RecordFile>(OutputFile::open(path, mode));
}

Result<std::unique_ptr<Sink>> open_link_file(const std::string& path, OpenMode mode) {
  return sink_of<LinkFile>(OutputFile::open(path, mode));
}

Result<std::unique_ptr<Sink>> reopen_record_file(const std::string& path, std::uint64_t end) {
  return sink_of<RecordFile>(OutputFile::reopen(path, end));
}

Result<std::unique_ptr<Sink>> reopen_link_file(const std::string& path, std::uint64_t end) {
  return sink_of<LinkFile>(OutputFile::reopen(path, end));
}

}  // namespace weft
