# Third parties: imported targets, hence system headers. scripts/install-packages names their Debian packages.
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(fmt 9 CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(CLI11 2.1 CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(P11KIT REQUIRED IMPORTED_TARGET p11-kit-1>=0.24)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus>=3.3)

if(BUILD_TESTING)
  find_package(doctest 2.4 CONFIG REQUIRED)
  include(doctest)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
endif()
