#include "twohop/rocks/testing/full_disk.h"

#include <string>
#include <utility>

namespace twohop {
namespace {

using rocksdb::IOStatus;
using Switch = std::shared_ptr<std::atomic<bool>>;

class FullFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FullFile(std::unique_ptr<rocksdb::FSWritableFile> file, Switch full)
      : FSWritableFileOwnerWrapper(std::move(file)), full_(std::move(full)) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* context) override {
    return *full_ ? Full() : FSWritableFileOwnerWrapper::Append(data, options, context);
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo& verification,
                  rocksdb::IODebugContext* context) override {
    return *full_ ? Full()
                  : FSWritableFileOwnerWrapper::Append(data, options, verification, context);
  }

 private:
  static IOStatus Full() { return IOStatus::NoSpace("no space left on the test's disk"); }

  Switch full_;
};

class FullFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FullFileSystem(Switch full)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), full_(std::move(full)) {}

  const char* Name() const override { return "FullFileSystem"; }

  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           rocksdb::IODebugContext* context) override {
    const IOStatus made = FileSystemWrapper::NewWritableFile(name, options, file, context);
    if (made.ok()) *file = std::make_unique<FullFile>(std::move(*file), full_);
    return made;
  }

 private:
  Switch full_;
};

}  // namespace

FullDisk::FullDisk()
    : full_(std::make_shared<std::atomic<bool>>(false)),
      env_(rocksdb::NewCompositeEnv(std::make_shared<FullFileSystem>(full_))) {}

}  // namespace twohop
