"""`python -m bvn_asp` is `bvn`."""

from bvn_asp.cli import main

if __name__ == "__main__":
    main()
