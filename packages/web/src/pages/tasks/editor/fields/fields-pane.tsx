/** The fields of the form that is being written: what depends on what, with their values now, and why they are as they are. */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from 'react';
import type { FieldId, FormGraph, FormSession } from '@callboard/form';
import { Link } from 'react-router-dom';
import { FieldDetail } from './field-detail.tsx';
import { Diagnostics } from './field-rules.tsx';
import { FieldCard, FieldMap } from './field-map.tsx';
import './fields.css';
import { createLineOf } from './line-of.ts';
import { messages } from './messages.ts';
import { fieldsNow, ringOf, structureOf, titleIn } from './picture.ts';

/** The form as it is open in the preview. */
export interface LiveForm {
  readonly session: FormSession;
  readonly graph: FormGraph;
  /** Of each page: its place in the template. */
  readonly places: readonly number[];
  readonly openField: (id: FieldId) => void;
}

export interface FieldsPaneProps {
  readonly live: LiveForm;
  /** Of the template, for the lines of rules. */
  readonly text: string;
  readonly onGoTo: (line: number) => void;
  /** Shows the form, and puts the keyboard into a field of it. */
  readonly onOpen: (id: FieldId) => void;
}

export function FieldsPane({ live, text, onGoTo, onOpen }: FieldsPaneProps): ReactElement {
  const { session, graph, places } = live;
  const resolution = useSyncExternalStore(session.subscribe, session.resolution);
  const values = useSyncExternalStore(session.subscribe, session.get);
  const structure = useMemo(() => structureOf(graph), [graph]);
  const fields = useMemo(() => fieldsNow(graph, { ...resolution, values }), [graph, resolution, values]);
  const lineOf = useMemo(() => createLineOf(text, places), [text, places]);
  const [chosen, setChosen] = useState<FieldId | null>(null);
  const detail = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen !== null) detail.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const now = chosen === null ? undefined : fields.get(chosen);
  const titleOf = (id: FieldId): string => titleIn(graph, id);
  const { linked, loose } = structure;
  return (
    <div className="fields">
      <Problems graph={graph} lineOf={lineOf} onGoTo={onGoTo} onChoose={setChosen} />
      {!graph.isDynamic && linked.length === 0 && <NoRules />}
      {linked.length > 0 && (
        <>
          <p className="health-note">{messages.pictureWhy}</p>
          <FieldMap
            structure={structure}
            fields={fields}
            titleOf={titleOf}
            chosen={chosen}
            onChoose={setChosen}
          />
        </>
      )}
      {loose.length > 0 && (
        <section>
          {linked.length > 0 && <p className="health-note">{messages.loose(loose.length)}</p>}
          <ul className="fields-loose">
            {loose.map((id) => {
              const field = fields.get(id);
              return field === undefined ? null : (
                <li key={id}>
                  <FieldCard now={field} titleOf={titleOf} isChosen={id === chosen} onChoose={setChosen} />
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {chosen !== null && (
        <section
          className="fields-detail"
          ref={detail}
          aria-label={now === undefined ? messages.gone : now.field.title}
        >
          {now === undefined ? (
            <p className="health-note">{messages.gone}</p>
          ) : (
            <FieldDetail
              key={now.id}
              now={now}
              graph={graph}
              lineOf={lineOf}
              onGoTo={onGoTo}
              onChoose={setChosen}
              onOpen={onOpen}
              onRetry={session.retry}
            />
          )}
        </section>
      )}
    </div>
  );
}

interface ProblemsProps {
  readonly graph: FormGraph;
  readonly lineOf: (path: string) => number | null;
  readonly onGoTo: (line: number) => void;
  readonly onChoose: (id: FieldId) => void;
}

function Problems({ graph, lineOf, onGoTo, onChoose }: ProblemsProps): ReactElement | null {
  const found = graph.diagnostics.filter(({ severity }) => severity !== 'info');
  if (found.length === 0) return null;
  const rings = found.flatMap((diagnostic) => {
    const ids = ringOf(diagnostic, graph);
    return ids === null ? [] : [{ diagnostic, ids }];
  });
  const inRings = new Set(rings.map(({ diagnostic }) => diagnostic));
  return (
    <section className="fields-problems" aria-label={messages.problems}>
      <h3>{messages.problems}</h3>
      {rings.map(({ diagnostic, ids }, index) => (
        <div key={index} className="fields-ring">
          <p>{messages.ring}</p>
          <ol>
            {ids.map((id) => (
              <li key={id}>
                <button type="button" className="fields-link" onClick={() => onChoose(id)}>
                  {titleIn(graph, id)}
                </button>
              </li>
            ))}
          </ol>
          <Diagnostics
            diagnostics={[{ ...diagnostic, summary: messages.ringLeft }]}
            lineOf={lineOf}
            onGoTo={onGoTo}
          />
        </div>
      ))}
      <Diagnostics diagnostics={found.filter((one) => !inRings.has(one))} lineOf={lineOf} onGoTo={onGoTo} />
    </section>
  );
}

function NoRules(): ReactElement {
  return (
    <section className="fields-none">
      <h3>{messages.noRules}</h3>
      <p className="health-note">{messages.noRulesWhy}</p>
      <pre className="cb-code" tabIndex={0}>
        {messages.noRulesExample}
      </pre>
      <p className="health-note">
        {messages.noRulesMore}{' '}
        <Link className="cb-link" to="/create/fields">
          {messages.fieldsPage}
        </Link>
      </p>
    </section>
  );
}
