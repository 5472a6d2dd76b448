/**
 * The root file system of an image, mounted from its unpacked layers in namespaces of its own, and the running of
 * commands in it. Commands see nothing of this machine but its network, and end with all they started.
 */
import { rmdir } from 'node:fs/promises';
import type { Command } from '../script/command.ts';
import { buildError } from './errors.ts';
import { devicesScript, dropOldRoot, hold, type Holder } from './hold.ts';

/** What package scripts need, as container runtimes grant it; no mounting, no devices, no raw network. */
export const CAPABILITIES = [
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'net_bind_service',
  'setfcap',
  'setgid',
  'setpcap',
  'setuid',
  'sys_chroot',
];
const COMMAND_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/*
 * $1: the work folder, with `u` (upper), `w` (work), `m` (where it is mounted), `files`, `resolv.conf`, `hosts`.
 * $2: the lower folders, relative to it; the last of them has the folders and files that are mounted over, so that
 * none of them has to be made in the layer.
 * Layers are not ours, so overlay attributes in them lead nowhere: nofollow. Nothing has to survive a crash: volatile.
 */
const SETUP = `
cd "$1"
overlay=lowerdir=$2,upperdir=u,workdir=w,redirect_dir=nofollow,metacopy=off,index=off,nodev
mount -n -t overlay -o "$overlay,volatile" callboard m 2>/dev/null || mount -n -t overlay -o "$overlay" callboard m
cd m
for d in dev proc run tmp; do
  if [ -L $d ] || { [ -e $d ] && [ ! -d $d ]; }; then echo "note bad-root /$d"; echo "/$d is no folder" >&2; exit 9; fi
  if [ ! -d $d ]; then mkdir $d; echo "note made $d"; fi
done
${devicesScript('dev')}
mount -n -t tmpfs -o mode=755,nosuid,nodev callboard run
mount -n -t tmpfs -o mode=1777,nosuid,nodev callboard tmp
mkdir -m 1777 run/lock
mkdir run/callboard run/.old
mount -n --bind ../files run/callboard; mount -n -o remount,bind,ro,nosuid,nodev run/callboard
give() {
  if [ ! -L etc ] && [ ! -L etc/$1 ] && [ -f etc/$1 ]; then
    mount -n --bind ../$1 etc/$1; mount -n -o remount,bind,ro etc/$1; return
  fi
  if [ ! -L etc ] && [ -L etc/$1 ]; then
    to=$(readlink etc/$1); to=\${to#..}
    case "$to" in
      */../*|*/..) ;;
      /run/?*) mkdir -p "$(dirname ".$to")"; cat ../$1 > ".$to"; return ;;
    esac
  fi
  echo "note no-place /etc/$1"
}
give resolv.conf
give hosts
pivot_root . run/.old`;

/*
 * $1: the root, through /proc; then the arguments of env. In the PID namespace of one command, whose first process
 * becomes the command: what it leaves behind ends with it. /proc cannot be written, or a command could reach the kernel.
 */
const RUN = `set -eu
cd "$1"; shift
umask 022
printf localhost > /proc/sys/kernel/hostname
umount -n -c -l proc 2>/dev/null || :
mount -n -c -t proc -o ro,nosuid,nodev,noexec proc proc
ulimit -c 0; ulimit -S -n 1024 2>/dev/null || :
exec setpriv --clear-groups --inh-caps=-all --bounding-set=-all,${CAPABILITIES.map((name) => `+${name}`).join(',')} -- env -i "$@"`;

export interface NodeRoot extends AsyncDisposable {
  /** The root of the image as this process can read it. Absolute links in it mean files of the image. */
  readonly path: string;
  readonly holder: Holder;
  /** Folders that had to be made to mount on, as `proc`: in no layer. */
  readonly made: ReadonlySet<string>;
  /** `/etc/resolv.conf` and the like, when the image has no place for it. */
  readonly missing: readonly string[];
  /** The argument vector that runs a command inside. Throws `images/build-bad-command`. */
  argvOf(command: Command): readonly string[];
}

/** `lower`: names of folders in the work folder, the top one first. */
export async function mountNodeRoot(work: string, lower: readonly string[]): Promise<NodeRoot> {
  const holder = await hold({ script: SETUP, args: [work, lower.join(':')] }).catch((error: unknown) => {
    if (error instanceof Error && /is no folder/.test(error.message)) {
      throw buildError('images/build-bad-root', `The image cannot be built on: ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  });
  const path = `/proc/${holder.pid}/root`;
  try {
    await dropOldRoot(holder, '/run/.old');
    await rmdir(`${path}/run/.old`);
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
  const noted = (word: string) =>
    holder.notes.filter((note) => note.startsWith(`${word} `)).map((note) => note.slice(word.length + 1));
  return {
    path,
    holder,
    made: new Set(noted('made')),
    missing: noted('no-place'),
    argvOf: (command) => commandArgv(holder.pid, command),
    [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose](),
  };
}

/** The variables of a command: few, the same for every image, and those that it names itself. */
export function commandEnv(command: Command): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(command.env)) {
    // The loader of this machine would obey LD_… on the way into the image.
    if (
      !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ||
      name.startsWith('LD_') ||
      name === 'PATH' ||
      value.includes('\0')
    ) {
      throw buildError(
        'images/build-bad-command',
        `A command may not set the variable ${JSON.stringify(name)}.`,
      );
    }
  }
  return { PATH: COMMAND_PATH, HOME: '/root', LC_ALL: 'C', ...command.env };
}

/** Refuses an empty vector, and a program or argument that no program can be given. */
export function checkArgv(command: Command): readonly string[] {
  const [program = ''] = command.argv;
  const relative = program.includes('/') && !program.startsWith('/');
  if (
    program === '' ||
    program.startsWith('-') ||
    relative ||
    command.argv.some((part) => part.includes('\0'))
  ) {
    throw buildError(
      'images/build-bad-command',
      `${JSON.stringify(program)} cannot be run: not a program of the image.`,
    );
  }
  return command.argv;
}

export function commandArgv(pid: number, command: Command): readonly string[] {
  const assignments = Object.entries(commandEnv(command)).map(([name, value]) => `${name}=${value}`);
  const enter = ['nsenter', '--target', String(pid), '--mount', '--pid', '--root=/', '--wd=/', '--'];
  const own = ['unshare', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--'];
  const script = ['/bin/sh', '-c', RUN, 'run', `/proc/${pid}/root`];
  return [...enter, ...own, ...script, ...assignments, 'chroot', '.', ...checkArgv(command)];
}
