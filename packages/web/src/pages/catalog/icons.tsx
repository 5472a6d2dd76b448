/** The icons that only the catalog has. */
import { icon } from '../../parts/icons.tsx';

export const ColumnsIcon = icon(<path d="M2 3.5h12v9H2zM6 3.5v9M10 3.5v9" />);
export const ViewsIcon = icon(<path d="M4 2.5h8v11l-4-3-4 3z" />);
