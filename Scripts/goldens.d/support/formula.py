"""Numbers that a formula gives and nobody stores: Python and Swift compute the same bits.

Number i of a name is Murmur's mixing of i times the golden ratio plus the name's FNV-1a hash; its
upper 24 bits make a multiple of 2^-23 from -1 to 1. Everything after that is one rounding each.
"""

import functools
import math

import numpy as np
import torch


def fnv(name):
    """The 32-bit FNV-1a hash of a name."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def words(name, count):
    """`count` 32-bit words."""
    word = np.arange(count, dtype=np.uint32)
    word *= np.uint32(0x9E3779B1)
    word += np.uint32(fnv(name))
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        word ^= word >> np.uint32(shift)
        word *= np.uint32(factor)
    word ^= word >> np.uint32(16)
    return word


@functools.lru_cache(maxsize=2)
def even(name, count):
    """`count` float32 numbers from -1 up to 1."""
    return (words(name, count) >> np.uint32(8)).astype(np.float32) * np.float32(2**-23) - 1


def spread(name, shape, middle, reach):
    """Numbers within `reach` of `middle`."""
    values = even(name, math.prod(shape)) * np.float32(reach)
    if middle:
        values = values + np.float32(middle)
    return torch.from_numpy(values.reshape(shape))


def value(name, shape, gain):
    """What a parameter or a statistic of that name holds; weights have variance gain / 3 fan-in."""
    if name.endswith("num_batches_tracked"):
        return torch.zeros((), dtype=torch.int64)
    if name.endswith("codes"):
        return torch.sign(spread(name, shape, 2**-24, 1))
    if len(shape) > 1:
        return spread(name, shape, 0, math.sqrt(gain / math.prod(shape[1:])))
    if name.endswith("running_var"):
        return spread(name, shape, 1, 0.5)
    if name.endswith("weight"):
        return spread(name, shape, 1, 0.25)
    return spread(name, shape, 0, 0.125)


def fill(network, gain):
    """Gives everything a network keeps its number, in the network's own precision."""
    with torch.no_grad():
        for name, kept in network.state_dict().items():
            kept.copy_(value(name, tuple(kept.shape), gain))
