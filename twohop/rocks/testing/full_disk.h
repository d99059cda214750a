// A disk that a test can fill.

#pragma once

#include <atomic>
#include <memory>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace twohop {

// The machine's files, until Fill(): then every write fails as on a full disk, until Free().
//
// Thread-safe. Must outlive the databases that use it.
class FullDisk {
 public:
  FullDisk();

  rocksdb::Env* env() { return env_.get(); }
  void Fill() { *full_ = true; }
  void Free() { *full_ = false; }

 private:
  std::shared_ptr<std::atomic<bool>> full_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace twohop
