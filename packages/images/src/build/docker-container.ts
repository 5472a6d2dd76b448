/** The container of a session, by the command line of Docker: how it is made, entered, emptied and taken away. */
import type { Command } from '../script/command.ts';
import { CAPABILITIES, checkArgv, commandEnv } from './node-root.ts';
import { mustRun, runProgram } from './program.ts';

export interface Docker {
  /** The command line with the options that every call has. */
  readonly call: readonly [string, ...string[]];
  /** Milliseconds for what a daemon answers at once: one that hangs must not hold a build for ever. */
  readonly answerTime: number;
}

export interface Container {
  readonly docker: Docker;
  /** Of the container, of its image as a tag, and of the work folder. */
  readonly name: string;
}

export function imageOf({ name }: Container): string {
  return `callboard-build:${name}`;
}

/** The image of what changed, while it is read. */
export function madeImageOf(container: Container): string {
  return `${imageOf(container)}-made`;
}

/** Why no daemon can be used, for people; null when one answers. */
export async function whyNoDaemon({ call, answerTime }: Docker): Promise<string | null> {
  const argv = [...call, 'version', '--format', '{{.Server.Os}}'];
  const { exitCode, stdout, stderr } = await runProgram({ argv, timeout: answerTime });
  if (exitCode !== 0) {
    return `No Docker daemon answers: ${stderr.trim().slice(-300)}`;
  }
  const os = stdout.trim();
  return os === 'linux' ? null : `The Docker daemon has containers of ${JSON.stringify(os)}, not of Linux.`;
}

/** Lines for the shell that take away all that a session made; they know its name by its folder, `$1`. */
export function farewell({ call, answerTime }: Docker): string {
  const quoted = call.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(' ');
  return `n="\${1##*/}"; t=; if command -v timeout >/dev/null; then t="timeout ${answerTime / 1000}"; fi
$t ${quoted} rm --force "$n" >/dev/null 2>&1
$t ${quoted} rmi --force "callboard-build:$n-made" "callboard-build:$n" >/dev/null 2>&1`;
}

/** `files`: the folder that commands find as `/run/callboard`. */
export function createArgv(container: Container, files: string): readonly string[] {
  const plain = ['--name', container.name, '--network', 'host', '--user', '0:0', '--workdir', '/'];
  const grants = ['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', name.toUpperCase()])];
  const fresh = ['--tmpfs', '/run:mode=755', '--tmpfs', '/tmp:mode=1777'];
  const mounts = [...fresh, '--volume', `${files}:/run/callboard:ro`];
  const alive = ['--entrypoint', 'sleep', imageOf(container), '2147483647'];
  return [...container.docker.call, 'create', ...plain, ...grants, ...mounts, ...alive];
}

/** The arguments of the command line that run a command with the same few variables as every engine gives. */
export function execArgv({ docker, name }: Container, command: Command): readonly string[] {
  const env = Object.entries(commandEnv(command)).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return [...docker.call, 'exec', '--interactive', ...env, name, ...checkArgv(command)];
}

/** Starts it, or ends all that runs in it and starts it again; gives its first process, as this machine sees it. */
export async function restart({ docker, name }: Container): Promise<number> {
  await answered(docker, ['restart', '-t', '0', name]);
  return Number(await answered(docker, ['inspect', '--format', '{{.State.Pid}}', name]));
}

/**
 * Whether more runs than the `sleep` that keeps the container open. Rejects when the container has ended or the daemon
 * is gone: the exit code of a command tells nothing then.
 */
export async function isBusy({ docker, name }: Container): Promise<boolean> {
  // The first line is a heading.
  return (await answered(docker, ['top', name, '-o', 'pid'])).split('\n').length > 2;
}

/** As far as the daemon can: what is left is tried again by the farewell. */
export async function removeContainer({ docker, name }: Container): Promise<void> {
  const argv = [...docker.call, 'rm', '--force', name];
  await runProgram({ argv, timeout: docker.answerTime }).catch(() => {});
}

async function answered({ call, answerTime }: Docker, args: readonly string[]): Promise<string> {
  return (await mustRun({ argv: [...call, ...args], timeout: answerTime })).stdout.trim();
}
