// Single elements of every type.
#include "convert.h"

double fk_element_to_double(fk_type type, const void *element) {
  switch (type) {
  case FK_F32:
    return *(const float *)element;
  case FK_F64:
    return *(const double *)element;
  case FK_BF16:
    return fk_bf16_to_float(*(const uint16_t *)element);
  case FK_F16:
    return fk_f16_to_float(*(const uint16_t *)element);
  case FK_S8:
    return *(const int8_t *)element;
  case FK_U8:
    return *(const uint8_t *)element;
  case FK_S32:
    return *(const int32_t *)element;
  case FK_S64:
    return (double)*(const int64_t *)element;
  case FK_BOOL:
    return *(const uint8_t *)element != 0;
  }
  return 0;
}

void fk_element_from_double(fk_type type, void *element, double x) {
  switch (type) {
  case FK_F32:
    *(float *)element = (float)x;
    break;
  case FK_F64:
    *(double *)element = x;
    break;
  case FK_BF16:
    *(uint16_t *)element = fk_float_to_bf16(fk_double_to_odd_float(x));
    break;
  case FK_F16:
    *(uint16_t *)element = fk_float_to_f16(fk_double_to_odd_float(x));
    break;
  case FK_S8:
    *(int8_t *)element = (int8_t)fk_double_to_integer(x, INT8_MIN, INT8_MAX);
    break;
  case FK_U8:
    *(uint8_t *)element = (uint8_t)fk_double_to_integer(x, 0, UINT8_MAX);
    break;
  case FK_S32:
    *(int32_t *)element = (int32_t)fk_double_to_integer(x, INT32_MIN, INT32_MAX);
    break;
  case FK_S64:
    *(int64_t *)element = fk_double_to_integer(x, INT64_MIN, INT64_MAX);
    break;
  case FK_BOOL:
    *(uint8_t *)element = x != 0;
    break;
  }
}

#define FK_MOVE(TYPE)                                                      \
  do {                                                                     \
    TYPE *t = to;                                                          \
    const TYPE *f = from;                                                  \
    for (int64_t i = 0; i < n; i++) t[i * to_stride] = f[i * from_stride]; \
  } while (0)

void fk_move(
  int64_t size, void *to, int64_t to_stride, const void *from, int64_t from_stride, int64_t n) {
  switch (size) {
  case 1:
    FK_MOVE(uint8_t);
    break;
  case 2:
    FK_MOVE(uint16_t);
    break;
  case 4:
    FK_MOVE(uint32_t);
    break;
  default:
    FK_MOVE(uint64_t);
    break;
  }
}
