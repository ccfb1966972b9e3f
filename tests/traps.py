"""Sounds in which nobody says anything: made by arithmetic, so that every machine has the same.

Each is 16 kHz mono, -1 to 1, and seeded. They are what a microphone at work picks up, made plain;
some are built to be taken for a voice (harmonics, formants, syllables a few times a second).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Sound: TypeAlias = NDArray[np.floating[Any]]


def pcm(sound: Sound) -> bytes:
    """As 16 kHz mono s16le."""
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def at_level(sound: Sound, decibels: float) -> Sound:
    """The sound with this RMS, in dB below full scale."""
    rms = float(np.sqrt(np.mean(sound**2)))
    return sound * (10 ** (decibels / 20) / rms)


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _clock(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def _shaped(size: int, gain: Callable[[Sound], Sound], seed: int) -> Sound:
    """Noise with `gain` at each frequency in Hz."""
    spectrum = np.fft.rfft(_random(seed).normal(size=size))
    shaped: Sound = np.fft.irfft(spectrum * gain(np.fft.rfftfreq(size, 1 / RATE)), size)
    loudest = float(np.abs(shaped).max())
    return shaped / loudest


def _slow(size: int, hertz: float, seed: int) -> Sound:
    """A level from 0 to 1 that changes up to `hertz` times a second."""
    level = _shaped(size, lambda f: (f < hertz).astype(float), seed)
    least, most = float(level.min()), float(level.max())
    return (level - least) / (most - least)


def _into(sound: Sound, piece: Sound, at: float) -> None:
    start = round(at * RATE)
    end = min(start + len(piece), len(sound))
    sound[start:end] += piece[: end - start]


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE))


def room(seconds: float) -> Sound:
    """A quiet room: the microphone's own hiss."""
    return at_level(_random(1).normal(size=round(seconds * RATE)), -62)


def hiss(seconds: float) -> Sound:
    return at_level(_random(2).normal(size=round(seconds * RATE)), -20)


def hum(seconds: float) -> Sound:
    """The mains, with its overtones."""
    t = _clock(seconds)
    waves = [np.sin(2 * np.pi * 50 * n * t) / n for n in (1, 2, 3, 4, 6)]
    return at_level(np.sum(waves, axis=0), -24)


def wind(seconds: float) -> Sound:
    """Gusts across a microphone: deep noise that comes and goes."""
    size = round(seconds * RATE)
    deep = _shaped(size, lambda f: 1 / np.maximum(f, 20) ** 1.2, 3)
    return at_level(deep * _slow(size, 0.7, 4) ** 2, -16)


def street(seconds: float) -> Sound:
    """Traffic that passes, an engine, a horn and a siren."""
    size, t = round(seconds * RATE), _clock(seconds)
    passing = _shaped(size, lambda f: 1 / np.maximum(f, 50) ** 0.8, 5) * _slow(size, 0.2, 6)
    revs = 2 * np.pi * np.cumsum(45 + 40 * _slow(size, 0.3, 7)) / RATE
    engine = np.sum([np.sin(n * revs) / n for n in range(1, 9)], axis=0) * _slow(size, 0.3, 8)
    sound = at_level(passing, -20) + at_level(engine, -26)
    for at in np.arange(4, seconds - 1, 9):
        beep = np.sum([np.sin(2 * np.pi * f * _clock(0.5)) for f in (420, 530, 1060)], axis=0)
        _into(sound, 0.06 * beep, at)
    wail = 2 * np.pi * np.cumsum(900 + 350 * np.sin(2 * np.pi * 0.4 * t)) / RATE
    return sound + 0.04 * np.sin(wail) * (np.sin(2 * np.pi * t / 20) > 0.5)


_FORMANTS = {
    "a": ((730, 90), (1090, 110), (2440, 170)),
    "o": ((570, 80), (840, 100), (2410, 170)),
    "i": ((270, 60), (2290, 120), (3010, 200)),
    "m": ((250, 60), (1000, 300), (2200, 300)),
}


def _voiced(pitch: Sound, vowel: str) -> Sound:
    """A vowel with this pitch (Hz at each sample): pulses of a throat through a mouth."""
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = np.zeros(len(pitch))
    for n in range(1, 30):
        at = pitch * n
        gain = sum(1 / (1 + ((at - f) / (b * 2)) ** 2) for f, b in _FORMANTS[vowel])
        sound += np.where(at < RATE / 2, gain, 0) * np.sin(n * phase) / n**0.5
    return sound


def laughter(seconds: float) -> Sound:
    """Ha-ha-ha: breathy vowels five times a second, falling, in bouts."""
    rng, sound = _random(9), np.zeros(round(seconds * RATE))
    at = 0.5
    while at < seconds - 3:
        start = rng.uniform(220, 330)
        for ha in range(rng.integers(4, 10)):
            t = _clock(0.11)
            pitch = start * 0.96**ha * (1 + 0.05 * np.sin(2 * np.pi * 7 * t))
            shape = np.sin(np.pi * t / t[-1]) ** 0.5
            breath = _shaped(len(t), lambda f: (f > 700).astype(float), int(at * 100) + ha)
            _into(sound, (_voiced(pitch, "a") / 8 + 0.15 * breath) * shape * 0.93**ha, at)
            at += rng.uniform(0.17, 0.22)
        at += rng.uniform(0.5, 1.5)
    return at_level(sound + 1e-4 * rng.normal(size=len(sound)), -22)


