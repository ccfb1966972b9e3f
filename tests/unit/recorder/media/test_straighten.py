"""Pages on tables, made here: found where there surely is one, and never where there is not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from recorder.errors import DamagedPicture, SandboxFailed
from recorder.media import inchild, straighten
from recorder.media.pagefinder import corners_of
from recorder.sandbox.ladder import python_program

WIDTH, HEIGHT = 1000, 750
PAGE = (420, 594)  # pixels of a sheet before it is photographed
CORNERS = np.array([[0, 0], [PAGE[0], 0], [PAGE[0], PAGE[1]], [0, PAGE[1]]], np.float32) - 0.5
SHIFT = 0.006  # of the photo's diagonal: how far a corner may be found from where it is


class Scene:
    """A table, photographed: uneven light, noise, not quite sharp."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        wood = self._random.normal(0, 8, (HEIGHT // 25, WIDTH // 25, 1))
        table = self._random.uniform(25, 100) + wood.repeat(25, 0).repeat(25, 1)
        self._image = table * np.array([0.7, 0.9, 1.0])

    def put(self, middle: tuple[float, float], size: tuple[float, float]) -> Any:
        """Lay a sheet with a drawing on it aslant; its corners in the photo."""
        x, y = np.array(size) / 2
        corners = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
        corners *= 1 + self._random.uniform(-0.07, 0.07, (4, 1))
        angle = self._random.uniform(-0.25, 0.25)
        turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        placed = (corners @ np.array(turn).T + middle).astype(np.float32)
        way = cv2.getPerspectiveTransform(CORNERS, placed)
        sheet, size_ = self._drawing(), (WIDTH, HEIGHT)
        seen = cv2.warpPerspective(np.ones(PAGE[::-1], np.float32), way, size_)[..., None]
        flat = cv2.warpPerspective(sheet, way, size_, flags=cv2.INTER_AREA)
        self._image = self._image * (1 - seen) + flat * seen
        return placed

    def _drawing(self) -> Any:
        sheet = np.full((PAGE[1], PAGE[0], 3), self._random.uniform(185, 250), np.float32)
        for _ in range(10):
            ends = self._random.integers(20, 400, 4)
            colour = tuple(float(each) for each in self._random.integers(0, 160, 3))
            cv2.line(sheet, tuple(map(int, ends[:2])), tuple(map(int, ends[2:])), colour, 4)
        return sheet

    def photo(self) -> Any:
        light = np.linspace(0.8, 1.15, WIDTH)[None, :, None]
        noisy = self._image * light + self._random.normal(0, 4, self._image.shape)
        image = cv2.GaussianBlur(np.clip(noisy, 0, 255).astype(np.uint8), (0, 0), 0.8)
        return cv2.imdecode(cv2.imencode(".jpg", image)[1], cv2.IMREAD_COLOR)


@pytest.mark.parametrize("seed", range(8))
def test_the_corners_of_a_page_are_found(seed: int) -> None:
    scene = Scene(seed)
    placed = scene.put((WIDTH * 0.52, HEIGHT * 0.49), (WIDTH * 0.42, HEIGHT * 0.74))
    found = corners_of(scene.photo())
    assert found is not None
    shifts = np.linalg.norm(found - placed, axis=1)
    assert shifts.max() < SHIFT * np.hypot(WIDTH, HEIGHT)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_offered_where_there_is_no_page(seed: int) -> None:
    assert corners_of(Scene(seed).photo()) is None


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_offered_where_there_are_two(seed: int) -> None:
    scene = Scene(seed)
    for side in (0.26, 0.75):
        scene.put((WIDTH * side, HEIGHT / 2), (WIDTH * 0.3, HEIGHT * 0.6))
    assert corners_of(scene.photo()) is None


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_offered_where_a_corner_is_out_of_sight(seed: int) -> None:
    scene = Scene(seed)
    scene.put((WIDTH * 0.1, HEIGHT * 0.5), (WIDTH * 0.5, HEIGHT * 0.8))
    assert corners_of(scene.photo()) is None


def jpeg(image: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", image)[1].tobytes())


def test_a_page_is_cut_out_in_a_closed_off_child() -> None:
    scene = Scene(1)
    placed = scene.put((WIDTH / 2, HEIGHT / 2), (WIDTH * 0.42, HEIGHT * 0.74))
    page = straighten.straighten(jpeg(scene.photo()))
    assert page is not None
    opened = Image.open(BytesIO(page.jpeg), formats=["JPEG"])
    assert opened.size == (page.width, page.height)
    assert opened.getexif() == {}
    sides = np.linalg.norm(np.roll(placed, -1, axis=0) - placed, axis=1)
    assert abs(page.width - max(sides[0], sides[2])) < 0.02 * WIDTH
    assert abs(page.height - max(sides[1], sides[3])) < 0.02 * WIDTH
    edge = [opened.convert("L").getpixel((at, 3)) for at in range(5, page.width - 5, 20)]
    assert float(np.median(np.array(edge))) > 140  # paper, and no table


def test_a_picture_without_one_has_none() -> None:
    assert straighten.is_there()
    assert straighten.straighten(jpeg(Scene(2).photo())) is None
    assert straighten.straighten(b"no picture at all") is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b'{"type": "page"}\n',
        b'{"type": "page", "width": 9, "height": 9, "jpeg": 4}\n\xff\xd8\xff\xd9',
        b'{"type": "page", "width": 99999, "height": 9, "jpeg": 4}\n\xff\xd8\xff\xd9',
        b'{"type": "page", "width": 9, "height": 9, "jpeg": 9}\n<html></html>',
        b'{"type": "none", "more": 1}\n',
    ],
)
def test_a_child_that_was_taken_over_cannot_send_what_it_likes(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    script = f"import sys; sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(straighten, "child_program", lambda *_: python_program("-c", script))
    with pytest.raises(DamagedPicture):
        straighten.straighten(b"x")


def test_a_child_that_crashes_is_the_pictures_fault_and_a_missing_library_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crash = "import ctypes; ctypes.string_at(0)"
    with monkeypatch.context() as patched:
        patched.setattr(straighten, "child_program", lambda *_: python_program("-c", crash))
        with pytest.raises(DamagedPicture):
            straighten.straighten(b"x")
    monkeypatch.setattr(inchild, "seen", lambda *_: ((), ()))
    with pytest.raises(SandboxFailed):
        straighten.straighten(b"x")
