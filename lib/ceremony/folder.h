// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a site keeps of a ceremony while it runs, in ceremonies/ID: the file that was begun with,
// and what is bound. The log has the file's SHA-256; the bound values may be names, and can be
// erased. One thread.
#pragma once

#include <string>

#include "ceremony/bindings.h"
#include "ceremony/file.h"
#include "site/site.h"

namespace keyrite::ceremony {

inline constexpr const char* kCeremoniesName = "ceremonies";

class CeremonyFolder {
 public:
  CeremonyFolder(const site::Site& site, const std::string& id);
  // Error kFailed "file-unwritable".
  void create(const CeremonyFile& file, const Bindings& bindings) const;
  // Of a ceremony that did not begin.
  void remove() const;
  // Errors: kUsage "ceremony-file-lost" (the file is not there any more); kVerification
  // "ceremony-other-file" (it is not the one with this SHA-256); those of read_ceremony.
  [[nodiscard]] CeremonyFile file(const std::string& sha256) const;
  [[nodiscard]] Bindings bindings(const Ceremony& ceremony) const;
  void save(const Bindings& bindings) const;
  // A new file of this ceremony, for people: its path.
  [[nodiscard]] std::string path(const std::string& name) const;

 private:
  std::string folder_;
};

}  // namespace keyrite::ceremony
