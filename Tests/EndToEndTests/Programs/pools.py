"""CPython's tests of multiprocessing with processes that are forked. Not every installation has the
package test.test_multiprocessing_fork; what it is made from is there."""

from test import _test_multiprocessing

_test_multiprocessing.install_tests_in_module_dict(globals(), "fork")
