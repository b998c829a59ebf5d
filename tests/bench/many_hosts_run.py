"""A world that is served and a program that crawls it, for tests/bench/many_hosts."""
import http.client
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class World:
    """host_world with these ranges, from `with` to its end."""

    def __init__(self, ranges):
        program = os.environ.get('WORLD') or str(ROOT / 'build/bench/host_world')
        words = [program] + [word for text in ranges for word in ('--range', text)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        ports = re.match(r'port=(\d+) control=(\d+)', self.process.stdout.readline())
        if not ports: sys.exit(f'many_hosts: {program} does not run')
        self.port, self.control = map(int, ports.groups())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ranges(self):
        """The counts of each range, in the order given."""
        return self.table('/ranges')

    def table(self, target):
        connection = http.client.HTTPConnection('127.0.0.1', self.control, timeout=30)
        connection.request('GET', target)
        names, *lines = (line.split('\t') for line in connection.getresponse().read().decode().splitlines())
        connection.close()
        return [{name: value if i < 2 else float(value) for i, (name, value) in enumerate(zip(names, line))}
                for line in lines]

    def cpu(self):
        fields = pathlib.Path(f'/proc/{self.process.pid}/stat').read_text().rpartition(') ')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Run:
    """A program that has been started, in a directory of its own; then what it took.

    Times are of CLOCK_MONOTONIC, as the server's are.
    """

    def __init__(self, world, program, words):
        self.world = world
        self.folder = tempfile.mkdtemp(prefix='weft-run-')
        self.numbers = os.path.join(self.folder, 'numbers')
        extra = shlex.split(os.environ.get('MANY_HOSTS_OPTIONS', ''))
        out = os.path.join(self.folder, 'job')
        # Its peak is taken by a small parent: a child of ours would count our own memory as its.
        command = ['/usr/bin/time', '-q', '-f', '%e %U %S %M', '-o', self.numbers, program, words[0], '-q',
                   '-o', out, *words[1:], *extra]
        self.before = world.cpu()
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        start_new_session=True, cwd=self.folder)
        self.wall = None

    def now(self):
        return time.monotonic() - self.started

    def wait(self, most, step=None):
        """Waits until it has ended or, with a step, for that long. Is it still running?

        `most` seconds after its start it is stopped.
        """
        if self.wall is not None: return False
        try:
            self.process.wait(max(0.01, min(step or most, most - self.now())))
        except subprocess.TimeoutExpired:
            if self.now() < most: return True
            self.stop()
            return False
        self.ended()
        return False

    def stop(self):
        """Interrupts it until it ends, as an impatient user would; kills it if that does not help.

        /usr/bin/time, of the same group, ignores SIGINT and so lives to tell what it took.
        """
        if self.wall is not None: return
        for number, patience in ((signal.SIGINT, 0.1), (signal.SIGINT, 3), (signal.SIGINT, 10),
                                 (signal.SIGKILL, 10)):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                pass
            except ProcessLookupError:
                break
        self.ended()

    def ended(self):
        self.wall = self.now()
        errors = self.process.communicate()[1].decode(errors='replace')
        self.server_cpu = self.world.cpu() - self.before
        self.cpu, self.peak = float('nan'), float('nan')  # of a run that had to be killed
        numbers = pathlib.Path(self.numbers).read_text().split() if os.path.exists(self.numbers) else []
        if len(numbers) >= 4:
            self.wall, user, system, self.peak = map(float, numbers[-4:])
            self.cpu = user + system
        if self.process.returncode not in (0, 1, 3, 4, 130):
            print(f'many_hosts: the program ended with {self.process.returncode}: {errors[-500:]}',
                  file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)


def program_options(words, scenarios, text):
    """(runs or None, scale, scenarios named), or the end of the program."""
    runs, scale, names = None, 1.0, []
    words = list(words)
    try:
        while words:
            word = words.pop(0)
            if word == '--help':
                print(text.strip())
                sys.exit(0)
            if word == '--runs': runs = int(words.pop(0))
            elif word == '--scale': scale = float(words.pop(0))
            elif word in scenarios: names.append(word)
            else: raise ValueError(f"'{word}' is neither an option nor a scenario")
    except (ValueError, IndexError) as error:
        sys.exit(f'many_hosts: {error}\nusage: tests/bench/many_hosts [--runs N] [--scale F] [SCENARIO...]')
    return runs, scale, names
