"""Runs inside a closed-off child: finds the one page in a photo and gives it cut out and straightened.

    main([MAX_SIDE])

The answer is one line of JSON, {"type": "page", ...} or {"type": "none"}, and behind it the JPEG. It
says "page" only when it is sure: one sheet that stands out from what it lies on, all four corners in
the photo. It imports nothing of Recorder: nothing else of Recorder is to be seen in there.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import cv2
import numpy as np

_LOOKED_AT = 800  # pixels of the longer side in which corners are looked for
_LEAST, _MOST = 0.12, 0.97  # of the photo's area that a page covers
_SECOND = 0.25  # of the first page's area: a second one makes it unsure which is meant
_FILLED = 0.93  # of the four-sided figure that the sheet itself covers
_STANDS_OUT = 14  # levels of 255 by which it is lighter than what lies around it
_EDGE = 2  # pixels from the photo's edge: a corner there may lie outside
_SHARPEST, _BLUNTEST = 45, 135  # degrees of a corner, seen aslant
_CORNER = 0.1  # of a side, at each end
_BENT = 0.02  # of a side's length by which a sheet's edge may leave the straight
_SEEN = 0.4  # of a side's length along which its edge is seen
_PARALLEL = 0.1  # the sine of the angle between two sides that do not meet
_QUALITY = 85
_FOUR = 4


def main(arguments: list[str]) -> None:
    """Answer for the photo on stdin."""
    jpeg = np.frombuffer(sys.stdin.buffer.read(), np.uint8)
    cv2.setNumThreads(1)
    image = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    corners = None if image is None else corners_of(image)
    said: dict[str, Any] = {"type": "none"}
    copy = b""
    if image is not None and corners is not None:
        page = _straightened(image, corners, int(arguments[0]))
        height, width = page.shape[:2]
        copy = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
        said = {"type": "page", "width": width, "height": height, "jpeg": len(copy)}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + copy)


def corners_of(image: Any) -> Any | None:
    """The page's corners (4 x 2, in pixels, from the top left clockwise), None unless sure."""
    scale = min(1.0, _LOOKED_AT / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [each for each in _sheets(small) if each is not None]
    if not found:
        return None
    found.sort(key=cv2.contourArea, reverse=True)
    first = found[0]
    others = [e for e in found[1:] if not _same(first, e)]
    if any(cv2.contourArea(each) > _SECOND * cv2.contourArea(first) for each in others):
        return None
    return _in_order((first + 0.5) / scale - 0.5)


def _sheets(small: Any) -> list[Any]:
    """Four-sided light figures, by each way of telling paper from what it lies on."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    light = cv2.GaussianBlur(lab[:, :, 0], (5, 5), 0)
    colour = np.hypot(*(lab[:, :, each].astype(np.float32) - 128 for each in (1, 2)))
    paper = np.clip(light.astype(np.float32) - 1.5 * colour, 0, 255).astype(np.uint8)
    found = []
    for levels in (light, paper):
        _, mask = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        found += _figures(mask, light)
    return found


def _figures(mask: Any, light: Any) -> list[Any]:
    # Lines drawn to the edge of the sheet must not cut it up.
    side = max(3, max(mask.shape) // 60) | 1
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [_quad(each, light) for each in contours]


def _quad(contour: Any, light: Any) -> Any | None:
    height, width = light.shape
    area = cv2.contourArea(contour)
    if area < _LEAST * width * height * _SECOND:
        return None
    hull = cv2.convexHull(contour)
    rough = _four_corners(hull)
    if rough is None:
        return None
    quad = _sharpened(rough, contour)
    if quad is None or not _plausible(quad, area, (width, height)):
        return None
    return quad if _stands_out(quad, light) else None


def _four_corners(hull: Any) -> Any | None:
    length = cv2.arcLength(hull, closed=True)
    for share in (0.01, 0.02, 0.03, 0.05):
        rough = cv2.approxPolyDP(hull, share * length, closed=True)
        if len(rough) == _FOUR:
            return rough.reshape(_FOUR, 2).astype(np.float64)
    return None


def _sharpened(rough: Any, contour: Any) -> Any | None:
    """Corners where the sides meet: each is a line through the points that lie along it."""
    points = contour.reshape(-1, 2).astype(np.float64)
    lines = []
    for start, end in zip(rough, np.roll(rough, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < 1:
            return None
        place = (points - start) @ along / length**2
        beside = points - start
        off = np.abs(along[0] * beside[:, 1] - along[1] * beside[:, 0]) / length
        between = (place > _CORNER) & (place < 1 - _CORNER)  # corners are bent and rounded
        near = points[between & (off < max(3.0, _BENT * length))]
        if len(near) < length * _SEEN:
            return None
        vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((np.array([x, y], np.float64), np.array([vx, vy], np.float64)))
    return _meetings(lines)


def _meetings(lines: Any) -> Any | None:
    corners = []
    for (at, way), (other, its_way) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        spread = np.array([way, -its_way]).T
        if abs(np.linalg.det(spread)) < _PARALLEL:
            return None
        steps = np.linalg.solve(spread, other - at)
        corners.append(at + steps[0] * way)
    return np.array(corners, np.float32)


def _plausible(quad: Any, area: float, size: tuple[int, int]) -> bool:
    width, height = size
    covered = cv2.contourArea(quad)
    inside = (quad > _EDGE).all() and (quad < np.array([width, height]) - 1 - _EDGE).all()
    if not inside or not cv2.isContourConvex(quad.astype(np.int32)):
        return False
    if not _LEAST <= covered / (width * height) <= _MOST or area < _FILLED * covered:
        return False
    return all(_SHARPEST <= each <= _BLUNTEST for each in _angles(quad))


def _angles(quad: Any) -> list[float]:
    before, after = np.roll(quad, 1, axis=0) - quad, np.roll(quad, -1, axis=0) - quad
    cosines = (before * after).sum(axis=1)
    cosines /= np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return [float(each) for each in np.degrees(np.arccos(np.clip(cosines, -1, 1)))]


def _stands_out(quad: Any, light: Any) -> bool:
    """Along each side the sheet is lighter than what lies beside it."""
    middle = quad.mean(axis=0)
    reach = 0.03 * float(np.linalg.norm(quad - middle, axis=1).mean()) + 2
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        outward = np.array([end[1] - start[1], start[0] - end[0]], np.float64)
        outward /= np.linalg.norm(outward)
        if (start - middle) @ outward < 0:
            outward = -outward
        along = start + np.linspace(_CORNER, 1 - _CORNER, 25)[:, None] * (end - start)
        within, beyond = (_levels(light, along + step * outward) for step in (-reach, reach))
        if np.median(within) - np.median(beyond) < _STANDS_OUT:
            return False
    return True


def _levels(light: Any, points: Any) -> Any:
    height, width = light.shape
    columns = np.clip(points[:, 0].round().astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].round().astype(int), 0, height - 1)
    return light[rows, columns].astype(np.float32)


def _same(first: Any, second: Any) -> bool:
    """Whether two figures are one sheet, seen twice."""
    overlap, _ = cv2.intersectConvexConvex(first, second)
    return bool(overlap > 0.5 * min(cv2.contourArea(first), cv2.contourArea(second)))


def _in_order(quad: Any) -> Any:
    """From the top left, clockwise as one looks at it."""
    middle = quad.mean(axis=0)
    turned = quad[np.argsort(np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0]))]
    first = int(np.argmin(turned.sum(axis=1)))
    return np.roll(turned, -first, axis=0).astype(np.float32)


def _straightened(image: Any, corners: Any, most: int) -> Any:
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    scale = min(1.0, most / max(width, height))
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    target = np.array(
        [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32
    )
    way = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(image, way, (width, height), flags=cv2.INTER_AREA)
