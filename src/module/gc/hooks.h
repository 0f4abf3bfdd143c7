/* What the collector calls of the module gc. */
#ifndef WEFT_MODULE_GC_HOOKS_H
#define WEFT_MODULE_GC_HOOKS_H

void gc_module_init_hooks(void); /* at start-up */

#endif
