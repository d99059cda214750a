// What a model server answers, to a chat, to an embedding, and as an error.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twohop/base/check.h"
#include "twohop/base/embeddings.h"
#include "twohop/base/json.h"
#include "twohop/base/text.h"
#include "twohop/llm/openai_reply.h"

namespace {

using namespace twohop;

using namespace twohop::llm_internal;

void CheckMessage(std::string_view text) {
  const std::vector<std::string> searched{"merkwort"};
  const std::string shown = Presentable(ServerMessage(std::string(text)), "sk-1", searched);
  TWOHOP_CHECK(shown.size() <= 300 && IsValidUtf8(shown));
  TWOHOP_CHECK(shown.find("sk-1") == std::string::npos);
  TWOHOP_CHECK((" " + NormalizeName(shown) + " ").find(" merkwort ") == std::string::npos);
}

void CheckVectors(const Json& body, std::size_t rows) {
  const auto vectors = ParseEmbeddingReply(body, rows);
  if (!vectors) return;
  TWOHOP_CHECK(vectors->size() == rows);
  for (const auto& vector : *vectors) TWOHOP_CHECK(!vector.empty() && AllFinite(vector));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckMessage(text);
  const auto body = ParseJson(text);
  if (!body || !body->is_object()) return 0;
  if (const auto reply = ParseChatReply(*body)) TWOHOP_CHECK(IsValidUtf8(reply->text));
  CheckVectors(*body, 2);
  return 0;
}
