# Third parties: imported targets, hence system headers. scripts/install-packages names their Debian packages.
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(fmt 9 CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(P11KIT REQUIRED IMPORTED_TARGET p11-kit-1>=0.24)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus>=3.3)
find_package(SQLiteCpp 3.2 CONFIG REQUIRED)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode>=4.1)
# A header that has neither a CMake package nor a pkg-config file.
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
add_library(keyrite_mustache INTERFACE)
target_include_directories(keyrite_mustache SYSTEM INTERFACE "${MUSTACHE_INCLUDE_DIR}")

# Writes the man pages of file formats.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

if(BUILD_TESTING)
  find_package(doctest 2.4 CONFIG REQUIRED)
  include(doctest)
endif()
