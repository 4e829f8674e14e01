# SPDX-License-Identifier: GPL-2.0
"""What a change of the series means for those of other bases, the files series-RELEASE.

Such a series has the patches of the series where these apply, and its own ones in
patches/RELEASE where not. What a change does to the kernel's files after a patch, is
merged into what the other base has after that patch; from that, the patches are made.
A patch that is new or was moved is picked.
"""

import difflib
import functools
import re
import tempfile
from pathlib import Path

import series
from series import TOP, files, git, on_disk, read, write


class Conflict(Exception):
    """What has to be done by hand."""


@functools.cache
def merged_text(was, have, now):
    """What changed from was to now, done to have; None for a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("have", "was", "now")]
        for path, text in zip(paths, (have, was, now)):
            write(path, text)
        return git("merge-file", "-p", *map(str, paths), check=False)


@functools.cache
def merged(was, have, now):
    """The same for files: (mode, blob), or None for no file."""
    if now in (was, have):
        return have
    if was == have:
        return now
    if not was or not have or not now:
        raise Conflict
    text = merged_text(*(git("cat-file", "blob", blob) for _, blob in (was, have, now)))
    if text is None:
        raise Conflict
    return now[0], git("hash-object", "-w", "--stdin", stdin=text).strip()


def in_order(old, new):
    """Those that follow each other in both lists; others were moved, or are new."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {subject for block in blocks for subject in old[block.a:block.a + block.size]}


def reworded(old, new):
    """Those in the same place with another subject, old -> new."""
    pairs = {}
    for what, start, end, to, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "replace" and end - start == stop - to:
            pairs.update(zip(old[start:end], new[to:stop]))
    return {was: now for was, now in pairs.items() if was not in new and now not in old}


class Line:
    """A series from first to last: after each patch, its message and the files."""

    def __init__(self, tip):
        root = git("rev-list", "--max-parents=0", tip).strip()
        self.root, self.messages, self.states = files(root), {}, {}
        for commit, _, _, message in series.commits(root, tip):
            subject = message.partition("\n")[0]
            if subject[0] != "#":
                self.messages[subject], self.states[subject] = message.rstrip("\n") + "\n", files(commit)

    def rename(self, pairs):
        """Know patches by other subjects."""
        self.messages, self.states = ({pairs.get(subject, subject): value for subject, value in known.items()}
                                      for known in (self.messages, self.states))

    def know(self, paths):
        """Add files of the base that no patch touches."""
        for state in (self.root, *self.states.values()):
            for path, entry in paths.items():
                state.setdefault(path, entry)

    def before(self):
        """The state before each patch."""
        return dict(zip(self.states, [self.root, *self.states.values()]))

    def touched(self):
        """All files that there are after any patch."""
        return {**self.root, **{path: None for state in self.states.values() for path in state}}

    def changed(self, subjects):
        """The files that these patches change."""
        before = self.before()
        return {path for subject in subjects if subject in self.states
                for path in {**before[subject], **self.states[subject]}
                if before[subject].get(path) != self.states[subject].get(path)}


