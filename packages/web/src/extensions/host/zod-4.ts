/** All of zod 4. */
export { default } from 'zod';
export * from 'zod';
