// Records that notice when they are damaged or misplaced.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twohop {

// The record to store under `key`: four bytes of checksum over key and payload, then the payload.
// RocksDB checks its blocks too; this also catches bytes that were wrong before they reached it,
// and a record that was written under another key.
std::string SealRecord(std::string_view key, std::string_view payload);

// The payload within `record`; nothing if it is not what SealRecord made for `key`.
std::optional<std::string_view> OpenRecord(std::string_view key, std::string_view record);

}  // namespace twohop
