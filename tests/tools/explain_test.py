"""`onrush explain` from the outside."""
import json
import pathlib
import re

from program import ProgramTest

PIPELINES = pathlib.Path(__file__).resolve().parents[2] / "tools" / "pipelines"


class ExplainTest(ProgramTest):
    def explain(self, *arguments):
        result = self.run_program("explain", *arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_the_text_extends_what_check_says(self):
        text = self.explain("test.toml")
        described = self.run_program("check", "test.toml").stdout.splitlines()[2:]
        self.assertEqual([line for line in described if line not in text.splitlines()], [])
        self.assertIn("  panes of 1m: 1 in a window, at most 4 kept ", text)
        self.assertIn("  state of 100,000 keys: about ", text)

    def test_keys_scale_the_estimate(self):
        def state(keys):
            return json.loads(self.explain("--format", "json", "--keys", keys, "test.toml"))["queries"][0]["state"]

        few, many = state("1000"), state("4000000")
        self.assertEqual((few["keys"], many["keys"]), (1000, 4000000))
        self.assertGreater(many["most_bytes"], 1000 * few["most_bytes"])
        self.assertGreater(few["most_bytes"], few["least_bytes"])

    def test_the_example_pipelines_are_explained_in_all_formats(self):
        for pipeline in sorted(PIPELINES.glob("*.toml")):
            with self.subTest(pipeline=pipeline.name):
                text = self.explain("--keys", "1000", str(pipeline))
                self.assertTrue(text.startswith(f"pipeline {pipeline.stem}\n"), text)
                parsed = json.loads(self.explain("--format", "json", "--keys", "1000", str(pipeline)))
                self.assertEqual(list(parsed), ["pipeline", "streams", "queries"])
                for query in parsed["queries"]:
                    self.assertIn(f"\nquery {query['name']}: {query['says']}\n", text)
                    self.assertGreater(query["state"]["least_bytes"], 0)
                graph = self.explain("--format=dot", "--keys", "1000", str(pipeline))
                self.assertTrue(graph.startswith(f'digraph "{pipeline.stem}" {{\n'), graph)
                self.assertTrue(graph.endswith("}\n"), graph)
                for line in graph.splitlines()[1:-1]:
                    self.assertRegex(line, r'^  (\w+( -> \w+)?( \[\w+="([^"\\]|\\.)*"(, shape=\w+)?\])?|rankdir=LR);$')

    def test_the_same_is_said_every_time(self):
        for output in ("text", "json", "dot"):
            arguments = ("--format", output, "--keys", "1000", "test.toml")
            self.assertEqual(self.explain(*arguments), self.explain(*arguments))

    def test_help_has_examples_first(self):
        text = self.explain("--help")
        self.assertTrue(text.startswith("  onrush explain "), text)
        self.assertTrue(re.search(r"--format text\|json\|dot", text), text)

    def test_wrong_usage(self):
        self.assert_fails(self.run_program("explain"), 2, "say which pipeline")
        self.assert_fails(self.run_program("explain", "--format", "jsno", "test.toml"), 2, "--format", "'json'")
        self.assert_fails(self.run_program("explain", "--keys", "0", "test.toml"), 2, "--keys 0", "from 1 to")
        self.assert_fails(self.run_program("explain", "--keys", "x", "test.toml"), 2, "--keys")
        self.assert_fails(self.run_program("explian", "test.toml"), 2, "'explain'")

    def test_a_wrong_pipeline_is_located(self):
        self.write("test.toml", self.read("test.toml").replace("emit =", "emmit ="))
        self.assert_fails(self.run_program("explain", "test.toml"), 78, "test.toml:27:1", "'emit'")

    def test_a_missing_pipeline_is_named(self):
        self.assert_fails(self.run_program("explain", "none.toml"), 1, "none.toml")
