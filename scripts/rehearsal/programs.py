"""keyrite's programs and the stand-in clouds as functions."""
import glob
import json
import os
import subprocess

# Tools with commands, each of which is an act.
OF_COMMANDS = ("tenant", "key", "destination", "dek", "inventory")
TOOLS = ("init-site", "generate-kek", "wrap-for-import", "verify-import", "rotate", "shred", "verify-certificate", "ceremony", "verify-ceremony", "approve", "resume",
         "transcript",
         *OF_COMMANDS)
HERE = os.path.dirname(os.path.realpath(__file__))


class Refused(Exception):
    """A program did not do it. `code`: the slug of keyrite's error, or "" for other programs."""

    def __init__(self, program, status, code, message, hint=""):
        super().__init__(message)
        self.program, self.status, self.code, self.hint = program, status, code, hint


class Programs:
    """Everything runs with the stand-in clouds first on the PATH. `environment`: beside the caller's."""

    def __init__(self, build, environment):
        self._tools = {}
        for name in TOOLS:
            found = [path for path in glob.glob(os.path.join(build, "**", name), recursive=True)
                     if os.path.isfile(path) and os.access(path, os.X_OK)]
            if not found:
                raise Refused(name, 1, "", f"{name} was not built in {build}")
            self._tools[name] = found[0]
        self.environment = {**os.environ, **environment,
                            "PATH": os.path.join(HERE, "cloud") + os.pathsep + os.environ["PATH"]}

    def path(self, name):
        return self._tools[name]

    def act(self, site, name, *words, statuses=(0,), acts=None):
        """The result of an act in a site, and its exit status. `acts`: of a tool that does several, their names."""
        with site.token.lock:
            done = self.tool(name, *words, *site.options, statuses=statuses, environment=site.token.environment)
            site.done.extend([f"{name}-{words[0]}" if name in OF_COMMANDS else name] if acts is None else acts)
            return done

    def tool(self, name, *words, statuses=(0,), environment=None):
        """The result of a keyrite tool run with --json, and its exit status."""
        result = self._run([self._tools[name], *words, "--json"], environment)
        try:
            document = json.loads(result.stdout)
        except ValueError:
            document = {}
        if result.returncode not in statuses or "result" not in document:
            error = document.get("error", {})
            raise Refused(name, result.returncode, error.get("code", ""),
                          error.get("message") or _first_line(result), error.get("hint", ""))
        return document["result"], result.returncode

    def client(self, *command, cwd=None):
        """Standard output of a cloud's client, or of a bundle's import.sh."""
        result = self._run(list(command), None, cwd)
        if result.returncode != 0:
            raise Refused(command[0], result.returncode, "", f"{' '.join(command[:4])}: {_first_line(result)}")
        return result.stdout

    def run(self, *command, cwd=None):
        """Whether a program that is no part of keyrite ended with 0, and what it said."""
        result = self._run(list(command), None, cwd)
        return result.returncode == 0, (result.stdout + result.stderr).strip()

    def _run(self, command, environment, cwd=None):
        return subprocess.run(command, env={**self.environment, **(environment or {})}, cwd=cwd, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, check=False)


def _first_line(result):
    lines = (result.stderr.strip() or result.stdout.strip() or f"exit status {result.returncode}").splitlines()
    return lines[0]
