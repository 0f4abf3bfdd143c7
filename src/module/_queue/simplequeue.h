/* SimpleQueue, for the module _queue. */
#ifndef WEFT_MODULE_SIMPLEQUEUE_H
#define WEFT_MODULE_SIMPLEQUEUE_H

#include "object/object.h"

extern Type simplequeue_type;
extern Own queue_empty_class; /* the exception Empty; set when the module is made */

#endif
