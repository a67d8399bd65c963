"""`python -m entra_sandbox` is `entra-sandbox`."""

from entra_sandbox.cli import main

if __name__ == "__main__":
    main()
