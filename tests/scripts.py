#!/usr/bin/env python3
"""Runs the tests that are Python scripts: tests/tidy, tests/tools and tests/bench.

    python3 tests/scripts.py BUILD_FOLDER

They find the build folder in ONRUSH_BUILD. The last line is `script tests: N passed, N failed`.
"""
import os
import pathlib
import sys
import unittest


def main():
    here = pathlib.Path(__file__).resolve().parent
    os.environ["ONRUSH_BUILD"] = str(pathlib.Path(sys.argv[1]).resolve())
    passed = failed = 0
    for folder in ("tidy", "tools", "bench"):
        suite = unittest.TestLoader().discover(str(here / folder), "*_test.py")
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
        broken = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
        passed += result.testsRun - broken - len(result.skipped)
        failed += broken
    print(f"script tests: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
