"""Commands on an office's database: sign in first, then act in a post."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import bootstrap
from app.commands.prompts import ask_login
from app.errors import Denied
from app.policy import Post
from app.services.operations import Gate
from app.services.scope import Actor
from app.services.sign_in import SignedIn
from app.words import tr


def configure(parser: argparse.ArgumentParser, either: argparse._MutuallyExclusiveGroup | None = None) -> None:
    """Declare which office (needed, or `either` it or something else), and who signs in; passwords are asked for."""
    (either or parser).add_argument(
        "--office", type=Path, required=either is None, metavar=tr("文件夹"), help=tr("办公库所在的文件夹")
    )
    parser.add_argument("--login", metavar=tr("账号"), help=tr("用哪个账号登录；不写则询问。密码总是询问"))


@contextmanager
def signed_in(args: argparse.Namespace) -> Iterator[tuple[Gate, SignedIn]]:
    """The office, open for somebody who has given their password."""
    login, password = ask_login(args.login)
    gate, person = bootstrap.open_office(args.office, login, password)
    try:
        yield gate, person
    finally:
        gate.close()


def acting_as(person: SignedIn, post: Post) -> Actor:
    """The person in this post, or else in another of theirs: then the gate refuses, and logs that it did."""
    held = sorted(person.actors, key=lambda actor: actor.post is not post)
    if not held:
        raise Denied("gate.wrong_post")
    return held[0]
