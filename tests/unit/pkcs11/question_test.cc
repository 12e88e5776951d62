// Only a no answers a question about ability: what else a token says has the whole probe done once
// more, and then ends it.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pkcs11/question.h"
#include "support/failure.h"

namespace keyrite::pkcs11 {
namespace KEYRITE_TEST_FILE {

constexpr unsigned long kDeviceError = 0x30;
constexpr unsigned long kGeneralError = 0x05;
constexpr unsigned long kMechanismInvalid = 0x70;
constexpr unsigned long kOperationActive = 0x90;
constexpr unsigned long kVendor = 0x80000012UL;

// Probes that answer one after the other as told (0: found), and then are found.
struct Oracle {
  std::vector<unsigned long> answers{};
  int probes{0};

  std::string operator()() {
    const auto number = static_cast<std::size_t>(probes++);
    if (number < answers.size() && answers[number] != 0)
      throw ckr_error("C_Sign (CKM_EDDSA)", answers[number], "trying a key");
    return "found";
  }
};

std::string ask(Oracle& oracle) {
  return find_out(
      "whether it works", [&] { return oracle(); },
      [](const Error& no) { return "no: " + no.ckr()->name; },
      [](const Error& first, const Error& again) {
        return "undecided: " + first.ckr()->name + ", " + again.ckr()->name;
      });
}

TEST_CASE("A no is an answer at once, and what passes is asked again once") {
  struct Case {
    std::vector<unsigned long> answers{};
    std::string found{};
    int probes{};
  };
  for (const auto& one :
       {Case{{}, "found", 1}, Case{{kMechanismInvalid}, "no: CKR_MECHANISM_INVALID", 1},
        Case{{kDeviceError}, "found", 2}, Case{{kGeneralError}, "found", 2},
        Case{{kDeviceError, kMechanismInvalid}, "no: CKR_MECHANISM_INVALID", 2},
        Case{{kGeneralError, kVendor},
             "undecided: CKR_GENERAL_ERROR, CKR_VENDOR_DEFINED+0x12",
             2}}) {
    Oracle oracle{one.answers};
    CHECK(ask(oracle) == one.found);
    CHECK(oracle.probes == one.probes);
  }
}

TEST_CASE("What is not answered twice is an error that names question, call, CKR and both causes") {
  Oracle oracle{{kDeviceError, kOperationActive}};
  const auto failure = test::failure_of([&] { (void)ask(oracle); });
  CHECK(failure.code == "not-found-out");
  CHECK(failure.kind == Kind::kToken);
  CHECK(
      failure.message ==
      "keyrite could not find out whether it works: C_Sign (CKM_EDDSA) failed trying a key; asked "
      "again, C_Sign (CKM_EDDSA) failed trying a key (CKR_OPERATION_ACTIVE); the first answer: "
      "CKR_DEVICE_ERROR (0x30)");
  CHECK(failure.ckr.value().name == "CKR_DEVICE_ERROR");
  CHECK(failure.ckr.value().function == "C_Sign");
  CHECK_FALSE(failure.hint.empty());
  CHECK(oracle.probes == 2);
}

TEST_CASE("An outage and an answer without a reason are not two answers without a reason") {
  for (const auto& answers :
       {std::vector{kDeviceError, kGeneralError}, std::vector{kGeneralError, kDeviceError}}) {
    Oracle oracle{answers};
    CHECK(test::failure_of([&] { (void)ask(oracle); }).code == "not-found-out");
  }
}

TEST_CASE("A question within a question is not asked four times") {
  Oracle oracle{{kDeviceError, kDeviceError, kDeviceError, kDeviceError}};
  const auto failure = test::failure_of([&] {
    (void)find_out(
        "the outer", [&] { return ask(oracle); },
        [](const Error& /*no*/) { return std::string("no"); });
  });
  CHECK(failure.code == "not-found-out");
  CHECK(failure.message.find("whether it works") != std::string::npos);
  CHECK(oracle.probes == 2);
}

TEST_CASE("An error that no token gave is nobody's answer") {
  int probes = 0;
  const auto failure = test::failure_of([&] {
    (void)find_out(
        "it",
        [&]() -> int {
          ++probes;
          throw Error(Kind::kToken, "handle-invalid", "no object");
        },
        [](const Error& /*no*/) { return 0; });
  });
  CHECK(failure.code == "handle-invalid");
  CHECK(probes == 1);
}

// By the words of PKCS#11: what is about a mechanism, a key, an attribute, a template or data is a
// no; everything else is not, unless it stands here.
bool is_a_no(const std::string& name) {
  static const std::set<std::string> others{"CKR_ARGUMENTS_BAD",
                                            "CKR_ACTION_PROHIBITED",
                                            "CKR_AEAD_DECRYPT_FAILED",
                                            "CKR_CURVE_NOT_SUPPORTED",
                                            "CKR_DOMAIN_PARAMS_INVALID",
                                            "CKR_FUNCTION_NOT_PARALLEL",
                                            "CKR_FUNCTION_NOT_SUPPORTED",
                                            "CKR_INFORMATION_SENSITIVE",
                                            "CKR_PARAMETER_SET_NOT_SUPPORTED",
                                            "CKR_PUBLIC_KEY_INVALID",
                                            "CKR_RANDOM_SEED_NOT_SUPPORTED",
                                            "CKR_SESSION_ASYNC_NOT_SUPPORTED",
                                            "CKR_SESSION_PARALLEL_NOT_SUPPORTED",
                                            "CKR_STATE_UNSAVEABLE",
                                            "CKR_USER_TYPE_INVALID"};
  static const std::set<std::string> gone{"CKR_KEY_HANDLE_INVALID", "CKR_KEY_CHANGED",
                                          "CKR_KEY_EXHAUSTED", "CKR_WRAPPING_KEY_HANDLE_INVALID",
                                          "CKR_UNWRAPPING_KEY_HANDLE_INVALID"};
  if (gone.contains(name)) return false;
  if (others.contains(name)) return true;
  for (const char* subject : {"CKR_ATTRIBUTE_", "CKR_DATA_", "CKR_ENCRYPTED_DATA_", "CKR_KEY_",
                              "CKR_MECHANISM_", "CKR_SIGNATURE_", "CKR_TEMPLATE_",
                              "CKR_UNWRAPPING_KEY_", "CKR_WRAPPED_KEY_", "CKR_WRAPPING_KEY_"}) {
    if (name.starts_with(subject)) return true;
  }
  return false;
}

TEST_CASE("Every CKR is a no, an outage, or undecided") {
  const std::set<std::string> undecided{"CKR_OK",
                                        "CKR_GENERAL_ERROR",
                                        "CKR_FUNCTION_FAILED",
                                        "CKR_NO_EVENT",
                                        "CKR_KEY_CHANGED",
                                        "CKR_BUFFER_TOO_SMALL",
                                        "CKR_SAVED_STATE_INVALID",
                                        "CKR_EXCEEDED_MAX_ITERATIONS",
                                        "CKR_OPERATION_NOT_VALIDATED"};
  std::map<Answer, int> count;
  for (const auto& row : ckr_table()) {
    const std::string name(row.name);
    CAPTURE(name);
    ++count[row.answer];
    CHECK(answer_of(row.value) == row.answer);
    CHECK((row.answer == Answer::kUndecided) == undecided.contains(name));
    CHECK((row.answer == Answer::kNo) == is_a_no(name));
    if (row.answer == Answer::kNo) CHECK(says_no(ckr_error("C_Sign", row.value, "signing")));
    // Who must do something has to be told what.
    if (row.kind == Kind::kPin) CHECK(row.answer == Answer::kNotNow);
  }
  CHECK(count[Answer::kNo] + count[Answer::kNotNow] + count[Answer::kUndecided] ==
        static_cast<int>(ckr_table().size()));
  CHECK(answer_of(kVendor) == Answer::kUndecided);
  CHECK(answer_of(0x7fffffffUL) == Answer::kUndecided);
  CHECK_FALSE(says_no(Error(Kind::kToken, "handle-invalid", "no object")));
}

TEST_CASE("Each CKR that a person may meet in the middle of an operation has a remedy") {
  for (const unsigned long value : {0x90UL, 0x91UL, 0x150UL})
    CHECK_FALSE(ckr_error("C_Sign", value, "signing").hint().empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::pkcs11
