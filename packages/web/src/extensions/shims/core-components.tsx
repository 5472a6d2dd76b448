/** A few parts of `@backstage/core-components` that fields draw with. */
import { useState, type ReactElement, type ReactNode } from 'react';
import { FormControl, InputLabel, MenuItem, Select as MaterialSelect, Typography } from '../host/material.ts';
import { Link as RouterLink } from 'react-router-dom';
import { Prose } from '../../parts/prose.tsx';
import { safeUrl } from '../../parts/safe-url.ts';
import { Waiting } from './waiting.ts';

interface ErrorPanelProps {
  readonly error: Error;
  readonly title?: string;
  readonly children?: ReactNode;
}

function ErrorPanel({ error, title, children }: ErrorPanelProps): ReactElement {
  return (
    <div className="ext-panel" role="alert">
      <strong>{title ?? error.message}</strong>
      {title !== undefined && <span>{error.message}</span>}
      {children}
    </div>
  );
}

interface WarningPanelProps {
  readonly title?: string;
  readonly message?: ReactNode;
  readonly severity?: string;
  readonly children?: ReactNode;
}

function WarningPanel({ title, message, children }: WarningPanelProps): ReactElement {
  return (
    <div className="form-notice" role="note">
      {title !== undefined && <strong>{title}</strong>}
      {message}
      {children}
    </div>
  );
}

interface LinkProps {
  readonly to: string;
  readonly children?: ReactNode;
  readonly className?: string;
}

/** Within the portal, or to another page in a tab of its own; an address that could run code is a mere text. */
function Link({ to, children, className = 'cb-link' }: LinkProps): ReactElement {
  if (to.startsWith('/') && !to.startsWith('//')) {
    return (
      <RouterLink className={className} to={to}>
        {children}
      </RouterLink>
    );
  }
  const href = safeUrl(to);
  if (href === null) return <>{children}</>;
  return (
    <a className={className} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

type Value = string | number;

interface SelectProps {
  readonly label: string;
  readonly items: readonly { readonly label: string; readonly value: Value }[];
  readonly selected?: Value | readonly Value[];
  readonly placeholder?: string;
  readonly multiple?: boolean;
  readonly native?: boolean;
  readonly disabled?: boolean;
  readonly margin?: 'dense' | 'none';
  readonly onChange: (selected: unknown) => void;
}

function Select({
  label,
  items,
  selected,
  placeholder,
  multiple = false,
  disabled = false,
  onChange,
}: SelectProps): ReactElement {
  const empty = multiple ? [] : '';
  const [chosen, setChosen] = useState<unknown>(selected ?? empty);
  const value = selected ?? chosen;
  return (
    <FormControl fullWidth disabled={disabled} variant="outlined" size="small">
      <InputLabel>{label}</InputLabel>
      <MaterialSelect
        label={label}
        value={value}
        multiple={multiple}
        aria-label={placeholder ?? label}
        onChange={({ target }) => {
          setChosen(target.value);
          onChange(target.value);
        }}
      >
        {items.map((item) => (
          <MenuItem key={item.value} value={item.value}>
            {item.label}
          </MenuItem>
        ))}
      </MaterialSelect>
    </FormControl>
  );
}

interface InfoCardProps {
  readonly title?: ReactNode;
  readonly subheader?: ReactNode;
  readonly children?: ReactNode;
}

function InfoCard({ title, subheader, children }: InfoCardProps): ReactElement {
  return (
    <section className="ext-card">
      {title !== undefined && <Typography variant="h6">{title}</Typography>}
      {subheader}
      {children}
    </section>
  );
}

export const coreComponents = {
  ErrorPanel,
  InfoCard,
  Link,
  MarkdownContent: ({ content }: { readonly content: string }) => <Prose text={content} />,
  Progress: Waiting,
  ResponseErrorPanel: ErrorPanel,
  Select,
  WarningPanel,
};
