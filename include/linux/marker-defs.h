/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_DEFS_H
#define _LINUX_MARKER_DEFS_H

/*
 * What a trace_mark() leaves behind in an object file. Also read by the program
 * that checks the markers of a kernel when it is linked, so this includes nothing
 * and takes plain C types.
 */

/* The most arguments that a marker takes. */
#define MARKER_MAX_ARGS		16

/* Room in front of a record for the header that the trace buffer wants. */
#define MARKER_HEADER_SIZE	8

/*
 * The section carries the version of the layout of struct marker_site and
 * struct marker_desc, so that a module built for another one is told apart.
 */
#define MARKER_SECTION		"__markers_v2"

/* What a marker_desc says of each argument; part of the site layout. */
enum marker_type {
	MARKER_BOOL,
	MARKER_CHAR,
	MARKER_SCHAR,
	MARKER_UCHAR,
	MARKER_SHORT,
	MARKER_USHORT,
	MARKER_INT,
	MARKER_UINT,
	MARKER_LONG,
	MARKER_ULONG,
	MARKER_LLONG,
	MARKER_ULLONG,
	MARKER_PTR,
	/* Stored by value in the record, aligned to one byte. */
	MARKER_MAC,
	MARKER_IPV4,
	MARKER_IPV6,
	MARKER_UUID,
	/* Of variable length, stored behind the fields. */
	MARKER_STRING,
	MARKER_BYTES,
	MARKER_NR_TYPES,
};

/**
 * struct marker_desc - The constant part of a site.
 * @file: source file
 * @func: function that the marker stands in
 * @line: line in @file
 * @size: where the compiler ended the last field, from the record's beginning
 * @nargs: number of arguments
 * @flags: none defined yet, 0
 *
 * Behind the structure stand @nargs bytes of enum marker_type, and then three
 * strings: system, event and format.
 */
struct marker_desc {
	const char	*file;
	const char	*func;
	unsigned int	line;
	unsigned short	size;
	unsigned char	nargs;
	unsigned char	flags;
};

#endif /* _LINUX_MARKER_DEFS_H */
