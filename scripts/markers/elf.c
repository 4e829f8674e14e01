// SPDX-License-Identifier: GPL-2.0
/*
 * Find the markers and the trace events of a relocatable object.
 *
 * Of the layout of a site this needs to know that the pointer to its description
 * is its last member, and that nothing else in it is relocated. So each relocation
 * of the section is one site.
 * The object may be of any class and byte order, with relocations of either
 * kind, in any order, and with any number of sections.
 */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <xalloc.h>

#include "check.h"

/* Not in every elf.h: what "as --crel" and "clang -Wa,--crel" write */
#ifndef SHT_CREL
#define SHT_CREL	0x40000014
#endif

struct reloc {
	u64	offset;
	u64	addend;
	u32	symbol;
};

/* @first_rel and @next_rel chain the sections that relocate one section. */
struct section {
	const char	*name;
	u32	type;
	u32	link;
	u32	info;
	u64	offset;
	u64	size;
	u32	first_rel;
	u32	next_rel;
	struct reloc	*relocs;
	size_t		nr_relocs;
};

struct elf {
	const char	*path;
	const u8	*data;
	size_t		size;
	bool		big_endian;
	bool		mips64el;
	int		long_size;
	struct section	*sections;
	u32	nr_sections;
	u32	symtab;
	u32	symtab_shndx;
};

/* What a relocated pointer points to; no section if it is in another object */
struct target {
	struct section	*section;
	u64	offset;
	const char	*symbol;
};

/* The file from @offset on, which must have @size bytes there */
static const u8 *bytes(const struct elf *elf, u64 offset, u64 size)
{
	if (offset > elf->size || size > elf->size - offset)
		fatal("%s: truncated or broken object", elf->path);
	return elf->data + offset;
}

/* The integer of @size bytes at @offset of the file */
static u64 get(const struct elf *elf, u64 offset, int size)
{
	const u8 *p = bytes(elf, offset, size);
	u64 value = 0;
	int i;

	for (i = 0; i < size; i++)
		value = value << 8 | p[elf->big_endian ? i : size - 1 - i];
	return value;
}

/* Where @size bytes at @offset of a section are in the file */
static u64 file_offset(const struct elf *elf, const struct section *section,
		       u64 offset, u64 size)
{
	if (section->type == SHT_NOBITS || offset > section->size ||
	    size > section->size - offset)
		fatal("%s: nothing at %s+%#llx", elf->path, section->name,
		      (unsigned long long)offset);
	return section->offset + offset;
}

static u64 get_in(const struct elf *elf, const struct section *section,
		  u64 offset, int size)
{
	return get(elf, file_offset(elf, section, offset, size), size);
}

static const char *string_in(const struct elf *elf, const struct section *section,
			     u64 offset)
{
	u64 begin = file_offset(elf, section, offset, 1);
	u64 size = section->size - offset;
	const char *string = (const char *)bytes(elf, begin, size);

	if (!memchr(string, '\0', size))
		fatal("%s: string without an end in %s", elf->path, section->name);
	return string;
}

static u64 skip_string(const struct elf *elf, const struct section *section, u64 offset)
{
	return offset + strlen(string_in(elf, section, offset)) + 1;
}

