/** What every command on images works with, and how it ends: tools, stages, the record, and what Ctrl-C does. */
import { resolve } from 'node:path';
import { createTools, type Image, type Platform, type Reference, type Tools } from '@callboard/images';
import { UsageError, type CommandContext } from '../context.ts';
import { STOPPED, stopSignal } from '../stopping.ts';
import { readToolSettings, type ToolValues } from './options.ts';
import { openRecord, type PatchRecord } from './record.ts';
import { createStages, type Stages } from './stages.ts';

export interface Work {
  readonly context: CommandContext;
  readonly tools: Tools;
  readonly record: PatchRecord;
  readonly stages: Stages;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

interface WorkValues extends ToolValues {
  readonly record: string;
  readonly quiet?: boolean | undefined;
}

/** Runs a command to its exit code; 130 when it was stopped, after all that it held open is closed. */
export async function working(
  context: CommandContext,
  values: WorkValues,
  run: (work: Work) => Promise<number>,
): Promise<number> {
  const { err, here, env } = context;
  if (values.record === '') throw new UsageError('--record takes a folder');
  const settings = readToolSettings(values, here);
  const tools = createTools({ settings, env, fetch, now: Date.now, random: Math.random });
  const record = openRecord(resolve(here, values.record));
  using stopping = stopSignal(() => {
    void err.write('\nStopping and cleaning up; Ctrl-C again ends at once, and may leave files behind.\n');
  });
  const { signal } = stopping;
  const stages = createStages(err, { quiet: values.quiet === true, signal, keep: record.log });
  try {
    return await run({ context, tools, record, stages, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    await err.write('Stopped. Nothing was promoted, unless a line above says so.\n');
    return STOPPED;
  }
}

/** What a reference stands for now; with a tag and a digest it is the digest. */
export function readImageOf(
  { tools, signal }: Work,
  reference: Reference,
  platform: Platform,
): Promise<Image> {
  const at = { ...reference, reference: reference.digest ?? reference.tag ?? 'latest' };
  return tools.client.image(at, platform, { signal });
}
