/** Reads what is selected, or everything that a list matches: whole entities for a file, references for bulk actions. */
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import type { Client } from '../../api/client.ts';
import { isTransient } from '../../api/error.ts';
import { toRef } from '../../api/entity.ts';
import { readList, readRefs, REF_FIELDS, refsIn, type EntityPage, type ReadOptions } from './read-rows.ts';
import type { Selection } from './selection.ts';

/** The entities of a selection in pages, without those that were taken out of it. */
export async function* readSelection(
  client: Client,
  selection: Selection,
  options: ReadOptions,
): AsyncGenerator<EntityPage> {
  const patient = retrying(client);
  if (selection.kind === 'refs') {
    yield* readRefs(patient, [...selection.refs], options);
    return;
  }
  const { request, except } = selection;
  for await (const page of readList(patient, request, options)) {
    const entities = page.entities.filter((entity) => {
      const ref = toRef(entity);
      return ref === null || !except.has(stringifyRef(ref));
    });
    yield { entities, total: page.total - except.size };
  }
}

/** The references of a selection. */
export async function collectRefs(
  client: Client,
  selection: Selection,
  signal: AbortSignal,
): Promise<readonly EntityRef[]> {
  if (selection.kind === 'refs') {
    return [...selection.refs].flatMap((text) => parseRef(text) ?? []);
  }
  const refs: EntityRef[] = [];
  for await (const page of readSelection(client, selection, { fields: REF_FIELDS, signal })) {
    refs.push(...refsIn(page));
  }
  return refs;
}

const TRIES = 3;
const PAUSE_MS = 500;

/** Asks again when that may help, so that one bad moment does not undo a long reading. */
function retrying(client: Client): Client {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await client(request);
      } catch (error) {
        if (attempt === TRIES || !isTransient(error) || request.signal?.aborted === true) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, PAUSE_MS * attempt);
        });
      }
    }
  };
}
