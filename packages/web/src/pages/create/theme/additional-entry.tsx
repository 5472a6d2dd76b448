/** An entry that somebody added to an object: its name can be changed, and it can be taken away. */
import { useState, type ReactElement } from 'react';
import type { FieldTemplateProps } from '@rjsf/utils';
import { CloseIcon } from '../../../parts/icons.tsx';
import { messages } from '../messages.ts';
import { IconButton } from './icon-button.tsx';

type EntryProps = Omit<FieldTemplateProps, 'children'> & { readonly children: ReactElement };

export function AdditionalEntry(props: EntryProps): ReactElement {
  const { id, label, readonly, disabled, onKeyChange, onDropPropertyClick, children } = props;
  const [name, setName] = useState(label);
  const isFixed = disabled || readonly;
  return (
    <div className="form-entry">
      <input
        className="form-input form-entry-name"
        id={`${id}-key`}
        aria-label={messages.entryName}
        value={name}
        disabled={isFixed}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => {
          if (name === '') setName(label);
          else onKeyChange(name);
        }}
      />
      <div className="form-entry-value">{children}</div>
      <IconButton label={messages.remove(label)} isDisabled={isFixed} onClick={onDropPropertyClick(label)}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}
