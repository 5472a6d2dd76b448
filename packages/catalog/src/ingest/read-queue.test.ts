import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadQueue } from './read-queue.ts';

describe('ReadQueue', () => {
  /** A queue whose readings end when they are told to. */
  const createQueue = () => {
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const queue = new ReadQueue({
      read: (ref, { force }) => {
        begun.push(force ? `${ref} anew` : ref);
        return new Promise((resolve) => {
          ends.set(ref, resolve);
        });
      },
      isFile: (ref) => ref.startsWith('file'),
      concurrency: 2,
    });
    const end = async (ref: string): Promise<void> => {
      ends.get(ref)?.();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    };
    return { begun, queue, end };
  };

  it('reads files one after the other, in the order they were asked for', async () => {
    const { begun, queue, end } = createQueue();
    for (const ref of ['file 1', 'file 2', 'file 3']) queue.add(ref, { force: false });
    assert.deepEqual(begun, ['file 1']);
    await end('file 1');
    await end('file 2');
    assert.deepEqual(begun, ['file 1', 'file 2', 'file 3']);
  });

  it('reads others side by side, as many as it may, beside a file', async () => {
    const { begun, queue, end } = createQueue();
    for (const ref of ['url 1', 'file 1', 'url 2', 'url 3']) queue.add(ref, { force: false });
    assert.deepEqual(begun, ['url 1', 'file 1', 'url 2']);
    await end('url 2');
    assert.deepEqual(begun, ['url 1', 'file 1', 'url 2', 'url 3']);
    assert.equal(queue.running().length, 3);
  });

  it('reads once more what is asked for while it is being read, anew if anybody wanted that', async () => {
    const { begun, queue, end } = createQueue();
    queue.add('file 1', { force: false });
    queue.add('file 1', { force: true });
    queue.add('file 1', { force: false });
    assert.deepEqual(begun, ['file 1']);
    assert.equal(queue.size, 2);
    await end('file 1');
    assert.deepEqual(begun, ['file 1', 'file 1 anew']);
    await end('file 1');
    assert.equal(queue.size, 0);
    assert.equal(queue.has('file 1'), false);
  });

  it('forgets what is dropped, and begins nothing once it is closed', async () => {
    const { begun, queue, end } = createQueue();
    for (const ref of ['file 1', 'file 2', 'file 3']) queue.add(ref, { force: false });
    queue.drop('file 2');
    queue.close();
    queue.add('file 4', { force: false });
    await end('file 1');
    assert.deepEqual(begun, ['file 1']);
    assert.equal(queue.size, 0);
  });
});
