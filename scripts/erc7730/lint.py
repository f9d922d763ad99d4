"""The linter of the ERC-7730 registry, on Python 3.11 and later: before 3.12 `typing` lacks one name that it imports."""

import typing

import typing_extensions

if not hasattr(typing, "override"):
    typing.override = typing_extensions.override

from erc7730.main import app  # noqa: E402

app(prog_name="erc7730")
