/** One field of a form: why it is as it is now, what its source gave, and what each of its rules read. */
import { useState, type ReactElement } from 'react';
import type { FieldId, FieldState, FormGraph, SourceRequest } from '@callboard/form';
import { labelOfValue } from '../../../create/form/option-words.ts';
import './field-detail.css';
import { Marks } from './field-map.tsx';
import { Diagnostics, Place, Rule } from './field-rules.tsx';
import type { LineOf } from './line-of.ts';
import { messages } from './messages.ts';
import { isSecretField, SECRET, titleIn, type FieldNow } from './picture.ts';
import { sentencesOf, sentencesOfField, textOf, type Sentence, type Words } from './sentences.ts';

export interface FieldDetailProps {
  readonly now: FieldNow;
  readonly graph: FormGraph;
  readonly lineOf: LineOf;
  readonly onGoTo: (line: number) => void;
  readonly onChoose: (id: FieldId) => void;
  readonly onOpen: (id: FieldId) => void;
  readonly onRetry: (id: FieldId) => void;
}

export function FieldDetail(props: FieldDetailProps): ReactElement {
  const { now, graph, onChoose, onOpen } = props;
  const { id, field, states, marks, diagnostics, dependsOn, neededBy } = now;
  const [chosen, setChosen] = useState(0);
  const state = states[Math.min(chosen, states.length - 1)] ?? null;
  const words: Words = {
    titleOf: (other) => titleIn(graph, other),
    isSecret: (other) => {
      const read = graph.byId.get(other);
      return read !== undefined && isSecretField(read);
    },
  };
  const isList = states.length > 1;
  const sentences = isList && state !== null ? sentencesOf(state, words) : sentencesOfField(now, words);
  const isAway = marks.includes('hidden') || marks.includes('absent');
  return (
    <>
      <div className="fields-detail-head">
        <h3>
          <bdi>{field.title}</bdi> <code>{id.slice(1)}</code>
        </h3>
        <span className="task-quiet">{messages.page(field.page + 1)}</span>
        <Place at={field.at} {...props} />
        {!isAway && (
          <button type="button" className="fields-link" onClick={() => onOpen(state?.id ?? id)}>
            {messages.openField}
          </button>
        )}
      </div>
      <Marks marks={marks} />
      {isList && (
        <select
          className="cb-select"
          aria-label={messages.item(chosen)}
          value={chosen}
          onChange={({ target }) => setChosen(Number(target.value))}
        >
          {states.map((one, index) => (
            <option key={one.id} value={index}>
              {messages.item(index)}
            </option>
          ))}
        </select>
      )}
      <Why sentences={sentences} hasRules={field.rules !== null} />
      <Facts now={now} state={state} />
      {state !== null && <SourceNow state={state} onRetry={props.onRetry} />}
      <Others title={messages.dependsOn} ids={dependsOn} graph={graph} onChoose={onChoose} />
      <Others title={messages.neededBy} ids={neededBy} graph={graph} onChoose={onChoose} />
      {state !== null && state.reasons.length > 0 && (
        <section>
          <h4>{messages.rules}</h4>
          <ul className="fields-rules">
            {state.reasons.map((reason, index) => (
              <Rule
                key={index}
                reason={reason}
                words={words}
                isSource={reason.at === state.field.rules?.source?.at}
                {...props}
              />
            ))}
          </ul>
        </section>
      )}
      <Diagnostics diagnostics={diagnostics} {...props} />
    </>
  );
}

function Why({
  sentences,
  hasRules,
}: {
  readonly sentences: readonly Sentence[];
  readonly hasRules: boolean;
}): ReactElement | null {
  if (sentences.length === 0) return hasRules ? null : <p className="health-note">{messages.noReasons}</p>;
  return (
    <ul className="fields-why">
      {sentences.map(({ tone, text }, index) => (
        <li key={index} data-tone={tone}>
          <WithCode text={text} />
        </li>
      ))}
    </ul>
  );
}

/** What stands between backticks is code. */
function WithCode({ text }: { readonly text: string }): ReactElement {
  return (
    <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
  );
}

function Facts({ now, state }: { readonly now: FieldNow; readonly state: FieldState | null }): ReactElement {
  const isSecret = isSecretField(now.field);
  const own = state === null || now.states.length < 2 ? now.value : null;
  const value = own ?? (state?.value === undefined ? null : labelOfValue(state, state.value));
  const raw = typeof state?.value === 'string' && state.value !== value ? state.value : null;
  const origin = state === null ? '' : messages.origins[state.origin];
  const suggested = state?.suggested === undefined ? null : labelOfValue(state, state.suggested);
  return (
    <dl className="fields-facts">
      <dt>{messages.value}</dt>
      <dd>
        {value === null ? <span className="task-quiet">{messages.noValue}</span> : <bdi>{value}</bdi>}
        {raw !== null && !isSecret && (
          <>
            {' '}
            <code>{raw}</code>
          </>
        )}
        {value !== null && origin !== '' && <span className="task-quiet"> · {origin}</span>}
      </dd>
      {suggested !== null && state?.origin !== 'suggested' && (
        <>
          <dt>{messages.suggestion}</dt>
          <dd>
            <bdi>{isSecret ? SECRET : suggested}</bdi>
          </dd>
        </>
      )}
    </dl>
  );
}

const SHOWN = 6;

function SourceNow({
  state,
  onRetry,
}: {
  readonly state: FieldState;
  readonly onRetry: (id: FieldId) => void;
}): ReactElement | null {
  const source = state.field.rules?.source ?? null;
  const { options } = state;
  if (source === null && options === null) return null;
  const ready = options?.status === 'ready' ? options : null;
  return (
    <section>
      <h4>{source === null ? messages.options : messages.source}</h4>
      <p className="fields-source">
        {source !== null && <span>{sourceName(source.request)}</span>}
        {options !== null && (
          <span className="task-quiet">
            {source !== null && ' · '}
            {ready === null ? messages.statuses[options.status] : messages.optionsCount(ready.total)}
          </span>
        )}
        {options?.status === 'failed' && options.key !== '' && (
          <>
            {' · '}
            <button type="button" className="fields-link" onClick={() => onRetry(state.id)}>
              {messages.retry}
            </button>
          </>
        )}
      </p>
      {ready !== null && ready.options.length > 0 && (
        <ul className="fields-options">
          {ready.options.slice(0, SHOWN).map(({ value, label }, index) => {
            const text = textOf(value);
            return (
              <li key={index}>
                <bdi>{label}</bdi> {text !== label && <code>{text}</code>}
              </li>
            );
          })}
          {ready.total > SHOWN && <li className="task-quiet">{messages.more(ready.total - SHOWN)}</li>}
        </ul>
      )}
    </section>
  );
}

function sourceName(request: SourceRequest): string {
  return request.kind === 'provider'
    ? messages.sources.provider(request.provider)
    : messages.sources[request.kind];
}

interface OthersProps {
  readonly title: string;
  readonly ids: readonly FieldId[];
  readonly graph: FormGraph;
  readonly onChoose: (id: FieldId) => void;
}

function Others({ title, ids, graph, onChoose }: OthersProps): ReactElement | null {
  if (ids.length === 0) return null;
  return (
    <p className="fields-others">
      <span className="task-quiet">{title}</span>
      {ids.map((id) => (
        <button key={id} type="button" className="fields-link" onClick={() => onChoose(id)}>
          {titleIn(graph, id)}
        </button>
      ))}
    </p>
  );
}
