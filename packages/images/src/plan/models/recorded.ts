/** Recorded models: what a model answered is kept by the hash of its prompt, and played again without any model. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson } from '@callboard/model';
import { plannerError } from './errors.ts';
import { promptHash, toPromptText, type Model, type ModelAnswer } from './model.ts';

const FINISHES = [
  'stop',
  'length',
  'refused',
  'tool',
  'other',
] as const satisfies readonly ModelAnswer['finish'][];

export interface Recordings {
  /** Null when there is none. */
  read(hash: string): Promise<ModelAnswer | null>;
  write(hash: string, recording: { readonly prompt: string; readonly answer: ModelAnswer }): Promise<void>;
}

/** One JSON file per prompt, `<hash>.json`. A file that is no recording counts as none. */
export function createRecordings(folder: string): Recordings {
  return {
    read: async (hash) => {
      const text = await readFile(join(folder, `${hash}.json`), 'utf8').catch(() => null);
      return text === null ? null : parseRecording(text);
    },
    write: async (hash, { prompt, answer }) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${hash}.json`), `${JSON.stringify({ prompt, answer }, null, 2)}\n`);
    },
  };
}

/** Asks the model and keeps each answer. */
export function recordModel(model: Model, recordings: Recordings): Model {
  return {
    name: model.name,
    answer: async (request, options) => {
      const answer = await model.answer(request, options);
      const prompt = toPromptText(request);
      await recordings.write(promptHash(prompt), { prompt, answer });
      return answer;
    },
  };
}

/** Answers from recordings only. Rejects with `images/planner-no-recording` for a prompt that was never recorded. */
export function replayModel(name: string, recordings: Pick<Recordings, 'read'>): Model {
  return {
    name,
    answer: async (request, { signal }) => {
      signal.throwIfAborted();
      const hash = promptHash(toPromptText(request));
      const answer = await recordings.read(hash);
      if (answer !== null) return answer;
      throw plannerError(
        'images/planner-no-recording',
        `There is no recording of the prompt ${hash} for ${name}.`,
      );
    },
  };
}

function parseRecording(text: string): ModelAnswer | null {
  const document = parseJson(text);
  const answer = isObject(document) ? document['answer'] : null;
  if (!isObject(answer)) return null;
  const { text: said, finish, tokens } = answer;
  const known = FINISHES.find((candidate) => candidate === finish);
  if (typeof said !== 'string' || known === undefined) return null;
  return { text: said, finish: known, tokens: typeof tokens === 'number' ? tokens : null };
}
