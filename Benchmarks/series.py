"""Many comparisons one after another, and their table."""

import argparse
import sys

import comparison
import report


def run(description, training, cases):
    """Compares every one of `cases`, pairs of a network and a batch."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="NAME", help="this network alone")
    parser.add_argument("--batch", type=int, help="this batch alone")
    comparison.add_options(parser)
    parser.add_argument("--json", metavar="FILE", help="writes all that was measured")
    options = parser.parse_args()
    comparison.settle_options(options)
    chosen = [case for case in cases
              if options.only in (None, case[0]) and options.batch in (None, case[1])]  # fmt: skip
    if not chosen:
        known = ", ".join(f"{model} with batch {batch}" for model, batch in cases)
        parser.error(f"there is no such comparison; there are {known}")
    done, failed = [], []
    for model, batch in chosen:
        try:
            result = comparison.compare(model, training, batch, "sgd", options)
        except RuntimeError as error:
            print(f"{model} with batch {batch}: {error}", file=sys.stderr)
            failed.append(model)
            continue
        comparison.show(result)
        print(flush=True)
        done.append(result)
        if options.json:
            report.write(options.json, done)  # after each: a long run may be broken off
    print(report.all_tables(done))
    sys.exit(1 if failed or any(result["missing"] for result in done) else 0)
