"""`bvn serve`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.interrupt import asked_to_stop


@click.command("serve")
@click.option("--host", default="", metavar="ADDRESS", help="Bind this address; any but the loopback asks for a token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Also answer to this host name (repeatable).")
@click.option("--token", default="", envvar="BVN_TOKEN", metavar="TEXT", help="Ask for this token, not a new one.")
@click.option("--demo", is_flag=True, help="Open an invented case.")
@click.option("--open", "show", is_flag=True, help="Show the page in the browser of this machine.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="So many questions at once.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=30.0, show_default=True,
              help="How long a question may take; a batch ten times as long.")
@click.option("--most-kb", type=click.IntRange(1, 4096), default=2048, show_default=True,
              help="How large a request may be.")
@options.policies_folder
def serve_command(
    host: str,
    port: int,
    names: tuple[str, ...],
    token: str,
    demo: bool,
    show: bool,
    threads: int,
    seconds: float,
    most_kb: int,
    folder: str | None,
) -> None:
    """The worksheet in a browser, and the same answers over HTTP.

    \b
    bvn serve --demo --open
    bvn serve --port 9000 --policies my-policies
    bvn serve --host 0.0.0.0 --name reviews.example    asks for the token that it prints

    Needs the extra `serve`. Nothing is kept on disk, and nothing of a chart stands in any log.

    Exit status: 0 it was stopped, 2 it could not be started.
    """
    from bvn_asp.serve import need_libraries

    need_libraries()
    from bvn_asp.serve.run import serve
    from bvn_asp.verbs import Library

    with asked_to_stop():
        serve(Library(folder), host, port, names, token, demo, show, threads, seconds, most_kb * 1024)
