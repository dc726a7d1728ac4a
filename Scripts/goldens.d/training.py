"""Trajectories of optimizers and schedules, clipped gradients, and the numbers of initialisers.

Nothing here is differentiated: gradients are inputs, and what follows from them are outputs.
"""

import math
from unittest import mock

import torch
from golden import Family, dyadic, tensors

SHAPES = {"first": [2, 3], "second": [3]}
STEPS = 5


def record(family, name, op, inputs, outputs, attributes):
    attributes = {k: int(v) if isinstance(v, bool) else v for k, v in attributes.items()}
    family.record({
        "name": name, "op": op, "attributes": attributes, "inputs": tensors(inputs),
        "cotangents": {}, "outputs": tensors(outputs), "gradients": {},
    })  # fmt: skip


def optimizers():
    """Inputs "first" and "second" are parameters, "first.gradient1" is what step 1 receives, and
    the output "first.after1" is the parameter after it."""
    family = Family("optimizers")
    optim = torch.optim

    def add(name, op, kind, attributes, **options):
        """`options` are what PyTorch is told, `attributes` what the file says."""
        parameters = {
            k: torch.nn.Parameter(dyadic(f"{name}/{k}", shape)) for k, shape in SHAPES.items()
        }
        inputs = {k: p.detach().clone() for k, p in parameters.items()}
        optimizer = kind(parameters.values(), foreach=False, **options)
        outputs = {}
        for step in range(1, STEPS + 1):
            for k, parameter in parameters.items():
                parameter.grad = dyadic(f"{name}/{k}/{step}", parameter.shape, avoiding=(0,))
                inputs[f"{k}.gradient{step}"] = parameter.grad.clone()
            optimizer.step()
            outputs |= {f"{k}.after{step}": p.detach().clone() for k, p in parameters.items()}
        record(family, name, op, inputs, outputs, {"steps": STEPS, **attributes})

    for words, rate, momentum, dampening, decay, nesterov in (
        ("plain", 0.125, 0, 0, 0, False), ("momentum", 0.1, 0.9, 0, 0, False),
        ("nesterov", 0.1, 0.9, 0, 0, True), ("dampening", 0.1, 0.9, 0.5, 0, False),
        ("weight decay", 0.1, 0, 0, 0.01, False),
        ("momentum, weight decay", 0.05, 0.9, 0, 0.0005, False),
        ("nesterov, weight decay", 0.05, 0.8, 0, 0.1, True),
        ("momentum, dampening, weight decay", 0.1, 0.5, 0.25, 0.01, False),
    ):  # fmt: skip
        add(
            f"SGD, {words}", "sgd", optim.SGD,
            {"learningRate": rate, "momentum": momentum, "dampening": dampening,
             "weightDecay": decay, "nesterov": nesterov},
            lr=rate, momentum=momentum, dampening=dampening, weight_decay=decay, nesterov=nesterov,
        )  # fmt: skip
    for words, rate, betas, eps, decay, largest in (
        ("defaults", 0.001, (0.9, 0.999), 1e-8, 0.01, False),
        ("large rate", 0.1, (0.9, 0.999), 1e-8, 0.0, False),
        ("other betas", 0.1, (0.5, 0.75), 1e-8, 0.0, False),
        ("large epsilon", 0.1, (0.9, 0.999), 0.125, 0.0, False),
        ("weight decay", 0.1, (0.9, 0.99), 1e-8, 0.1, False),
        ("largest second moment", 0.1, (0.9, 0.5), 1e-8, 0.05, True),
    ):  # fmt: skip
        for op, kind in (("adam", optim.Adam), ("adamw", optim.AdamW)):
            given = 0.0 if op == "adam" and words == "defaults" else decay
            add(
                f"{kind.__name__}, {words}", op, kind,
                {"learningRate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": eps,
                 "weightDecay": given, "amsgrad": largest},
                lr=rate, betas=betas, eps=eps, weight_decay=given, amsgrad=largest,
            )  # fmt: skip
    for words, rate, alpha, eps, decay, momentum, centered in (
        ("defaults", 0.01, 0.99, 1e-8, 0, 0, False), ("centered", 0.01, 0.9, 1e-8, 0, 0, True),
        ("momentum", 0.01, 0.9, 1e-8, 0, 0.9, False),
        ("centered, momentum, weight decay", 0.05, 0.5, 1e-3, 0.1, 0.5, True),
        ("weight decay", 0.1, 0.9, 1e-8, 0.05, 0, False),
    ):  # fmt: skip
        add(
            f"RMSprop, {words}", "rmsprop", optim.RMSprop,
            {"learningRate": rate, "alpha": alpha, "epsilon": eps, "weightDecay": decay,
             "momentum": momentum, "centered": centered},
            lr=rate, alpha=alpha, eps=eps, weight_decay=decay, momentum=momentum, centered=centered,
        )  # fmt: skip
    for words, rate, rate_decay, decay, initial, eps in (
        ("defaults", 0.01, 0, 0, 0, 1e-10), ("rate decay", 0.1, 0.5, 0, 0, 1e-10),
        ("weight decay", 0.1, 0, 0.1, 0, 1e-10), ("initial accumulator", 0.1, 0, 0, 0.25, 1e-10),
    ):  # fmt: skip
        add(
            f"Adagrad, {words}", "adagrad", optim.Adagrad,
            {"learningRate": rate, "rateDecay": rate_decay, "weightDecay": decay,
             "initialAccumulator": initial, "epsilon": eps},
            lr=rate, lr_decay=rate_decay, weight_decay=decay, initial_accumulator_value=initial,
            eps=eps,
        )  # fmt: skip
    clipping(family)
    schedules(family)
    family.write()


