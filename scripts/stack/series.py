#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The series as a git branch: build/series, a repository of the files it touches.

Its root commit, tagged base, has the base kernel's version of them. Each patch is
a commit, and so is each heading of the series file, an empty one. Blobs are those
of a kernel tree, and commits have neither persons nor times: the same series on the
same base has the same hashes. What the refs below refs/stack/ mean:

  patches           what patches/ and series correspond to
  top               what the top-level files were written from
  kernel            the series on the kernel that KERNEL names
  folded, unfolded  the branch with and without edits, while refresh folds them in

  series.py sync BASE     make or update build/series, print its commit
  series.py apply BASE    the same on another kernel, away from the branch
  series.py edits BASE    print what was edited in build/linux
  series.py lay DIR BASE COMMIT [N]   bring DIR, a copy of BASE, there, or to patch N
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

STACK = Path(__file__).resolve().parent
TOP = STACK.parent.parent
RELEASE = os.environ.get("BASE", "")    # of another base kernel than the pinned one
BUILD = TOP / "build" / RELEASE
SERIES = TOP / f"series-{RELEASE}" if RELEASE and (TOP / f"series-{RELEASE}").exists() else TOP / "series"
REPO = BUILD / "series"
TREE = BUILD / "linux"
MARK = REPO / ".git/stack-patches"      # the hash of what refs/stack/patches is made from
REBASE = REPO / ".git/rebase-merge"     # there while a rebase goes on
BRANCH = "refs/heads/series"
NOBODY = ("markers", "markers@localhost")
# Of this process alone: another one may be making trees in the same repository
SCRATCH = tempfile.TemporaryDirectory(prefix="stack-index.")
INDEX = Path(SCRATCH.name, "index")

# For git that the developer runs there: the user's settings must not change what is committed
CONFIG = f"""user.name={NOBODY[0]} user.email={NOBODY[1]} commit.gpgSign=false core.autocrlf=false
    core.attributesFile=/dev/null core.excludesFile=/dev/null core.hooksPath=/dev/null core.commentChar=;
    gc.auto=0 rebase.autoSquash=true rebase.missingCommitsCheck=warn""".split()
DIFF = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--binary",
        "--diff-algorithm=myers", "--indent-heuristic", "--unified=3", "--inter-hunk-context=0",
        "--src-prefix=a/", "--dst-prefix=b/", "--abbrev=12"]
# What a series of another base says of patches that it leaves out, and of files that it changes
NOTES = ("# not here: ", "# differs: ")
STAT = re.compile(r" \S.* \| +(\d+|Bin)| \d+ files? changed| (create|delete) mode \d{6} |"
                  r" mode change \d{6} |$")


def stop(text):
    """End with a sentence for the user."""
    sys.exit(f"{Path(sys.argv[0]).name}: {text}")


def git(*args, stdin="", index=None, cwd=REPO, check=True, **env):
    """The output of a git command, run without the user's settings; None if it fails."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    clean.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_EDITOR=":", LC_ALL="C", **env)
    for role in ("GIT_AUTHOR", "GIT_COMMITTER"):
        clean.update({f"{role}_NAME": NOBODY[0], f"{role}_EMAIL": NOBODY[1], f"{role}_DATE": "1700000000 +0000"})
    if index:
        clean["GIT_INDEX_FILE"] = str(index)
    run = subprocess.run(["git", "-c", "safe.directory=*", *args], cwd=cwd, env=clean, check=False,
                         capture_output=True, input=stdin.encode("utf-8", "surrogateescape"))
    if run.returncode == 0:
        return run.stdout.decode("utf-8", "surrogateescape")
    git.error = run.stderr.decode("utf-8", "surrogateescape").strip()
    if check:
        stop(f"git {args[0]}: {git.error}")
    return None


def read(path):
    return path.read_bytes().decode("utf-8", "surrogateescape")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def ref(name):
    """The commit that a ref names, or None."""
    found = git("rev-parse", "-q", "--verify", name, check=False) if MARK.parent.exists() else None
    return found and found.strip()


def set_refs(**refs):
    """Set or, with None, delete refs below refs/stack/."""
    for name, commit in refs.items():
        git("update-ref", *([] if commit else ["-d"]), f"refs/stack/{name}", *([commit] if commit else []))


def files(commit, cwd=REPO):
    """The files of a commit: path -> (mode, blob)."""
    found = git("ls-tree", "-r", "-z", commit, cwd=cwd, check=False) if commit else None
    entries = (re.split("[ \t]", line, maxsplit=3) for line in (found or "").split("\0")[:-1])
    return {path: (mode, blob) for mode, _, blob, path in entries}


def on_disk(root, paths):
    """The same of those files that are below a directory; their blobs are kept."""
    paths = [path for path in paths if (root / path).is_file() and not (root / path).is_symlink()]
    blobs = git("hash-object", "-w", "--no-filters", "--stdin-paths",
                stdin="".join(f"{root / path}\n" for path in paths)).split()
    return {path: ("100755" if os.access(root / path, os.X_OK) else "100644", blob)
            for path, blob in zip(paths, blobs)}


def tree_of(changes, start=None):
    """A tree object: that of start, with changes made to it (None: no such file)."""
    git("read-tree", start or "--empty", index=INDEX)
    git("update-index", "-z", "--index-info", index=INDEX,
        stdin="".join(f"{entry[0]} {entry[1]}\t{path}\0" if entry else f"0 {'0' * 40}\t{path}\0"
                      for path, entry in changes.items()))
    return git("write-tree", index=INDEX).strip()


def commit_tree(tree, parent, message):
    return git("commit-tree", tree, *(["-p", parent] if parent else []), stdin=message).strip()


def starts_diff(lines, i):
    return (lines[i].startswith(("diff --git ", "Index: ")) or
            lines[i].startswith("--- ") and lines[i + 1:i + 2] and lines[i + 1].startswith("+++ "))


def parse(name, text):
    """A patch file as (message, diff)."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    start = next((i for i in range(len(lines)) if starts_diff(lines, i)), len(lines))
    head, _, stat = "".join(lines[:start]).partition("\n---\n")
    for line in stat.split("\n"):
        if not STAT.match(line):
            stop(f"patches/{name}: notes below the --- are not kept, move this to the cover letter: {line}")
    head, _, body = head.partition("\n\n")
    headers = dict(re.findall(r"^([A-Z][A-Za-z-]*): (.*(?:\n[ \t].*)*)", head, re.M))
    subject = re.sub(r"^\[PATCH[^]]*\] *|\n", "", headers.get("Subject", Path(name).stem)).strip()
    return f"{subject}\n\n{body}".strip("\n") + "\n", "".join(lines[start:])


