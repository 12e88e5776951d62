// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether what a ceremony is about to do, or to show, is what it was begun with. The values of its
// inputs are in a file that whoever has the site's folder may change; the signed log has their
// pseudonyms, and where officers approved, names.json beside the statement has what each stands
// for. Reads the registry and these files; one thread.
#pragma once

#include "base/json.h"
#include "ceremony/bindings.h"
#include "ceremony/model.h"
#include "ceremony/references.h"
#include "ceremony/story.h"
#include "site/site.h"

namespace keyrite::ceremony {

// Error kVerification "ceremony-bindings-changed" naming the input.
void require_bindings_as_begun(const Ceremony& ceremony, const Bindings& bindings,
                               const Story& story, const site::Site& site);

// The request of an act's step, with the values that are known now: each field is as the ceremony
// was begun with, but those that are bound later. The fields that were fixed, by their names and in
// pseudonyms. Errors kVerification "ceremony-other-step" naming
// the field; those of recorded_request.
Json require_step_as_begun(const Step& step, const ValueOf& value_of, const Story& story,
                           const site::Site& site);

}  // namespace keyrite::ceremony