def clipping(family):
    for limit, power, words in (
        (1.0, 2.0, "norm 2"), (0.5, 1.0, "norm 1"), (0.75, math.inf, "largest"),
        (100.0, 2.0, "below the limit"),
    ):  # fmt: skip
        parameters = {k: torch.nn.Parameter(torch.zeros(s).double()) for k, s in SHAPES.items()}
        for k, parameter in parameters.items():
            parameter.grad = dyadic(f"clip/{words}/{k}", parameter.shape)
        inputs = {f"{k}.gradient": p.grad.clone() for k, p in parameters.items()}
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), limit, power)
        outputs = {f"{k}.clipped": p.grad for k, p in parameters.items()} | {"norm": norm}
        attributes = {"limit": limit, "power": "inf" if power == math.inf else power}
        record(family, f"clip norm, {words}", "clip_gradient_norm", inputs, outputs, attributes)
    for limit in (0.5, 1.0):
        parameters = {k: torch.nn.Parameter(torch.zeros(s).double()) for k, s in SHAPES.items()}
        for k, parameter in parameters.items():
            parameter.grad = dyadic(f"clip value/{limit}/{k}", parameter.shape)
        inputs = {f"{k}.gradient": p.grad.clone() for k, p in parameters.items()}
        torch.nn.utils.clip_grad_value_(parameters.values(), limit)
        outputs = {f"{k}.clipped": p.grad for k, p in parameters.items()}
        record(family, f"clip value {limit}", "clip_gradient_value", inputs, outputs,
               {"limit": limit})  # fmt: skip


def schedules(family):
    """The learning rate in effect at every step, beginning with the first."""
    kinds = torch.optim.lr_scheduler
    table = [
        ("step", kinds.StepLR, {"period": 3, "factor": 0.5}, dict(step_size=3, gamma=0.5)),
        ("milestones", kinds.MultiStepLR, {"milestones": [2, 5, 9], "factor": 0.1},
         dict(milestones=[2, 5, 9], gamma=0.1)),
        ("exponential", kinds.ExponentialLR, {"factor": 0.75}, dict(gamma=0.75)),
        ("cosine", kinds.CosineAnnealingLR, {"steps": 11, "minimum": 0.001},
         dict(T_max=11, eta_min=0.001)),
        ("cosine with restarts", kinds.CosineAnnealingWarmRestarts,
         {"firstPeriod": 3, "periodFactor": 2, "minimum": 0.001},
         dict(T_0=3, T_mult=2, eta_min=0.001)),
        ("linear", kinds.LinearLR, {"start": 0.25, "end": 1.0, "steps": 4},
         dict(start_factor=0.25, end_factor=1.0, total_iters=4)),
        ("polynomial", kinds.PolynomialLR, {"steps": 8, "power": 2.0},
         dict(total_iters=8, power=2.0)),
        ("one cycle, cosine", kinds.OneCycleLR,
         {"maximum": 1.0, "steps": 12, "warmUp": 0.25, "divisor": 25.0, "finalDivisor": 1e4,
          "anneal": "cos"},
         dict(max_lr=1.0, total_steps=12, pct_start=0.25, cycle_momentum=False)),
        ("one cycle, linear", kinds.OneCycleLR,
         {"maximum": 1.0, "steps": 12, "warmUp": 0.5, "divisor": 10.0, "finalDivisor": 100.0,
          "anneal": "linear"},
         dict(max_lr=1.0, total_steps=12, pct_start=0.5, div_factor=10.0, final_div_factor=100.0,
              anneal_strategy="linear", cycle_momentum=False)),
    ]  # fmt: skip
    for words, kind, attributes, options in table:
        parameter = torch.nn.Parameter(torch.zeros(1).double())
        optimizer = torch.optim.SGD([parameter], lr=0.5)
        schedule = kind(optimizer, **options)
        rates = []
        for step in range(12):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if step < 11:
                schedule.step()
        outputs = {"learningRate": torch.tensor(rates, dtype=torch.float64)}
        record(family, f"schedule, {words}", "schedule", {}, outputs,
               {"kind": words, "learningRate": 0.5, **attributes})  # fmt: skip