def entries():
    """The lines of the series file: headings, with their #, and names of patches."""
    lines = read(SERIES if SERIES.exists() else stop("there is no file series")).split("\n")
    return [line.strip() for line in lines if line.strip("# \t") and not line.startswith(NOTES)]


def patch_files():
    """The patches of the series: name -> text."""
    paths = {name: TOP / "patches" / name for name in entries() if name[0] != "#"}
    for name, path in paths.items():
        if not path.is_file():
            stop(f"series names {name}, which is not in patches/")
    return {name: read(path) for name, path in paths.items()}


def fingerprint(base):
    """A hash over what build/series is made from."""
    whole = [str(base), *entries(), *patch_files().values()]
    return hashlib.sha256("\0".join(whole).encode("utf-8", "surrogateescape")).hexdigest()


def misfit(name, diff, base):
    """That a patch does not apply, and which hunk, as git counts lines."""
    write(BUILD / "tree.log", f"patches/{name}:\n{git.error}\n")
    _, path, line = (*re.findall(r"patch failed: ((.*):(\d+))$", git.error, re.M), ("", "", ""))[0]
    section = diff.partition(f"+++ b/{path}\n")[2].partition("\ndiff --git ")[0]
    starts = re.findall(r"^@@ -(\d+)", section, re.M)
    where = f", hunk #{starts.index(line) + 1} of {path}" if line in starts else ""
    stop(f"patches/{name} does not apply to {base}{where}; see build/tree.log")


def init():
    if not MARK.parent.is_dir():
        git("init", "-q", "-b", "series", "--template=", str(REPO), cwd="/")
        for setting in CONFIG:
            git("config", *setting.split("="))


def apply(diff):
    """The tree that a diff makes of what is in the index, or None if it does not apply."""
    if diff and git("apply", "--cached", "--whitespace=nowarn", "-", stdin=diff, index=INDEX, check=False) is None:
        return None
    return git("write-tree", index=INDEX).strip()


def build(base):
    """The series on a base kernel, as (root, tip); no ref and no file is touched."""
    texts = {name: parse(name, text) for name, text in patch_files().items()}
    diffs = "".join(diff for _, diff in texts.values())
    stat = git("apply", "--numstat", "-z", "-", stdin=diffs, cwd="/") if diffs else ""
    touched = sorted({line.split("\t")[2] for line in stat.split("\0")[:-1]})
    tip = root = commit_tree(tree_of(on_disk(base, touched)), None, "base\n")
    for line in entries():
        message, diff = texts.get(line, (line + "\n", ""))
        tip = commit_tree(apply(diff) or misfit(line, diff, base), tip, message)
    return root, tip


def commits(root, tip):
    """What is between them, oldest first: (commit, tree, file name's stem, message)."""
    if git("rev-list", "--merges", f"{root}..{tip}"):
        stop("build/series has a merge, and the series has to be a line: git rebase base")
    log = git("log", "--reverse", "-z", "--format=%H%n%T%n%f%n%B", f"{root}..{tip}")
    return [tuple(record.split("\n", 3)) for record in log.split("\0") if record]


def nth(root, tip, number):
    """The commit of the patch of that number; that of 0 is the base."""
    return [root, *(commit for commit, _, _, text in commits(root, tip) if text[0] != "#")][int(number)]


def diff_of(before, commit):
    return git("diff-tree", "-r", "-p", "--stat=72", "--summary", *DIFF, before, commit)


