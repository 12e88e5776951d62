// The KEKs that one session has open, each self-tested and shown by its canary in that session when
// it is first needed, and kept until the act ends. One session, one thread.
#pragma once

#include <map>
#include <memory>

#include "dek/open_kek.h"
#include "wrap/data_key_in.h"
#include "wrap/data_key_out.h"

namespace keyrite::dek {

class KekBench {
 public:
  explicit KekBench(pkcs11::Session& session) : session_(session) {}
  KekBench(const KekBench&) = delete;
  KekBench& operator=(const KekBench&) = delete;
  ~KekBench() = default;

  [[nodiscard]] pkcs11::Session& session() { return session_; }
  // Errors: those of open_kek.
  [[nodiscard]] const OpenKek& kek(const KekOnRecord& record);
  [[nodiscard]] wrap::DataKeyOut& out_of(const KekOnRecord& record);
  [[nodiscard]] wrap::DataKeyIn& in_of(const KekOnRecord& record);

 private:
  struct Opened {
    OpenKek kek;
    std::unique_ptr<wrap::DataKeyOut> out{};
    std::unique_ptr<wrap::DataKeyIn> in{};
  };
  Opened& opened(const KekOnRecord& record);
  pkcs11::Session& session_;
  std::map<registry::VersionId, std::unique_ptr<Opened>> keks_{};
};

}  // namespace keyrite::dek
