/** The few icons of the portal: 16 px strokes in the colour of the text, hidden from screen readers. */
import type { ReactElement, ReactNode } from 'react';

/** An icon of the same looks: `shape` is what is in the SVG, 16 by 16. */
export function icon(shape: ReactNode): () => ReactElement {
  return () => (
    <svg
      className="cb-icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shape}
    </svg>
  );
}

export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.75" />
    <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7" />
  </>,
);
export const MoonIcon = icon(<path d="M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1Z" />);
export const ScreenIcon = icon(
  <>
    <rect x="1.75" y="2.5" width="12.5" height="8.5" rx="1.25" />
    <path d="M5.5 13.75h5" />
  </>,
);
export const CopyIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.25" />
    <path d="M10.5 3.25v-.5c0-.7-.55-1.25-1.25-1.25h-5.5C3 1.5 2.5 2 2.5 2.75v5.5c0 .7.55 1.25 1.25 1.25" />
  </>,
);
export const CheckIcon = icon(<path d="m3 8.5 3.25 3.25L13 5" />);
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const ExternalIcon = icon(<path d="M6 3H3v10h10v-3M9 2.5h4.5V7M13 3 7.5 8.5" />);
export const EditIcon = icon(<path d="m10.5 3 2.5 2.5L5.5 13H3v-2.5L10.5 3Z" />);
export const RefreshIcon = icon(<path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 2v3h-3" />);
export const WarningIcon = icon(<path d="M8 2 1.75 13.25h12.5L8 2ZM8 6.5v3M8 11.5v.01" />);
export const SortUpIcon = icon(<path d="M8 13V3.5M4 7l4-4 4 4" />);
export const SortDownIcon = icon(<path d="M8 3v9.5M4 9l4 4 4-4" />);
export const PreviousIcon = icon(<path d="M10 3.5 5.5 8l4.5 4.5" />);
export const NextIcon = icon(<path d="M6 3.5 10.5 8 6 12.5" />);
export const FilterIcon = icon(<path d="M2 4h12M4.5 8h7M6.5 12h3" />);
export const MailIcon = icon(
  <>
    <rect x="1.75" y="3" width="12.5" height="10" rx="1.25" />
    <path d="m2.5 4 5.5 4.5L13.5 4" />
  </>,
);
export const StarIcon = icon(
  <path d="m8 1.9 1.9 3.9 4.2.6-3 3 .7 4.3L8 11.7l-3.8 2 .7-4.3-3-3 4.2-.6L8 1.9Z" />,
);
export const MoreIcon = icon(<path d="M3.25 8v.01M8 8v.01M12.75 8v.01" strokeWidth="2" />);
export const DownloadIcon = icon(<path d="M8 2v8.5M4.5 7.25 8 10.75l3.5-3.5M2.5 13.75h11" />);
export const PeopleIcon = icon(
  <>
    <circle cx="6" cy="5.25" r="2.5" />
    <path d="M1.5 13.5c.3-2.6 2-4 4.5-4s4.2 1.4 4.5 4M10.5 3a2.4 2.4 0 0 1 0 4.5M12.25 10c1.3.6 2.1 1.8 2.25 3.5" />
  </>,
);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.5" />
    <path d="m10.5 10.5 3.25 3.25" />
  </>,
);
export const MenuIcon = icon(<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />);
export const ActIcon = icon(<path d="M9 1.75 3 9.25h4.5L7 14.25l6-7.5H8.5l.5-5Z" />);
export const UserIcon = icon(
  <>
    <circle cx="8" cy="5.25" r="2.75" />
    <path d="M2.75 14c.4-3 2.4-4.5 5.25-4.5s4.85 1.5 5.25 4.5" />
  </>,
);
export const KeyboardIcon = icon(
  <>
    <rect x="1.5" y="3.75" width="13" height="8.5" rx="1.25" />
    <path d="M4 6.5v.01M6.7 6.5v.01M9.3 6.5v.01M12 6.5v.01M5 9.75h6" />
  </>,
);
export const SettingsIcon = icon(
  <>
    <path d="M2 5h6.5M12.5 5H14M2 11h1.5M7.5 11H14" />
    <circle cx="10.5" cy="5" r="2" />
    <circle cx="5.5" cy="11" r="2" />
  </>,
);
export const LeaveIcon = icon(<path d="M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3" />);
export const HelpIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M6.25 6.25c.2-1 .9-1.5 1.8-1.5 1 0 1.8.65 1.8 1.6 0 1.4-1.8 1.4-1.8 2.8M8 11.25v.01" />
  </>,
);
export const CardIcon = icon(
  <>
    <rect x="2" y="2.5" width="12" height="11" rx="1.25" />
    <path d="M4.75 6h6.5M4.75 8.75h6.5M4.75 11h3" />
  </>,
);
