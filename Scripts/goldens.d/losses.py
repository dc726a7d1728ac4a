"""Losses, with every reduction; differences never fall on the kink of a loss."""

import torch
import torch.nn.functional as F
from golden import Family, dyadic, integers, labels

REDUCTIONS = ("mean", "sum", "none")


def distributions(seed, shape):
    """Multiples of 1/16 that sum to 1 along axis 1, none of them zero."""
    rows, classes = shape[0], shape[1]
    rest = shape[2:]
    result = torch.full(shape, 1 / 16, dtype=torch.float64).movedim(1, -1).reshape(-1, classes)
    spare = 16 - classes
    for row in range(result.shape[0]):
        for place in integers(f"{seed}/{row}", spare, 0, classes - 1):
            result[row, place] += 1 / 16
    return result.reshape(rows, *rest, classes).movedim(-1, 1).contiguous()


def between_eighths(seed, shape):
    """Odd multiples of 1/16: never equal to a multiple of 1/8, nor a whole number away from one."""
    return dyadic(seed, shape) + 1 / 16


def classification():
    family = Family("classification_losses")

    def cross_entropy(name, shape, *, smoothing=0.0, ignore=None, weighted=False, soft=False,
                      reduction="mean", second=False):  # fmt: skip
        seed = f"cross_entropy/{name}"
        rest = [shape[0], *shape[2:]]
        target = distributions(seed, shape) if soft else labels(seed, rest, shape[1])
        if ignore is not None:
            target.reshape(-1)[::3] = ignore
        weight = dyadic(seed + "/weight", [shape[1]], 0.25, 2) if weighted else None
        inputs = {"x": dyadic(seed + "/x", shape), "target": target, "weight": weight}
        attributes = {"reduction": reduction, "labelSmoothing": smoothing}
        if ignore is not None:
            attributes["ignoreIndex"] = ignore
        skipped = -100 if ignore is None else ignore

        def loss(x, target, weight=None):
            return F.cross_entropy(
                x, target, weight, ignore_index=skipped, reduction=reduction,
                label_smoothing=smoothing,
            )  # fmt: skip

        op = "cross_entropy"
        family.add(f"{op}, {name}", op, loss, inputs, attributes, ("weight",), second)

    for reduction in REDUCTIONS:
        for weighted in (False, True):
            words = f"{'weights, ' if weighted else ''}{reduction}"
            options = {"weighted": weighted, "reduction": reduction}
            cross_entropy(f"labels, {words}", [4, 5], **options)
            cross_entropy(f"labels, smoothing, {words}", [4, 5], smoothing=0.125, **options)
            cross_entropy(f"labels, ignoring -1, {words}", [5, 4], ignore=-1, **options)
            cross_entropy(f"distributions, {words}", [3, 4], soft=True, **options)
        cross_entropy(f"distributions, smoothing, {reduction}", [3, 4], soft=True, smoothing=0.25,
                      reduction=reduction)  # fmt: skip
        cross_entropy(f"labels, ignoring 2, smoothing, weights, {reduction}", [5, 4], ignore=2,
                      smoothing=0.25, weighted=True, reduction=reduction)  # fmt: skip
        cross_entropy(f"labels of pixels, {reduction}", [2, 3, 2, 3], reduction=reduction)
    cross_entropy("labels of pixels, ignoring 255", [2, 3, 2, 3], ignore=255)
    cross_entropy("distributions of pixels", [2, 3, 2, 2], soft=True)
    cross_entropy("smoothing 1", [3, 4], smoothing=1.0)
    cross_entropy("two classes, batch of 1", [1, 2])
    cross_entropy("second order", [2, 3], second=True)

    for reduction in REDUCTIONS:
        for weighted, ignore in ((False, None), (True, None), (True, 0)):
            name = ("weights, " if weighted else "") + ("ignoring 0, " if ignore == 0 else "")
            name += reduction
            seed = f"nll/{name}"
            inputs = {
                "x": dyadic(seed + "/x", [5, 4], -3, 0),
                "target": labels(seed, [5], 4),
                "weight": dyadic(seed + "/weight", [4], 0.25, 2) if weighted else None,
            }
            attributes = {"reduction": reduction}
            if ignore is not None:
                attributes["ignoreIndex"] = ignore
            skipped = -100 if ignore is None else ignore

            def loss(x, target, weight=None, skipped=skipped, reduction=reduction):
                return F.nll_loss(x, target, weight, ignore_index=skipped, reduction=reduction)

            family.add(f"nll, {name}", "nll_loss", loss, inputs, attributes, ("weight",))

    for reduction in REDUCTIONS:
        for weighted in (False, True):
            name = f"{'weights, ' if weighted else ''}{reduction}"
            seed = f"bce/{name}"
            weight = dyadic(seed + "/weight", [3, 4], 0.25, 2) if weighted else None
            inputs = {
                "x": dyadic(seed + "/x", [3, 4], 1 / 16, 15 / 16, 16),
                "target": dyadic(seed + "/target", [3, 4], 0, 1),
                "weight": weight,
            }
            constant = ("weight", "target")
            family.add(
                f"bce, {name}", "binary_cross_entropy",
                lambda x, target, weight=None, reduction=reduction: F.binary_cross_entropy(
                    x, target, weight, reduction=reduction
                ),
                inputs, {"reduction": reduction}, constant,
            )  # fmt: skip
            inputs = dict(inputs, x=dyadic(seed + "/logits", [3, 4], -4, 4))
            if weighted:
                inputs["positiveWeight"] = dyadic(seed + "/positive", [4], 0.5, 3)
                constant += ("positiveWeight",)
            family.add(
                f"bce with logits, {name}", "binary_cross_entropy_with_logits",
                lambda x, target, weight=None, positiveWeight=None, reduction=reduction: (
                    F.binary_cross_entropy_with_logits(
                        x, target, weight, reduction=reduction, pos_weight=positiveWeight
                    )
                ),
                inputs, {"reduction": reduction}, constant,
            )  # fmt: skip
    family.add(
        "bce with logits, large values", "binary_cross_entropy_with_logits",
        lambda x, target: F.binary_cross_entropy_with_logits(x, target),
        {
            "x": torch.tensor([[100.0, -100.0, 800.0, -800.0]]).double(),
            "target": torch.tensor([[1.0, 0.0, 0.5, 1.0]]).double(),
        },
        {"reduction": "mean"}, ("target",),
    )  # fmt: skip

    for reduction in (*REDUCTIONS, "batchmean"):
        for logarithmic in (False, True):
            name = f"{'target in logarithms, ' if logarithmic else ''}{reduction}"
            seed = f"kl_div/{name}"
            target = distributions(seed, [3, 4])
            if logarithmic:
                target = dyadic(seed + "/target", [3, 4], -3, -0.125)
            inputs = {"x": dyadic(seed + "/x", [3, 4], -3, -0.125), "target": target}
            family.add(
                f"kl, {name}", "kl_div",
                lambda x, target, reduction=reduction, logarithmic=logarithmic: F.kl_div(
                    x, target, reduction=reduction, log_target=logarithmic
                ),
                inputs, {"reduction": reduction, "logTarget": int(logarithmic)},
            )  # fmt: skip
    family.write()


