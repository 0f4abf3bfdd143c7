/* Addresses of AF_BLUETOOTH: the kernel's structures, declared here as the library that has them
 * (BlueZ) is needed for nothing else. */
#ifndef WEFT_MODULE_SOCKET_BLUETOOTH_H
#define WEFT_MODULE_SOCKET_BLUETOOTH_H

#include "module/_socket/socket_priv.h"

enum { BT_L2CAP = 0, BT_HCI = 1, BT_SCO = 2, BT_RFCOMM = 3 }; /* protocols */

NODISCARD int bluetooth_from_value(Socket *s, Value v, const char *caller, SocketAddress *address,
                                   socklen_t *length);
NODISCARD Own bluetooth_to_value(const SocketAddress *address, int proto);

#endif
