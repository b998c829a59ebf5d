# find_package(weft) reads this; it defines the target weft::weft.
include(${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/weft-targets.cmake)
