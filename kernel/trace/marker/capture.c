// SPDX-License-Identifier: GPL-2.0
/*
 * Strings that are made at a hit, from the object that a pointer points to.
 *
 * A hit may come in any context, so nothing here sleeps, spins, takes a lock or
 * faults a page in.
 */

#include <linux/dcache.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/un.h>

#include "internal.h"

/* Copies what d_path_nolock() left at the end of @buf to its beginning. */
static void marker_make_path(char *buf, size_t size, const void *ptr)
{
	const char *path = d_path_nolock(ptr, buf, size);

	memmove(buf, path, strlen(path) + 1);
}

static void marker_make_dentry(char *buf, size_t size, const void *ptr)
{
	const char *path = dentry_path_nolock(ptr, buf, size);

	memmove(buf, path, strlen(path) + 1);
}

static void marker_make_file(char *buf, size_t size, const void *ptr)
{
	const struct file *file = ptr;

	marker_make_path(buf, size, &file->f_path);
}

static void marker_make_device(char *buf, size_t size, const void *ptr)
{
	const struct device *dev = ptr;
	ssize_t len = strscpy(buf, dev_driver_string(dev), size - 1);

	if (len < 0)
		return;
	buf[len++] = ' ';
	/* A device that is not added yet may have none. */
	strscpy(buf + len, dev_name(dev) ?: "(null)", size - len);
}

/* The path of a UNIX socket; one in the abstract namespace begins with a NUL. */
static void marker_make_unix(char *buf, size_t size, const struct sockaddr_un *addr, size_t len)
{
	size_t room = min(len - offsetof(struct sockaddr_un, sun_path), size - 1);

	if (!room) {
		snprintf(buf, size, "(unnamed)");
		return;
	}
	memcpy(buf, addr->sun_path, room);
	buf[room] = '\0';
	if (!*buf)
		*buf = '@';
}

static void marker_make_sockaddr(char *buf, size_t size, const void *ptr)
{
	const struct mark_bytes *bytes = ptr;
	const struct sockaddr *addr = bytes->data;
	size_t len = min(bytes->len, sizeof(struct sockaddr_storage));

	if (!addr)
		snprintf(buf, size, "(null)");
	else if (len < sizeof(sa_family_t))
		snprintf(buf, size, "(%zu bytes)", len);
	else if (addr->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
		snprintf(buf, size, "%pISp", addr);
	else if (addr->sa_family == AF_INET6 && len >= offsetofend(struct sockaddr_in6, sin6_addr))
		snprintf(buf, size, "%pISpc", addr);
	else if (addr->sa_family == AF_UNIX)
		marker_make_unix(buf, size, (const struct sockaddr_un *)addr, len);
	else
		snprintf(buf, size, "family %u: %*phN", addr->sa_family,
			 (int)min(len - sizeof(sa_family_t), 64), addr->sa_data);
}

static void marker_make_user_string(char *buf, size_t size, const void *ptr)
{
	/* In an NMI the page tables may be those of no user. */
	if (in_nmi() ||
	    strncpy_from_user_nofault(buf, (const void __user __force *)ptr, size) < 0)
		snprintf(buf, size, "(fault)");
}

typedef void marker_make_fn(char *buf, size_t size, const void *ptr);

static marker_make_fn *const marker_make[MARKER_NR_TYPES] = {
	[MARKER_PATH]		= marker_make_path,
	[MARKER_DENTRY]		= marker_make_dentry,
	[MARKER_FILE]		= marker_make_file,
	[MARKER_DEVICE]		= marker_make_device,
	[MARKER_SOCKADDR]	= marker_make_sockaddr,
	[MARKER_USER_STRING]	= marker_make_user_string,
};

/**
 * marker_make_strings() - Make the strings of a hit.
 * @marker: marker that was hit
 * @data: what a site has given; what is no string is replaced by one
 * @buf: has room for the strings
 * @size: of @buf
 *
 * Each string leaves two bytes to each that comes after it. NULL is left alone.
 *
 * Context: Any in which RCU is watching, including NMI.
 */
void marker_make_strings(const struct marker *marker, const void **data, char *buf, size_t size)
{
	size_t len, later = 2 * marker->nr_data;
	unsigned int i;

	guard(rcu)();

	for (i = 0; i < marker->nr_data; i++) {
		later -= 2;
		if (!marker_type_is_made(marker->data[i].type) || !data[i])
			continue;
		marker_make[marker->data[i].type](buf, size - later, data[i]);
		data[i] = buf;
		len = strlen(buf) + 1;
		buf += len;
		size -= len;
	}
}
