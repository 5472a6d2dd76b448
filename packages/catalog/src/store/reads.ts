export { conflictsOf } from './store.ts';
