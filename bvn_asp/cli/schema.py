"""`bvn schema`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.model.library import Library
from bvn_asp.render.data import to_json
from bvn_asp.render.schema import schema, schema_names


@click.command("schema")
@click.argument("name", required=False)
@options.policies_folder
def schema_command(name: str | None, folder: str | None) -> None:
    """The JSON Schema of the case format, or of an output; without a name, what there is.

    \b
    bvn schema
    bvn schema case
    bvn schema compare
    """
    if name is None:
        click.echo("\n".join(schema_names()))
        return
    click.echo(to_json(schema(Library(folder), name)), nl=False)