def asked(fill, weight, **options):
    """The bounds or the deviation with which an initialiser asks for random numbers."""
    found = {}

    def uniform(tensor, low, high, **_):
        found.update(low=low, high=high)

    def normal(tensor, mean, deviation, **_):
        found.update(mean=mean, deviation=deviation)

    with (
        mock.patch.object(torch.Tensor, "uniform_", uniform),
        mock.patch.object(torch.Tensor, "normal_", normal),
    ):
        fill(weight, **options)
    assert found, f"{fill.__name__} asked for no random numbers"
    return found


def initializers():
    """Outputs are single numbers: fans, gains, and what a distribution is asked for."""
    family = Family("initializers")
    init = torch.nn.init

    def scalars(values):
        return {k: torch.tensor(float(v), dtype=torch.float64) for k, v in values.items()}

    for name, slope in (
        ("linear", None), ("conv2d", None), ("sigmoid", None), ("tanh", None), ("relu", None),
        ("leaky_relu", None), ("leaky_relu", 0.25), ("leaky_relu", math.sqrt(5)), ("selu", None),
    ):  # fmt: skip
        attributes = {"nonlinearity": name} | ({} if slope is None else {"slope": slope})
        words = name if slope is None else f"{name}, slope {slope:.6g}"
        gain = init.calculate_gain(name, slope)
        record(family, f"gain, {words}", "gain", {}, scalars({"gain": gain}), attributes)

    shapes = ([4, 3], [10, 84], [6, 1, 5, 5], [16, 6, 5, 5], [8, 4, 3], [32, 1, 3, 3],
              [8, 3, 1, 3, 3], [64, 3, 7, 7])  # fmt: skip
    fills = {
        "xavier_uniform": init.xavier_uniform_, "xavier_normal": init.xavier_normal_,
        "kaiming_uniform": init.kaiming_uniform_, "kaiming_normal": init.kaiming_normal_,
    }  # fmt: skip
    for shape in shapes:
        weight = torch.zeros(shape, dtype=torch.float64)
        incoming, outgoing = init._calculate_fan_in_and_fan_out(weight)
        record(family, f"fans, {shape}", "fans", {}, scalars({"in": incoming, "out": outgoing}),
               {"shape": shape})  # fmt: skip
        for op, fill in fills.items():
            xavier = op.startswith("xavier")
            choices = [{"gain": 1.0}, {"gain": 2.0}] if xavier else [
                {"fan": "in", "nonlinearity": "relu"}, {"fan": "out", "nonlinearity": "relu"},
                {"fan": "in", "nonlinearity": "leaky_relu", "slope": 0.25},
            ]  # fmt: skip
            for chosen in choices:
                options = dict(chosen)
                if not xavier:
                    options["mode"] = "fan_" + options.pop("fan")
                    options["a"] = options.pop("slope", 0)
                found = asked(fill, weight, **options)
                words = ", ".join(f"{k} {v}" for k, v in chosen.items())
                record(family, f"{op}, {shape}, {words}", op, {}, scalars(found),
                       {"shape": shape, **chosen})  # fmt: skip
    for shape, groups in (
        ([3, 3, 3], 1),
        ([4, 2, 3, 3], 1),
        ([4, 2, 3, 3], 2),
        ([2, 3, 1, 2, 3], 1),
    ):
        weight = torch.zeros(shape, dtype=torch.float64)
        record(family, f"dirac, {shape}, groups {groups}", "dirac", {},
               {"weight": init.dirac_(weight, groups)},
               {"shape": shape, "groups": groups})  # fmt: skip
    family.write()


optimizers()
initializers()
