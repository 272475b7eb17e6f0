#!/usr/bin/env python3
"""Tests plugins that are built outside the tree, with the header and the .pc file that `make install` installs."""

import os
import shutil

import harness

CC = os.environ.get("CC", "cc").split()

SOURCE = """
#include <animed-plugin.h>

static int open_index(const struct animed_value *values, const struct animed_similarity_input *input,
                      const struct animed_host *host, void **index, struct animed_error *err)
{
    host->log(host->ctx, ANIMED_INFO, "an index with %u threads", host->threads);
    host->progress(host->ctx, &(const struct animed_progress){.epochs = 1, .fraction = 0.5});
    if (host->cancelled(host->ctx))
        return animed_fail(err, "cancelled");
    if (values[0].integer != 7)
        return animed_fail(err, "step is %d", (int)values[0].integer);
    *index = (void *)input->vectors.ids; /* this index is not looked at */
    return 0;
}
static void close_index(void *index) { (void)index; }
static int top_k(const void *index, const struct animed_query *query, size_t limit, struct animed_hit *hits,
                 size_t *n, struct animed_error *err)
{
    (void)index;
    (void)err;
    *n = 0;
    for (uint32_t i = 0; *n < limit && i < 100; i++)
        if (i != query->item && (!query->mask || query->mask[i / 64] >> (i % 64) & 1))
            hits[(*n)++] = (struct animed_hit){i, 1.0f / (float)(i + 1)};
    return 0;
}
static const struct animed_similarity_ops ops = {.open = open_index, .close = close_index, .top_k = TOP_K};
static const struct animed_param params[] = {
    {"step", ANIMED_INT, DEFAULT, 1, 9, NULL, 0, "a number"}, {NULL, 0, NULL, 0, 0, NULL, 0, NULL}};
ANIMED_PLUGIN(.kind = ANIMED_SIMILARITY, .name = "first", .summary = "the first items", .params = params,
              .ops.similarity = &ops EXTRA);
"""


def install(scratch):
    """Install into DESTDIR.  Returns the flags that pkg-config gives for the header there."""
    harness.need("pkg-config")
    scratch.run("make", "-s", "-C", harness.BUILDDIR, "install", "DESTDIR=" + scratch.path("dest"))
    for folder, _, files in os.walk(scratch.path("dest")):
        if "animed-plugin.pc" in files:
            scratch.env["PKG_CONFIG_PATH"] = folder
    scratch.env["PKG_CONFIG_SYSROOT_DIR"] = scratch.path("dest")
    return scratch.run("pkg-config", "--cflags", "animed-plugin")[0].split()


def compile_plugin(scratch, flags, name="first", top_k="top_k", default='"7"', extra=""):
    source = scratch.write(name + ".c", SOURCE)
    out = scratch.path("plugins/" + name + ".so")
    sanitize = [] if harness.SANITIZE == "no" else ["-fsanitize=" + harness.SANITIZE]
    scratch.run(*CC, "-Wall", "-Wextra", "-Werror", "-Wno-override-init", "-Wno-unused-function", "-O1", "-fPIC",
                "-shared", *flags, *sanitize, f"-DTOP_K={top_k}", f"-DDEFAULT={default}", f"-DEXTRA={extra}", "-o", out,
                source)
    os.chmod(out, 0o755)


def setup(scratch):
    flags = install(scratch)
    os.mkdir(scratch.path("plugins"))
    for name in ("csv", "bias", "plain", "cosine", "ease"):
        shutil.copy(os.path.join(harness.PLUGINS, name + ".so"), scratch.path("plugins"))
        os.chmod(scratch.path(f"plugins/{name}.so"), 0o755)
    scratch.configure(plugins=scratch.path("plugins"), more="  similarity: {plugin: first}\n")
    return flags


def loads_and_answers(scratch):
    flags = setup(scratch)
    compile_plugin(scratch, flags)
    out, _ = scratch.animed("--show-config")
    assert "plugin: first" in out and "step: 7" in out, out
    with scratch.daemon():
        answer = scratch.ask("similar", "Made in Abyss", "-n", "3", "--min-ratings", "0", "--sequels", "show")
        assert [round(item["similarity"], 3) for item in answer["items"]] == [1, 0.5, 0.333], answer
    scratch.configure(plugins=scratch.path("plugins"), more="  similarity: {plugin: first, step: 12}\n")
    _, err = scratch.animed(status=2)
    assert "animed.yaml:10:37: step: 12 is out of range" in err, err
    scratch.configure(plugins=scratch.path("plugins"), more="  similarity: {plugin: first, step: 8}\n")
    _, err = scratch.animed(status=1)
    assert "step is 8" in err, err


def host_is_complete(scratch):
    """An operation may call every function of its host, at the start and at a reload."""
    compile_plugin(scratch, setup(scratch))
    scratch.animed("train")
    with scratch.daemon() as daemon:
        assert daemon.log.count("an index with ") == 1, daemon.log
        scratch.animed("train")
        scratch.ask("reload", "--dry-run")
        daemon.wait_for("an index with ")


def refused(scratch):
    flags = setup(scratch)
    plugin = scratch.path("plugins/first.so")

    def check(text):
        _, err = scratch.animed("--check-config", status=2)
        assert "animed.yaml:10:" in err and text in err, (text, err)

    check("there is no plugin \"first\"")
    compile_plugin(scratch, flags, extra=",.abi=99")
    check("plugin ABI 99")
    compile_plugin(scratch, flags, extra=",.size=8")
    check("compile it again")
    compile_plugin(scratch, flags, extra=",.name=\"last\"")
    check("calls itself \"last\"")
    compile_plugin(scratch, flags, extra=",.kind=ANIMED_MODEL")
    check("is a plugin of kind model")
    compile_plugin(scratch, flags, top_k="NULL")
    check("lacks")
    compile_plugin(scratch, flags, default='"70"')
    check("its default: 70 is out of range")
    compile_plugin(scratch, flags)
    os.chmod(plugin, 0o777)
    check("chmod go-w")
    os.chmod(plugin, 0o755)
    scratch.animed("--check-config")
    if os.getuid() == 0:
        os.chown(plugin, 12345, 0)
        check("belongs to user 12345")
    os.remove(plugin)
    scratch.run(*CC, "-shared", "-fPIC", "-o", plugin, "-x", "c", "/dev/null")
    os.chmod(plugin, 0o755)
    check("no symbol animed_plugin")
    with open(plugin, "w") as file:
        file.write("not a shared object")
    check("cannot load")


if __name__ == "__main__":
    harness.main([loads_and_answers, host_is_complete, refused])
