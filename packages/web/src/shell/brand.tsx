/** Whose portal this is: the tenant's logo and title, as configured, and the way to the first page. */
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router-dom';
import { useAppConfig } from '../api/app-config.ts';
import { messages } from '../messages.ts';

const OWN_ICON = '/favicon.svg';
const MODES = ['light', 'dark'] as const;

export function Brand(): ReactElement {
  const { title, organization, fullLogo, iconLogo } = useAppConfig();
  // What is the same in both themes is there once; otherwise one of the two is seen, and only that is loaded.
  const isSame = fullLogo?.light === fullLogo?.dark && iconLogo?.light === iconLogo?.dark;
  return (
    <Link className="cb-brand" to="/">
      {MODES.slice(0, isSame ? 1 : 2).map((mode) => (
        <span key={mode} className={isSame ? 'cb-brand-mark' : `cb-brand-mark cb-only-${mode}`}>
          <Mark full={fullLogo?.[mode] ?? null} icon={iconLogo?.[mode] ?? OWN_ICON} />
        </span>
      ))}
      {organization !== null && organization !== title && <bdi className="cb-brand-org">{organization}</bdi>}
      <span className="cb-hidden">{messages.toFirstPage}</span>
    </Link>
  );
}

interface MarkProps {
  /** A logo with the name in it; null without one. */
  readonly full: string | null;
  readonly icon: string;
}

function Mark({ full, icon }: MarkProps): ReactElement {
  const { title, fullLogoWidth } = useAppConfig();
  const [isBroken, setIsBroken] = useState(false);
  if (full !== null && !isBroken) {
    return (
      <img
        className="cb-brand-full"
        src={full}
        alt={title}
        loading="lazy"
        {...(fullLogoWidth !== null && { style: { width: fullLogoWidth } })}
        onError={() => setIsBroken(true)}
      />
    );
  }
  return (
    <>
      <img className="cb-brand-icon" src={icon} alt="" width="20" height="20" />
      <bdi className="cb-brand-title">{title}</bdi>
    </>
  );
}
