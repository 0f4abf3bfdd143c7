/* heap/remote.h */
#include "heap/remote.h"

RemoteRoot remote_root = {.magic = REMOTE_MAGIC, .self = &remote_root};
