/** How an entity stands, in the words of its page: the server's state, told apart where the page says more. */
import { hasErrors } from '@callboard/model';
import type { Provenance, ProvenanceState } from '../../api/provenance.ts';

/** `broken`: the entity itself is fine, but a file on the way to it has errors. */
export type ShownState = ProvenanceState | 'broken';

export function shownState({ state, diagnostics }: Provenance): ShownState {
  return state === 'ok' && hasErrors(diagnostics) ? 'broken' : state;
}
