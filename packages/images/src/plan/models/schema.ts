/**
 * The JSON schema of a proposal, for providers that can hold a model to one. It uses only what all of them take: every
 * property required, nothing else allowed, no bounds; the bounds are `parseProposal`'s, which trusts no schema.
 */
import type { JSONSchema7 } from 'json-schema';
import { ACTIONS, CAPABILITIES, STRATEGIES } from '../plan.ts';

const NULLABLE_TEXT: JSONSchema7 = { anyOf: [{ type: 'string' }, { type: 'null' }] };

/** JSON Schema, draft 7. */
export const PROPOSAL_SCHEMA: JSONSchema7 = {
  type: 'object',
  additionalProperties: false,
  required: ['strategy', 'packages', 'requires', 'reason', 'confidence'],
  properties: {
    strategy: { type: 'string', enum: [...STRATEGIES] },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'action', 'minVersion', 'replacement'],
        properties: {
          name: { type: 'string' },
          action: { type: 'string', enum: [...ACTIONS] },
          minVersion: NULLABLE_TEXT,
          replacement: NULLABLE_TEXT,
        },
      },
    },
    requires: { type: 'array', items: { type: 'string', enum: [...CAPABILITIES] } },
    reason: { type: 'string' },
    confidence: { type: 'number' },
  },
};
