import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createFileSource } from './read-file.ts';

describe('createFileSource', () => {
  const withFile = async (work: (file: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-files-'));
    try {
      await work(join(folder, 'a.yaml'));
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const read = async (file: string, { fingerprint, now }: { fingerprint?: string; now: number }) => {
    const fingerprints = new Map(fingerprint === undefined ? [] : [[file, fingerprint]]);
    const source = createFileSource({ now: () => now });
    const outcomes = await Array.fromAsync(source.read({ target: file, optional: false, fingerprints }));
    const [outcome] = outcomes;
    assert.ok(outcome !== undefined && outcome.kind !== 'failed');
    return outcome;
  };

  it('does not look into a file whose time and size are those of the last reading', () =>
    withFile(async (file) => {
      await writeFile(file, 'a: 1\n');
      await utimes(file, 1_000, 1_000);
      const { fingerprint } = await read(file, { now: 2_000_000 });
      await writeFile(file, 'a: 2\n');
      await utimes(file, 1_000, 1_000);
      assert.equal((await read(file, { fingerprint, now: 2_000_000 })).kind, 'unchanged');
    }));

  it('looks again into a file that was read in the moment it was written', () =>
    withFile(async (file) => {
      await writeFile(file, 'a: 1\n');
      await utimes(file, 1_000, 1_000);
      const { fingerprint } = await read(file, { now: 1_000_010 });
      await writeFile(file, 'a: 2\n');
      await utimes(file, 1_000, 1_000);
      assert.equal((await read(file, { fingerprint, now: 2_000_000 })).kind, 'content');
    }));

  it('knows the same bytes under a new time', () =>
    withFile(async (file) => {
      await writeFile(file, 'a: 1\n');
      await utimes(file, 1_000, 1_000);
      const { fingerprint } = await read(file, { now: 2_000_000 });
      await utimes(file, 1_500, 1_500);
      assert.equal((await read(file, { fingerprint, now: 2_000_000 })).kind, 'unchanged');
    }));
});
