#include "twohop/distill/data_card.h"

#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "twohop/base/hash.h"
#include "twohop/base/text.h"
#include "twohop/experiment/percentile.h"

namespace twohop {
namespace {

constexpr std::size_t kBytesPerToken = 4;

template <typename Keep>
std::size_t CountRows(const std::vector<TrainingRow>& rows, Keep keep) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), keep));
}

// A "|" would begin a cell of its own.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell.push_back('\\');
    cell.push_back(c == '\n' ? ' ' : c);
  }
  return cell;
}

std::string DescribeInputs(const std::vector<DataCardInput>& inputs) {
  std::string table =
      "| input | file | XXH3 | rows used | bad lines left out |\n"
      "| --- | --- | --- | ---: | ---: |\n";
  for (const DataCardInput& input : inputs) {
    table += fmt::format("| {} | `{}` | `{}` | {} | {} |\n", input.role, Cell(input.path),
                         HashHex(input.hash), input.rows, input.bad_lines);
  }
  return table;
}

std::string DescribeCounts(const DataCard& card) {
  std::string table =
      "| task | made from | training | validation |\n"
      "| --- | --- | ---: | ---: |\n";
  for (std::size_t t = 0; t < kTrainingTaskCount; ++t) {
    for (std::size_t s = 0; s < kRowSourceCount; ++s) {
      const auto is_one = [&](const TrainingRow& row) {
        return row.task == static_cast<TrainingTask>(t) && row.source == static_cast<RowSource>(s);
      };
      const std::size_t training = CountRows(card.rows[0], is_one);
      const std::size_t validation = CountRows(card.rows[1], is_one);
      if (training + validation == 0) continue;
      table +=
          fmt::format("| {} | {} | {} | {} |\n", TrainingTaskName(static_cast<TrainingTask>(t)),
                      RowSourceName(static_cast<RowSource>(s)), training, validation);
    }
  }
  return table + fmt::format("| all | | {} | {} |\n", card.rows[0].size(), card.rows[1].size());
}

std::string DescribePairs(const DataCard& card) {
  if (card.pairs.empty() && card.unfit_pairs == 0) return "None.\n";
  std::string table =
      "| made from | pairs |\n"
      "| --- | ---: |\n";
  for (std::size_t s = 0; s < kPairSourceCount; ++s) {
    const auto count = std::count_if(
        card.pairs.begin(), card.pairs.end(),
        [&](const PreferencePair& pair) { return pair.source == static_cast<PairSource>(s); });
    if (count == 0) continue;
    table += fmt::format("| {} | {} |\n", PairSourceName(static_cast<PairSource>(s)), count);
  }
  return table + fmt::format(
                     "\nLeft out for personal data or the blocklist, or because an equal one "
                     "is there: {}.\n",
                     card.unfit_pairs);
}

std::string DescribeLosses(const DataCard& card) {
  std::string table =
      "| rows left out | count |\n"
      "| --- | ---: |\n";
  for (std::size_t i = 0; i < kRowRejectionCount; ++i) {
    table += fmt::format("| {} | {} |\n", RowRejectionName(static_cast<RowRejection>(i)),
                         card.rejected[i]);
  }
  const SkippedSources& skipped = card.skipped;
  return table + fmt::format(
                     "\n"
                     "| gave no row | count |\n"
                     "| --- | ---: |\n"
                     "| search of no category | {} |\n"
                     "| demand that is empty or too long | {} |\n"
                     "| demand without categories | {} |\n"
                     "| trace without an answer | {} |\n",
                     skipped.searches_without_category, skipped.unusable_demands,
                     skipped.demands_without_categories, skipped.traces_without_answer);
}

std::size_t WordsOf(const TrainingRow& row) {
  const std::string normal = NormalizeName(row.question() + " " + row.reply());
  return normal.empty() ? 0 : Split(normal, ' ').size();
}

