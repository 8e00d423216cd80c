# Warnings, sanitizers and coverage, as one INTERFACE target that every library and program links.
add_library(ruaudit_options INTERFACE)
target_compile_options(ruaudit_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast)
target_include_directories(ruaudit_options INTERFACE ${CMAKE_SOURCE_DIR})
if(RUAUDIT_WERROR)
  target_compile_options(ruaudit_options INTERFACE -Werror)
endif()
if(RUAUDIT_UNITY)
  # What a source keeps in its anonymous namespace lies, for the compiler, no longer in the main file; and a parameter
  # shadows what another file of the batch has there. Builds that compile each file alone look for both.
  target_compile_options(ruaudit_options INTERFACE -Wno-subobject-linkage -Wno-shadow)
endif()
if(RUAUDIT_HARDEN)
  # What a flaw can be made of: scripts/check-hardening proves it on the program. Flags of the builder (dpkg-buildflags)
  # come later and win.
  target_compile_options(ruaudit_options INTERFACE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIE)
  target_compile_options(ruaudit_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(ruaudit_options INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(RUAUDIT_SANITIZE)
  # GCC 12 sees uninitialized reads in the standard library's <regex> once the sanitizers have rewritten it.
  target_compile_options(ruaudit_options INTERFACE -Wno-maybe-uninitialized)
  target_compile_options(ruaudit_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(ruaudit_options INTERFACE -fsanitize=address,undefined)
endif()
if(RUAUDIT_SANITIZE_THREADS)
  target_compile_options(ruaudit_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
  target_link_options(ruaudit_options INTERFACE -fsanitize=thread)
endif()
if(RUAUDIT_COVERAGE)
  target_compile_options(ruaudit_options INTERFACE --coverage -O0)
  target_link_options(ruaudit_options INTERFACE --coverage)
endif()
if(RUAUDIT_FUZZ)
  target_compile_options(ruaudit_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(ruaudit_options INTERFACE -fsanitize=address,undefined)
endif()
if(RUAUDIT_PLANTED_BUG)
  target_compile_definitions(ruaudit_options INTERFACE RUAUDIT_PLANTED_BUG)
endif()
if(RUAUDIT_FAIL_POINTS)
  target_compile_definitions(ruaudit_options INTERFACE RUAUDIT_FAIL_POINTS)
endif()

include(UnityBatches)

# ruaudit_stage(NAME SOURCES... [LINK libs...]): one library of a stage folder.
function(ruaudit_stage name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(ruaudit_${name} STATIC ${arg_SOURCES})
  target_link_libraries(ruaudit_${name} PUBLIC ruaudit_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
  # The rules about records take the model's names into their own namespace, file by file.
  if(RUAUDIT_UNITY AND NOT name STREQUAL "assess_records")
    cmake_language(EVAL CODE "cmake_language(DEFER CALL ruaudit_unity_batches ruaudit_${name} 16)")  # all sources are known then
  endif()
endfunction()
