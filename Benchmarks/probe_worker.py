#!/usr/bin/env python3
"""A product of two matrices, always the same: how fast the machine is at the moment."""

import os

# Its threads rest at once, so that they are in nobody's way.
os.environ["OPENBLAS_THREAD_TIMEOUT"] = "4"

import numpy

from serving import reserve_output, serve

output = reserve_output()
left, right = numpy.random.default_rng(0).random((2, 512, 512), dtype=numpy.float32)
result = numpy.empty_like(left)
serve(lambda: numpy.matmul(left, right, out=result), {"version": numpy.__version__}, output)
