"""The workloads that bench/replay and bench/run measure: their inputs and pipelines."""
import subprocess
import sys

# name: (gen's workload, its keys, events a second of event time, fields, query)
WORKLOADS = {
    "top_pages": ("clicks", 100_000, 10_000, 'user = "string"\npage = "string"', """
type = "top_k"
key = "page"
k = 10
window = { size = "5m", slide = "1m" }
"""),
    "velocity": ("payments", 1_000_000, 1_000, 'card = "string"\nmerchant = "string"', """
type = "velocity"
key = "card"
within = "2m"
count_over = 3
distinct_at_least = { field = "merchant", n = 2 }
"""),
    "sums": ("stock", 100_000, 10_000, 'sku = "string"\nquantity = "int"', """
type = "aggregate"
key = "sku"
compute = ["sum(quantity)"]
emit = "final"
"""),
}

# name: (bound, allowed lateness, flags of gen)
SETTINGS = {
    "5s": ("5s", "0s", ["--disorder", "2s"]),
    "10m, 5 % late": ("10m", "1h", ["--disorder", "2s", "--late", "0.05", "--late-by", "1h"]),
}


def pipeline(workload, setting):
    fields, query = WORKLOADS[workload][3:]
    bound, lateness, _ = SETTINGS[setting]
    return f"""name = "bench"
[stream.events]
time = "ts"
time_format = "unix_ms"
max_out_of_orderness = "{bound}"
allowed_lateness = "{lateness}"
[stream.events.fields]
ts = "timestamp"
{fields}
[[query]]
name = "{workload}"
{query}"""


def pipeline_file(build, workload, setting):
    path = build / "bench" / f"{workload}-{'late' if 'late' in setting else 'plain'}.toml"
    path.write_text(pipeline(workload, setting))
    return path


def make_input(build, workload, setting, form, events):
    """A file of the workload's events, made once and now in the page cache. The forms: csv, jsonl, any.jsonl
    (members in any order), orb, and bin (the floor's own records)."""
    kind, keys, rate = WORKLOADS[workload][:3]
    path = build / "bench" / f"{workload}-{'late' if 'late' in setting else 'plain'}-{rate}-{events}.{form}"
    program = build / ("tools/onrush" if form != "bin" else f"bench/floor_{workload}")
    # What another version of the program converted it may not read.
    stale = form in ("orb", "bin") and path.exists() and path.stat().st_mtime < program.stat().st_mtime
    if stale or not path.exists():
        print(f"making {path.name}", file=sys.stderr)
        if form == "bin":
            command = [program, make_input(build, workload, setting, "csv", events), path]
        elif form == "orb":
            path.unlink(missing_ok=True)
            command = [program, "convert", "-p", pipeline_file(build, workload, setting),
                       make_input(build, workload, setting, "csv", events), path]
        else:
            command = [program, "gen", kind, "--events", str(events), "--keys", str(keys), "--rate", str(rate),
                       *SETTINGS[setting][2], "--output", path]
            if form == "any.jsonl":
                command.append("--any-order")
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["cat", path], check=True, stdout=subprocess.DEVNULL)
    return path
