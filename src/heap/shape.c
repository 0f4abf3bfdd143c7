/* The table of shapes: src/object/type fills it. */
#include "heap/shape.h"

Shape shape_table[SHAPE_MAX];
