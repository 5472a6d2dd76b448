/** The door of the catalog. */
export { EVERYTHING, type Predicate } from './query/predicate.ts';
