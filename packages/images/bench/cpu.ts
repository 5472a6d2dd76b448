/** Processor time, which says more than the clock on a machine that others use too. Linux only. */
import { readFile } from 'node:fs/promises';
import { runProgram } from '../real/machine.fixture.ts';

/** Seconds, user and system, of all processes below this one that have ended and were waited for: proc_pid_stat(5). */
export async function processorSeconds(): Promise<number> {
  const [stat, ticks] = [
    await readFile('/proc/self/stat', 'utf8'),
    Number(await runProgram(['getconf', 'CLK_TCK'])),
  ];
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}