// Of the whole prompt and the reply, as a model is trained on.
std::size_t EstimatedTokensOf(const TrainingRow& row) {
  std::size_t bytes = 0;
  for (const ChatMessage& message : row.messages) bytes += message.content.size();
  return (bytes + kBytesPerToken - 1) / kBytesPerToken;
}

std::string DescribeSizes(std::vector<std::size_t> sizes) {
  std::sort(sizes.begin(), sizes.end());
  const std::span<const std::size_t> sorted(sizes);
  return fmt::format("{} / {} / {}", NearestRank(sorted, 0.5), NearestRank(sorted, 0.95),
                     sizes.back());
}

std::string DescribeLengths(const DataCard& card) {
  std::string table =
      "| task | words of question and reply | tokens of all messages (estimate) |\n"
      "| --- | ---: | ---: |\n";
  for (std::size_t t = 0; t < kTrainingTaskCount; ++t) {
    std::vector<std::size_t> words;
    std::vector<std::size_t> tokens;
    for (const auto& side : card.rows) {
      for (const TrainingRow& row : side) {
        if (row.task != static_cast<TrainingTask>(t)) continue;
        words.push_back(WordsOf(row));
        tokens.push_back(EstimatedTokensOf(row));
      }
    }
    if (words.empty()) continue;
    table += fmt::format("| {} | {} | {} |\n", TrainingTaskName(static_cast<TrainingTask>(t)),
                         DescribeSizes(std::move(words)), DescribeSizes(std::move(tokens)));
  }
  return table;
}

std::string DescribeCoverage(const DataCard& card, const Taxonomy& taxonomy) {
  std::vector<std::size_t> named(taxonomy.level1_count());
  for (const auto& side : card.rows) {
    for (const TrainingRow& row : side) {
      for (const CategoryIndex category : row.categories) {
        ++named[taxonomy.level1_of(category).value()];
      }
    }
  }
  const auto covered = static_cast<std::size_t>(
      std::count_if(named.begin(), named.end(), [](std::size_t count) { return count > 0; }));
  std::string table = fmt::format(
      "{} of {} level-1 categories occur.\n\n"
      "| level 1 | times named |\n"
      "| --- | ---: |\n",
      covered, named.size());
  for (std::uint32_t i = 0; i < named.size(); ++i) {
    table += fmt::format("| {} | {} |\n", Cell(taxonomy.level1_name(Level1Index(i))), named[i]);
  }
  return table;
}

std::string DescribeNotes(const std::vector<std::string>& notes) {
  if (notes.empty()) return "Not stated. Give `--source-note` for licence and provenance.\n";
  std::string list;
  for (const std::string& note : notes) list += fmt::format("- {}\n", note);
  return list;
}

}  // namespace

std::string DescribeDataCard(const DataCard& card, const Taxonomy& taxonomy) {
  std::string page = "# Data card\n\nFine-tuning data for interestGPT, written by\n\n";
  page += fmt::format("```sh\n{}\n```\n\nSeed: {}.\n", card.command_line, card.seed);
  page += "\n## Licence and provenance\n\n" + DescribeNotes(card.source_notes);
  page += "\n## Inputs\n\n" + DescribeInputs(card.inputs);
  page += "\n## Rows\n\n" + DescribeCounts(card);
  page +=
      "\nTraces are split by user and edges by demand, by hash of the id and the seed. A search or "
      "a demand that both sides ask about is in training only.\n";
  page += "\n## Preference pairs\n\n" + DescribePairs(card);
  page += "\n## What was left out\n\n" + DescribeLosses(card);
  page +=
      "\nPersonal data are found by form (addresses, links, handles, long numbers); names of "
      "people "
      "are not.\n";
  page += "\n## Lengths\n\nMedian / 95th percentile / longest. ";
  page += "Tokens are estimated as bytes / 4; no tokenizer was asked.\n\n" + DescribeLengths(card);
  page += "\n## Level-1 coverage\n\n" + DescribeCoverage(card, taxonomy);
  return page;
}

}  // namespace twohop
