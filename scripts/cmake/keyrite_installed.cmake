# What is installed beside the programs and their man pages, and the target that takes all of it away again.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs"
        FILES_MATCHING PATTERN "*.md" PATTERN "ceremony.schema.json" PATTERN "screens" EXCLUDE)
install(DIRECTORY ceremonies/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/ceremonies" FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY scripts/ci/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/ci" USE_SOURCE_PERMISSIONS
        PATTERN "__pycache__" EXCLUDE)

add_custom_target(uninstall
  COMMAND "${CMAKE_COMMAND}" "-DMANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt"
          -P "${PROJECT_SOURCE_DIR}/scripts/cmake/uninstall.cmake"
  COMMENT "Removes what the last cmake --install of this build folder installed" VERBATIM)
