/** All of zod 3, as zod 4 ships it. */
export { default } from 'zod/v3';
export * from 'zod/v3';
