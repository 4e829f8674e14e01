#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Print a Perfetto trace: its ftrace events that it describes itself, and what was lost.

	perfetto_text.py FILE

A line is "group:event field:type=value ..."; one that begins with "lost:" tells of what
is not there. The numbers are those of Perfetto's public .proto files.
"""

import sys

TYPES = {3: 'int64', 4: 'uint64', 9: 'string', 12: 'bytes'}

# What has to be 0: of a buffer, of a CPU
LOST_OF_BUFFER = {3: 'chunks_overwritten', 6: 'patches_failed', 9: 'abi_violations',
                  18: 'chunks_discarded', 19: 'trace_writer_packet_loss'}
LOST_OF_CPU = {3: 'overrun', 4: 'commit_overrun', 8: 'dropped_events'}
LOST_OF_STATS = {6: 'unknown_ftrace_events', 7: 'failed_ftrace_events',
                 9: 'ftrace_parse_errors'}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Number and value of each field of a message"""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            if kind == 2:
                size, at = varint(data, at)
            else:
                size = {1: 8, 5: 4}[kind]
            value = data[at:at + size]
            at += size
        yield key >> 3, value


def every(data, number):
    return [value for n, value in fields(data) if n == number]


def one(data, number, default=None):
    return (every(data, number) or [default])[0]


def describe(bundle, known):
    """Learn from the descriptors of a bundle: group, name, and the fields' names and types"""
    for message in every(bundle, 11):
        event = one(message, 2)
        known[one(message, 1)] = (
            one(message, 3).decode(), one(event, 1).decode(),
            {one(f, 3): (one(f, 1).decode(), TYPES.get(one(f, 5), 'unknown'))
             for f in every(event, 2)})


def shown(kind, value):
    if kind == 'int64' and value >> 63:
        return value - (1 << 64)
    if kind == 'string':
        return value.decode(errors='backslashreplace')
    return value.hex() if kind == 'bytes' else value


def main():
    with open(sys.argv[1], 'rb') as file:
        packets = every(file.read(), 1)
    bundles = [b for p in packets for b in every(p, 1)]
    known = {}
    for bundle in bundles:
        describe(bundle, known)
    events = []
    for bundle in bundles:
        if one(bundle, 3):
            print('lost: events of CPU', one(bundle, 1, 0))
        for error in every(bundle, 8):
            print('lost: error', error.hex())
        for event in every(bundle, 2):
            events += [(one(event, 1), n, v) for n, v in fields(event) if n in known]
    for _, number, record in sorted(events, key=lambda event: event[0]):
        group, name, types = known[number]
        texts = ['%s:%s=%s' % (*types[n], shown(types[n][1], v)) for n, v in fields(record)]
        print(' '.join(['%s:%s' % (group, name)] + texts))
    stats = [(s, LOST_OF_STATS) for p in packets for s in every(p, 34)]
    stats += [(c, LOST_OF_CPU) for s, _ in stats for c in every(s, 2)]
    stats += [(b, LOST_OF_BUFFER) for p in packets for s in every(p, 35) for b in every(s, 1)]
    for message, names in stats:
        for number, value in fields(message):
            if number in names and value:
                print('lost:', names[number], value)
    print('%d statistics' % len(stats))


main()
