#!/usr/bin/python3
"""lint.py ROOT: every rule of rules.py on the tree at ROOT."""
import sys

from rules import RULES
from tree import Tree


def main():
    tree = Tree(sys.argv[1])
    count = 0
    for rule in RULES:
        for name, line, what in rule(tree):
            print(f"{name}:{line}: {what} [{rule.__name__}]")
            count += 1
    print(f"{len(tree.files)} files, {len(RULES)} rules, {count} findings")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
