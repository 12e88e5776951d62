// All targets, by the names of their corpora. Each says in its source what must hold. One thread.
#pragma once

#include "fuzz/target.h"

namespace keyrite::fuzz {

Outcome answer_record(ByteView bytes);
Outcome approval_file(ByteView bytes);
Outcome beside_statement(ByteView bytes);
Outcome bundle_file(ByteView bytes);
Outcome canonical(ByteView bytes);
Outcome ceremony_file(ByteView bytes);
Outcome certificate(ByteView bytes);
Outcome checkpoint(ByteView bytes);
Outcome cloud_name(ByteView bytes);
Outcome cms(ByteView bytes);
Outcome destruction(ByteView bytes);
Outcome encodings(ByteView bytes);
Outcome entry(ByteView bytes);
Outcome evidence(ByteView bytes);
Outcome expected(ByteView bytes);
Outcome file_form(ByteView bytes);
Outcome import_script(ByteView bytes);
Outcome json(ByteView bytes);
Outcome key_numbers(ByteView bytes);
Outcome log(ByteView bytes);
Outcome manifest(ByteView bytes);
Outcome names(ByteView bytes);
Outcome note(ByteView bytes);
Outcome parameters_aws(ByteView bytes);
Outcome parameters_azure(ByteView bytes);
Outcome parameters_google(ByteView bytes);
Outcome pin(ByteView bytes);
Outcome pkcs8(ByteView bytes);
Outcome proof_file(ByteView bytes);
Outcome public_key(ByteView bytes);
Outcome refusal(ByteView bytes);
Outcome registry(ByteView bytes);
Outcome roster(ByteView bytes);
Outcome shred_list(ByteView bytes);
Outcome signature(ByteView bytes);
Outcome site_toml(ByteView bytes);
Outcome ssh_key(ByteView bytes);
Outcome ssh_signature(ByteView bytes);
Outcome statement(ByteView bytes);
Outcome statement_uses(ByteView bytes);
Outcome text(ByteView bytes);
Outcome time(ByteView bytes);
Outcome timestamp(ByteView bytes);
Outcome toml(ByteView bytes);
Outcome uri(ByteView bytes);
Outcome vkey(ByteView bytes);
Outcome wrapping_key_file(ByteView bytes);

}  // namespace keyrite::fuzz
