// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/terms.h"

#include <array>
#include <cstdint>
#include <string>

namespace keyrite::ceremony {

namespace {

enum class WhenShown : std::uint8_t { kAlways, kIfUsed };

struct TermRow {
  Term term{};
  WhenShown shown{WhenShown::kIfUsed};
};

constexpr std::array<TermRow, 23> kTerms{{
    {{"AES", "a cipher with one secret key, used by whoever encrypts and by whoever decrypts"}},
    {{"AWS KMS", "the key service of Amazon Web Services"}},
    {{"bundle", "a folder with the wrapped key for a cloud, and the commands that import it"}},
    {{"campaign", "many acts of one plan, approved once"}},
    {{"check value", "a few digits by which a key is recognised and which do not reveal it"}},
    {{"checkpoint", "the signed head of the log: its length and its root"}, WhenShown::kAlways},
    {{"CKA_TRUSTED",
      "the mark by which a token's security officer says that a key may wrap others"}},
    {{"custodian", "a person who keeps a key, a PIN or a device, and answers for it"}},
    {{"data key", "a key that encrypts data, and is itself wrapped under the key of a tenant"}},
    {{"deviation", "whatever does not go as the script says; it has a number"}, WhenShown::kAlways},
    {{"HSM",
      "hardware security module: a device that keeps keys and does not give them out in clear"},
     WhenShown::kAlways},
    {{"KEK", "a key that wraps other keys"}},
    {{"legal hold", "an order that nothing of a tenant may be destroyed"}},
    {{"manifest", "the list of what is in a bundle; its SHA-256 stands for the whole bundle"}},
    {{"PGP words", "a list of 512 words, one for each byte, made to be read aloud"},
     WhenShown::kAlways},
    {{"PIN", "the secret by which a person logs in at the HSM"}, WhenShown::kAlways},
    {{"roster", "the list of people who may approve, with their keys"}},
    {{"RSA", "a cipher with a public and a private key"}},
    {{"SHA-256", "a fingerprint of 64 digits: other content has another one"}, WhenShown::kAlways},
    {{"tenant", "a customer whose keys are kept apart from those of others"}},
    {{"token", "the part of an HSM that has its own PIN and its own keys"}, WhenShown::kAlways},
    {{"vkey", "the public key with which anyone verifies the log"}},
    {{"wrap", "encrypt a key under another key, inside the HSM"}},
}};

std::string texts_of(const Ceremony& ceremony) {
  std::string all = ceremony.title + "\n" + ceremony.purpose;
  const auto add = [&](const std::string& text) { all += "\n" + text; };
  for (const auto& text : ceremony.preconditions) add(text);
  for (const auto& role : ceremony.roles) add(role.name + " " + role.duty);
  for (const auto& material : ceremony.materials) add(material.name);
  for (const auto& duty : ceremony.duties) add(duty.text);
  for (const auto& input : ceremony.inputs) add(input.help);
  for (const auto* steps : {&ceremony.steps, &ceremony.teardown}) {
    for (const auto& step : *steps)
      add(step.title + "\n" + step.text + "\n" + step.act + "\n" + step.channel);
  }
  return all;
}

// Not as a part of another word: "RSA" is not in "RSAES".
bool has_word(const std::string& text, std::string_view word) {
  const auto is_letter = [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_letter(text[at - 1]);
    const bool ends = end == text.size() || !is_letter(text[end]) || text[end] == 's';
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

std::vector<Term> terms_of(const Ceremony& ceremony) {
  const std::string texts = texts_of(ceremony);
  std::vector<Term> terms;
  for (const auto& row : kTerms) {
    if (row.shown == WhenShown::kAlways || has_word(texts, row.term.term))
      terms.push_back(row.term);
  }
  return terms;
}

}  // namespace keyrite::ceremony