def humming(seconds: float) -> Sound:
    """Somebody hums to themself, with a closed mouth and with a vowel."""
    rng, sound = _random(10), np.zeros(round(seconds * RATE))
    at = 0.5
    while at < seconds - 1:
        t = _clock(rng.choice((0.3, 0.45, 0.6, 0.9)))
        pitch = rng.choice((165, 185, 196, 220, 247, 262)) * (1 + 0.01 * np.sin(2 * np.pi * 5 * t))
        _into(sound, _voiced(pitch, rng.choice(("m", "m", "o"))) * np.sin(np.pi * t / t[-1]), at)
        at += len(t) / RATE + rng.choice((0.0, 0.05, 0.7))
    return at_level(sound + 1e-4 * rng.normal(size=len(sound)), -24)


def crying(seconds: float) -> Sound:
    """A small child: long wails with a breath between."""
    rng, sound = _random(11), np.zeros(round(seconds * RATE))
    at = 0.5
    while at < seconds - 2:
        t = _clock(rng.uniform(0.7, 1.3))
        bend = np.sin(np.pi * t / t[-1])
        pitch = 380 + 120 * bend + 12 * np.sin(2 * np.pi * 6 * t)
        _into(sound, _voiced(pitch, rng.choice(("a", "i"))) * np.abs(bend) ** 0.3, at)
        at += len(t) / RATE + rng.uniform(0.25, 0.6)
    return at_level(sound + 1e-4 * rng.normal(size=len(sound)), -20)


def music(seconds: float) -> Sound:
    """A plucked tune over chords and a beat."""
    rng, sound = _random(12), np.zeros(round(seconds * RATE))
    chords = ((220, 262, 330), (175, 220, 262), (262, 330, 392), (196, 247, 294))
    t, beat = _clock(0.9), _clock(0.08)
    for step, at in enumerate(np.arange(0, seconds, 0.25)):
        chord = chords[step // 8 % 4]
        note = 2 * rng.choice(chord)
        for n in range(1, 6):
            _into(sound, 0.5 * np.sin(2 * np.pi * note * n * t) * np.exp(-6 * t) / n, at)
            if step % 8 == 0:
                pads = [np.sin(2 * np.pi * f * n * _clock(2)) / n**2 for f in chord]
                _into(sound, 0.15 * np.sum(pads, axis=0), at)
        if step % 2 == 0:
            _into(sound, rng.normal(size=len(beat)) * np.exp(-60 * beat), at)
    return at_level(sound, -18)


def breath(seconds: float) -> Sound:
    """Close to the microphone, in and out."""
    size, t = round(seconds * RATE), _clock(seconds)
    air = _shaped(size, lambda f: ((f > 400) & (f < 5000)) / np.maximum(f, 1) ** 0.5, 13)
    return at_level(air * np.clip(np.sin(2 * np.pi * t / 3.3), 0, None) ** 1.5, -28)


def typing(seconds: float) -> Sound:
    """Keys: two clicks each, in runs."""
    rng, sound = _random(14), silence(seconds)
    at = 0.3
    while at < seconds - 0.2:
        for part, loud in ((0.0, 1.0), (0.07, 0.5)):
            t = _clock(0.03)
            ring = np.sin(2 * np.pi * rng.uniform(1500, 4000) * t) + rng.normal(size=len(t))
            _into(sound, loud * ring * np.exp(-220 * t), at + part)
        at += rng.choice((0.11, 0.15, 0.2, 0.9), p=(0.4, 0.3, 0.2, 0.1))
    return at_level(sound + 1e-5 * rng.normal(size=len(sound)), -30)


def bangs(seconds: float) -> Sound:
    """Doors, a table, a dropped bag, over a quiet room."""
    rng, sound = _random(15), room(seconds)
    for at in np.arange(1, seconds - 1, 2.3):
        t = _clock(0.4)
        _into(sound, 0.5 * rng.normal(size=len(t)) * np.exp(-rng.uniform(12, 40) * t), at)
    return sound


def barking(seconds: float) -> Sound:
    """A dog next door."""
    rng, sound = _random(16), room(seconds)
    at = 0.7
    while at < seconds - 1:
        for _ in range(rng.integers(1, 4)):
            t = _clock(0.16)
            pitch = 500 + 250 * np.sin(np.pi * t / t[-1])
            _into(sound, 0.1 * _voiced(pitch, "o") * np.exp(-14 * t), at)
            at += 0.35
        at += rng.uniform(0.6, 2)
    return at_level(sound, -26)


def murmur(seconds: float) -> Sound:
    """People next door: syllables without words, through a wall."""
    size = round(seconds * RATE)
    sound = np.zeros(size)
    for person in range(4):
        pitch = 100 + 40 * person + 30 * _slow(size, 2, 20 + person)
        syllables = np.clip(_slow(size, 4.5, 30 + person) * 2 - 0.8, 0, 1)
        sound += _voiced(pitch, "aoim"[person]) * syllables
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(size, 1 / RATE) > 900] = 0
    return at_level(np.fft.irfft(spectrum, size), -36) + room(seconds)


def backwards(sound: Sound) -> Sound:
    """A voice that says nothing in any language: real speech turned round."""
    return sound[::-1].copy()


WORDLESS: dict[str, Callable[[float], Sound]] = {
    each.__name__: each
    for each in (
        *(silence, room, hiss, hum, wind, street, laughter, humming, crying, music),
        *(breath, typing, bangs, barking, murmur),
    )
}
"""What nobody says a word in, by name: seconds to sound."""
