/** How the definition of an API begins, how large it is, and the whole of it as a file. */
import type { ReactElement } from 'react';
import { Button } from '@backstage/ui';
import type { Entity, EntityRef } from '@callboard/model';
import { objectIn, specText } from '../../../api/entity.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { DownloadIcon, WarningIcon } from '../../../parts/icons.tsx';
import { downloadText } from '../download.ts';
import { messages } from '../messages.ts';
import { sizeText } from '../size.ts';
import { EntityCard } from './card.tsx';
import { readDefinition, type Definition } from './definition.ts';
import { FactValue } from './fact-value.tsx';

/** A longer text is not for the clipboard. */
const COPIED_UP_TO = 1_000_000;
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['graphql', 'graphql'],
  ['grpc', 'proto'],
]);

export interface DefinitionCardProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

export function DefinitionCard({ entity, entityRef }: DefinitionCardProps): ReactElement | null {
  const type = specText(entity, 'type');
  const spec = objectIn(entity, 'spec');
  const definition = readDefinition(type, spec['definition']);
  // An API of this type names where it runs in place of a definition.
  if (definition.kind === 'none' && 'remotes' in spec) return null;
  return (
    <EntityCard
      title={messages.definition}
      beside={
        definition.kind === 'text' && <Actions text={definition.text} name={fileName(entityRef, type)} />
      }
    >
      <Content definition={definition} type={type} />
    </EntityCard>
  );
}

function Content(props: { readonly definition: Definition; readonly type: string | null }): ReactElement {
  const { definition, type } = props;
  switch (definition.kind) {
    case 'none':
      return <p className="entity-none">{messages.noDefinition}</p>;
    case 'other':
      return (
        <>
          <Doubt text={messages.definitionNotText} />
          <FactValue value={definition.value} />
        </>
      );
    case 'text':
      return (
        <>
          {!definition.isPlausible && <Doubt text={messages.definitionOdd(type ?? '')} />}
          <pre className="cb-code definition" tabIndex={0} role="region" aria-label={messages.definition}>
            {definition.start}
          </pre>
          {definition.isCut && (
            <p className="entity-none">{messages.definitionCut(sizeText(definition.text.length))}</p>
          )}
        </>
      );
    default:
      return definition satisfies never;
  }
}

function Doubt({ text }: { readonly text: string }): ReactElement {
  return (
    <p className="relations-note">
      <WarningIcon /> {text}
    </p>
  );
}

function Actions({ text, name }: { readonly text: string; readonly name: string }): ReactElement {
  return (
    <span className="entity-actions">
      {text.length <= COPIED_UP_TO && <CopyButton text={text} label={messages.copyDefinition} />}
      <Button
        variant="tertiary"
        iconStart={<DownloadIcon />}
        aria-label={messages.downloadDefinition(sizeText(text.length))}
        onPress={() => downloadText({ name, type: 'text/plain', text })}
      >
        {messages.download}
      </Button>
    </span>
  );
}

function fileName({ name }: EntityRef, type: string | null): string {
  return `${name}.${EXTENSIONS.get(type?.toLowerCase() ?? '') ?? 'yaml'}`;
}
