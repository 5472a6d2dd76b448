/** Any value of an entity in a few lines: texts, links, short lists; everything else as JSON with its ends cut off. */
import type { ReactElement } from 'react';
import { safeUrl } from '../../../parts/safe-url.ts';
import { Tag } from '../../../parts/tag.tsx';
import { messages } from '../messages.ts';
import { cutValue, firstPart } from '../yaml/cut.ts';

/** A text with more characters is cut; the YAML has it whole. */
const LONGEST_TEXT = 300;
const LONGEST_LIST = 30;
/** Of a value that is shown as JSON. */
const LIMITS = { longest: 200, kept: 200, entries: 20, values: 200, texts: 4_000 } as const;

export function FactValue({ value }: { readonly value: unknown }): ReactElement {
  if (typeof value === 'string') return <TextValue text={value} />;
  if (typeof value !== 'object' || value === null) return <code>{String(value)}</code>;
  if (Array.isArray(value) && value.length > 0 && value.length <= LONGEST_LIST && value.every(isShort)) {
    return (
      <span className="chips">
        {value.map((item, index) => (
          <Tag key={index}>{String(item)}</Tag>
        ))}
      </span>
    );
  }
  const { value: part, cuts } = cutValue(value, LIMITS);
  return (
    <>
      <pre className="fact-json" tabIndex={0}>
        {JSON.stringify(part, null, 2)}
      </pre>
      {cuts.length > 0 && <span className="entity-none">{messages.wholeInYaml}</span>}
    </>
  );
}

function TextValue({ text }: { readonly text: string }): ReactElement {
  if (text === '') return <code>&quot;&quot;</code>;
  const shown = text.length > LONGEST_TEXT ? `${firstPart(text, LONGEST_TEXT)}…` : text;
  const href = text.length > LONGEST_TEXT ? null : safeUrl(text);
  if (href === null) {
    return (
      <span className="fact-text" dir="auto">
        {shown}
      </span>
    );
  }
  return (
    <a className="cb-link" href={href} target="_blank" rel="noopener noreferrer">
      <bdi>{shown}</bdi>
    </a>
  );
}

function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT;
  return typeof value === 'number' || typeof value === 'boolean';
}
