/** What can be done with what is selected: star, refresh, copy, export. It says how far it is and what failed. */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Button, ButtonIcon } from '@backstage/ui';
import { stringifyRef, type EntityRef } from '@callboard/model';
import { useServices } from '../../api/services.ts';
import type { Starred } from '../../api/starred.ts';
import { writeClipboard } from '../../parts/clipboard.ts';
import { CloseIcon, CopyIcon, DownloadIcon, RefreshIcon, StarIcon } from '../../parts/icons.tsx';
import { runBounded, type Failure } from './bounded-run.ts';
import { collectRefs } from './collect.ts';
import { messages } from './messages.ts';
import { selectedCount, type Selection } from './selection.ts';

/** The most entities that are starred or refreshed at once. */
const MOST_AT_ONCE = 1_000;
/** Requests to refresh that are on the way at the same time. */
const REFRESHES_AT_ONCE = 4;
const FAILURES_SHOWN = 20;

export interface BulkBarProps {
  readonly selection: Selection;
  /** Entities that match. */
  readonly total: number;
  readonly starred: Starred;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
  readonly onExport: () => void;
}

interface Outcome {
  readonly text: string;
  readonly isProblem: boolean;
  readonly failures: readonly Failure<EntityRef>[];
}

const said = (text: string): Outcome => ({ text, isProblem: false, failures: [] });
const problem = (text: string): Outcome => ({ text, isProblem: true, failures: [] });

export function BulkBar(props: BulkBarProps): ReactElement {
  const { selection, total, starred, onSelectAll, onClear, onExport } = props;
  const { client, catalog } = useServices();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const chosen = selectedCount(selection);
  const isTooMany = chosen > MOST_AT_ONCE;

  /** Reads the references and does something with them; one thing at a time. */
  async function withRefs(
    act: (refs: readonly EntityRef[], signal: AbortSignal) => Outcome | Promise<Outcome>,
  ): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    setOutcome(selection.kind === 'query' ? said(messages.collecting) : null);
    try {
      const refs = await collectRefs(client, selection, abort.signal);
      setOutcome(await act(refs, abort.signal));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      setOutcome(abort.signal.aborted ? null : problem(messages.collectFailed(why)));
    } finally {
      running.current = null;
      setBusy(false);
    }
  }

  const star = (isStarred: boolean): Promise<void> =>
    withRefs((refs) => {
      starred.set(refs, isStarred);
      return said(isStarred ? messages.starred(refs.length) : messages.unstarred(refs.length));
    });
  const refresh = (): Promise<void> =>
    withRefs(async (refs, signal) => {
      let reached = 0;
      const failures = await runBounded(refs, {
        atOnce: REFRESHES_AT_ONCE,
        act: catalog.refresh,
        signal,
        onProgress: (done) => {
          reached = done;
          setOutcome(said(messages.refreshing(done, refs.length)));
        },
      });
      return { text: messages.refreshed(reached - failures.length), isProblem: false, failures };
    });
  const copy = (): Promise<void> =>
    withRefs(async (refs) => {
      const isCopied = await writeClipboard(refs.map(stringifyRef).join('\n'));
      return isCopied ? said(messages.copiedRefs(refs.length)) : problem(messages.copyRefused);
    });

  const canChange = !isBusy && !isTooMany;
  return (
    <section className="bulk" aria-label={messages.selection}>
      <div className="bulk-row">
        <strong className="bulk-count" role="status">
          {messages.selected(chosen)}
        </strong>
        {chosen < total && (
          <Button variant="tertiary" onPress={onSelectAll}>
            {messages.selectAll(total)}
          </Button>
        )}
        <span className="bulk-actions">
          <Button
            variant="secondary"
            iconStart={<StarIcon />}
            isDisabled={!canChange || !starred.isKnown}
            onPress={() => void star(true)}
          >
            {messages.starThem}
          </Button>
          <Button
            variant="secondary"
            isDisabled={!canChange || !starred.isKnown}
            onPress={() => void star(false)}
          >
            {messages.unstarThem}
          </Button>
          <Button
            variant="secondary"
            iconStart={<RefreshIcon />}
            isDisabled={!canChange}
            onPress={() => void refresh()}
          >
            {messages.refreshThem}
          </Button>
          <Button
            variant="secondary"
            iconStart={<CopyIcon />}
            isDisabled={isBusy}
            onPress={() => void copy()}
          >
            {messages.copyRefs}
          </Button>
          <Button variant="secondary" iconStart={<DownloadIcon />} isDisabled={isBusy} onPress={onExport}>
            {messages.exportTitle}
          </Button>
        </span>
        {isBusy && (
          <Button variant="tertiary" onPress={() => running.current?.abort()}>
            {messages.stop}
          </Button>
        )}
        <ButtonIcon
          className="bulk-clear"
          variant="tertiary"
          aria-label={messages.selectNone}
          icon={<CloseIcon />}
          onPress={onClear}
        />
      </div>
      {isTooMany && <p className="catalog-note">{messages.tooManyAtOnce(MOST_AT_ONCE)}</p>}
      <p className={outcome?.isProblem === true ? 'catalog-problem' : 'bulk-said'} role="status">
        {outcome?.text}
      </p>
      {outcome !== null && outcome.failures.length > 0 && <Failures failures={outcome.failures} />}
    </section>
  );
}

function Failures({ failures }: { readonly failures: readonly Failure<EntityRef>[] }): ReactElement {
  const more = failures.length - FAILURES_SHOWN;
  return (
    <div className="bulk-failures" role="alert">
      <p className="catalog-problem">{messages.refreshFailed(failures.length)}</p>
      <ul>
        {failures.slice(0, FAILURES_SHOWN).map(({ item, error }) => (
          <li key={stringifyRef(item)}>
            <bdi>{stringifyRef(item)}</bdi>: {error instanceof Error ? error.message : String(error)}
          </li>
        ))}
      </ul>
      {more > 0 && <p>{messages.andMore(more)}</p>}
    </div>
  );
}
