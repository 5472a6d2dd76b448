/** A description as it was meant: paragraphs, lists, emphasis, code and links, each in its own direction. */
import type { ReactElement } from 'react';
import { parseProse, type Inline } from './prose-text.ts';

export function Prose({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="cb-prose">
      {parseProse(text).map((block, index) =>
        block.kind === 'paragraph' ? (
          <p key={index} dir="auto">
            <Content of={block.content} />
          </p>
        ) : (
          <ul key={index}>
            {block.items.map((item, at) => (
              <li key={at} dir="auto">
                <Content of={item} />
              </li>
            ))}
          </ul>
        ),
      )}
    </div>
  );
}

function Content({ of }: { readonly of: readonly Inline[] }): ReactElement {
  return (
    <>
      {of.map((inline, index) => (
        <Piece key={index} inline={inline} />
      ))}
    </>
  );
}

function Piece({ inline }: { readonly inline: Inline }): ReactElement {
  switch (inline.kind) {
    case 'text':
      return <>{inline.text}</>;
    case 'strong':
      return <strong>{inline.text}</strong>;
    case 'em':
      return <em>{inline.text}</em>;
    case 'code':
      return <code>{inline.text}</code>;
    case 'link':
      return (
        <a className="cb-link" href={inline.href} target="_blank" rel="noopener noreferrer">
          {inline.text}
        </a>
      );
    default:
      return inline satisfies never;
  }
}
