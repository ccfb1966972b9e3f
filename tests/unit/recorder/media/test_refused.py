import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.media.refused import why_not


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"#EXTM3U\n#EXT-X-VERSION:3\n", "playlist"),
        ("\ufeff#EXTM3U\n".encode(), "playlist"),
        ("#EXTM3U\n".encode("utf-16"), "playlist"),
        (b"ffconcat version 1.0\n", "playlist"),
        (b"[playlist]\nFile1=a", "playlist"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1", "playlist"),
        (b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash'>", "playlist"),
        (b"<?xml version='1.0'?>\n<svg xmlns=''>", "computer program, not a photo"),
        (b"<svg onload='x'>", "computer program, not a photo"),
        (b"<?xml version='1.0'?><letter/>", "document"),
        (b"%!PS-Adobe", "computer program, not a photo"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"%PDF-1.7", "document"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "document"),
        (b"PK\x03\x04" + bytes(26) + b"holiday.jpg", "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "document"),
        (b"GIF89a", "format"),
        (b"\0\0\0\x14ftypavif\0\0\0\0", "picture"),
        (b"RIFF\0\0\0\0AVI LIST", "MP4"),
        (b"RIFF\0\0\0\0QLCM", "older format"),
        (b"RIFF\0\0\0\0ZZZZ", "not clear"),
        (b"caff\0\x01", "older format"),
        (b"G" + bytes(187) + b"G", "older format"),
        (b"\0\x05\x16\x07", "Mac"),
        (b"MZ\x90", "program"),
        (b"#!/bin/sh\n", "program"),
        ("The visit went well – see note.\n".encode(), "text file"),
        (bytes(500), "empty space"),
        (b"\x8c\x01\xf3\x02", "not clear"),
        (b"", "not clear"),
    ],
)
def test_each_kind_gets_its_own_help(head: bytes, words: str) -> None:
    assert words in why_not(head)


def test_a_character_cut_at_the_end_still_reads_as_text() -> None:
    text = ("é" * 1024).encode() + b"\xc3"
    assert "text file" in why_not(b"a" + text)


@given(st.binary(max_size=300), st.binary(max_size=3))
def test_there_is_always_a_sentence(head: bytes, marker: bytes) -> None:
    assert why_not(marker + head).endswith(".")