class Other:
    """The series of another base, as it is before the series is written."""

    def __init__(self, path, base):
        self.path, self.release, self.base = path, path.name.removeprefix("series-"), base
        was, series.SERIES = series.SERIES, path
        try:
            self.line = Line(series.build(base)[1])
            self.subject_of = dict(zip(series.patch_files(), self.line.messages))
        finally:
            series.SERIES = was
        self.left_out = re.findall(r"^# not here: \d{4}(-[^:]*):", read(path), re.M)

    def order(self, old, new, names):
        """The patches as they are to follow each other: those that it alone has stay
        behind the same one."""
        first, behind, last = [], {}, None
        for subject in self.line.messages:
            if subject in old.messages:
                last = subject
            else:
                (behind.setdefault(last, []) if last else first).append(subject)
        left_out = {subject for subject, name in names.items() if name[4:] in self.left_out}
        found = first
        for subject in new.messages:
            if subject in self.line.messages or subject not in old.messages and subject not in left_out:
                found.append(subject)
            found += behind.get(subject, [])
        return found

    def rename(self, pairs):
        """Know patches by other subjects."""
        self.line.rename(pairs)
        self.subject_of = {name: pairs.get(subject, subject) for name, subject in self.subject_of.items()}

    def carry(self, old, new, names):
        """Make its patches and its series file anew; names are those of the patches."""
        news = {path for line in (old, new) for path in line.touched()} - set(self.line.touched())
        self.line.know(on_disk(self.base, news))
        order, kept = self.order(old, new, names), in_order(list(old.messages), list(new.messages))
        # Files that only patches change that are not there, and those that its kernel is without
        without = old.changed(set(old.states) - set(order)) | new.changed(set(new.states) - set(order))
        without -= old.changed(order) | new.changed(order)
        without |= {**old.root, **new.root}.keys() - self.line.touched().keys()
        before, before_new = self.line.before(), new.before()
        at_old, at_new, state = old.root, new.root, self.line.root
        tree = series.tree_of(state)
        texts = {}              # subject -> the text of a patch of its own, or None
        for subject in order:
            if subject in self.line.states and (subject in kept or subject not in new.messages):
                at_old, at_new = old.states.get(subject, at_old), new.states.get(subject, at_new)
                three = at_old, self.line.states[subject], at_new
            elif subject in self.line.states:
                three = before[subject], state, self.line.states[subject]
            else:
                three = before_new[subject], state, new.states[subject]
            state = self.merge(subject, without, *three)
            last, tree = tree, series.tree_of(state)
            texts[subject] = self.own(last, tree, self.message(subject, old, new), names.get(subject))
        self.put(order, names, texts)

    @staticmethod
    def merge(subject, without, was, have, now):
        """What changed from was to now, done to have: states of all files."""
        state = {path: have.get(path) for path in without}
        for path in {**have, **now}.keys() - without:
            try:
                state[path] = merged(was.get(path), have.get(path), now.get(path))
            except Conflict as error:
                raise Conflict(f"{path} after '{subject}'") from error
        return {path: entry for path, entry in state.items() if entry}

    def message(self, subject, old, new):
        """The changelog, with what changed in that of the series."""
        was, have, now = (line.messages.get(subject) for line in (old, self.line, new))
        if not now or not have or not was:
            return have or now
        if was == have:
            return now
        text = merged_text(was, have, now)
        if not text:
            print(f"refresh: {self.path.name}: the changelog of '{subject}' was changed here and there; it stays")
        return text or have

    @staticmethod
    def own(before, tree, message, name):
        """The text of its own patch between two trees, or None if that of the series does
        the same; empty if there is nothing to do."""
        diff = series.diff_of(before, tree)
        text = diff and series.patch_text(message, diff)
        if not name or not text:
            return text
        message_there, diff = series.parse(name, read(TOP / "patches" / name))
        git("read-tree", before, index=series.INDEX)
        return None if message == message_there and series.apply(diff) == tree else text

    @staticmethod
    def numbered(lines, names):
        """The text of the series file, in which patches that are left out have new numbers."""
        number = {name[4:]: name for name in names.values()}
        return re.sub(r"(?<=^# not here: )\d{4}(-[^:]*)", lambda found: number.get(found[1], found[0]),
                      "\n".join(lines) + "\n", flags=re.M)

    def renumber(self, names):
        """Call the patches that it takes as they are by the names that these have now."""
        lines = [line if "/" in line else names.get(self.subject_of.get(line), line)
                 for line in read(self.path).rstrip("\n").split("\n")]
        write(self.path, self.numbered(lines, names))

    def put(self, order, names, texts):
        """Write the series file and the patches, if they differ."""
        above, lines, kept = {}, [], []
        for line in read(self.path).rstrip("\n").split("\n"):
            if line in self.subject_of:
                above[self.subject_of[line]], kept = kept, []
            else:
                kept.append(line)
        own_name = {subject: name for name, subject in self.subject_of.items()}
        wanted = {}
        for subject in order:
            name = names.get(subject)
            if texts[subject] == "" and not name:
                lines += above.get(subject, [])
                continue            # one that it alone had, and that has nothing left to do
            if texts[subject] == "":
                name = f"# not here: {name}: what it changes is so already"
            elif texts[subject] is not None:
                name = f"{self.release}/{name}" if name else own_name[subject]
                wanted[name] = texts[subject]
            lines += [*above.get(subject, []), name]
        text = self.numbered([*lines, *kept], names)
        for path in (TOP / "patches" / self.release).glob("*.patch"):
            if f"{self.release}/{path.name}" not in wanted:
                path.unlink()
        changed = [name for name, text in wanted.items()
                   if not (TOP / "patches" / name).exists() or read(TOP / "patches" / name) != text]
        for name in changed:
            write(TOP / "patches" / name, wanted[name])
        if changed or text != read(self.path):
            write(self.path, text)
            print(f"refresh: {self.path.name}, {len(changed)} of its own patches written")
