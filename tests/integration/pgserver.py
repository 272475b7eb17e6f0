"""A PostgreSQL server in a scratch directory, on a Unix socket alone and without rights."""

import contextlib
import glob
import os
import pwd
import signal
import subprocess
import threading

import harness

SECRET = "s3cr3t"


def need_programs():
    """The directory of the programs of the server.  Skips the test where they are not installed."""
    found = [path for path in glob.glob("/usr/lib/postgresql/*/bin") if os.path.exists(os.path.join(path, "initdb"))]
    return max(found, key=lambda path: float(path.split("/")[4])) if found else harness.skip("postgresql is not installed")


def user():
    """Who runs the server, which refuses to run as root."""
    if os.getuid() != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(os.getuid())
        harness.skip("a PostgreSQL server wants a user with a name")
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


class Server:
    """A server with the database and the superuser `anime`, and a user `joe` who needs a password."""

    def __init__(self, scratch):
        self.scratch, self.user, self.bin = scratch, user(), need_programs()
        self.home = scratch.path("pg")
        os.mkdir(self.home, 0o700)
        os.chmod(scratch.home, 0o711)
        os.chown(self.home, self.user.pw_uid, self.user.pw_gid)
        scratch.env.update(PGHOST=self.home, PGUSER="anime", PGDATABASE="anime")
        self.run("initdb", "-D", "data", "-U", "anime", "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync")
        hba = "local all joe scram-sha-256\nlocal all all trust\n"
        self.command("sh", "-c", f"echo '{hba}' >data/pg_hba.conf")
        self.process = subprocess.Popen(
            self.drop([os.path.join(self.bin, "postgres"), "-D", "data", "-k", self.home, "-c", "listen_addresses=", "-c",
                       "fsync=off", "-c", "autovacuum=off"]),
            cwd=self.home, env=scratch.env, stderr=subprocess.PIPE, text=True)
        with harness.limit("the server to be ready"):
            while "ready to accept connections" not in (line := self.process.stderr.readline()):
                assert line, "the server ended"
        # it waits where nobody reads what it says
        self.reader = threading.Thread(target=self.process.stderr.read)
        self.reader.start()
        self.sql("create database anime", database="postgres")
        self.sql(f"create role joe login password '{SECRET}'")

    def drop(self, command):
        """The command, run by the server's user."""
        if os.getuid() != 0:
            return command
        return [harness.need("setpriv"), f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups",
                *command]

    def command(self, *command):
        subprocess.run(self.drop(command), cwd=self.home, env=self.scratch.env, check=True, capture_output=True,
                       timeout=harness.TIMEOUT)

    def run(self, program, *args):
        self.command(os.path.join(self.bin, program), *args)

    def sql(self, text, database="anime"):
        """Run SQL.  Returns what psql prints."""
        done = subprocess.run([os.path.join(self.bin, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", database],
                              input=text, env=self.scratch.env, text=True, capture_output=True, timeout=harness.TIMEOUT)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        with harness.limit("the server to end"):
            self.process.wait()
            self.reader.join()
        self.process.stderr.close()
