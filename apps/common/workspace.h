// Where the files of one community lie.

#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace twohop::app {

// The folder that all commands work in: `twohop import` fills it, the others read and add to it.
// Paths only: nothing here touches the disk.
class Workspace {
 public:
  explicit Workspace(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }

  // Written by `twohop import`: copies of the input, so that the workspace stands alone.
  std::filesystem::path taxonomy() const { return root_ / "catalog" / "taxonomy.tsv"; }
  std::filesystem::path items() const { return root_ / "catalog" / "items.jsonl"; }
  std::filesystem::path event_log() const { return root_ / "log"; }
  std::filesystem::path user_states() const { return root_ / "state"; }
  std::filesystem::path rejects() const { return root_ / "rejects.jsonl"; }

  // Written by `twohop embed`.
  std::filesystem::path category_embeddings() const {
    return root_ / "embeddings" / "categories.bin";
  }
  // Written by `twohop edges`, and by models while they reason.
  std::filesystem::path edge_store() const { return root_ / "edges" / "store"; }
  // Written by `twohop-train`.
  std::filesystem::path model() const { return root_ / "model"; }
  // Written by `twohop index`.
  std::filesystem::path bundles() const { return root_ / "bundles"; }

  // What language models have cost today, in all and by user, if there are limits, and what each
  // way of reasoning has used so far.
  std::filesystem::path spending() const { return root_ / "llm" / "spending.json"; }
  std::filesystem::path user_tokens() const { return root_ / "llm" / "user_tokens.txt"; }
  std::filesystem::path reasoning_usage() const { return root_ / "llm" / "reasoning_usage.json"; }

  // Replies of one model to a comparison or a curve, so that these can be interrupted.
  std::filesystem::path remembered_replies(const std::string& model) const {
    return root_ / "llm" / ("replies-" + model + ".jsonl");
  }

  // What each stage was made from, so that it runs again only when that changes.
  std::filesystem::path stamps() const { return root_ / "stamps"; }
  std::filesystem::path logs() const { return root_ / "logs"; }

  // The last debate that `twohop demo` showed, as text.
  std::filesystem::path demo_debate() const { return root_ / "demo" / "debate.txt"; }

  // Written by `twohop generate`: files as a user would bring them, and apart from them what is
  // true of the simulated users, which only evaluation reads.
  std::filesystem::path community() const { return root_ / "community"; }
  std::filesystem::path community_truth() const { return root_ / "truth" / "truth.jsonl"; }

 private:
  std::filesystem::path root_;
};

}  // namespace twohop::app
