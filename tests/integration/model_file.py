#!/usr/bin/env python3
"""Tests the model file from outside: its layout to the byte, a prediction by numpy, and a file written by numpy."""

import json
import os
import struct

import harness

try:
    import numpy as np
except ImportError:
    harness.skip("numpy is not installed")

DTYPES = {"F32": "<f4", "I64": "<i8", "U64": "<u8", "I32": "<i4", "U32": "<u4", "U8": "u1"}


def read(path):
    """Read the tensors and the metadata by the rules of the format alone."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    assert data[8:9] == b"{" and len(data[8:8 + length].rstrip(b" ")) > 2
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__")
    assert all(isinstance(value, str) for value in metadata.values())
    at, tensors = 0, {}
    for name, entry in sorted(header.items(), key=lambda pair: pair[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        dtype = np.dtype(DTYPES[entry["dtype"]])
        assert begin == at, f"{name}: hole or overlap"
        assert end - begin == int(np.prod(entry["shape"])) * dtype.itemsize, name
        assert (8 + length + begin) % dtype.itemsize == 0, f"{name}: not aligned"
        tensors[name] = np.frombuffer(data, dtype, offset=8 + length + begin,
                                      count=int(np.prod(entry["shape"]))).reshape(entry["shape"])
        at = end
    assert 8 + length + at == len(data), "bytes after the last tensor"
    return tensors, metadata


def texts(tensors, name):
    offsets, data = tensors[name + ".offsets"], tensors[name + ".bytes"].tobytes()
    return [data[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:])]


def predict(tensors, metadata, user, item):
    """Predict a score by the formula of animed-model(5)."""
    u, i = texts(tensors, "user_names").index(user), texts(tensors, "item_titles").index(item)
    z = float(tensors["user_factors"][u] @ tensors["item_factors"][i])
    if "user_bias" in tensors:
        z += float(tensors["user_bias"][u] + tensors["item_bias"][i])
    low, high = json.loads(metadata["y_range"])
    if metadata["link"] == "sigmoid":
        return low + (high - low) / (1 + np.exp(-z))
    return min(max(float(metadata["global_mean"]) + z, low), high)


def check_prediction(scratch, model):
    scratch.configure(model=model)
    scratch.animed("train")
    tensors, metadata = read(os.path.join(scratch.models, "current"))
    assert metadata["format"] == "animed-1" and metadata["seed"] == "42", metadata
    assert tensors["item_ids"].tolist() == sorted(tensors["item_ids"].tolist())
    with scratch.daemon():
        for user, item in (("demo_user_001", "Cowboy Bebop"), ("demo_user_100", "Made in Abyss")):
            ours = scratch.ask("predict", user, item)["score"]
            assert abs(ours - predict(tensors, metadata, user, item)) < 1e-4
        # the most similar items by numpy, of the items with enough ratings
        q = tensors["item_factors"].astype(float)
        norms = np.linalg.norm(q, axis=1)
        i = texts(tensors, "item_titles").index("Made in Abyss")
        cosine = q @ q[i] / np.where(norms * norms[i] > 0, norms * norms[i], np.inf)
        count = tensors["item_counts"]
        score = cosine * count / (count + 20)
        for values, options, name in ((cosine, ["--shrink", "0"], "similarity"), (score, [], "score")):
            values[(count < 10) | (norms == 0)] = -2
            values[i] = -2
            best = np.argsort(-values)[:10]
            answers = scratch.ask("similar", "Made in Abyss", "--by", "cosine", "--sequels", "show", *options)["items"]
            assert [item["id"] for item in answers] == tensors["item_ids"][best].tolist()
            assert np.allclose([item[name] for item in answers], values[best], atol=1e-5)
            assert ("score" in answers[0]) == (name == "score")


def bias_sgd(scratch):
    check_prediction(scratch, "{plugin: bias}")


def plain_sgd(scratch):
    check_prediction(scratch, "{plugin: plain}")


def bias_notebook(scratch):
    check_prediction(scratch, "{plugin: bias, optimizer: notebook, epochs: 2}")


def plain_notebook(scratch):
    check_prediction(scratch, "{plugin: plain, optimizer: notebook, epochs: 2}")


def made_elsewhere(scratch):
    """A file as torch.save_file makes it of a state_dict(): two embeddings, a list of ids, no metadata."""
    scratch.configure(model="{plugin: plain}")
    rng = np.random.default_rng(1)
    tensors = {"item_ids": np.array([30, 10, 20], "<i8"), "user_factors": rng.normal(size=(2, 4)).astype("<f4"),
               "item_factors": np.array([[1, 0, 0, 0], [1, .1, 0, 0], [0, 1, 0, 0]], "<f4")}
    header, at = {}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": "I64" if array.dtype == "<i8" else "F32", "shape": list(array.shape),
                        "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(scratch.models)
    with open(os.path.join(scratch.models, "1.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in tensors.values()))
    os.symlink("1.safetensors", os.path.join(scratch.models, "current"))
    with scratch.daemon() as daemon:
        for plugin in ("corating", "ease"):
            assert f"has nothing that {plugin} learns" in daemon.log, daemon.log
        answer = scratch.ask("similar", "id:30")
        assert [item["id"] for item in answer["items"]] == [10, 20] and answer["by"] == "cosine", answer
        status = scratch.ask("status")["model"]
        assert status["similarities"] == ["cosine"] and status["ranking"] == "predicted", status
        assert status["missing"] == ["corating", "ease"], status
        assert "corating, ease: this model file has nothing that they learn" in scratch.ctl("status")[0]
        assert scratch.ask("recommend", "id:30=1")["by"] == "predicted"
        _, err = scratch.ctl("similar", "id:30", "--by", "corating", status=1)
        assert 'model 1 has nothing that "corating" learns; train again' in err, err
        _, err = scratch.ctl("similar", "id:30", "--by", "dot", status=1)
        assert 'must be a similarity that this model answers with: "cosine"' in err, err
        assert abs(answer["items"][0]["similarity"] - 1 / np.sqrt(1.01)) < 1e-5


def same_again(scratch):
    """The same seed gives the same tensors, whatever the number of threads; another seed gives others."""
    models = []
    for more in ("train: {threads: 1}\n", "train: {threads: 2}\n", "train: {seed: 43}\n"):
        scratch.configure(more=more)
        scratch.animed("train")
        models.append(read(os.path.join(scratch.models, "current"))[0])
    assert {"corating.values", "ease.values"} < set(models[0]), list(models[0])
    for name, tensor in models[0].items():
        assert (tensor == models[1][name]).all(), name
    assert (models[0]["item_factors"] != models[2]["item_factors"]).any()


def refit(scratch):
    """What is served has seen the ratings that were held out, and the held-out loss is that of a model that has not."""
    held, rated, seen = {}, {}, {}
    for more in ("false", "true"):
        scratch.configure(more=f"train: {{refit: {more}, valid_pct: 0.5}}\n")
        scratch.animed("train")
        tensors, metadata = read(os.path.join(scratch.models, "current"))
        held[more] = metadata["valid_loss"]
        rated[more] = tensors["ease.counts"].sum()
        seen[more] = tensors["item_factors"]
    assert held["false"] == held["true"] and (seen["false"] != seen["true"]).any(), held
    assert rated["true"] == int(metadata["dataset_ratings"]) and rated["false"] < 0.51 * rated["true"], rated


if __name__ == "__main__":
    harness.main([refit, bias_sgd, plain_sgd, bias_notebook, plain_notebook, made_elsewhere, same_again])
