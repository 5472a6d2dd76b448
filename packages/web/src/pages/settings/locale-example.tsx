/** How dates, times, numbers and the order of names look in a language. */
import { useState, type ReactElement } from 'react';
import { compareText, count } from '../../messages.ts';
import { absoluteTime, relativeTime } from '../../parts/relative-time.ts';
import { messages } from './messages.ts';

const HOUR = 3_600_000;
/** Languages differ in where the marked letters go. */
const NAMES = ['Zebra', 'Ärger', 'Adler', 'Ängel', 'app-10', 'app-9', 'Öl'];

/** `locale`: the one in use. */
export function LocaleExample({ locale }: { readonly locale: string }): ReactElement {
  const [now] = useState(() => new Date());
  const at = (hours: number): string => relativeTime(new Date(now.getTime() + hours * HOUR), now, locale);
  const examples: readonly (readonly [string, string])[] = [
    [messages.exampleDate, absoluteTime(now, locale)],
    [messages.exampleRelative, [at(-3), at(-30), at(50)].join(' · ')],
    [messages.exampleNumber, count(1_234_567.89)],
    [messages.exampleOrder, NAMES.toSorted(compareText).join(' · ')],
  ];
  return (
    <dl className="settings-example" aria-label={messages.example}>
      {examples.map(([what, text]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            <bdi lang={locale}>{text}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
