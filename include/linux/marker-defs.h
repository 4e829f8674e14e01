/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MARKER_DEFS_H
#define _LINUX_MARKER_DEFS_H

/*
 * The layout of a trace_mark() in an object file. The program that checks markers
 * when the kernel is linked reads this file as well, so the file includes nothing
 * and uses plain C types only.
 */

/* The most arguments that a marker takes. */
#define MARKER_MAX_ARGS		32

/*
 * In place of the number of arguments: the site is a mark_fail(). The core has the
 * fields and the format, which are the same for all mark_fail(). The reason is where
 * another site has its format. System and event follow the name of the file, so that
 * the sites of a file share one string.
 */
#define MARKER_FAIL		0xff

/* Room in front of a record for the header that the trace buffer wants. */
#define MARKER_HEADER_SIZE	8

/* Where the fields end at the latest; what follows them does not count. */
#define MARKER_FIELDS_MAX	(MARKER_HEADER_SIZE + 8 * MARKER_MAX_ARGS)

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
	/* Of variable length, stored after the fields. */
	MARKER_STRING,
	MARKER_BYTES,
	MARKER_U8S,
	MARKER_U16S,
	MARKER_U32S,
	MARKER_U64S,
	MARKER_BITMAP,
	MARKER_CPUMASK,
	/* Of which the core makes a string at the hit. */
	MARKER_PATH,
	MARKER_DENTRY,
	MARKER_FILE,
	MARKER_DEVICE,
	MARKER_SOCKADDR,
	MARKER_USER_STRING,
	MARKER_NR_TYPES,
};

/* Added to the type of an integer of which a set of names tells how it prints */
#define MARKER_NAMED		0x80

/* How a set of names makes text of a value; part of the site layout. */
enum mark_kind {
	MARK_KIND_SYMBOLS,	/* the name of the value */
	MARK_KIND_FLAGS,	/* the names of its bits, with | in between */
	MARK_KIND_ERRNO,	/* a negative one is an error, which the core can name */
	MARK_KIND_SIGNAL,	/* a signal, which the core can name */
	MARK_KIND_DEV,		/* a dev_t, MAJOR:MINOR */
	MARK_NR_KINDS,
};

/**
 * struct mark_name - What a value, or a flag, is called.
 * @value: the value, or the bits
 * @name: its name
 *
 * Of the same layout wherever a long long is aligned to less.
 */
struct mark_name {
	unsigned long long	value __attribute__((__aligned__(8)));
	const char		*name;
};

/**
 * struct mark_set - A set of names.
 * @name: of the set
 * @kind: an enum mark_kind
 * @nr: number of @names; 0 where the core has them
 * @names: the names, in the order in which they are tried
 */
struct mark_set {
	const char		*name;
	unsigned int		kind;
	unsigned int		nr;
	const struct mark_name	*names;
};

/**
 * struct marker_desc - The constant part of a site.
 * @file: source file
 * @func: function that has the marker
 * @line: line in @file
 * @size: where the compiler ended the last field, from the record's beginning
 * @nargs: number of arguments, or MARKER_FAIL
 * @nr_sets: number of arguments whose type has MARKER_NAMED
 *
 * The structure is followed by @nargs bytes of enum marker_type, and by three
 * strings: system, event and format. Before it are @nr_sets pointers, to the struct
 * mark_set of each argument that has one. In a mark_fail(), the structure is followed
 * by the reason only.
 */
struct marker_desc {
	const char	*file;
	const char	*func;
	unsigned int	line;
	unsigned short	size;
	unsigned char	nargs;
	unsigned char	nr_sets;
};

#endif /* _LINUX_MARKER_DEFS_H */
