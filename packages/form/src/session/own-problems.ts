/** Tells at a field that it was stopped from writing for ever; also at one that declares nothing. */
import type { FieldId, FieldProblem, FieldState, FormGraph, GraphField } from '../graph.ts';
import { keysOf } from '../resolve/pointer.ts';

const STOPPED: FieldProblem = {
  kind: 'rule-failed',
  message:
    'is written again and again by itself, so that nothing more is taken over until it is quiet for a second',
};

export function withStopped(
  fields: ReadonlyMap<FieldId, FieldState>,
  stopped: ReadonlySet<FieldId>,
  graph: FormGraph,
): ReadonlyMap<FieldId, FieldState> {
  if (stopped.size === 0) return fields;
  const made = new Map(fields);
  for (const id of stopped) {
    const state = fields.get(id) ?? plainState(id, graph);
    made.set(id, { ...state, problems: [...state.problems, STOPPED] });
  }
  return made;
}

function plainState(id: FieldId, graph: FormGraph): FieldState {
  const keys = keysOf(id);
  const field: GraphField = graph.byId.get(id) ?? {
    id,
    page: 0,
    title: keys.at(-1) ?? id,
    schema: {},
    at: '',
    conditions: [],
    rules: null,
    dependsOn: [],
  };
  return {
    id,
    field,
    isPresent: true,
    isVisible: true,
    isDisabled: false,
    isRequired: false,
    value: undefined,
    origin: 'entered',
    suggested: undefined,
    options: null,
    replaced: null,
    problems: [],
    reasons: [],
  };
}
