import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog, type LogOptions } from './log.ts';

describe('createLog', () => {
  const collect = (options: Omit<LogOptions, 'write'> = {}) => {
    const lines: string[] = [];
    return { lines, log: createLog({ ...options, write: (line) => lines.push(line) }) };
  };

  it('writes one JSON object a line, with level, time and fields', () => {
    const { lines, log } = collect();
    log.child({ room: 'catalog' }).warn('a source failed', { target: 'file:a.yaml' });
    const line: unknown = JSON.parse(lines[0] ?? '');
    assert.ok(typeof line === 'object' && line !== null && 'time' in line);
    assert.deepEqual(
      { ...line, time: null },
      {
        level: 'warn',
        time: null,
        room: 'catalog',
        target: 'file:a.yaml',
        msg: 'a source failed',
      },
    );
  });

  it('keeps quiet below its level', () => {
    const { lines, log } = collect({ level: 'warn' });
    log.info('nothing to see');
    assert.deepEqual(lines, []);
  });

  it('never writes a configured secret, wherever it stands', () => {
    const { lines, log } = collect({ secrets: () => ['hunter"22'] });
    log.error('cannot reach https://user:hunter"22@db', { deep: { note: 'hunter"22' } });
    assert.equal(lines.join('').includes('hunter'), false);
    assert.match(lines.join(''), /<secret>/);
  });

  it('never writes a bearer token or a field that is named like a secret', () => {
    const { lines, log } = collect();
    log.info('request', {
      headers: { authorization: 'Bearer abc' },
      url: '/x?t=eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl',
      header: `Bearer cbp_${'A1_-'.repeat(10)}xyz`,
    });
    assert.equal(/Bearer abc|c2lnbmF0dXJl|xyz/.test(lines.join('')), false);
  });

  it('writes a plain line for people', () => {
    const { lines, log } = collect({ plain: true });
    log.info('ready', { ms: 12 });
    assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d info {2}ready ms=12\n$/);
  });
});
