// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/evidence_files.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "provider/answer_check.h"
#include "provider/answer_record.h"
#include "provider/cloud_table.h"
#include "provider/raw_evidence.h"
#include "provider/refusal.h"

namespace keyrite::provider {

namespace {

// The documents among the files, each with the place of its file.
struct Documents {
  std::vector<JsonEvidence> answers{};  // of a cloud
  std::vector<std::size_t> answer_places{};
  std::vector<JsonEvidence> records{};  // keyrite-answers, by import.sh
  std::vector<std::size_t> record_places{};
  std::vector<JsonEvidence> refusals{};  // keyrite-refusal, of a challenge
  std::vector<std::size_t> refusal_places{};

  void add(JsonEvidence document, std::size_t place) {
    const bool refusal = is_refused_challenge(document.view());
    const bool record = is_answer_record(document.view());
    (record ? records : refusal ? refusals : answers).push_back(std::move(document));
    (record ? record_places : refusal ? refusal_places : answer_places).push_back(place);
  }
};

using Places = std::vector<std::optional<Finding>>;  // one per file, in the order of the files

Documents read_documents(const Expected& expected, const std::vector<InputFile>& evidence,
                         Places& findings) {
  Documents documents;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!looks_like_json(evidence[i].content)) continue;
    try {
      documents.add({evidence[i].name, parse_json(evidence[i].content, evidence[i].name), {}}, i);
    } catch (const Error& error) {
      findings[i] = Subject{&expected, evidence[i].name, "JSON"}.unreadable(error);
    }
  }
  return documents;
}

bool shows_use_of_key(const Places& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding && finding->result == Result::kEqual && finding->basis == Basis::kCryptographic;
  });
}

}  // namespace

std::vector<Finding> judge_files(const Expected& expected, const std::vector<InputFile>& evidence) {
  Places findings(evidence.size());
  Documents documents = read_documents(expected, evidence, findings);
  Origins origins;
  for (std::size_t i = 0; i < documents.records.size(); ++i) {
    findings[documents.record_places[i]] = read_record(expected, documents.records[i], origins);
  }
  for (std::size_t i = 0; i < documents.answers.size(); ++i) {
    const auto origin =
        origins.find(crypto::sha256_hex(evidence[documents.answer_places[i]].content));
    if (origin != origins.end()) documents.answers[i].recorded = origin->second;
  }
  const std::vector<Finding> judged =
      cloud_of(expected.provider).judge_answers(expected, documents.answers);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    findings[documents.answer_places[i]] = judged[i];
  }
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!looks_like_json(evidence[i].content)) {
      findings[i] = judge_raw(expected, evidence[i], origins);
    }
  }
  const bool used = shows_use_of_key(findings);
  for (std::size_t i = 0; i < documents.refusals.size(); ++i) {
    findings[documents.refusal_places[i]] =
        judge_refused_challenge(expected, documents.refusals[i], used);
  }
  std::vector<Finding> all;
  for (auto& finding : findings) {
    all.push_back(std::move(*finding));
  }
  return all;
}

}  // namespace keyrite::provider
