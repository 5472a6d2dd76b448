/** All of @material-ui/core 4, within the portal's colours. */
import { setSurround } from './surround.ts';
import { MaterialTheme } from './material-theme.tsx';

export * from '@material-ui/core';

setSurround(MaterialTheme);
