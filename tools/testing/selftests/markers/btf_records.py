#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare the records of markers in BTF with what their formats say.

	btf_records.py TRACEFS MODULE BTF

of all markers that only MODULE has, or "-" for the kernel image, which BTF is of. Each
field has to have its name, offset, and size. Prints what differs, and how many markers
are the same.
"""

import json
import re
import subprocess
import sys

FIELD = re.compile(r'\tfield:(.*?)([A-Za-z_0-9]+)(\[\d*\])?;\toffset:(\d+);\tsize:(\d+);')


def read_types(path):
    """Those of a module go on where those of the kernel image end."""
    types = {}
    for part in dict.fromkeys([path.rpartition('/')[0] + '/vmlinux', path]):
        text = subprocess.run(['bpftool', '-j', 'btf', 'dump', 'file', part], check=True,
                              capture_output=True).stdout
        types.update({kind['id']: kind for kind in json.loads(text)['types']})
    return types


def size_of(types, number):
    kind = types[number]
    while kind['kind'] in ('TYPEDEF', 'CONST', 'VOLATILE', 'TYPE_TAG'):
        kind = types[kind['type_id']]
    if kind['kind'] == 'PTR':
        return 8
    if kind['kind'] == 'ARRAY':
        return kind['nr_elems'] * size_of(types, kind['type_id'])
    return kind['size']


def in_btf(types, event):
    """Name, offset and size of each field, but for what all events have"""
    for kind in reversed(types.values()):
        if kind['kind'] == 'STRUCT' and kind['name'] == 'trace_event_raw_' + event:
            return [(member['name'], member['bits_offset'] // 8,
                     size_of(types, member['type_id']))
                    for member in kind['members'] if member['name'] not in ('ent', '__data')]
    return None


def in_format(path):
    with open(path, encoding='ascii') as file:
        fields = [FIELD.match(line) for line in file]
    return [(('__data_loc_' if '__data_loc' in field[1] else '') + field[2],
             int(field[4]), int(field[5]))
            for field in fields if field and not field[2].startswith('common_')]


def main():
    tracefs, module, btf = sys.argv[1:]
    owners = {}
    with open(tracefs + '/static_markers', encoding='utf-8') as file:
        for line in file:
            columns = line.rstrip('\n').split('\t')
            owners.setdefault(columns[0], set()).add(columns[5])
    types = read_types(btf)
    same = 0
    for name, modules in sorted(owners.items()):
        if modules != {module}:
            continue
        system, event = name.split(':')
        wanted = in_format(f'{tracefs}/events/{system}/{event}/format')
        found = in_btf(types, event)
        if wanted == found:
            same += 1
        else:
            print(name, 'format', wanted, 'BTF', found)
    print(same, 'the same')


main()
