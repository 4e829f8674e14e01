# SPDX-License-Identifier: GPL-2.0
#
# The stack's commands. KERNEL=/path/to/linux takes another base kernel, BASE=6.12 one
# that the distribution has, ARCH=s390x another architecture.

stack := scripts/stack
arch := $(or $(ARCH),x86_64)
foreign := $(filter-out x86_64 um,$(arch))

export KERNEL BASE SIGNOFF NEW

.PHONY: help deps run tree kernel test clients test-clients ftracetest stress mutate check bisect matrix bench abi refresh mbox rebase clean
.SILENT:

help:
	echo 'make run      build a kernel with markers, boot it, show markers at work'
	echo 'make test     run the KUnit suites and the selftests in the booted kernel;'
	echo '              ARCH=arm64, riscv64, s390x, ppc64, i386, arm or powerpc in emulation'
	echo 'make test-clients  the same with the perf, trace-cmd, bpftrace, Perfetto, ... of the'
	echo '              newest suite, which "make clients" gets (288 MB)'
	echo 'make ftracetest  run upstream'"'"'s tests of tracing, and compare with the base kernel'
	echo 'make stress   stress markers, in kernels that find errors; LONG=1 for longer, and in one'
	echo '              that finds races'
	echo 'make mutate   break the code a line at a time, and list what no test notices;'
	echo '              SAMPLE=20 for some of them, SEED= for others, FILES=pattern'
	echo 'make tree     lay the patched kernel tree out in build/linux'
	echo 'make kernel   build it in build/x86_64'
	echo 'make check    check the patches: in sync, apply, build, style, documentation'
	echo 'make bisect   build, boot and test the kernel after each patch, and go on where it was;'
	echo '              FIRST=number and LAST=number for some'
	echo 'make matrix   build, boot and test the kernel in other configurations, and for other'
	echo '              architectures, and go on where it was; CELLS="rt clang" for some,'
	echo '              HOURS=number or MINUTES=number for as long'
	echo 'make bench    measure cost and size against other ways to trace'
	echo 'make abi      show that markers do not change what binary modules see'
	echo 'make refresh  write what was edited into its patches; PATCH=number for another one'
	echo 'make mbox     write the series as build/markers.mbox, for git am; SECTION=fixes'
	echo '              for the patches below a heading of the file series'
	echo 'make rebase   try the series on the newest kernel; BASE=7.2 for another'
	echo 'make deps     install what run, test, stress and check need'
	echo 'make clean    remove build/'
	echo
	echo 'KERNEL=/path/to/linux takes another base kernel; that tree is not modified.'
	echo 'BASE=7.2 or BASE=6.12 runs, tests, builds and lays out that kernel, in build/7.2 or'
	echo 'build/6.12, with the patches in the file series-7.2 or series-6.12.'

deps:
	$(stack)/get/deps build vm test check

tree:
	$(stack)/get/deps build
	$(stack)/get/tree

kernel: tree
	$(stack)/get/deps build $(foreign)
	$(stack)/build/kernel --arch $(arch)

run:
	$(stack)/get/deps build vm
	$(stack)/get/tree
	$(stack)/build/kernel
	$(stack)/boot/demo

test:
	$(stack)/get/deps build $(or $(foreign),vm test)
	$(stack)/get/tree
	$(stack)/build/kernel --arch $(arch)
	$(stack)/test/test --arch $(arch)

clients:
	$(stack)/get/deps clients
	$(stack)/get/clients

test-clients: clients
	$(stack)/get/deps build vm
	$(stack)/get/tree
	$(stack)/build/kernel
	$(stack)/build/perf
	$(stack)/test/clients

ftracetest:
	$(stack)/get/deps build vm test ftracetest
	$(stack)/get/tree
	$(stack)/test/ftracetest

# $(call stress_kernel,name): on top of stress.config
stress_kernel = $(stack)/build/kernel --out build/$(1) \
	--config $(stack)/build/config/stress.config --config $(stack)/build/config/$(1).config

stress:
	$(stack)/get/deps build vm test
	$(stack)/get/tree
	$(call stress_kernel,debug)
	$(stack)/build/kernel --arch um
	$(if $(LONG),$(call stress_kernel,kcsan))
	$(stack)/test/stress $(if $(LONG),--long)

# 2600 mutants at about 10 s; SAMPLE=20 is a check of a few minutes, and not in .ci/run.
mutate:
	$(stack)/get/deps build vm test check
	$(stack)/get/tree
	$(stack)/build/kernel
	$(stack)/build/kernel --arch um --out build/mutate/um --config $(stack)/build/config/mutate.config
	[ -d build/selftests/markers ] || $(stack)/test/test selftests
	$(stack)/test/mutate $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(FILES),--files '$(FILES)')

check:
	$(stack)/get/deps build check
	$(stack)/get/tree
	$(stack)/build/kernel
	$(stack)/test/check

# Hours with nothing built; what passed is kept.
bisect:
	$(stack)/get/deps build vm test
	$(stack)/get/tree
	$(stack)/test/bisect $(or $(FIRST),1) $(LAST)

# Hours with nothing built; what passed is kept.
matrix:
	$(stack)/get/deps build vm test matrix
	$(stack)/get/tree
	$(stack)/test/matrix $(if $(MINUTES),--minutes $(MINUTES)) $(if $(HOURS),--minutes $$(($(HOURS) * 60))) \
		$(foreach cell,$(CELLS),'$(cell)')

bench:
	$(stack)/get/deps build vm bench
	$(stack)/get/tree
	$(stack)/build/kernel --out build/x86_64-y
	$(stack)/measure/bench

abi:
	$(stack)/get/deps build vm abi
	$(stack)/get/tree
	$(stack)/test/abi

refresh:
	$(stack)/get/deps build
	$(stack)/post/refresh $(PATCH) $(if $(NEW),--new "$$NEW") $(if $(FROM),--from $(FROM))

mbox:
	$(stack)/get/deps build
	$(stack)/post/mbox $(SECTION)

rebase:
	$(stack)/get/deps build
	env -u BASE $(stack)/get/rebase $(BASE)

clean:
	if [ -d build/series ] && { ! git -C build/series diff --quiet refs/stack/patches || \
			[ -n "$$(git -C build/series status --porcelain)" ]; }; then \
		echo "build/series has work that is not exported: 'make refresh', or remove build/ yourself."; exit 1; fi
	for in in build build/[0-9]*; do \
		[ -f "$$in/tree.path" ] && [ -d "$$in/linux" ] || continue; \
		base=$${in#build}; \
		lost=$$(BASE=$${base#/} $(stack)/series.py edits "$$(cat "$$in/tree.path")") || exit; \
		[ -z "$$lost" ] || { echo "$$in/linux has changes that are in no patch: $$lost; 'make refresh', or remove build/ yourself."; exit 1; }; \
	done
	rm -rf build
