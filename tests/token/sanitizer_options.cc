// What the sanitizers are told when this program is built with them: SoftHSM leaks an ASN1 string
// for each curve key it handles, and what NSS keeps from its C_Initialize has no name any more once
// p11-kit has unloaded it. Only those leaks are let pass; whole call stacks are needed to tell
// whose they are.
extern "C" {
const char* __asan_default_options();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name

const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
const char* __lsan_default_suppressions() {
  return "leak:libsofthsm2.so\nleak:p11_kit_modules_initialize\n";
}
}
