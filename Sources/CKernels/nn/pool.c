#include "fk_pool.h"

#include <string.h>

#include "contexts.h"
#include "kernels.h"
#include "outside.h"

int64_t fk_image_elements(fk_image image) {
  return image.batch * fk_groups(image) * image.block * fk_plane(image);
}

static int64_t out_plane(const fk_pool *pool) {
  return pool->out[0] * pool->out[1] * pool->out[2];
}

static int is_global(const fk_pool *pool) {
  for (int axis = 0; axis < 3; axis++) {
    int64_t reach = pool->kernel[axis];
    if (pool->out[axis] != 1 || pool->low[axis] != 0 || pool->dilation[axis] != 1) return 0;
    if (reach < pool->image.spatial[axis]) return 0;
  }
  return fk_plane(pool->image) > 0;
}

// About a nanosecond for every two of a window's elements of up to 16 lanes, for every one if its
// place is wanted, too.
static double nanoseconds(const fk_pool_context *c, double windows) {
  const fk_pool *pool = &c->pool;
  double taps = (double)(pool->kernel[0] * pool->kernel[1] * pool->kernel[2]);
  double lanes = pool->image.block == 1 ? 0.25 : (double)fk_strips(pool->image);
  return 5 + windows * lanes * (2 + (c->index_out ? taps : taps / 2));
}

static void run_forward(fk_pool_context *c) {
  const fk_pool *pool = &c->pool;
  const int64_t blocks = pool->image.batch * fk_groups(pool->image);
  if (out_plane(pool) <= 0 || blocks <= 0) return;
  const fk_nn_kernels *kernels = fk_nn_active();
  if (!c->index_out && is_global(pool)
      && (!c->average || c->divisor != FK_DIVISOR_WINDOW
          || (int64_t)fk_divisor_along(pool, FK_DIVISOR_WINDOW, 0, 0)
              * fk_divisor_along(pool, FK_DIVISOR_WINDOW, 1, 0)
              * fk_divisor_along(pool, FK_DIVISOR_WINDOW, 2, 0) == fk_plane(pool->image))) {
    double each = (double)fk_plane(pool->image) * (pool->image.block == 1 ? 0.1 : 1);
    fk_parallel_grain(
      blocks * fk_strips(pool->image), fk_grain(5 + each), kernels->global_pool_planes, c);
    return;
  }
  fk_parallel_grain(
    blocks * pool->out[0] * pool->out[1], fk_grain(nanoseconds(c, (double)pool->out[2])),
    c->average ? kernels->average_pool_rows : kernels->max_pool_rows, c);
}

static void run_backward(fk_pool_context *c) {
  const fk_pool *pool = &c->pool;
  const fk_nn_kernels *kernels = fk_nn_active();
  const int64_t blocks = pool->image.batch * fk_groups(pool->image);
  if (blocks <= 0 || fk_plane(pool->image) <= 0) return;
  const fk_body body = c->average
    ? kernels->average_pool_backward_rows : kernels->max_pool_backward_rows;
  if (c->average && is_global(pool)) {
    const double bytes = (double)(fk_plane(pool->image) * pool->image.block) * (c->half ? 2 : 4);
    fk_parallel_grain(blocks, fk_grain(5 + bytes / 20), kernels->global_pool_spread, c);
    return;
  }
  if (pool->image.block == 1 && !c->half) {
    double each = (double)(out_plane(pool) * (c->average ? pool->kernel[1] * pool->kernel[2] : 1));
    fk_parallel_grain(blocks, fk_grain(each), body, c);
  } else {
    double each = 5 * (double)(pool->image.spatial[2] * fk_strips(pool->image));
    fk_parallel_grain(
      blocks * pool->image.spatial[0] * pool->image.spatial[1], fk_grain(each), body, c);
  }
}

void fk_max_pool(fk_pool pool, int half, const void *x, void *y, int32_t *index) {
  fk_pool_context c = {.pool = pool, .half = half, .source = x, .target = y, .index_out = index};
  run_forward(&c);
}