def regression():
    family = Family("regression_losses")
    pairs = {
        "mse": ("mse_loss", F.mse_loss, {}),
        "l1": ("l1_loss", F.l1_loss, {}),
        "smooth l1": ("smooth_l1_loss", F.smooth_l1_loss, {"beta": 1.0}),
        "smooth l1, beta 0.5": ("smooth_l1_loss", F.smooth_l1_loss, {"beta": 0.5}),
        "smooth l1, beta 0": ("smooth_l1_loss", F.smooth_l1_loss, {"beta": 0.0}),
        "huber": ("huber_loss", F.huber_loss, {"delta": 1.0}),
        "huber, delta 0.5": ("huber_loss", F.huber_loss, {"delta": 0.5}),
        "huber, delta 2": ("huber_loss", F.huber_loss, {"delta": 2.0}),
    }
    for name, (op, function, options) in pairs.items():
        for reduction in REDUCTIONS:
            seed = f"{op}/{name}/{reduction}"
            inputs = {
                "x": dyadic(seed + "/x", [3, 4], -3, 3),
                "target": between_eighths(seed + "/target", [3, 4]),
            }
            family.add(
                f"{name}, {reduction}", op,
                lambda x, target, function=function, reduction=reduction, options=options: (
                    function(x, target, reduction=reduction, **options)
                ),
                inputs, {"reduction": reduction, **options},
            )  # fmt: skip

    def add(name, op, function, inputs, attributes, constant):
        for reduction in REDUCTIONS:

            def loss(reduction=reduction, **values):
                return function(**values, reduction=reduction)

            family.add(f"{name}, {reduction}", op, loss, inputs,
                       {"reduction": reduction, **attributes}, constant)  # fmt: skip

    signs = torch.tensor([1.0, -1.0, 1.0, -1.0, -1.0, 1.0]).double()
    for margin in (1.0, 0.5):
        add(
            f"hinge embedding, margin {margin:g}", "hinge_embedding_loss",
            lambda x, target, reduction, margin=margin: F.hinge_embedding_loss(
                x, target, margin, reduction=reduction
            ),
            {"x": between_eighths(f"hinge/{margin}", [6]), "target": signs},
            {"margin": margin}, ("target",),
        )  # fmt: skip
        add(
            f"margin ranking, margin {margin:g}", "margin_ranking_loss",
            lambda x, other, target, reduction, margin=margin: F.margin_ranking_loss(
                x, other, target, margin, reduction=reduction
            ),
            {
                "x": between_eighths(f"ranking/{margin}/x", [6]),
                "other": dyadic(f"ranking/{margin}/other", [6]),
                "target": signs,
            },
            {"margin": margin}, ("target",),
        )  # fmt: skip
        for power in (1, 2):
            # One class stands on eighths and the others between: no difference is a multiple.
            x = between_eighths(f"multi_margin/{margin}/{power}", [4, 5])
            target = labels(f"multi_margin/{margin}/{power}", [4], 5)
            x[torch.arange(4), target] += 1 / 32
            add(
                f"multi-class hinge, margin {margin:g}, power {power}", "multi_margin_loss",
                lambda x, target, reduction, margin=margin, power=power: F.multi_margin_loss(
                    x, target, power, margin, reduction=reduction
                ),
                {"x": x, "target": target}, {"margin": margin, "power": power}, (),
            )  # fmt: skip
    add(
        "soft margin", "soft_margin_loss",
        lambda x, target, reduction: F.soft_margin_loss(x, target, reduction=reduction),
        {"x": dyadic("soft_margin", [6]), "target": signs}, {}, ("target",),
    )  # fmt: skip
    rows = {k: dyadic(f"triplet/{k}", [3, 4]) for k in ("anchor", "positive", "negative")}
    add(
        "triplet, margin 1", "triplet_margin_loss",
        lambda anchor, positive, negative, reduction: F.triplet_margin_loss(
            anchor, positive, negative, margin=1.0, reduction=reduction
        ),
        rows, {"margin": 1.0, "power": 2, "epsilon": 1e-6}, (),
    )  # fmt: skip
    add(
        "cosine embedding, margin 0.25", "cosine_embedding_loss",
        lambda x, other, target, reduction: F.cosine_embedding_loss(
            x, other, target, margin=0.25, reduction=reduction
        ),
        {"x": rows["anchor"], "other": rows["positive"], "target": signs[:3]},
        {"margin": 0.25}, ("target",),
    )  # fmt: skip
    add(
        "Poisson, logarithms", "poisson_nll_loss",
        lambda x, target, reduction: F.poisson_nll_loss(x, target, reduction=reduction),
        {"x": dyadic("poisson/x", [2, 4]), "target": dyadic("poisson/target", [2, 4], 0, 4, 1)},
        {"logInput": 1, "full": 0}, ("target",),
    )  # fmt: skip
    family.write()


classification()
regression()