def patch_text(message, diff):
    """The file of a patch."""
    subject, _, body = message.rstrip("\n").partition("\n")
    return f"Subject: {subject}\n{body}".rstrip("\n") + f"\n---\n{diff}"


def export(root, tip):
    """The series file and the patches of a branch: (text, name -> text)."""
    before, lines, texts = root, [], {}
    for commit, _, stem, message in commits(root, tip):
        subject, _, body = message.rstrip("\n").partition("\n")
        diff = diff_of(before, commit)
        before, text = commit, body.split("\n")
        bad = [line for i, line in enumerate(text) if line == "---" or starts_diff(text, i)]
        if message[0] == "#" and (diff or body):
            stop(f"build/series: the heading '{subject}' has changes or a text")
        if message[0] != "#" and not diff:
            stop(f"build/series: '{subject}' changes nothing; drop it with git rebase -i base")
        if re.match("(fixup|squash|amend)! ", subject):
            stop(f"build/series: '{subject}' is not folded in; git rebase -i base")
        if bad:
            stop(f"build/series: '{subject}': patch programs split a changelog at '{bad[0]}'; indent it")
        name = f"{len(texts) + 1:04}-{stem}"[:80].rstrip("-.") + ".patch"
        lines.append(subject if message[0] == "#" else name)
        if message[0] != "#":
            texts[name] = patch_text(message, diff)
    return "".join(line + "\n" for line in lines), texts


def touched_by(root, tip):
    """path -> the commits that touch it, oldest first."""
    log = git("log", "--reverse", "--format=%x00%H", "--name-only", "--no-renames", f"{root}..{tip}")
    found = {}
    for record in log.split("\0")[1:]:
        commit, *paths = record.split("\n")
        for path in filter(None, paths):
            found.setdefault(path, []).append(commit)
    return found


def checkout(root, tip):
    git("update-ref", "refs/tags/base", root)
    git("update-ref", BRANCH, tip)
    git("symbolic-ref", "HEAD", BRANCH)
    git("reset", "-q", "--hard")


def sync(base):
    """Have build/series correspond to patches/, unless it has work of its own."""
    init()
    mark = fingerprint(base)
    if ref(BRANCH) and MARK.exists() and read(MARK) == mark:
        return
    if ref(BRANCH) and (REBASE.exists() or git("status", "--porcelain") or ref(BRANCH) != ref("refs/stack/patches")):
        stop("patches/ or series changed, and build/series has work that is not exported.\n"
             "To keep that, restore patches/ and series, and run 'make refresh'; to drop it:\n"
             "git -C build/series rebase --abort; git -C build/series reset --hard refs/stack/patches")
    print(f"{Path(sys.argv[0]).name}: applying the series in build/series", file=sys.stderr)
    root, tip = build(base)
    checkout(root, tip)
    set_refs(patches=tip)
    write(MARK, mark)


def laid_out(folder):
    """What was laid out in a directory: path -> (mode, blob)."""
    index = Path(f"{folder}.index")
    return files(git("write-tree", index=index).strip()) if index.exists() else {}


def lay(folder, base, commit, careful):
    """Bring a copy of the base to a commit and write only what differs."""
    was, now = laid_out(folder), files(commit)
    now.update(on_disk(base, [path for path in was if path not in now]))
    have, origin = on_disk(folder, {**was, **now}), {**on_disk(base, now), **was}
    lost = [path for path in {**was, **now} if careful and have.get(path) not in (origin.get(path), now.get(path))]
    if lost:
        stop(f"build/linux has changes that are in no patch: {' '.join(sorted(lost))}; take them over "
             "with 'make refresh', or remove build/linux")
    where = {"index": f"{folder}.index", "cwd": folder, "GIT_WORK_TREE": str(folder), "GIT_DIR": str(REPO / ".git")}
    git("read-tree", tree_of(have), **where)
    git("update-index", "-q", "--refresh", check=False, **where)
    git("read-tree", "--reset", "-u", tree_of(now), **where)


def edits(base):
    """What differs in build/linux from what was laid out there, since the base was copied:
    path -> (mode, blob), or None."""
    was = laid_out(TREE)
    new = subprocess.run(["find", ".", "-type", "f", "-cnewer", BUILD / "tree.path", "-printf", "%P\\0"], cwd=TREE,
                         check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "surrogateescape").split("\0")
    paths = {*was, *(path for path in new if path and (base / path).is_file())}
    have, origin = on_disk(TREE, paths), {**on_disk(base, paths), **was}
    return {path: have.get(path) for path in sorted(paths) if have.get(path) != origin.get(path)}


def main(what, *args):
    if what == "lay":
        folder, base, commit, *number = args
        if number:
            commit = nth(git("rev-list", "--max-parents=0", commit).strip(), commit, number[0])
        lay(Path(folder).absolute(), Path(base), commit, careful=not number)
    elif what == "edits":
        print(" ".join(edits(Path(args[0]))))
    elif what == "sync":
        sync(Path(args[0]))
        print(ref(BRANCH))
    else:
        init()
        set_refs(kernel=build(Path(args[0]))[1])
        print(ref("refs/stack/kernel"))


if __name__ == "__main__":
    main(*sys.argv[1:])