/* Offset of a member that is at another place in each of the two classes */
#define OFFSET(elf, type, member) \
	((elf)->long_size == 8 ? offsetof(Elf64_##type, member) : \
				 offsetof(Elf32_##type, member))
#define SIZE(elf, type) \
	((elf)->long_size == 8 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))
#define MEMBER_SIZE(elf, type, member) \
	((elf)->long_size == 8 ? sizeof(((Elf64_##type *)0)->member) : \
				 sizeof(((Elf32_##type *)0)->member))
#define MEMBER(elf, offset, type, member) \
	get(elf, (offset) + OFFSET(elf, type, member), MEMBER_SIZE(elf, type, member))

static struct section *section_at(const struct elf *elf, u32 index)
{
	if (index >= elf->nr_sections)
		fatal("%s: there is no section %u", elf->path, index);
	return &elf->sections[index];
}

static void read_header(struct elf *elf)
{
	const u8 *ident = bytes(elf, 0, EI_NIDENT);

	if (memcmp(ident, ELFMAG, SELFMAG))
		fatal("%s: no ELF object", elf->path);
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		fatal("%s: unknown ELF class", elf->path);
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		fatal("%s: unknown byte order", elf->path);
	elf->long_size = ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	elf->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	if (MEMBER(elf, 0, Ehdr, e_type) != ET_REL)
		fatal("%s: no relocatable object", elf->path);
	elf->mips64el = MEMBER(elf, 0, Ehdr, e_machine) == EM_MIPS &&
			elf->long_size == 8 && !elf->big_endian;
}

static void read_section(struct elf *elf, u64 headers, u32 index)
{
	struct section *section = &elf->sections[index];
	u64 header = headers + index * SIZE(elf, Shdr);

	section->type = MEMBER(elf, header, Shdr, sh_type);
	section->link = MEMBER(elf, header, Shdr, sh_link);
	section->info = MEMBER(elf, header, Shdr, sh_info);
	section->offset = MEMBER(elf, header, Shdr, sh_offset);
	section->size = MEMBER(elf, header, Shdr, sh_size);
	if (section->type != SHT_NOBITS && section->type != SHT_NULL)
		bytes(elf, section->offset, section->size);
}

/* The first section has the numbers that do not fit into the header. */
static void read_sections(struct elf *elf)
{
	u64 headers = MEMBER(elf, 0, Ehdr, e_shoff);
	u64 nr = MEMBER(elf, 0, Ehdr, e_shnum);
	u32 names = MEMBER(elf, 0, Ehdr, e_shstrndx);
	u32 i;

	if (headers && !nr)
		nr = MEMBER(elf, headers, Shdr, sh_size);
	if (!headers || !nr || MEMBER(elf, 0, Ehdr, e_shentsize) != SIZE(elf, Shdr))
		fatal("%s: no sections, or headers of an unknown size", elf->path);
	if (names == SHN_XINDEX)
		names = MEMBER(elf, headers, Shdr, sh_link);

	/* The file has so many, so their number fits. */
	if (nr > elf->size)
		fatal("%s: truncated or broken object", elf->path);
	bytes(elf, headers, nr * SIZE(elf, Shdr));
	elf->sections = xcalloc(nr, sizeof(*elf->sections));
	elf->nr_sections = nr;
	for (i = 0; i < nr; i++)
		read_section(elf, headers, i);
	for (i = 0; i < nr; i++)
		elf->sections[i].name =
			string_in(elf, section_at(elf, names),
				  MEMBER(elf, headers + i * SIZE(elf, Shdr), Shdr, sh_name));
}

static void find_tables(struct elf *elf)
{
	struct section *section, *relocated;
	u32 i;

	for (i = 1; i < elf->nr_sections; i++) {
		section = &elf->sections[i];
		switch (section->type) {
		case SHT_SYMTAB:
			elf->symtab = i;
			break;
		case SHT_SYMTAB_SHNDX:
			elf->symtab_shndx = i;
			break;
		case SHT_REL:
		case SHT_RELA:
			relocated = section_at(elf, section->info);
			section->next_rel = relocated->first_rel;
			relocated->first_rel = i;
			break;
		case SHT_CREL:
			fatal("%s: %s is SHT_CREL, which cannot be read; assemble without --crel",
			      elf->path, section->name);
		}
	}
}

/* One entry; the kind of relocation that does nothing is 0 everywhere. */
static bool read_reloc(const struct elf *elf, const struct section *relocated,
		       u64 entry, bool rela, struct reloc *reloc)
{
	u64 info = MEMBER(elf, entry, Rela, r_info);
	bool is64 = elf->long_size == 8;

	reloc->offset = MEMBER(elf, entry, Rela, r_offset);
	if (elf->mips64el)
		info = info << 32 | (info >> 56);
	reloc->symbol = is64 ? ELF64_R_SYM(info) : ELF32_R_SYM(info);
	if (!(is64 ? ELF64_R_TYPE(info) : ELF32_R_TYPE(info)))
		return false;
	if (rela)
		reloc->addend = MEMBER(elf, entry, Rela, r_addend);
	else
		reloc->addend = get_in(elf, relocated, reloc->offset, elf->long_size);
	return true;
}

static int compare_relocs(const void *a, const void *b)
{
	const struct reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static size_t reloc_size(const struct elf *elf, const struct section *rel)
{
	return rel->type == SHT_RELA ? SIZE(elf, Rela) : SIZE(elf, Rel);
}

/* Read the relocations of a section when they are first asked for. */
static void read_relocs(const struct elf *elf, struct section *section)
{
	const struct section *rel;
	struct reloc reloc;
	u64 at, step;
	size_t room = 0;
	u32 i;

	if (section->relocs)
		return;
	for (i = section->first_rel; i; i = rel->next_rel) {
		rel = &elf->sections[i];
		if (rel->size % reloc_size(elf, rel))
			fatal("%s: %s ends within a relocation", elf->path, rel->name);
		room += rel->size / reloc_size(elf, rel);
	}
	section->relocs = xcalloc(room + 1, sizeof(*section->relocs));

	for (i = section->first_rel; i; i = rel->next_rel) {
		rel = &elf->sections[i];
		step = reloc_size(elf, rel);
		for (at = 0; at < rel->size; at += step) {
			if (read_reloc(elf, section, rel->offset + at,
				       rel->type == SHT_RELA, &reloc))
				section->relocs[section->nr_relocs++] = reloc;
		}
	}
	qsort(section->relocs, section->nr_relocs, sizeof(reloc), compare_relocs);
}

static u32 symbol_section(const struct elf *elf, u64 symbol, u32 index)
{
	u32 shndx = MEMBER(elf, symbol, Sym, st_shndx);

	if (shndx == SHN_XINDEX && elf->symtab_shndx)
		return get_in(elf, &elf->sections[elf->symtab_shndx], index * 4ULL, 4);
	return shndx < SHN_LORESERVE ? shndx : SHN_UNDEF;
}

static struct target reloc_target(const struct elf *elf, const struct reloc *reloc)
{
	const struct section *symtab = section_at(elf, elf->symtab);
	u64 symbol = file_offset(elf, symtab, reloc->symbol * (u64)SIZE(elf, Sym),
				      SIZE(elf, Sym));
	u32 shndx = symbol_section(elf, symbol, reloc->symbol);
	struct target target = {};

	target.symbol = string_in(elf, section_at(elf, symtab->link),
				  MEMBER(elf, symbol, Sym, st_name));
	if (shndx) {
		target.section = section_at(elf, shndx);
		target.offset = MEMBER(elf, symbol, Sym, st_value) + reloc->addend;
		if (elf->long_size == 4)
			target.offset = (u32)target.offset;
		if (target.offset > target.section->size)
			fatal("%s: relocation to %s+%#llx, beyond its end", elf->path,
			      target.section->name, (unsigned long long)target.offset);
	}
	return target;
}

/* Follow the pointer at @offset of what @from is. */
static bool follow(const struct elf *elf, const struct target *from, u64 offset,
		   struct target *to)
{
	struct reloc key = { .offset = from->offset + offset }, *reloc;

	if (!from->section)
		return false;
	read_relocs(elf, from->section);
	reloc = bsearch(&key, from->section->relocs, from->section->nr_relocs,
			sizeof(key), compare_relocs);
	if (!reloc)
		return false;
	*to = reloc_target(elf, reloc);
	return true;
}

/* The string that the pointer at @offset points to, or NULL */
static const char *follow_string(const struct elf *elf, const struct target *from,
				 u64 offset)
{
	struct target to;

	if (!follow(elf, from, offset, &to) || !to.section)
		return NULL;
	return string_in(elf, to.section, to.offset);
}

/*
 * A section of sites, or of pointers to events, is an array whose elements have
 * one relocation each, in their last member. So none can have been lost, or be
 * of a kind that is not read here, without that being seen.
 */
static void check_relocs(const struct elf *elf, const struct section *section, int align)
{
	u64 nr = section->nr_relocs, first = nr ? section->relocs[0].offset : 0;
	u64 step = ALIGN(first + elf->long_size, align), i;

	if (section->size && !nr)
		fatal("%s: %s of %llu bytes has no relocations; do not strip the object",
		      elf->path, section->name, (unsigned long long)section->size);
	for (i = 0; i < nr && section->relocs[i].offset == first + i * step; i++)
		;
	if (i < nr || nr * step != section->size)
		fatal("%s: %s of %llu bytes has %llu relocations, not one in each element",
		      elf->path, section->name, (unsigned long long)section->size,
		      (unsigned long long)nr);
}

/* The members of struct marker_desc, whose pointers are the target's */
#define DESC_FILE(elf)	0
#define DESC_LINE(elf)	(2 * (elf)->long_size)
#define DESC_SIZE(elf)	(DESC_LINE(elf) + 4)
#define DESC_NARGS(elf)	(DESC_LINE(elf) + 6)
#define DESC_NR_SETS(elf) (DESC_LINE(elf) + 7)
#define DESC_END(elf)	(DESC_LINE(elf) + 8)

/* Those of struct mark_set and of struct mark_name */
#define SET_NAME(elf)	0
#define SET_KIND(elf)	((elf)->long_size)
#define SET_NR(elf)	((elf)->long_size + 4)
#define SET_NAMES(elf)	((elf)->long_size + 8)
#define NAME_VALUE	0
#define NAME_NAME	8
#define NAME_SIZE	16

static void read_names(const struct elf *elf, const struct target *set, struct mark_set *read)
{
	struct mark_name *names = xcalloc(read->nr + 1, sizeof(*names));
	struct target array;
	u32 i;

	read->names = names;
	if (!read->nr)
		return;
	if (!follow(elf, set, SET_NAMES(elf), &array) || !array.section)
		fatal("%s: the set %s has no names", elf->path, read->name);
	file_offset(elf, array.section, array.offset, read->nr * (u64)NAME_SIZE);
	for (i = 0; i < read->nr; i++, array.offset += NAME_SIZE) {
		names[i].value = get_in(elf, array.section, array.offset + NAME_VALUE, 8);
		names[i].name = follow_string(elf, &array, NAME_NAME);
		if (!names[i].name)
			fatal("%s: the set %s has a value without a name", elf->path, read->name);
	}
}

static const struct mark_set *read_set(const struct elf *elf, const struct target *desc,
				       u64 offset)
{
	struct mark_set *read = xcalloc(1, sizeof(*read));
	struct target set;

	if (!follow(elf, desc, offset, &set) || !set.section)
		fatal("%s: the description of a marker at %s+%#llx lacks a set of names",
		      elf->path, desc->section->name, (unsigned long long)desc->offset);
	read->name = follow_string(elf, &set, SET_NAME(elf));
	if (!read->name || !is_identifier(read->name))
		fatal("%s: a set of names at %s+%#llx has none itself", elf->path,
		      set.section->name, (unsigned long long)set.offset);
	read->kind = get_in(elf, set.section, set.offset + SET_KIND(elf), 4);
	read->nr = get_in(elf, set.section, set.offset + SET_NR(elf), 4);
	/* So many are in the file, so their number fits. */
	if (read->nr > elf->size)
		fatal("%s: truncated or broken object", elf->path);
	read_names(elf, &set, read);
	return read;
}

static void read_site(const struct elf *elf, const struct target *desc, struct list *list,
		      const char *owner)
{
	struct raw_desc raw = { .long_size = elf->long_size };
	struct site site = { .owner = owner };
	struct target to;
	u64 tail, end;
	const char *file;
	int i;

	if (!desc->section)
		fatal("%s: a marker without a description", elf->path);
	file = NULL;
	if (follow(elf, desc, DESC_FILE(elf), &to) && to.section)
		file = string_in(elf, to.section, to.offset);
	if (!file || !*file || printable(file) != file)
		fatal("%s: the description of a marker at %s+%#llx has no name of a file",
		      elf->path, desc->section->name, (unsigned long long)desc->offset);
	site.place = xasprintf("%s:%llu", file, (unsigned long long)
			       get_in(elf, desc->section, desc->offset + DESC_LINE(elf), 4));

	raw.record_size = get_in(elf, desc->section, desc->offset + DESC_SIZE(elf), 2);
	raw.nargs = get_in(elf, desc->section, desc->offset + DESC_NARGS(elf), 1);
	raw.nr_sets = get_in(elf, desc->section, desc->offset + DESC_NR_SETS(elf), 1);
	if (desc->offset < raw.nr_sets * (u64)elf->long_size)
		fatal("%s: truncated or broken object", elf->path);
	for (i = 0; i < raw.nr_sets; i++)
		raw.sets[i] = read_set(elf, desc, (i - (s64)raw.nr_sets) * elf->long_size);
	raw.file = file;
	tail = desc->offset + DESC_END(elf);
	if (raw.nargs == MARKER_FAIL) {
		/* System and event, which are after the file */
		to.offset = skip_string(elf, to.section, to.offset);
		to.offset = skip_string(elf, to.section, to.offset);
		string_in(elf, to.section, to.offset);
		end = skip_string(elf, desc->section, tail);
	} else {
		end = tail + raw.nargs;
		for (i = 0; i < 3; i++)
			end = skip_string(elf, desc->section, end);
	}
	raw.tail_size = end - tail;
	raw.tail = bytes(elf, file_offset(elf, desc->section, tail, raw.tail_size),
			 raw.tail_size);

	describe(&raw, &site);
	list_add_site(list, &site);
	for (i = 0; i < raw.nr_sets; i++)
		list_add_set(list, raw.sets[i], &site);
}

/* The version of the layout follows. */
#define SECTION_PREFIX		"__markers_v"

/* The first members of struct trace_event_call and struct trace_event_class */
#define CALL_CLASS(elf)		(2 * (elf)->long_size)
#define CALL_NAME(elf)		(3 * (elf)->long_size)
#define CLASS_SYSTEM(elf)	0

#define TRACEPOINT		"__tracepoint_"

/*
 * Its name is in a string, or is that of its tracepoint. What a module has from
 * another object cannot be read here; then it is that object's to be compared.
 */
static void read_event(const struct elf *elf, const struct target *call, struct list *list,
		       const char *owner)
{
	const char *system, *name;
	struct target class, to;

	if (!follow(elf, call, CALL_CLASS(elf), &class) ||
	    !follow(elf, call, CALL_NAME(elf), &to))
		fatal("%s: a trace event without class or name", elf->path);
	system = follow_string(elf, &class, CLASS_SYSTEM(elf));
	if (!strncmp(to.symbol, TRACEPOINT, strlen(TRACEPOINT)))
		name = to.symbol + strlen(TRACEPOINT);
	else
		name = follow_string(elf, call, CALL_NAME(elf));
	if (system && name)
		list_add_event(list, printable(xasprintf("%s:%s", system, name)), owner);
	else if (is_vmlinux(owner))
		fatal("%s: a trace event whose system or name is not in vmlinux", elf->path);
}

/*
 * The kernel refuses markers of another layout when it loads a module, which
 * may have old parts for the sake of other kernels. vmlinux has none.
 */
static void check_version(const struct elf *elf, const struct section *section,
			  const char *owner)
{
	if (strncmp(section->name, SECTION_PREFIX, strlen(SECTION_PREFIX)) ||
	    !strcmp(section->name, MARKER_SECTION) || !section->size)
		return;
	if (is_vmlinux(owner))
		error(elf->path, "%s is another layout than %s; compile its markers again",
		      section->name, MARKER_SECTION);
	else
		note(elf->path, "%s is another layout than %s, so its markers will be refused",
		     section->name, MARKER_SECTION);
}

/**
 * struct array - An array that an object can have in sections of one name.
 * @section: name of the sections
 * @align: of an element, beyond what its last member asks for
 * @found: called with what the last member of each element points to
 */
struct array {
	const char	*section;
	int		align;
	void		(*found)(const struct elf *elf, const struct target *target,
				 struct list *list, const char *owner);
};

static const struct array arrays[] = {
	{ MARKER_SECTION, 8, read_site },
	{ "_ftrace_events", 1, read_event },
};

static void read_array(const struct elf *elf, const struct array *array,
		       struct list *list, const char *owner)
{
	struct section *section;
	struct target target;
	u32 i;
	size_t n;

	for (i = 1; i < elf->nr_sections; i++) {
		section = &elf->sections[i];
		if (strcmp(section->name, array->section))
			continue;
		read_relocs(elf, section);
		check_relocs(elf, section, array->align);
		for (n = 0; n < section->nr_relocs; n++) {
			target = reloc_target(elf, &section->relocs[n]);
			array->found(elf, &target, list, owner);
		}
	}
}

static void map_file(struct elf *elf)
{
	int fd = open(elf->path, O_RDONLY);
	struct stat stat;
	void *data;

	if (fd < 0 || fstat(fd, &stat))
		fatal("%s: %s", elf->path, strerror(errno));
	elf->size = stat.st_size;
	if (!elf->size)
		fatal("%s: empty", elf->path);
	data = mmap(NULL, elf->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		fatal("%s: %s", elf->path, strerror(errno));
	elf->data = data;
	close(fd);
}

/**
 * elf_read() - Read an object's markers and trace events.
 * @list: receives them
 * @path: of the object
 * @owner: what they belong to
 */
void elf_read(struct list *list, const char *path, const char *owner)
{
	struct elf elf = { .path = path };
	u32 i;

	map_file(&elf);
	read_header(&elf);
	read_sections(&elf);
	find_tables(&elf);
	for (i = 1; i < elf.nr_sections; i++)
		check_version(&elf, &elf.sections[i], owner);
	for (i = 0; i < ARRAY_SIZE(arrays); i++)
		read_array(&elf, &arrays[i], list, owner);

	for (i = 0; i < elf.nr_sections; i++)
		free(elf.sections[i].relocs);
	free(elf.sections);
	munmap((void *)elf.data, elf.size);
}
