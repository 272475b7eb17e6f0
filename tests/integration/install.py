#!/usr/bin/env python3
"""Tests `make install` and `make uninstall`, below a DESTDIR: what they leave there, and what the files there say."""

import os

import harness

CC = os.environ.get("CC", "cc").split()

# asks where the socket is, of the library
PROGRAM = """
#include <animeclient.h>
#include <stdio.h>

int main(void)
{
    char path[108];
    animeclient_socket_path("/a/socket", path, sizeof path);
    return puts(path) < 0;
}
"""



def make(scratch, target):
    return scratch.run("make", "-s", "-C", harness.BUILDDIR, target, "DESTDIR=" + scratch.path("dest"))[0]


def installed(scratch):
    """The paths below DESTDIR of all files there."""
    found = [os.path.join(folder, file) for folder, _, files in os.walk(scratch.path("dest")) for file in files]
    return sorted("/" + os.path.relpath(path, scratch.path("dest")) for path in found)


def read(scratch, path):
    with open(scratch.path("dest" + path), encoding="utf-8") as file:
        return file.read()


def only(paths, end):
    found = [path for path in paths if path.endswith(end)]
    assert len(found) == 1, (end, found)
    return found[0]


def configuration(paths):
    """The configuration that animed reads, and the example of it."""
    example = only(paths, "doc/animed/animed.yaml")
    return only([path for path in paths if path != example], "/animed/animed.yaml"), example


def nothing_is_left(scratch):
    make(scratch, "install")
    paths = installed(scratch)
    assert only(paths, "/bin/animed") and only(paths, "/animed/csv.so") and only(paths, "/libanimeclient.so"), paths
    make(scratch, "uninstall")
    assert installed(scratch) == [], installed(scratch)
    make(scratch, "uninstall")


def an_edited_configuration_is_kept(scratch):
    make(scratch, "install")
    conf, example = configuration(installed(scratch))
    assert read(scratch, conf) == read(scratch, example)
    assert "kept" not in make(scratch, "install")
    scratch.write("dest" + conf, "log: debug\n")
    assert f"kept as it is: {scratch.path('dest' + conf)}" in make(scratch, "install")
    assert read(scratch, conf) == "log: debug\n" and "log: info" in read(scratch, example)
    make(scratch, "uninstall")
    assert installed(scratch) == [conf], installed(scratch)
    os.remove(scratch.path("dest" + conf))
    os.symlink("nowhere", scratch.path("dest" + conf))
    make(scratch, "install")
    assert os.readlink(scratch.path("dest" + conf)) == "nowhere"


def places_are_the_configured_ones(scratch):
    make(scratch, "install")
    paths = installed(scratch)
    conf, example = configuration(paths)
    page = read(scratch, only(paths, "/animed.8"))
    assert page.count(conf) == 2 and example in page, page
    assert f"#plugins: {os.path.dirname(only(paths, '/csv.so'))}\n" in read(scratch, conf)
    assert conf in scratch.run(harness.ANIMED, "--help")[0]


def a_program_can_use_the_library(scratch):
    make(scratch, "install")
    library = os.path.dirname(scratch.path("dest" + only(installed(scratch), "/libanimeclient.so")))
    scratch.env.update(PKG_CONFIG_PATH=os.path.join(library, "pkgconfig"), PKG_CONFIG_SYSROOT_DIR=scratch.path("dest"),
                       LD_LIBRARY_PATH=library)
    flags = scratch.run(harness.need("pkg-config"), "--cflags", "--libs", "animeclient")[0].split()
    sanitize = [] if harness.SANITIZE == "no" else ["-fsanitize=" + harness.SANITIZE]
    scratch.run(*CC, *sanitize, "-o", scratch.path("program"), scratch.write("program.c", PROGRAM), *flags)
    assert scratch.run(scratch.path("program"))[0] == "/a/socket\n"


if __name__ == "__main__":
    harness.main([nothing_is_left, an_edited_configuration_is_kept, places_are_the_configured_ones,
                  a_program_can_use_the_library])
