"""Element by element, reductions, running sums, matrix products and einsum."""

import torch
from golden import Family, distinct, dyadic


def elementwise():
    family = Family("elementwise")
    unary = {
        "exp": (torch.exp, -3, 3, ()), "log": (torch.log, 0.125, 4, ()),
        "sqrt": (torch.sqrt, 0.125, 4, ()), "rsqrt": (torch.rsqrt, 0.125, 4, ()),
        "reciprocal": (torch.reciprocal, -3, 3, (0,)), "square": (torch.square, -3, 3, ()),
        "abs": (torch.abs, -3, 3, (0,)), "neg": (torch.neg, -3, 3, ()),
        "sin": (torch.sin, -4, 4, ()), "cos": (torch.cos, -4, 4, ()), "erf": (torch.erf, -3, 3, ()),
        "log1p": (torch.log1p, -0.875, 3, ()), "expm1": (torch.expm1, -3, 3, ()),
    }  # fmt: skip
    for op, (function, low, high, avoiding) in unary.items():
        x = dyadic(f"elementwise/{op}", [3, 4], low, high, avoiding=avoiding)
        second = op not in ("abs", "neg")
        family.add(op, op, lambda x, f=function: f(x), {"x": x}, second=second)

    shapes = {
        "same shape": ([2, 3], [2, 3]), "a row": ([2, 3], [3]), "a column": ([2, 3], [2, 1]),
        "a scalar": ([2, 3], []), "both ways": ([2, 1, 3], [4, 1]),
        "channels": ([2, 3, 2, 2], [3, 1, 1]),
    }  # fmt: skip
    binary = {
        "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div,
        "maximum": torch.maximum, "minimum": torch.minimum, "pow": torch.pow,
    }  # fmt: skip
    for op, function in binary.items():
        for words, (left, right) in shapes.items():
            seed = f"elementwise/{op}/{words}"
            x, other = dyadic(seed + "/x", left), dyadic(seed + "/other", right)
            if op == "div":
                other = dyadic(seed + "/other", right, 0.5, 2)
            elif op in ("maximum", "minimum"):
                other = other + 1 / 16
            elif op == "pow":
                x = dyadic(seed + "/x", left, 0.25, 2)
            inputs = {"x": x, "other": other}
            family.add(f"{op}, {words}", op, lambda x, other, f=function: f(x, other), inputs)
    for low, high in ((-1.0, 1.0), (0.0, None), (None, 0.5)):
        bounds = {"minimum": low, "maximum": high}
        attributes = {k: v for k, v in bounds.items() if v is not None}
        x = dyadic(f"clamp/{low}/{high}", [3, 4]) + 1 / 16
        name = "clamp" + "".join(f", {k} {v:g}" for k, v in attributes.items())
        family.add(name, "clamp", lambda x, a=low, b=high: torch.clamp(x, a, b), {"x": x},
                   attributes)  # fmt: skip
    for exponent in (2.0, 3.0, -1.0, 0.5):
        x = dyadic(f"power/{exponent}", [3, 4], 0.25, 3)
        family.add(f"pow, exponent {exponent:g}", "pow_scalar", lambda x, e=exponent: x**e,
                   {"x": x}, {"exponent": exponent})  # fmt: skip
    family.write()


