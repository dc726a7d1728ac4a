"""Normalisations, and softmax over every axis."""

import torch
import torch.nn.functional as F
from golden import Family, dyadic


def affine(seed, channels):
    """A scale that is nowhere zero, and a shift."""
    return {
        "weight": dyadic(seed + "/weight", [channels], 0.5, 2),
        "bias": dyadic(seed + "/bias", [channels], -1, 1),
    }


def batch_norm():
    """Running variance is updated with the unbiased variance; x is scaled with the biased one."""
    family = Family("batch_norm")

    def add(name, shape, *, training, running=True, scaled=True, eps=1e-5, momentum=0.1,
            second=False):  # fmt: skip
        seed = f"batch_norm/{name}"
        inputs = {"x": dyadic(seed + "/x", shape)}
        if scaled:
            inputs |= affine(seed, shape[1])
        if running:
            inputs["runningMean"] = dyadic(seed + "/mean", [shape[1]], -1, 1)
            inputs["runningVariance"] = dyadic(seed + "/variance", [shape[1]], 0.5, 2)

        def normalize(x, weight=None, bias=None, runningMean=None, runningVariance=None):
            mean = None if runningMean is None else runningMean.detach().clone()
            variance = None if runningVariance is None else runningVariance.detach().clone()
            y = F.batch_norm(x, mean, variance, weight, bias, training, momentum, eps)
            if not (training and running):
                return y
            return {"y": y, "runningMean": mean, "runningVariance": variance}

        attributes = {"training": int(training), "epsilon": eps, "momentum": momentum}
        constant = ("runningMean", "runningVariance")
        family.add(name, "batch_norm", normalize, inputs, attributes, constant, second)

    for training in (True, False):
        mode = "training" if training else "inference"
        add(f"{mode}, 2 axes", [6, 4], training=training)
        add(f"{mode}, 1-D", [3, 3, 5], training=training)
        add(f"{mode}, 2-D", [2, 3, 4, 3], training=training)
        add(f"{mode}, 3-D", [2, 2, 2, 3, 2], training=training)
        add(f"{mode}, 2-D, not affine", [2, 3, 3, 3], training=training, scaled=False)
        add(f"{mode}, 2-D, large epsilon", [2, 3, 3, 3], training=training, eps=0.125)
        add(f"{mode}, second order", [2, 2, 2, 2], training=training, second=True)
    add("training, no running statistics", [3, 2, 3, 3], training=True, running=False)
    add("training, momentum 0.5", [2, 3, 3, 3], training=True, momentum=0.5)
    add("training, momentum 1", [2, 3, 3, 2], training=True, momentum=1.0)
    add("training, batch of 1", [1, 3, 3, 3], training=True)
    add("training, batch of 2, one pixel", [2, 4, 1, 1], training=True)
    family.write()


