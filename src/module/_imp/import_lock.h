/* The import lock, for fork: the child must not find it held by a thread that it does not have, nor a module half made. */
#ifndef WEFT_MODULE_IMP_IMPORT_LOCK_H
#define WEFT_MODULE_IMP_IMPORT_LOCK_H

void import_lock_before_fork(void); /* waits for it. may: detach */
void import_lock_after_fork(void);  /* in the parent and in the child */

#endif
