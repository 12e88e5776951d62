// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A second token that holds what the first one holds, log key included, under a serial number of
// its own: what a member of a cluster is to its clients. Made of SoftHSM's files; what a token
// holds is asked by Cryptoki itself. One thread.
#pragma once

#include <string>

#include "cli/shred_site.h"

namespace keyrite::test {

inline constexpr const char* kMakeMember = R"py(
import os, re, shutil, sys
folder = sys.argv[1]
own = re.search('serial=([0-9a-f]{16})', open('site/site.toml').read()).group(1)
def object_of(name): return f'{folder}/{name}/token.object'
(token,) = [name for name in os.listdir(folder) if os.path.isdir(f'{folder}/{name}')
            and own.encode() in open(object_of(name), 'rb').read()]
other = format(int(own, 16) ^ 1, '016x')
shutil.copytree(f'{folder}/{token}', f'{folder}/member')
content = open(object_of('member'), 'rb').read()
assert content.count(own.encode()) == 1
open(object_of('member'), 'wb').write(content.replace(own.encode(), other.encode()))
print(other, end='')
)py";

inline constexpr const char* kCountAt = R"py(
import ctypes, sys
sys.path.insert(0, sys.argv[1])
import token_objects as at
cryptoki = at.Cryptoki(sys.argv[2])
pin, serial = open('pin', 'rb').read().strip(), sys.argv[3].encode()
count = at.ULONG()
cryptoki.call('C_GetSlotList', 1, None, ctypes.byref(count))
slots = (at.ULONG * count.value)()
cryptoki.call('C_GetSlotList', 1, slots, ctypes.byref(count))
for slot in slots:
    info = ctypes.create_string_buffer(512)
    cryptoki.call('C_GetTokenInfo', at.ULONG(slot), info)
    if info.raw[80:96] != serial: continue
    session = at.ULONG()
    cryptoki.call('C_OpenSession', at.ULONG(slot), at.ULONG(4), None, None, ctypes.byref(session))
    cryptoki.call('C_Login', session, at.ULONG(1), pin, at.ULONG(len(pin)))
    print(len(list(cryptoki.handles(session))), end='')
)py";

// The serial number of the new token.
inline std::string make_member(const ShredSite& site) {
  site.shop().put("make-member.py", as_bytes(std::string_view(kMakeMember)));
  return as_text(site.shop().must("python3 make-member.py '" +
                                  site.scene.room().token->folder.folder().native() + "'"));
}

inline std::string real_module(const ShredSite& site) {
  const char* real = std::getenv("KEYRITE_TEST_REAL_MODULE");  // NOLINT(concurrency-mt-unsafe)
  return real != nullptr ? std::string(real) : site.scene.room().token->module.path.value();
}

// How many objects a process sees there that has not loaded the module yet.
inline std::string objects_at(const ShredSite& site, const std::string& serial) {
  site.shop().put("count-at.py", as_bytes(std::string_view(kCountAt)));
  return as_text(site.shop().must("python3 count-at.py " KEYRITE_SOURCE_DIR "/tests/faults '" +
                                  real_module(site) + "' " + serial));
}

inline std::string own_serial(const ShredSite& site) {
  return as_text(
      site.shop().must("sed -n 's/.*serial=\\([0-9a-f]*\\).*/\\1/p' site/site.toml | tr -d '\\n'"));
}

}  // namespace keyrite::test
