#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How packages of other suites than this machine's are had: by apt, from the
# machine's own mirror and verified, with lists and settings in $apt, a directory of
# its own; the system's stay as they are. With debian_arch they are for that
# architecture. To be sourced, after lib.sh.
#
# shellcheck disable=SC2154 # apt is the script's that sources this

# The mirror of the distribution that this machine's apt is configured for.
# Before the first update apt knows no origin: then go by the path.
mirror()
{
	# shellcheck disable=SC2016 # the format is apt's
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$2 ~ /-/ { next }
		     $3 == "Debian" { print $1; exit }
		     $3 !~ /^[A-Z]/ && $1 ~ /\/debian\/?$/ { print $1; exit }'
}

keyring()
{
	for file in /usr/share/keyrings/debian-archive-keyring.gpg \
		    /usr/share/keyrings/debian-archive-keyring.pgp; do
		if [ -r "$file" ]; then
			say "[signed-by=$file]"
			return
		fi
	done
}

# settings SUITE...: a private apt.conf and sources.list for the suites. With
# kind=deb-src they are for sources.
settings()
{
	for suite; do
		say "${kind:-deb} $(keyring) $uri $suite main"
	done >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear DPkg::Post-Invoke;
	#clear Acquire::IndexTargets::deb::DEP-11;
	Dir::Etc::sourcelist "$apt/sources.list";
	Dir::Etc::sourceparts "-";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State::lists "$apt/lists";
	Dir::Cache "$apt/cache";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Acquire::http::Timeout "60";
	Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
	APT::Get::List-Cleanup "true";
	APT::Update::Error-Mode "any";
	END
	[ -z "${debian_arch:-}" ] ||
		say "APT::Architecture \"$debian_arch\"; APT::Architectures { \"$debian_arch\"; };" \
			>>"$apt/apt.conf"
	[ "$(id -u)" -ne 0 ] || say 'APT::Sandbox::User "root";' >>"$apt/apt.conf"
}

# lists SUITE...: fetch the package lists of the suites.
lists()
{
	settings "$@"
	apt-get -c "$apt/apt.conf" -q update >"$apt/log" 2>&1 </dev/null ||
		die "The package lists could not be fetched (no network?): $(grep -m 1 '^[EW]:' "$apt/log")"
}

# private_apt DIR: ready to ask apt, with its files in DIR. Sets $uri.
private_apt()
{
	apt=$1
	uri=$(mirror)
	[ -n "$uri" ] || return
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
}

# prepare_apt ELSE: the same in a directory that is removed in the end, $work, but for
# what is mounted there; or say what to do else
prepare_apt()
{
	{ has apt-get && has dpkg-deb; } ||
		die "This is not a Debian-like system; $1."
	mkdir -p "$cache" || die "$cache cannot be written."
	work=$(mktemp -d "$cache/new.XXXXXX") || die "$cache cannot be written."
	trap 'rm -rf --one-file-system "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	private_apt "$work/apt" || die "apt is configured for no Debian mirror; $1."
}

# apt_fetch COMMAND...: have apt-get download something into $apt
apt_fetch()
{
	(
		cd "$apt" || exit
		apt-get -c "$apt/apt.conf" -q -o Dpkg::Use-Pty=0 "$@" >"$apt/log" 2>&1 </dev/null
	) || die "The download failed: $(grep -m 1 '^E:' "$apt/log")"
}

# fetch_package PACKAGE [VERSION]: unpack it in $work
fetch_package()
{
	apt_fetch download "$1${2:+=$2}"
	dpkg-deb -x "$apt/$1"_*.deb "$work" || die "$1 could not be unpacked."
}

# fetch_source PACKAGE: its patched sources, in $work/PACKAGE
fetch_source()
{
	apt_fetch source --download-only "$1"
	dpkg-source --no-check -x "$apt/$1"_*.dsc "$work/$1" >"$apt/log" 2>&1 ||
		die "$1 could not be unpacked: $(tail -n 1 "$apt/log")"
}
