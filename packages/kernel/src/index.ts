/** The door of the kernel: what every room stands on, with no word of any domain. */
export { CodedError, messageOf, wireName, type ErrorStatus } from './error.ts';
