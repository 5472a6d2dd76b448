/**
 * From submit to done: starts tasks one after the other at any portal that speaks the scaffolder's REST API, ours or
 * Backstage's, and follows each by its event stream until it completed. Prints medians and the worst, in milliseconds.
 * Usage: node packages/scaffolder/bench/task-latency.ts <name>=<url>,<token>,<template ref> … [--tasks 20]
 * Portals are asked in turn, so that a noisy machine is noisy for all.
 */
import { parseArgs } from 'node:util';
import { isObject, parseJson } from '@callboard/model';

interface Portal {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly templateRef: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tasks: { type: 'string', default: '20' } },
});
const portals = positionals.map(parsePortal);
const taken = new Map<string, number[]>(portals.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.tasks); round += 1) {
  for (const portal of portals) taken.get(portal.name)?.push(await runOne(portal, round));
}
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN;
const first = taken.get(portals[0]?.name ?? '') ?? [];
for (const [name, times] of taken) {
  const ratio = (median(times) / median(first)).toFixed(1);
  console.log(
    `${name}: median ${median(times).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms, ${ratio} x`,
  );
}

function parsePortal(text: string): Portal {
  const [name = '', rest = ''] = text.split(/=(.*)/s);
  const [url = '', token = '', templateRef = ''] = rest.split(',');
  return { name, url, token, templateRef };
}

/** Milliseconds from the request to the event that says it completed. */
async function runOne({ url, token, templateRef, name }: Portal, round: number): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ templateRef, values: { name: `bench-${process.pid}-${round}` } });
  const begin = performance.now();
  const created = await fetch(`${url}/api/scaffolder/v2/tasks`, { method: 'POST', headers, body });
  const answer: unknown = await created.json();
  if (created.status !== 201 || !isObject(answer)) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  const path = `${url}/api/scaffolder/v2/tasks/${String(answer['id'])}`;
  const stream = await fetch(`${path}/eventstream`, { headers });
  if (stream.body === null) throw new Error(`${name}: no stream`);
  let text = '';
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/^event: completion$/m.test(text) && text.endsWith('\n\n')) break;
  }
  const end = performance.now();
  const task: unknown = parseJson(await (await fetch(path, { headers })).text());
  if (!isObject(task) || task['status'] !== 'completed') throw new Error(`${name}: ${JSON.stringify(task)}`);
  return end - begin;
}