def reductions():
    family = Family("reductions")
    shape = [2, 3, 4]
    axes = {"axis 0": [0], "axis 1": [1], "axis -1": [-1], "axes 0 and 2": [0, 2],
            "all axes": [0, 1, 2]}  # fmt: skip

    def add(op, function, x, axes, keep=False, words="", second=False, **attributes):
        name = f"{op}{''.join(f', {k} {v}' for k, v in attributes.items())}, {words}"
        name += ", axes kept" if keep else ""
        name += ", second order" if second else ""
        attributes |= {"axes": axes, "keepAxes": int(keep)}
        family.add(name, op, lambda x: function(x, axes, keep), {"x": x}, attributes, second=second)

    several = {
        "sum": torch.sum, "mean": torch.mean, "logsumexp": torch.logsumexp,
        "amax": torch.amax, "amin": torch.amin,
    }  # fmt: skip
    for op, function in several.items():
        for words, axis in axes.items():
            for keep in (False, True) if words == "axis 1" else (False,):
                make = distinct if op in ("amax", "amin") else dyadic
                add(op, function, make(f"{op}/{words}", shape), axis, keep, words)
    for op, function in (("var", torch.var), ("std", torch.std)):
        for correction in (0, 1):
            for words, axis in axes.items():
                add(
                    op, lambda x, a, k, f=function, c=correction: f(x, a, correction=c, keepdim=k),
                    dyadic(f"{op}/{correction}/{words}", shape), axis, words == "axis 1", words,
                    correction=correction,
                )  # fmt: skip
    for power in (1.0, 2.0, 3.0, 0.5):
        for words in ("axis 1", "all axes"):
            x = dyadic(f"norm/{power}/{words}", shape, avoiding=(0,))
            add("norm", lambda x, a, k, p=power: torch.linalg.vector_norm(x, p, a, k), x,
                axes[words], False, words, power=power)  # fmt: skip
    for words in ("axis 1", "all axes"):
        add("norm_inf", lambda x, a, k: torch.linalg.vector_norm(x, torch.inf, a, k),
            distinct(f"norm inf/{words}", [2, 3, 3]) + 1 / 128, axes[words], False,
            words)  # fmt: skip
    for axis in (0, 1, 2):
        add("prod", lambda x, a, k: torch.prod(x, a[0], k),
            dyadic(f"prod/{axis}", shape), [axis], axis == 1, f"axis {axis}")  # fmt: skip
    zeros = dyadic("prod/zeros", shape, avoiding=(0,))
    zeros[0, 0, 1] = zeros[1, 2, 0] = zeros[1, 2, 3] = 0
    add("prod", lambda x, a, k: torch.prod(x, a[0], k), zeros, [2], False, "one zero, two zeros")
    for op, function in (("var", torch.var), ("logsumexp", None), ("norm", None)):
        x = dyadic(f"{op}/second", [2, 3], avoiding=(0,))
        if op == "logsumexp":
            add(op, torch.logsumexp, x, [1], False, "axis 1", second=True)
        elif op == "var":
            add(op, lambda x, a, k: function(x, a, correction=0, keepdim=k), x, [1], False,
                "axis 1", second=True, correction=0)  # fmt: skip
        else:
            add(op, lambda x, a, k: torch.linalg.vector_norm(x, 2.0, a, k), x, [1], False,
                "axis 1", second=True, power=2.0)  # fmt: skip

    for op, function in (("cumsum", torch.cumsum), ("cumprod", torch.cumprod)):
        for axis in (0, 1, -1):
            x = dyadic(f"{op}/{axis}", shape)
            family.add(f"{op}, axis {axis}", op, lambda x, f=function, a=axis: f(x, a), {"x": x},
                       {"axis": axis})  # fmt: skip
    family.add("cumprod, zeros", "cumprod", lambda x: torch.cumprod(x, 2), {"x": zeros},
               {"axis": 2})  # fmt: skip
    for op, function in (("argmax", torch.argmax), ("argmin", torch.argmin)):
        for axis in (0, 1, -1):
            x = distinct(f"{op}/{axis}", shape)
            family.add(f"{op}, axis {axis}", op, lambda x, f=function, a=axis: f(x, a), {"x": x},
                       {"axis": axis})  # fmt: skip
    for axis, count, largest in ((1, 2, True), (2, 3, True), (-1, 2, False)):
        x = distinct(f"topk/{axis}/{count}", [2, 3, 5])

        def top(x, axis=axis, count=count, largest=largest):
            y, indices = torch.topk(x, count, axis, largest)
            return {"y": y, "indices": indices}

        family.add(f"topk, {count} {'largest' if largest else 'smallest'}, axis {axis}", "topk",
                   top, {"x": x},
                   {"count": count, "axis": axis, "largest": int(largest)})  # fmt: skip
    family.write()


def products():
    family = Family("matmul")
    shapes = [
        ([3], [3]), ([2, 3], [3]), ([3], [3, 2]), ([2, 3], [3, 4]), ([1, 5], [5, 1]),
        ([2, 2, 3], [2, 3, 2]), ([2, 2, 3], [3, 4]), ([2, 3], [2, 3, 2]), ([4, 2, 3], [1, 3, 2]),
        ([2, 1, 2, 3], [3, 3, 2]), ([3, 1, 2, 2], [1, 2, 2, 3]), ([2, 2, 3], [3]),
        ([3], [2, 3, 2]),
    ]  # fmt: skip
    for left, right in shapes:
        words = f"{' by '.join(map(str, left))} and {' by '.join(map(str, right))}"
        inputs = {"x": dyadic(f"{words}/x", left), "other": dyadic(f"{words}/other", right)}
        family.add(f"matmul, {words}", "matmul", lambda x, other: x @ other, inputs)
    inputs = {"x": dyadic("second/x", [2, 3]), "other": dyadic("second/other", [3, 2])}
    family.add("matmul, second order", "matmul", lambda x, other: x @ other, inputs, second=True)
    for shape, bias in (([3, 4], True), ([3, 4], False), ([2, 3, 4], True), ([4], True)):
        name = f"linear, {' by '.join(map(str, shape))}{'' if bias else ', no bias'}"
        inputs = {
            "x": dyadic(name + "/x", shape),
            "weight": dyadic(name + "/weight", [5, shape[-1]]),
            "bias": dyadic(name + "/bias", [5]) if bias else None,
        }

        def linear(x, weight, bias=None):
            return torch.nn.functional.linear(x, weight, bias)

        family.add(name, "linear", linear, inputs)
    equations = {
        "ij,jk->ik": ([2, 3], [3, 4]), "ij,kj->ik": ([2, 3], [4, 3]),
        "bij,bjk->bik": ([2, 2, 3], [2, 3, 2]),
        "i,j->ij": ([3], [4]), "ij,ij->": ([2, 3], [2, 3]), "nchw,oc->nohw": ([2, 3, 2, 2], [4, 3]),
        "nchw,ndhw->ncd": ([2, 2, 2, 3], [2, 3, 2, 3]),
        "bhqd,bhkd->bhqk": ([1, 2, 3, 2], [1, 2, 4, 2]),
        "ijk->kji": ([2, 3, 2],), "ij->i": ([2, 3],), "ii->i": ([3, 3],), "ii->": ([3, 3],),
        "...ij,...jk->...ik": ([2, 1, 2, 3], [3, 3, 2]),
    }  # fmt: skip
    for equation, operands in equations.items():
        names = ("x", "other")[: len(operands)]
        inputs = {k: dyadic(f"{equation}/{k}", s) for k, s in zip(names, operands)}

        def contract(equation=equation, **values):
            return torch.einsum(equation, *values.values())

        family.add(f"einsum, {equation}", "einsum", contract, inputs, {"equation": equation})
    family.write()


elementwise()
reductions()
products()
