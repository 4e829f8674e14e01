# SPDX-License-Identifier: GPL-2.0
#
# The stack's commands. KERNEL=/path/to/linux takes another base kernel.

stack := scripts/stack

export KERNEL SIGNOFF

.PHONY: help deps run tree kernel test ftracetest stress check bench abi refresh mbox clean
.SILENT:

help:
	echo 'make run      build a kernel with markers, boot it, show markers at work'
	echo 'make test     run the KUnit suites and the selftests in the booted kernel'
	echo 'make ftracetest  run upstream'"'"'s tests of tracing, and compare with the base kernel'
	echo 'make stress   stress markers, in kernels that find errors; LONG=1 for longer'
	echo 'make tree     lay the patched kernel tree out in build/linux'
	echo 'make kernel   build it in build/x86_64'
	echo 'make check    check the patches: in sync, apply, build, style, documentation'
	echo 'make bench    measure cost and size against other ways to trace'
	echo 'make abi      show that markers do not change what binary modules see'
	echo 'make refresh  write the top-level files into their patches'
	echo 'make mbox     write the series as build/markers.mbox, for git am'
	echo 'make deps     install what all of these need'
	echo 'make clean    remove build/'
	echo
	echo 'KERNEL=/path/to/linux takes another base kernel; that tree is not modified.'

deps:
	$(stack)/deps build vm test check

tree:
	$(stack)/deps build
	$(stack)/tree

kernel: tree
	$(stack)/kernel

run:
	$(stack)/deps build vm
	$(stack)/tree
	$(stack)/kernel
	$(stack)/demo

test:
	$(stack)/deps build vm test
	$(stack)/tree
	$(stack)/kernel
	$(stack)/test

ftracetest:
	$(stack)/deps build vm test ftracetest
	$(stack)/tree
	$(stack)/ftracetest

stress:
	$(stack)/deps build vm test
	$(stack)/tree
	$(stack)/kernel --out build/debug --config $(stack)/config/debug.config
	$(stack)/kernel --arch um
	$(stack)/stress $(if $(LONG),--long)

check:
	$(stack)/deps build check
	$(stack)/tree
	$(stack)/kernel
	$(stack)/check

bench:
	$(stack)/deps build vm bench
	$(stack)/tree
	$(stack)/kernel
	$(stack)/bench

abi:
	$(stack)/deps build vm abi
	$(stack)/tree
	$(stack)/abi

refresh:
	$(stack)/refresh

mbox:
	$(stack)/mbox

clean:
	rm -rf build
