#include "crypto/secret_bytes.h"

#include <doctest/doctest.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <type_traits>

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::SecretBytes;

constexpr std::uint8_t kSecretByte = 0xc3;

// OpenSSL's memory goes through these, so that the content of a block can be looked at in the
// moment in which it is given back. They must be in place before OpenSSL's first allocation.
const std::uint8_t* g_watched = nullptr;
std::size_t g_watched_size = 0;
int g_freed_clean = 0;
int g_freed_dirty = 0;

void* allocate(std::size_t size, const char* /*file*/, int /*line*/) {
  return size == 0 ? nullptr : std::malloc(size);
}
void* reallocate(void* old, std::size_t size, const char* /*file*/, int /*line*/) {
  return std::realloc(old, size);
}
void release(void* block, const char* /*file*/, int /*line*/) {
  if (block != nullptr && block == g_watched) {
    const bool clean =
        std::all_of(g_watched, g_watched + g_watched_size, [](auto byte) { return byte == 0; });
    ++(clean ? g_freed_clean : g_freed_dirty);
    g_watched = nullptr;
  }
  std::free(block);
}
const bool g_watching = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

SecretBytes secret(std::size_t size) {
  SecretBytes bytes(size);
  std::ranges::fill(bytes.reveal_for_writing(), kSecretByte);
  return bytes;
}

void watch(const SecretBytes& bytes) {
  REQUIRE(g_watching);
  // In ordinary memory; the arena does not pass through the functions above.
  REQUIRE(CRYPTO_secure_allocated(bytes.reveal().data()) == 0);
  g_watched = bytes.reveal().data();
  g_watched_size = bytes.size();
  g_freed_clean = g_freed_dirty = 0;
}

void check_wiped() {
  CHECK(g_freed_clean == 1);
  CHECK(g_freed_dirty == 0);
}

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);
static_assert(std::is_nothrow_move_assignable_v<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, ByteView>);

TEST_CASE("The watch over OpenSSL's memory sees a block that is given back unwiped") {
  auto* block = static_cast<std::uint8_t*>(OPENSSL_malloc(48));
  REQUIRE(block != nullptr);
  std::fill_n(block, 48, kSecretByte);
  g_watched = block;
  g_watched_size = 48;
  g_freed_clean = g_freed_dirty = 0;
  OPENSSL_free(block);
  CHECK(g_freed_dirty == 1);
}

TEST_CASE("Secret bytes start as zeros, or as a copy") {
  const SecretBytes none;
  CHECK(none.empty());
  CHECK(none.size() == 0);
  CHECK(none.reveal().empty());
  const SecretBytes zeros(32);
  CHECK_FALSE(zeros.empty());
  CHECK(to_hex(zeros.reveal()) == std::string(64, '0'));
  const Bytes content = from_hex("00ff10");
  const SecretBytes copy{ByteView(content)};
  CHECK(to_hex(copy.reveal()) == "00ff10");
  CHECK(SecretBytes(ByteView()).empty());
  CHECK(SecretBytes(std::size_t{0}).empty());
}

TEST_CASE("Secret bytes are wiped when their owner goes") {
  {
    const SecretBytes bytes = secret(64);
    watch(bytes);
  }
  check_wiped();
}

TEST_CASE("Secret bytes are wiped when an exception takes their owner away") {
  try {
    const SecretBytes bytes = secret(64);
    watch(bytes);
    throw std::runtime_error("on the way");
  } catch (const std::runtime_error&) {
    check_wiped();
  }
}

TEST_CASE("Moving hands the very bytes over and leaves nothing behind") {
  SecretBytes first = secret(40);
  const std::uint8_t* place = first.reveal().data();
  SecretBytes second = std::move(first);
  CHECK(second.reveal().data() == place);
  CHECK(second.size() == 40);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that it is empty is the point
  CHECK(first.reveal().empty());
}

TEST_CASE("Moving onto secret bytes wipes what they held at once") {
  SecretBytes target = secret(48);
  SecretBytes source = secret(24);
  watch(target);
  target = std::move(source);
  check_wiped();
  CHECK(target.size() == 24);
  CHECK(source.empty());  // NOLINT(bugprone-use-after-move): that it is empty is the point
}

TEST_CASE("Moving secret bytes onto themselves keeps them") {
  SecretBytes bytes = secret(16);
  SecretBytes& same = bytes;
  bytes = std::move(same);
  CHECK(bytes.size() == 16);
  CHECK(bytes.reveal()[15] == kSecretByte);
}

TEST_CASE("Truncating keeps the first bytes and wipes the rest") {
  SecretBytes bytes(ByteView(from_hex("0102030405060708")));
  watch(bytes);
  bytes.truncate(3);
  check_wiped();
  CHECK(to_hex(bytes.reveal()) == "010203");
  bytes.truncate(3);
  bytes.truncate(100);
  CHECK(to_hex(bytes.reveal()) == "010203");
  watch(bytes);
  bytes.truncate(0);
  check_wiped();
  CHECK(bytes.empty());
}

TEST_CASE("wipe overwrites a plain buffer and nothing beside it") {
  Bytes buffer(10, kSecretByte);
  crypto::wipe(std::span(buffer).subspan(2, 6));
  CHECK(to_hex(buffer) == "c3c3000000000000c3c3");
  crypto::wipe({});
}

TEST_CASE("With the secure heap secret bytes live in the locked arena and are wiped there") {
  const bool is_protected = crypto::initialise_secure_heap();
  CHECK(CRYPTO_secure_malloc_initialized() == 1);
  CHECK(crypto::initialise_secure_heap());  // a second call changes nothing
  if (!is_protected) MESSAGE("the system does not lock the arena here");
  constexpr std::size_t kSize = 256;
  const std::uint8_t* place = nullptr;
  {
    const SecretBytes bytes = secret(kSize);
    place = bytes.reveal().data();
    CHECK(CRYPTO_secure_allocated(place) == 1);
    CHECK(bytes.reveal()[kSize - 1] == kSecretByte);
  }
  // The arena stays mapped; its own list of free blocks stands in the first bytes.
  CHECK(std::none_of(place, place + kSize, [](auto byte) { return byte == kSecretByte; }));
  CHECK(std::all_of(place + 32, place + kSize, [](auto byte) { return byte == 0; }));
  CHECK(CRYPTO_secure_used() == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
