/** The first look at anything that wants to be an entity, before the catalog writes its own annotations into it. */
import { checkEnvelope, isObject, type EnvelopeResult, type Problem } from '@callboard/model';

/** `checkEnvelope`, and annotations that others can be added to. */
export function checkInput(value: unknown): EnvelopeResult {
  const envelope = checkEnvelope(value);
  if (!envelope.ok) return envelope;
  const { annotations } = envelope.entity.metadata;
  if (annotations === undefined || annotations === null || isObject(annotations)) return envelope;
  return { ok: false, problems: [NO_MAPPING] };
}

const NO_MAPPING: Problem = {
  path: 'metadata.annotations',
  code: 'model/wrong-type',
  message: 'metadata.annotations must be a mapping of names to texts.',
};
