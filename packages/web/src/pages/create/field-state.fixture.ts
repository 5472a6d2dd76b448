/** States of fields for tests: a text field without anything to say, but for what a test is about. */
import type { FieldRules, FieldState, Resolution } from '@callboard/form';

const NO_RULES: FieldRules = {
  source: null,
  visible: null,
  disabled: null,
  required: null,
  suggest: null,
  options: null,
  checks: [],
  remoteCheck: null,
};

export interface StateParts extends Partial<Omit<FieldState, 'field'>> {
  readonly title?: string;
  readonly page?: number;
  /** With stars for the items of lists. Default: the id. */
  readonly inGraph?: string;
  readonly rules?: Partial<FieldRules>;
}

export function stateOf(id: string, { title, page, inGraph, rules, ...parts }: StateParts = {}): FieldState {
  return {
    id,
    field: {
      id: inGraph ?? id,
      page: page ?? 0,
      title: title ?? id.slice(1),
      schema: { type: 'string' },
      at: id,
      conditions: [],
      rules: { ...NO_RULES, ...rules },
      dependsOn: [],
    },
    isPresent: true,
    isVisible: true,
    isDisabled: false,
    isRequired: false,
    value: undefined,
    origin: 'none',
    suggested: undefined,
    options: null,
    replaced: null,
    problems: [],
    reasons: [],
    ...parts,
  };
}

export function resolutionOf(...states: readonly FieldState[]): Resolution {
  return { values: {}, fields: new Map(states.map((state) => [state.id, state])), needs: [] };
}
