// A source for the target that holds the precompiled header; its program has no test cases.
#include "support/precompiled.h"
