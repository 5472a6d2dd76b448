/** The few icons of the portal: 16 px strokes in the colour of the text, hidden from screen readers. */
import type { ReactElement, ReactNode } from 'react';

function icon(shape: ReactNode): () => ReactElement {
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
