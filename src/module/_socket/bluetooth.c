/* Addresses of AF_BLUETOOTH sockets: see bluetooth.h. */
#include "module/_socket/bluetooth.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "object/args.h"
#include "object/bytes.h"
#include "object/str.h"
#include "object/tuple.h"

/* The device address, least significant byte first. */
typedef struct Device {
    uint8_t b[6];
} __attribute__((packed)) Device;

typedef struct L2capAddress {
    uint16_t family, psm;
    Device device;
    uint16_t cid;
    uint8_t kind;
} L2capAddress;

typedef struct RfcommAddress {
    uint16_t family;
    Device device;
    uint8_t channel;
} RfcommAddress;

typedef struct HciAddress {
    uint16_t family, device, channel;
} HciAddress;

typedef struct ScoAddress {
    uint16_t family;
    Device device;
} ScoAddress;

static int
device_from_text(const char *text, Device *device)
{
    unsigned b[6];
    char rest;
    if (sscanf(text, "%2X:%2X:%2X:%2X:%2X:%2X%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
               &rest) != 6) {
        return raise_int(&exc_OSError, "bad bluetooth address");
    }
    for (int i = 0; i < 6; i++) {
        device->b[5 - i] = (uint8_t)b[i];
    }
    return 0;
}

static Own
device_text(const Device *d)
{
    char text[18];
    snprintf(text, sizeof text, "%02X:%02X:%02X:%02X:%02X:%02X", d->b[5], d->b[4], d->b[3],
             d->b[2], d->b[1], d->b[0]);
    return str_from_cstr(text);
}

static int
item_int(Value tuple, int64_t i, const char *caller, int otherwise, int *out)
{
    *out = otherwise;
    return i < as_tuple(tuple)->length ? args_int(caller, 0, "address", tuple_item(tuple, i), out)
                                       : 0;
}

/* (device, numbers...): fail -1 */
static int
device_and_numbers(Value v, const char *caller, int least, int most, Device *device, int *numbers)
{
    const char *text;
    if (!is_tuple(v) || as_tuple(v)->length < least || as_tuple(v)->length > most) {
        return raise_int(&exc_OSError, "%s(): wrong format", caller);
    }
    if (args_cstr(caller, 0, "address", tuple_item(v, 0), &text) < 0 ||
        device_from_text(text, device) < 0) {
        return -1;
    }
    for (int i = 1; i < most; i++) {
        if (item_int(v, i, caller, 0, &numbers[i - 1]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
hci_from_value(Value v, const char *caller, HciAddress *hci)
{
    int device, channel = 0;
    if (is_tuple(v)) {
        if (as_tuple(v)->length < 1 || as_tuple(v)->length > 2) {
            return raise_int(&exc_OSError, "%s(): wrong format", caller);
        }
        if (item_int(v, 0, caller, 0, &device) < 0 || item_int(v, 1, caller, 0, &channel) < 0) {
            return -1;
        }
    } else if (args_int(caller, 0, "address", v, &device) < 0) {
        return -1;
    }
    *hci = (HciAddress){AF_BLUETOOTH, (uint16_t)device, (uint16_t)channel};
    return 0;
}

int
bluetooth_from_value(Socket *s, Value v, const char *caller, SocketAddress *address,
                     socklen_t *length)
{
    Device device = {{0}};
    int n[3];
    switch (atomic_load(&s->proto)) {
    case BT_L2CAP: {
        if (device_and_numbers(v, caller, 2, 4, &device, n) < 0) {
            return -1;
        }
        L2capAddress l = {AF_BLUETOOTH, htole16((uint16_t)n[0]), device, htole16((uint16_t)n[1]),
                          (uint8_t)n[2]};
        memcpy(address, &l, *length = sizeof l);
        return 0;
    }
    case BT_RFCOMM: {
        if (device_and_numbers(v, caller, 2, 2, &device, n) < 0) {
            return -1;
        }
        RfcommAddress r = {AF_BLUETOOTH, device, (uint8_t)n[0]};
        memcpy(address, &r, *length = sizeof r);
        return 0;
    }
    case BT_HCI: {
        HciAddress h;
        if (hci_from_value(v, caller, &h) < 0) {
            return -1;
        }
        memcpy(address, &h, *length = sizeof h);
        return 0;
    }
    case BT_SCO: {
        const char *text = is_bytes(v) ? (const char *)as_bytes(v)->data : NULL;
        if (!text && args_cstr(caller, 0, "address", v, &text) < 0) {
            return -1;
        }
        if (device_from_text(text, &device) < 0) {
            return -1;
        }
        ScoAddress a = {AF_BLUETOOTH, device};
        memcpy(address, &a, *length = sizeof a);
        return 0;
    }
    default:
        return raise_int(&exc_OSError, "%s(): unknown Bluetooth protocol", caller);
    }
}

static Own
with_numbers(Own text, int count, const int64_t *numbers)
{
    Own t = text ? tuple_new(count + 1) : NO_VALUE;
    if (!t) {
        drop_opt(text);
        return NO_VALUE;
    }
    tuple_init_item(t, 0, text);
    for (int i = 0; i < count; i++) {
        tuple_init_item(t, i + 1, small_int(numbers[i]));
    }
    return t;
}

Own
bluetooth_to_value(const SocketAddress *address, int proto)
{
    const void *a = address;
    switch (proto) {
    case BT_L2CAP: {
        const L2capAddress *l = a;
        int64_t n[] = {le16toh(l->psm), le16toh(l->cid), l->kind};
        return with_numbers(device_text(&l->device), l->kind ? 3 : l->cid ? 2 : 1, n);
    }
    case BT_RFCOMM: {
        int64_t n = ((const RfcommAddress *)a)->channel;
        return with_numbers(device_text(&((const RfcommAddress *)a)->device), 1, &n);
    }
    case BT_HCI: {
        const HciAddress *h = a;
        Own values[] = {small_int(h->device), small_int(h->channel)};
        return h->channel ? tuple_from_own(values, 2) : values[0];
    }
    case BT_SCO:
        return device_text(&((const ScoAddress *)a)->device);
    default:
        return raise_msg(&exc_ValueError, "Unknown Bluetooth protocol");
    }
}
