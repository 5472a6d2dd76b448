/** A JSON Schema as a table: names with their depth, types, and what is said of each. */
import { useMemo, type ReactElement } from 'react';
import { Prose } from '../../../parts/prose.tsx';
import { messages } from './messages.ts';
import { toSchemaTable, type SchemaRow } from './schema-rows.ts';

const MOST_CHOICES = 12;
const LONGEST_DEFAULT = 120;

export interface SchemaViewProps {
  readonly title: string;
  /** Null: there is none. */
  readonly schema: unknown;
  /** What to say in place of a table without rows. */
  readonly none: string;
}

export function SchemaView({ title, schema, none }: SchemaViewProps): ReactElement {
  const { rows, isCut } = useMemo(() => toSchemaTable(schema), [schema]);
  return (
    <section>
      <h4>{title}</h4>
      {rows.length === 0 && <p className="health-note">{none}</p>}
      {rows.length > 0 && (
        <div className="figures-scroll" role="region" aria-label={title} tabIndex={0}>
          <table className="figures schema" aria-label={title}>
            <thead>
              <tr>
                <th scope="col">{messages.property}</th>
                <th scope="col" className="schema-type-column">
                  {messages.type}
                </th>
                <th scope="col">{messages.description}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <Row key={`${row.path} ${index}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isCut && <p className="health-note">{messages.schemaCut}</p>}
    </section>
  );
}

function Row({ row }: { readonly row: SchemaRow }): ReactElement {
  const { name, path, depth, type, isRequired, description, defaultValue, choices } = row;
  const typeText = type === '' ? messages.anyType : type;
  return (
    <tr>
      <td>
        <span className="schema-name" title={path} style={{ marginInlineStart: `${depth}rem` }}>
          {name === '*' ? <i>{messages.otherName}</i> : <code>{name}</code>}
          {isRequired && <span className="schema-required">{messages.required}</span>}
          {/* Instead of the column, where there is no room for one. */}
          <span className="schema-type schema-type-narrow">{typeText}</span>
        </span>
      </td>
      <td className="schema-type-column">
        <span className="schema-type">{typeText}</span>
      </td>
      <td className="schema-what">
        {description !== null && <Prose text={description} />}
        {choices.length > 0 && (
          <p>
            {messages.oneOf} <Codes texts={choices} />
          </p>
        )}
        {defaultValue !== null && (
          <p>
            {messages.defaultsTo} <code>{shortened(defaultValue)}</code>
          </p>
        )}
      </td>
    </tr>
  );
}

function Codes({ texts }: { readonly texts: readonly string[] }): ReactElement {
  const more = texts.length - MOST_CHOICES;
  return (
    <>
      {texts.slice(0, MOST_CHOICES).map((text, index) => (
        <span key={text}>
          {index > 0 && ', '}
          <code>{text}</code>
        </span>
      ))}
      {more > 0 && ` ${messages.andMore(more)}`}
    </>
  );
}

function shortened(text: string): string {
  return text.length <= LONGEST_DEFAULT ? text : `${text.slice(0, LONGEST_DEFAULT)}…`;
}
