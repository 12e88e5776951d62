// What the sanitizers are told when this program is built with them: SoftHSM leaks an ASN1 string
// for each curve key it handles. Only its own leaks are let pass; whole call stacks are needed to
// tell whose they are.
extern "C" {
const char* __asan_default_options();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name

const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
const char* __lsan_default_suppressions() { return "leak:libsofthsm2.so\n"; }
}
