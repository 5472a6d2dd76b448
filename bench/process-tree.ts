/** Reads a process and its descendants from /proc: who they are, and how much memory they hold. Linux only. */
import { readdir, readFile } from 'node:fs/promises';

export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot; with the pid it names one process for good, as pids are used again. */
  readonly startTicks: number;
}

export interface Memory {
  /** Bytes resident now (VmRSS), summed; pages that processes share count once for each. */
  readonly rss: number;
  /** Bytes resident at most so far (VmHWM), each process at its own worst moment, summed. */
  readonly peakRss: number;
  readonly processes: number;
}

interface Seen extends ProcessId {
  readonly parent: number;
}

/** The process and all that descend from it, parents before children; empty when it is gone. */
export async function processTree(root: number): Promise<readonly ProcessId[]> {
  const names = await readdir('/proc');
  const stats = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name))),
  );
  const running = stats.filter((seen) => seen !== null);
  const children = Map.groupBy(running, (seen) => seen.parent);
  const tree = running.filter((seen) => seen.pid === root);
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree.map(({ pid, startTicks }) => ({ pid, startTicks }));
}

/** Memory of a process and its descendants; zeros when it is gone. */
export async function memoryOf(pid: number): Promise<Memory> {
  const tree = await processTree(pid);
  const statuses = await Promise.all(tree.map((each) => readProc(`/proc/${each.pid}/status`)));
  const alive = statuses.filter((text) => text !== null);
  const sum = (field: string): number => alive.reduce((total, text) => total + bytesOf(text, field), 0);
  return { rss: sum('VmRSS'), peakRss: sum('VmHWM'), processes: alive.length };
}

/** True while that very process runs; a zombie does not. */
export async function isAlive(process: ProcessId): Promise<boolean> {
  return (await statOf(process.pid))?.startTicks === process.startTicks;
}

/** Parent and start of a running process (proc_pid_stat(5), fields 3, 4 and 22); null when it is gone or a zombie. */
async function statOf(pid: number): Promise<Seen | null> {
  const text = await readProc(`/proc/${pid}/stat`);
  if (text === null) return null;
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  return { pid, parent: Number(parent), startTicks: Number(rest[17]) };
}

async function readProc(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return null;
    throw error;
  }
}

function bytesOf(status: string, field: string): number {
  const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
  return Number(kibibytes ?? 0) * 1024;
}
