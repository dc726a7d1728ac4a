# shellcheck shell=bash disable=SC2034  # the scripts that source this file use the names
#
# The one way the tests are built. Testing and documenting share it, so nothing is compiled twice.
#
# Release, because loops of a fast engine are fifty times slower without the optimizer. A build folder
# of its own, because with other options the command and the tests would rebuild each other.
scratch=.build/tests
build_options=(
  -c release --scratch-path "$scratch"
  -Xswiftc -enable-testing -Xswiftc -warnings-as-errors -Xcc -Werror
)
