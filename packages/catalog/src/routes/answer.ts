/** Entities as bytes on the wire: joined from the index, or cut to the fields that were asked for. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { EntityIndex } from '../index/entity-index.ts';
import type { Projection } from '../query/fields.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Entities per chunk of a streamed answer. */
const CHUNK = 500;
const COMMA = 0x2c;
const NULL = Buffer.from('null');

/** What stands around the list of entities in an answer. */
export interface Frame {
  readonly before: string;
  readonly after: string;
}

export const BARE_LIST: Frame = { before: '[', after: ']' };

export function sendJson(reply: FastifyReply, body: Buffer | string | Readable): FastifyReply {
  return reply.header('content-type', JSON_TYPE).send(body);
}

/** The JSON of one entity. */
export function oneEntity(index: EntityIndex, ordinal: number, fields: Projection | null = null): Buffer {
  if (fields === null) return index.bytesOf(ordinal);
  const parts = fields.needsRelations || fields.needsStatus ? 'all' : 'head';
  return Buffer.from(JSON.stringify(fields.project(index.jsonOf(ordinal, parts))));
}

/** A list of entities in its frame; an undefined ordinal is written as null. */
export function entityList(
  index: EntityIndex,
  ordinals: readonly (number | undefined)[],
  { frame, fields }: { frame: Frame; fields: Projection | null },
): Buffer {
  if (fields !== null) {
    const items = ordinals.map((ordinal) =>
      ordinal === undefined ? NULL : oneEntity(index, ordinal, fields),
    );
    return Buffer.from(`${frame.before}${items.join(',')}${frame.after}`);
  }
  let size = Buffer.byteLength(frame.before) + Buffer.byteLength(frame.after) + ordinals.length;
  for (const ordinal of ordinals) size += ordinal === undefined ? NULL.length : index.byteLength(ordinal);
  const bytes = Buffer.allocUnsafe(size);
  let position = bytes.write(frame.before);
  for (const [i, ordinal] of ordinals.entries()) {
    if (i > 0) bytes[position++] = COMMA;
    if (ordinal === undefined) position += NULL.copy(bytes, position);
    else position = index.copyTo(ordinal, bytes, position);
  }
  position += bytes.write(frame.after, position);
  return bytes.subarray(0, position);
}

/**
 * A bare list as a stream, a chunk at a time, so that a large answer neither fills the memory nor keeps others
 * waiting. Entities that are deleted meanwhile are left out.
 */
export function entityStream(
  index: EntityIndex,
  ordinals: readonly number[],
  fields: Projection | null,
): Readable {
  const uids = ordinals.map((ordinal) => index.uidOf(ordinal));
  async function* chunks(): AsyncGenerator<Buffer> {
    let first = true;
    for (let i = 0; i < ordinals.length; i += CHUNK) {
      const chunk = ordinals.slice(i, i + CHUNK).filter((ordinal, j) => index.uidOf(ordinal) === uids[i + j]);
      const present = chunk.filter((ordinal) => index.live.has(ordinal));
      if (present.length === 0) continue;
      yield entityList(index, present, { frame: { before: first ? '[' : ',', after: '' }, fields });
      first = false;
      await nextTurn();
    }
    yield Buffer.from(first ? '[]' : ']');
  }
  return Readable.from(chunks(), { objectMode: false });
}