void fk_max_pool_backward(
  fk_pool pool, int half, const void *dy, const int32_t *index, void *dx
) {
  fk_pool_context c = {.pool = pool, .half = half, .source = dy, .target = dx, .index = index};
  run_backward(&c);
}

void fk_average_pool(
  fk_pool pool, fk_divisor divisor, float fixed, int half, const void *x, void *y
) {
  fk_pool_context c = {
    .pool = pool, .half = half, .average = 1, .divisor = divisor, .fixed = fixed, .source = x,
    .target = y,
  };
  run_forward(&c);
}

void fk_average_pool_backward(
  fk_pool pool, fk_divisor divisor, float fixed, int half, const void *dy, void *dx
) {
  fk_pool_context c = {
    .pool = pool, .half = half, .average = 1, .divisor = divisor, .fixed = fixed, .source = dy,
    .target = dx,
  };
  run_backward(&c);
}

typedef enum movement { MOVE_GATHER, MOVE_SCATTER, MOVE_UNPOOL } movement;

typedef struct move_context {
  fk_image image;
  int64_t out;
  size_t size;
  movement kind;
  const char *source;
  char *target;
  const int32_t *index;
} move_context;

// A task is one plane of `block` lanes.
static void move_planes(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const move_context *c = context;
  const int64_t block = c->image.block, plane = fk_plane(c->image);
  const size_t size = c->size;
  for (int64_t task = begin; task < end; task++) {
    const int64_t large = task * plane * block, small = task * c->out * block;
    if (c->kind != MOVE_GATHER) {
      memset(c->target + (size_t)large * size, 0, (size_t)(plane * block) * size);
    }
    for (int64_t o = 0; o < c->out * block; o++) {
      const int64_t position = c->index[small + o];
      const size_t inside = (size_t)(large + position * block + o % block) * size;
      const size_t outside = (size_t)(small + o) * size;
      if (c->kind == MOVE_GATHER) {
        if (position < 0) {
          memset(c->target + outside, 0, size);
        } else {
          memcpy(c->target + outside, c->source + inside, size);
        }
      } else if (position < 0) {
        continue;
      } else if (c->kind == MOVE_UNPOOL) {
        memcpy(c->target + inside, c->source + outside, size);
      } else {
        float total, x;
        memcpy(&total, c->target + inside, sizeof total);
        memcpy(&x, c->source + outside, sizeof x);
        total += x;
        memcpy(c->target + inside, &total, sizeof total);
      }
    }
  }
}

static int64_t run_move(move_context *c) {
  const int64_t planes = c->image.batch * fk_groups(c->image);
  const int64_t each = fk_most(1, c->out * c->image.block);
  if (planes <= 0) return -1;
  const int64_t bad = fk_first_outside(
    c->index, planes * c->out * c->image.block, -1, fk_plane(c->image), 0, 0);
  if (bad < 0) fk_parallel_grain(planes, fk_grain(2 * (double)each), move_planes, c);
  return bad;
}

int64_t fk_pool_gather(
  fk_image image, int64_t out, int half, const void *large, const int32_t *index, void *small
) {
  move_context c = {
    .image = image, .out = out, .size = half ? 2 : 4, .kind = MOVE_GATHER, .source = large,
    .target = small, .index = index,
  };
  return run_move(&c);
}

int64_t fk_pool_scatter(
  fk_image image, int64_t out, const float *small, const int32_t *index, float *large
) {
  move_context c = {
    .image = image, .out = out, .size = 4, .kind = MOVE_SCATTER, .source = (const char *)small,
    .target = (char *)large, .index = index,
  };
  return run_move(&c);
}

int64_t fk_pool_unpool(
  fk_image image, int64_t out, int half, const void *small, const int32_t *index, void *large
) {
  move_context c = {
    .image = image, .out = out, .size = half ? 2 : 4, .kind = MOVE_UNPOOL, .source = small,
    .target = large, .index = index,
  };
  return run_move(&c);
}
