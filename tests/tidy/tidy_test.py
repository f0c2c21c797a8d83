"""What a machine can check of the house's order."""
import os
import pathlib
import re
import unittest

from list_headers import FOLDERS, ROOT, headers

# The layers that a layer's files may include. `tests` and `bench` see everything.
VISIBLE = {
    "core": {"core"},
    "ingest": {"core", "ingest"},
    "operators": {"core", "operators"},
    "tools": {"core", "ingest", "operators", "tools"},
    "bench": set(FOLDERS),
    "tests": set(FOLDERS),
}
TOP_LEVEL = {
    "core", "ingest", "operators", "tools", "bench", "tests",
    "meson.build", "meson_options.txt", "README.md", "LICENSE", "CHANGELOG.md",
}
MAX_LINES = 600


def sources(*suffixes):
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def name(path):
    return str(path.relative_to(ROOT))


def nearest(path, wanted):
    """The file `wanted` in path's folder or the nearest one above it."""
    for folder in path.parents:
        if (folder / wanted).exists():
            return folder / wanted
    raise AssertionError(f"no {wanted} above {name(path)}")


def includes(path):
    return re.findall(r'^\s*#include "([^"]+)"', path.read_text(), re.MULTILINE)


class TidyTest(unittest.TestCase):
    maxDiff = None

    def test_includes_point_one_way(self):
        wrong = [
            f"{name(path)} includes {include}"
            for path in sources(".h", ".cc")
            for include in includes(path)
            if include.split("/")[0] in FOLDERS
            and include.split("/")[0] not in VISIBLE[name(path).split("/")[0]]
        ]
        self.assertEqual(wrong, [])

    def test_includes_are_written_from_the_root(self):
        wrong = [
            f"{name(path)} includes {include}"
            for path in sources(".h", ".cc")
            for include in includes(path)
            if (path.parent / include).exists() and not (ROOT / include).exists()
        ]
        self.assertEqual(wrong, [])

    def test_every_header_is_compiled_alone(self):
        checks = pathlib.Path(os.environ["ONRUSH_BUILD"]) / "tests" / "tidy"
        if not (checks / "libheader_checks.a").exists():
            self.skipTest("not in this build")
        compiled = {path.name for path in checks.glob("*.cc")}
        missing = [h for h in headers() if re.sub(r"[^a-zA-Z0-9]", "_", h) + ".cc" not in compiled]
        self.assertEqual(missing, [], "run: meson setup --reconfigure build")

    def test_headers_are_guarded(self):
        wrong = [name(path) for path in sources(".h") if "\n#pragma once\n" not in path.read_text()]
        self.assertEqual(wrong, [])

    def test_every_test_is_built(self):
        built = {
            str(build.parent / source)
            for build in (ROOT / "tests").rglob("meson.build")
            for source in re.findall(r"'([^']+\.cc)'", build.read_text())
        }
        wrong = [name(path) for path in (ROOT / "tests").rglob("*_test.cc") if str(path) not in built]
        self.assertEqual(wrong, [], "not in any meson.build")

    def test_readmes_name_their_files(self):
        wrong = []
        for path in sources(".h", ".cc"):
            if name(path).startswith("tests/"):
                continue
            readme = nearest(path, "README.md")
            if not re.search(rf"\b{re.escape(path.stem)}\b", readme.read_text()):
                wrong.append(f"{name(readme)} does not name {name(path)}")
        self.assertEqual(wrong, [])

    def test_readmes_name_only_files_that_exist(self):
        wrong = []
        for readme in [ROOT / "README.md", *sources(".md")]:
            for link in re.findall(r"\]\(([^)#:]+)\)", readme.read_text()):
                if not (readme.parent / link).exists():
                    wrong.append(f"{name(readme)} links to {link}")
        self.assertEqual(wrong, [])

    def test_no_file_does_everything(self):
        long = {
            name(path): lines
            for path in sources(".h", ".cc", ".py")
            if (lines := path.read_text().count("\n")) > MAX_LINES
        }
        self.assertEqual(long, {})

    def test_the_top_level_holds_what_it_should(self):
        found = {
            path.name
            for path in ROOT.iterdir()
            if not path.name.startswith((".", "build")) and path.name != "subprojects"
        }
        self.assertEqual(found, TOP_LEVEL)


if __name__ == "__main__":
    unittest.main()
