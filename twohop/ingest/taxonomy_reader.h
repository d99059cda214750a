// Taxonomies from files.

#pragma once

#include <filesystem>

#include "twohop/base/result.h"
#include "twohop/domain/taxonomy.h"

namespace twohop {

// Reads a taxonomy; what kind of file it is follows from its content:
//   - a table (tabs or commas) whose first line names the columns level1, level2, level3, and
//     optionally id, terms, tags (both separated by "|") and zh or alternative_name;
//   - one path a line, `a > b > c`, optionally with `id : ` or `number - ` in front, as Shopify and
//     Google publish theirs. Lines that begin with "#" are comments in this kind.
//
// A category has three levels. A deeper path belongs to its level-3 ancestor, and its id is an
// alias of it (Category::aliases), as is a further id for the same path. A path of one or two
// levels is a category only if nothing lies below it; its last name then stands for the missing
// levels. A category without an id gets its path as id. Categories keep the order of the file.
// docs/formats.md has examples.
//
// A taxonomy is loaded whole or not at all: a missing category would quietly lose its items.
//
// Errors: kNotFound if there is no such file; kInvalidArgument naming file and line if it is not a
// regular file, is empty, is of neither kind, lacks a column, or a line is broken, not UTF-8, too
// long, repeats an id, or repeats a path without an id of its own; kUnavailable if it cannot be
// read.
Result<Taxonomy> LoadTaxonomy(const std::filesystem::path& path);

}  // namespace twohop