def other_norms():
    family = Family("norms")

    def layer(name, shape, normalized, *, weight=True, bias=True, eps=1e-5, second=False):
        seed = f"layer_norm/{name}"
        inputs = {
            "x": dyadic(seed + "/x", shape),
            "weight": dyadic(seed + "/weight", normalized, 0.5, 2) if weight else None,
            "bias": dyadic(seed + "/bias", normalized, -1, 1) if bias else None,
        }

        def normalize(x, weight=None, bias=None):
            return F.layer_norm(x, normalized, weight, bias, eps)

        attributes = {"normalizedShape": normalized, "epsilon": eps}
        family.add(f"layer, {name}", "layer_norm", normalize, inputs, attributes, second=second)

    layer("last axis", [3, 6], [6])
    layer("last axis of three", [2, 3, 5], [5])
    layer("last two axes", [2, 3, 4], [3, 4])
    layer("last three axes", [2, 2, 3, 3], [2, 3, 3])
    layer("no weight, no bias", [3, 5], [5], weight=False, bias=False)
    layer("no bias", [3, 5], [5], bias=False)
    layer("large epsilon", [3, 5], [5], eps=0.125)
    layer("second order", [2, 4], [4], second=True)

    def group(name, shape, groups, *, scaled=True, eps=1e-5, second=False):
        seed = f"group_norm/{name}"
        inputs = {"x": dyadic(seed + "/x", shape)}
        if scaled:
            inputs |= affine(seed, shape[1])

        def normalize(x, weight=None, bias=None):
            return F.group_norm(x, groups, weight, bias, eps)

        attributes = {"groups": groups, "epsilon": eps}
        family.add(f"group, {name}", "group_norm", normalize, inputs, attributes, second=second)

    group("2 groups", [2, 4, 3, 3], 2)
    group("3 groups of 2", [2, 6, 2, 3], 3)
    group("one group", [2, 3, 3, 2], 1)
    group("every channel a group", [2, 3, 3, 3], 3)
    group("1-D", [2, 4, 5], 2)
    group("3-D", [1, 4, 2, 2, 3], 2)
    group("no spatial axis", [3, 6], 2)
    group("not affine", [2, 4, 3, 2], 2, scaled=False)
    group("large epsilon", [2, 4, 2, 2], 2, eps=0.125)
    group("second order", [2, 4, 2, 1], 2, second=True)

    def instance(name, shape, *, scaled=True, eps=1e-5):
        seed = f"instance_norm/{name}"
        inputs = {"x": dyadic(seed + "/x", shape)}
        if scaled:
            inputs |= affine(seed, shape[1])

        def normalize(x, weight=None, bias=None):
            return F.instance_norm(x, None, None, weight, bias, True, 0.1, eps)

        family.add(f"instance, {name}", "instance_norm", normalize, inputs, {"epsilon": eps})

    instance("1-D", [2, 3, 6])
    instance("2-D", [2, 3, 3, 4])
    instance("3-D", [1, 3, 2, 3, 2])
    instance("2-D, not affine", [2, 2, 3, 3], scaled=False)
    instance("2-D, large epsilon", [2, 2, 3, 3], eps=0.125)

    def local(name, shape, size, alpha, beta, k):
        x = dyadic(f"local_response_norm/{name}", shape)
        attributes = {"size": size, "alpha": alpha, "beta": beta, "k": k}
        family.add(
            f"local response, {name}", "local_response_norm",
            lambda x: F.local_response_norm(x, size, alpha, beta, k), {"x": x}, attributes,
        )  # fmt: skip

    local("AlexNet", [2, 7, 2, 3], 5, 1e-4, 0.75, 2.0)
    local("strong", [2, 6, 2, 3], 3, 0.5, 0.75, 1.0)
    local("even size", [1, 6, 3, 2], 4, 0.5, 0.5, 1.0)
    local("more neighbours than channels", [1, 3, 3, 3], 7, 0.25, 1.0, 1.0)
    local("1-D", [2, 5, 4], 3, 0.5, 0.75, 1.0)

    def unit(name, shape, power, axis):
        x = dyadic(f"normalize/{name}", shape, avoiding=(0,))
        attributes = {"power": power, "axis": axis, "epsilon": 1e-12}
        family.add(f"unit length, {name}", "normalize",
                   lambda x: F.normalize(x, power, axis), {"x": x}, attributes)  # fmt: skip

    unit("last axis", [3, 4], 2, -1)
    unit("channels", [2, 3, 2, 2], 2, 1)
    unit("power 1", [3, 4], 1, 1)
    family.write()


def softmax():
    family = Family("softmax")
    shapes = ([5], [3, 4], [2, 3, 4], [2, 3, 2, 3])
    for op, function in (("softmax", F.softmax), ("log_softmax", F.log_softmax)):
        for shape in shapes:
            for axis in range(len(shape)):
                name = f"{op}, {len(shape)} axes, axis {axis}"
                x = dyadic(f"softmax/{name}", shape, -4, 4)
                family.add(
                    name, op, lambda x, axis=axis: function(x, axis), {"x": x}, {"axis": axis}
                )
        x = dyadic(f"softmax/{op}/negative", [2, 3, 4], -4, 4)
        family.add(f"{op}, axis -2", op, lambda x: function(x, -2), {"x": x}, {"axis": -2})
        x = torch.tensor([[1000.0, 1000.5, 999.0], [-1000.0, -1001.0, -1000.5]]).double()
        family.add(f"{op}, large values", op, lambda x: function(x, 1), {"x": x}, {"axis": 1})
        x = dyadic(f"softmax/{op}/one", [3, 1])
        family.add(f"{op}, one class", op, lambda x: function(x, 1), {"x": x}, {"axis": 1})
        x = dyadic(f"softmax/{op}/second", [2, 3])
        family.add(f"{op}, second order", op, lambda x: function(x, 1), {"x": x}, {"axis": 1},
                   second=True)  # fmt: skip
    family.write()


batch_norm()
other_norms()
softmax()
